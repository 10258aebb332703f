"""A small part of a problem as an integer programme, solved by HiGHS through scipy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .instance import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Part:
    """Choose among arcs: at most ``most`` of each agent, within capacity, within rules.

    agent, place  (arcs,) positions in this part
    weight        (arcs,)
    need          (arcs, resources)
    most          (agents,)
    capacity      (places, resources), inf where unlimited
    rows, limit   (rules, arcs) and (rules,)
    """

    agent: npt.NDArray[np.integer[Any]]
    place: npt.NDArray[np.integer[Any]]
    weight: FloatArray
    need: FloatArray
    most: IntArray
    capacity: FloatArray
    rows: FloatArray
    limit: FloatArray


@dataclass(frozen=True, eq=False)
class Found:
    """Chosen arcs of a part, their weight, and what no choice exceeds; ``none`` if there is none."""

    arcs: IntArray
    value: float
    bound: float
    complete: bool
    none: bool = False


def solve_part(
    part: Part,
    *,
    nodes: int | None = None,
    seconds: float | None = None,
    gap: float = 0.0,
    relaxed: bool = False,
) -> Found:
    """The best choice. Limits: nodes of the search (repeatable) and seconds (not).

    relaxed  the linear programme instead; ``arcs`` are then those above one half
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    count = len(part.agent)
    if not count:
        return Found(np.empty(0, np.int64), 0.0, 0.0, True, bool((part.limit < 0).any()))
    matrix, ceiling = constraints(part)
    options: dict[str, Any] = {"mip_rel_gap": gap}
    if nodes is not None:
        options["node_limit"] = nodes
    if seconds is not None:
        options["time_limit"] = max(0.01, seconds)
    done = milp(
        -part.weight,
        constraints=LinearConstraint(matrix, -np.inf, ceiling),
        integrality=np.zeros(count) if relaxed else np.ones(count),
        bounds=Bounds(0, 1),
        options=options,
    )
    if done.x is None:
        never = done.status == 2
        return Found(np.empty(0, np.int64), -np.inf, -np.inf if never else np.inf, never, never)
    arcs = np.flatnonzero(done.x > 0.5)
    bound = -done.fun if relaxed or done.mip_dual_bound is None else -done.mip_dual_bound
    return Found(arcs, float(part.weight[arcs].sum()), float(bound), done.status == 0)


def constraints(part: Part) -> tuple[Any, FloatArray]:
    """The programme's rows, those that can bind, and their right-hand sides."""
    from scipy.sparse import csr_matrix, vstack

    count = len(part.agent)
    at = np.arange(count)
    blocks = [csr_matrix((np.ones(count), (part.agent, at)), shape=(len(part.most), count))]
    ceilings = [part.most.astype(np.float64)]
    for r in range(part.capacity.shape[1]):
        take = part.need[:, r]
        wanted = np.bincount(part.place, take, len(part.capacity))
        binding = np.flatnonzero(wanted > part.capacity[:, r])
        row = np.full(len(part.capacity), -1)
        row[binding] = np.arange(len(binding))
        used = np.flatnonzero((row[part.place] >= 0) & (take > 0))
        shape = (len(binding), count)
        blocks.append(csr_matrix((take[used], (row[part.place[used]], used)), shape=shape))
        ceilings.append(part.capacity[binding, r])
    if len(part.limit):
        blocks.append(csr_matrix(part.rows))
        ceilings.append(part.limit)
    return vstack(blocks).tocsr(), np.concatenate(ceilings)
