"""One seat each: the exact best assignment over listed arcs, by a library.

OR-Tools' minimum-cost flow (push-relabel with cost scaling: Goldberg, 1997) where it is installed,
else HiGHS through scipy on the same linear programme, whose corners are whole (Hoffman, Kruskal,
1956). Both are exact for whole weights.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NOBODY = -1


@cache
def has_ortools() -> bool:
    return find_spec("ortools") is not None


def solver_name() -> str:
    return "OR-Tools minimum-cost flow" if has_ortools() else "HiGHS linear programme (scipy)"


def best_flow(
    agent: npt.NDArray[np.integer[Any]],
    place: npt.NDArray[np.integer[Any]],
    weight: IntArray,
    agents: int,
    seats: IntArray,
) -> IntArray:
    """Index into the arcs of each agent's choice, -1 for none, with the greatest total weight.

    agent, place, weight  (arcs,) positions and whole weights
    seats                 (places,) 0 or more
    """
    if not len(agent):
        return np.full(agents, NOBODY, np.int64)
    solve = _by_flow if has_ortools() else _by_programme
    used = solve(agent, place, weight, agents, seats)
    chosen = np.full(agents, NOBODY, np.int64)
    chosen[agent[used]] = used
    return chosen


def _by_flow(
    agent: npt.NDArray[np.integer[Any]],
    place: npt.NDArray[np.integer[Any]],
    weight: IntArray,
    agents: int,
    seats: IntArray,
) -> IntArray:
    from ortools.graph.python import min_cost_flow

    places = len(seats)
    sink = agents + places
    flow = min_cost_flow.SimpleMinCostFlow()
    everyone = np.arange(agents, dtype=np.int32)
    columns = np.arange(agents, sink, dtype=np.int32)
    add = flow.add_arcs_with_capacity_and_unit_cost
    arcs = add(
        agent.astype(np.int32),
        (place + agents).astype(np.int32),
        np.ones(len(agent), np.int64),
        -weight,
    )
    add(columns, np.full(places, sink, np.int32), seats, np.zeros(places, np.int64))
    add(everyone, np.full(agents, sink, np.int32), np.ones(agents, np.int64), 0 * everyone)
    supplies = np.zeros(sink + 1, np.int64)
    supplies[:agents], supplies[sink] = 1, -agents
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supplies)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the flow was not solved: {status}")
    found: IntArray = np.flatnonzero(flow.flows(arcs) > 0)
    return found


def _by_programme(
    agent: npt.NDArray[np.integer[Any]],
    place: npt.NDArray[np.integer[Any]],
    weight: IntArray,
    agents: int,
    seats: IntArray,
) -> IntArray:
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, vstack

    count = len(agent)
    ones, at = np.ones(count), np.arange(count)
    rows = vstack(
        [
            csr_matrix((ones, (agent, at)), shape=(agents, count)),
            csr_matrix((ones, (place, at)), shape=(len(seats), count)),
        ]
    )
    limit: FloatArray = np.concatenate([np.ones(agents), seats])
    top = float(np.abs(weight).max()) or 1.0
    done = linprog(-weight / top, A_ub=rows, b_ub=limit, bounds=(0, 1), method="highs-ds")
    if done.status != 0:
        raise ArithmeticError(f"the programme was not solved: {done.message}")
    return np.flatnonzero(done.x > 0.5)
