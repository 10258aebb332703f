"""What a policy is: told what is known before the year, then asked batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..batch import best_batch
from ..prices import Crowd, usable
from ..stream import Households, Places

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Added to each pair, in parts of a usual score, so that nobody stays out for a rounding error;
# the authors of the dual prices add as much for each person (``EPS`` in their code).
NUDGE = 1e-4


@dataclass(frozen=True, eq=False)
class Known:
    """What is known before the first batch.

    places         ids, resources, capacities (m, r) of the whole year
    history        last year's households, scored at the same places
    batches        how many batches the year has
    expected       households announced for the year; 0 if nobody said
    unplaced_cost  what a household left out costs, in the unit of scores
    """

    places: Places
    history: Households
    batches: int
    expected: int = 0
    unplaced_cost: float = 0.0

    @property
    def scale(self) -> float:
        """A usual score: the mean of the best (absolute) of each household of last year, or 1."""
        best = np.nan_to_num(np.abs(self.history.scores)).max(axis=1, initial=0.0)
        return float(best.mean()) if best.any() else 1.0

    @property
    def announced(self) -> int:
        """Households expected in the year: as announced, else as many as last year."""
        return self.expected or len(self.history)


@dataclass(frozen=True, eq=False)
class Batch:
    """One batch: its number from 0, its households, and the capacities (m, r) still left."""

    number: int
    households: Households
    left: Floats


class Decider(Protocol):
    """A policy at work in one year; it remembers what it has seen."""

    def decide(self, batch: Batch) -> Ints:
        """A place (its position) or -1 for each household (n,), within what is left."""


class Policy(Protocol):
    """A way to decide; ``begin`` starts a year. The same seed gives the same decisions."""

    @property
    def name(self) -> str: ...

    def begin(self, known: Known, seed: int) -> Decider: ...


class PriceDecider:
    """Gives a batch to the places with the greatest total of score less the price of what it takes.

    Scores are divided by ``known.scale`` on the way in, so that their unit never matters.
    Subclasses say the prices. Without prices this is the greedy policy.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self.scale = known.scale
        self.bonus = known.unplaced_cost / self.scale + NUDGE
        self.seen = 0

    def decide(self, batch: Batch) -> Ints:
        now = self.crowd(batch.households)
        self.seen += len(now)
        if not len(now):
            return np.empty(0, np.int64)
        price = self.prices(batch, now)
        gains = usable(now.demand, now.scores, batch.left) - now.demand @ price.T + self.bonus
        return best_batch(gains, now.demand, batch.left)

    def prices(self, batch: Batch, now: Crowd) -> Floats:
        """Prices (m, r) of what is left, in usual scores for each unit."""
        return np.zeros_like(batch.left)

    def crowd(self, households: Households) -> Crowd:
        """Households of weight 1, their scores in usual scores."""
        return Crowd(households.demand, households.scores / self.scale, np.ones(len(households)))
