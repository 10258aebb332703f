"""Minimum discord with balancing: after Bansak and Paulson (2024).

«Outcome-driven dynamic refugee assignment with allocation balancing», Operations Research 72(6),
arXiv 2007.03069. For each batch:

1. Draw futures from earlier arrivals; in each, solve the problem of batch and future together
   (their section 3, the minimum-discord algorithm).
2. Count, for each household and place, in how many futures the optimum sends it there. A decision
   is in discord with the futures that would have it elsewhere; the one chosen is in discord with
   the fewest, jointly for the batch and within what is left.
3. Balancing (their section 4): each place works off a steady part of its capacity with every
   batch; what was sent beyond it waits. The waiting work of a place, after the household, is
   charged at ``weight`` for each usual batch of that place.

Ours differs in that futures are solved by prices (``arrivals.prices``), so that a household tied
between places counts in part for each; and in that the waiting work is charged where the decision
is taken, rather than in each future's own objective.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..batch import best_batch, use_of
from ..prices import Crowd, surplus, usable
from .base import Batch, Decider, Floats, Ints, Known
from .sampling import WARM, SamplingDecider


@dataclass(frozen=True)
class Balance:
    """samples: futures for each batch; weight: 0 is minimum discord alone, more is more even."""

    samples: int = 5
    weight: float = 0.02
    rolling: bool = True
    name: str = "balance"

    def begin(self, known: Known, seed: int) -> Decider:
        return _BalanceDecider(known, seed, self)


class _BalanceDecider(SamplingDecider):
    def __init__(self, known: Known, seed: int, policy: Balance) -> None:
        super().__init__(known, seed, samples=policy.samples, rolling=policy.rolling)
        self.weight = policy.weight
        # Work is counted in parts of a place's yearly capacity, the scarcest resource's.
        capacities = known.places.capacities
        self.part = np.where(capacities > 0, 1.0 / np.maximum(capacities, 1e-12), 0.0)
        self.waiting = np.zeros(len(capacities))
        self.before = -1

    def decide(self, batch: Batch) -> Ints:
        steady = 1.0 / max(self.known.batches, 1)
        self.waiting = np.maximum(self.waiting - steady * (batch.number - self.before), 0.0)
        self.before = batch.number
        now = self.crowd(batch.households)
        self.seen += len(now)
        if not len(now):
            return np.empty(0, np.int64)
        votes = self._votes(batch, now)
        worth = usable(now.demand, now.scores, batch.left) + self.bonus
        work = (now.demand[:, None, :] * self.part[None]).max(axis=2)
        charged = self.weight * (self.waiting[None] + work) / steady
        gains = np.where(worth > 0, votes - charged, -np.inf)
        # Nobody stays out because all futures agree little, or because places are busy.
        lowest = np.where(worth > 0, gains, np.inf).min(initial=0.0)
        choice = best_batch(gains - lowest + 1e-3, now.demand, batch.left)
        self.waiting += (use_of(choice, now.demand, len(self.part)) * self.part).max(axis=1)
        return choice

    def _votes(self, batch: Batch, now: Crowd) -> Floats:
        """Part of the futures whose optimum sends each household to each place, (n, m)."""
        scores = usable(now.demand, now.scores, batch.left)
        total = np.zeros(scores.shape)
        for price in self.sampled_prices(batch, now):
            total += surplus(now.demand, scores, price, WARM[-1])[1]
        return total / len(self.memory)
