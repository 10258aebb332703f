"""The best that anybody could have done who knew the whole year: one integer programme.

    maximize  sum_ij s_ij x_ij   with  sum_j x_ij <= 1,  sum_i d_ir x_ij <= c_jr,  x in {0, 1}

solved by HiGHS through ``scipy.optimize.milp``, with its proved bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from .batch import NOWHERE, constraints
from .prices import usable
from .stream import Stream


@dataclass(frozen=True, eq=False)
class Hindsight:
    """value, proved bound (no choice is worth more), and the choice (n,): a place, or -1."""

    value: float
    bound: float
    choice: npt.NDArray[np.int64]

    @property
    def gap(self) -> float:
        """(bound - value) / value; 0 where nothing can be placed."""
        return (self.bound - self.value) / self.value if self.value > 0 else 0.0

    @property
    def unplaced(self) -> int:
        return int((self.choice == NOWHERE).sum())


def hindsight(
    stream: Stream, *, unplaced_cost: float = 0.0, gap: float = 1e-4, time_limit: float = 60.0
) -> Hindsight:
    """The optimum of the whole year, or the best found in ``time_limit`` seconds with its bound.

    unplaced_cost  what a household left without a place costs, in the unit of scores; value and
                   bound are after that cost

    Raises TimeoutError if nothing at all was found in time.
    """
    people, capacities = stream.households, stream.places.capacities
    gains = usable(people.demand, people.scores, capacities) + unplaced_cost
    choice = np.full(len(people), NOWHERE, np.int64)
    agent, place = np.nonzero(gains > 0)
    less = unplaced_cost * len(people)
    if not len(agent):
        return Hindsight(-less, -less, choice)
    rows, limits = constraints(agent, place, people.demand, capacities)
    found = milp(
        -gains[agent, place],
        constraints=LinearConstraint(rows, -np.inf, limits),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(agent)),
        options={"mip_rel_gap": gap, "time_limit": time_limit},
    )
    if found.x is None:
        raise TimeoutError(f"hindsight: no answer within {time_limit:g} seconds")
    chosen = found.x > 0.5
    choice[agent[chosen]] = place[chosen]
    value = float(gains[agent[chosen], place[chosen]].sum())
    return Hindsight(value - less, max(value, -float(found.mip_dual_bound)) - less, choice)
