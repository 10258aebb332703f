"""Bootstrapped futures: households drawn with replacement from those that came before."""

from __future__ import annotations

import numpy as np

from ..prices import Crowd, prices
from .base import Batch, Floats, Known, PriceDecider

# Falling to near sharp: at the last, prices are those of the exact programme but for about 0.003
# of a usual score, while among several exact price vectors they are central, not a corner's.
TEMPERATURES = (0.03, 0.01, 0.003)
WARM = (0.01, 0.003)
USED_OF_ROOM = 10 / 11  # of the year's capacity, where capacities are what is trusted
FIRST_GUESS = 0.03  # of every price


class SamplingDecider(PriceDecider):
    """Keeps the pool to draw from: last year, or (``rolling``) the last half year up to now."""

    def __init__(
        self, known: Known, seed: int, *, samples: int, rolling: bool, by_room: bool = False
    ) -> None:
        super().__init__(known)
        self.total = float(known.announced)
        if by_room:
            room, need = known.places.capacities.sum(axis=0), known.history.demand
            mean = need.mean(axis=0) if len(need) else np.ones(need.shape[1])
            limits = (room / np.maximum(mean, 1e-12))[np.isfinite(room)]
            self.total = USED_OF_ROOM * float(limits.min()) if len(limits) else self.total
        self.rng = np.random.default_rng(seed)
        self.rolling = rolling
        self.last = self.crowd(known.history)
        self.ages = known.history.batch - known.batches
        self.came: list[tuple[int, Crowd]] = []
        self.memory: list[Floats | None] = [None] * samples

    def pool(self, number: int) -> Crowd:
        """Whom to draw the future from when batch ``number`` is decided."""
        if not self.rolling:
            return self.last
        since = number - self.known.batches // 2
        old = self.ages > since
        found = Crowd(self.last.demand[old], self.last.scores[old], self.last.weight[old])
        for when, crowd in self.came:
            if when > since:
                found = found + crowd
        return found

    def remember(self, batch: Batch, now: Crowd) -> None:
        self.came.append((batch.number, now))

    def future(self, pool: Crowd) -> Crowd:
        """As many households as are still expected, drawn from the pool with replacement."""
        left = max(round(self.total) - self.seen, 0) if len(pool) else 0
        drawn = self.rng.integers(0, max(len(pool), 1), left)
        return Crowd(pool.demand[drawn], pool.scores[drawn], np.ones(left))

    def sampled_prices(self, batch: Batch, now: Crowd) -> list[Floats]:
        """Prices (m, r) of each future together with the batch."""
        self.remember(batch, now)
        pool = self.pool(batch.number)
        for sample, before in enumerate(self.memory):
            crowd = self.future(pool) + now
            self.memory[sample] = self.solved(crowd, batch.left, before)
        return [price for price in self.memory if price is not None]

    def solved(self, crowd: Crowd, left: Floats, before: Floats | None) -> Floats:
        if before is None:
            return prices(crowd, left, np.full(left.shape, FIRST_GUESS), TEMPERATURES)
        return prices(crowd, left, before, WARM)
