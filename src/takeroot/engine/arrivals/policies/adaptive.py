"""Ours: prices of who is still to come, learnt as the year goes, and the last weeks played through.

For each batch:

1. Say who is still to come and how many, from last year and from this year so far
   (``arrivals.forecast``): weights are learnt, so that a year unlike the last is noticed, and a
   year like the last is not mistaken for another.
2. Blur it: what is peculiar to those who came, beyond a few traits, is exchanged among them
   (``forecast.exchanged``), so that prices are not made for it.
3. Price what is left for that forecast and the batch together, in one smoothed programme instead
   of a handful of drawn futures (``arrivals.prices``): no noise of sampling, a few milliseconds.
4. Solve the integer programme of the batch, scores less price times demand, as Ahani and others
   (2024) do.
5. When few are left to come, draw futures from the forecast and improve the batch's decision by
   playing them through, whole households into whole capacities (``arrivals.rollout``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..batch import best_batch
from ..forecast import Forecast, exchanged
from ..prices import Crowd, prices, usable
from ..rollout import NEVER, Futures, improved
from .base import Batch, Decider, Floats, Ints, Known, PriceDecider

FIRST = (0.1, 0.05, 0.03)  # temperatures of the first batch, in usual scores
WARM = (0.03,)
COPIES = 3  # of the forecast, with residuals exchanged


@dataclass(frozen=True)
class Adaptive:
    """The policy.

    horizon  households still to come at which the last weeks begin; 0 never plays them through
    futures  drawn for each batch of the last weeks
    placing  what it is worth beside its score, in usual scores, that a household is placed at
             all: more leaves fewer out, for a little less total score
    """

    horizon: int = 80
    futures: int = 128
    placing: float = 0.0
    name: str = "adaptive"

    def begin(self, known: Known, seed: int) -> Decider:
        return _AdaptiveDecider(known, seed, self)


class _AdaptiveDecider(PriceDecider):
    def __init__(self, known: Known, seed: int, policy: Adaptive) -> None:
        super().__init__(known)
        self.policy, self.seed = policy, seed
        self.bonus += policy.placing
        last = self.crowd(known.history)
        self.forecast = Forecast(last, known.history.batch, known.batches, known.announced)
        self.price: Floats | None = None

    def decide(self, batch: Batch) -> Ints:
        now = self.crowd(batch.households)
        if not len(now):
            return np.empty(0, np.int64)
        self.forecast.see(batch.number, now)
        many = self.forecast.remaining()
        before = self.price if self.price is not None else np.full(batch.left.shape, 0.03)
        rng = np.random.default_rng([self.seed, batch.number])
        mix = exchanged(self.forecast.mix(before, batch.left), COPIES, rng)
        levels = WARM if self.price is not None else FIRST
        price = self.price = prices(mix.scaled(many) + now, batch.left, before, levels)
        worth = usable(now.demand, now.scores, batch.left) + self.bonus
        gains = worth - now.demand @ price.T
        choice = best_batch(gains, now.demand, batch.left)
        length = round(many)
        if not 0 < length <= self.policy.horizon:
            return choice if length else best_batch(worth, now.demand, batch.left)
        futures = self._futures(mix, length, price, rng)
        return improved(choice, worth, gains, now.demand, batch.left, futures)

    def _futures(self, mix: Crowd, length: int, price: Floats, rng: np.random.Generator) -> Futures:
        """Drawn with replacement from the forecast."""
        shape = (self.policy.futures, length)
        drawn = rng.choice(len(mix), shape, p=mix.weight / mix.weight.sum())
        worth = np.nan_to_num(mix.scores + self.bonus, nan=NEVER)
        gains = np.where(np.isnan(mix.scores), NEVER, worth - mix.demand @ price.T)
        return Futures(mix.demand[drawn], gains[drawn], worth[drawn])
