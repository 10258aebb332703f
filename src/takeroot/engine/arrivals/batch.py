"""One batch decided jointly: the households that came together share what the places have left."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NOWHERE = -1
EXACT = 1e-9  # relative gap at which a batch counts as solved
ROOM = 1e-9  # capacity below 0 by rounding alone


def use_of(choice: Ints, demand: Floats, places: int) -> Floats:
    """What the choice (n,) takes of each place and resource, (m, r)."""
    used = np.zeros((places, demand.shape[1]))
    placed = choice >= 0
    np.add.at(used, choice[placed], demand[placed])
    return used


def best_batch(gains: Floats, demand: Floats, capacities: Floats) -> Ints:
    """The joint choice (n,) with the greatest total gain; ``NOWHERE`` gains 0.

    gains       (n, m) what a pair adds, -inf where it is not allowed
    capacities  (m, r) left; demand (n, r)

    If everybody's best place holds them all, that is the answer; otherwise an integer programme
    over the pairs that gain (HiGHS, through scipy) decides. Ties go to the first place.
    """
    n, m = gains.shape
    if not n or not m:
        return np.full(n, NOWHERE, np.int64)
    best = gains.argmax(axis=1)
    choice = np.where(gains[np.arange(n), best] > 0, best, NOWHERE)
    if (use_of(choice, demand, m) <= capacities + ROOM).all():
        return choice
    fits = (demand[:, None, :] <= capacities[None] + ROOM).all(axis=2)
    agent, place = np.nonzero((gains > 0) & fits)
    choice = np.full(n, NOWHERE, np.int64)
    if len(agent):
        rows, limits = constraints(agent, place, demand, capacities)
        found = milp(
            -gains[agent, place],
            constraints=LinearConstraint(rows, -np.inf, limits),
            bounds=Bounds(0, 1),
            integrality=np.ones(len(agent)),
            options={"mip_rel_gap": EXACT},
        )
        chosen = found.x > 0.5
        choice[agent[chosen]] = place[chosen]
    return choice


def constraints(
    agent: Ints, place: Ints, demand: Floats, capacities: Floats
) -> tuple[sp.csc_matrix, Floats]:
    """Rows and right-hand sides: each agent at most once, each limited capacity kept."""
    n, (m, r), pairs = len(demand), capacities.shape, len(agent)
    once = sp.csr_matrix((np.ones(pairs), (agent, np.arange(pairs))), (n, pairs))
    row = (place[:, None] * r + np.arange(r)).ravel()
    column = np.repeat(np.arange(pairs), r)
    kept = sp.csr_matrix((demand[agent].ravel(), (row, column)), (m * r, pairs))
    limited = np.isfinite(capacities.ravel())
    rows = sp.vstack([once, kept[limited]]).tocsc()
    return rows, np.concatenate([np.ones(n), capacities.ravel()[limited] + ROOM])
