"""Dual prices on bootstrapped futures: Ahani, Gölz, Procaccia, Teytelboym, Trapp (2024).

«Dynamic placement in refugee resettlement», Operations Research 72(3), arXiv 2105.14388,
re-implemented from the paper and its public description. For each batch:

1. Draw ``k`` (5 in the paper) futures: as many households as are still expected, with replacement
   from earlier arrivals (section 4, «potentials»; their experiments look back half a year).
2. For each, solve the linear programme that places future and batch into what is left, and keep
   its dual prices of capacity: «a potential for each locality» (section 4.2).
3. Average the k price vectors.
4. Solve the integer programme of the batch alone, scores less price times size (section 5.3,
   batching; 5.1, families of several), within what is left.

Where the paper has one resource (persons), there is one price for each place and resource here.
The number still to come is what was announced less what has come (their «known number of cases»),
or 10/11 of what capacities hold at last year's mean demand, less what has come (their rule where
arrivals are not known and capacities are trusted; here the scarcest resource's).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from ..batch import constraints
from ..prices import Crowd, usable
from .base import Batch, Decider, Floats, Known
from .sampling import SamplingDecider


@dataclass(frozen=True)
class DualPrices:
    """The published method.

    k        futures drawn for each batch
    rolling  draw from the last half year up to now, as the authors' experiments do; otherwise
             from the whole of last year
    by_room  expect as many as capacities suggest instead of as many as were announced
    exact    solve each linear programme with HiGHS and take the prices it happens to give;
             otherwise smoothed prices (``arrivals.prices``), some twenty times faster and no worse
    """

    k: int = 5
    rolling: bool = True
    by_room: bool = False
    exact: bool = False

    @property
    def name(self) -> str:
        said = f"dual-prices-{self.k}" + ("" if self.rolling else "-last-year")
        return said + ("-by-room" if self.by_room else "")

    def begin(self, known: Known, seed: int) -> Decider:
        return _DualPricesDecider(known, seed, self)


class _DualPricesDecider(SamplingDecider):
    def __init__(self, known: Known, seed: int, policy: DualPrices) -> None:
        super().__init__(
            known, seed, samples=policy.k, rolling=policy.rolling, by_room=policy.by_room
        )
        self.exact = policy.exact

    def prices(self, batch: Batch, now: Crowd) -> Floats:
        return np.asarray(np.mean(np.array(self.sampled_prices(batch, now)), axis=0))

    def solved(self, crowd: Crowd, left: Floats, before: Floats | None) -> Floats:
        return exact_prices(crowd, left) if self.exact else super().solved(crowd, left, before)


def exact_prices(crowd: Crowd, capacities: Floats) -> Floats:
    """Dual prices (m, r) of the linear programme, solved by HiGHS; which ones is up to it."""
    found = np.zeros_like(capacities)
    scores = usable(crowd.demand, crowd.scores, capacities)
    agent, place = np.nonzero(scores > 0)
    if not len(agent):
        return found
    rows, limits = constraints(agent, place, crowd.demand, capacities)
    limits[: len(crowd)] = crowd.weight
    solved = linprog(-scores[agent, place], A_ub=rows, b_ub=limits, bounds=(0, None))
    found[np.isfinite(capacities)] = np.maximum(-solved.ineqlin.marginals[len(crowd) :], 0.0)
    return found
