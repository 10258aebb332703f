"""A small part of a problem as an integer programme.

CP-SAT (OR-Tools: lazy clause generation with linear relaxations) where it is installed and all
needs are whole numbers: on parts of a hundred households it proves the best choice several times
sooner than branch and bound. Else HiGHS through scipy. Effort is counted in steps, not by the
clock, so that the same problem has the same answer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..flow import has_ortools
from .instance import FloatArray, Instance, IntArray

# Nodes of branch and bound that count as one unit of effort.
NODES = 1000
# Weights are rounded so that they sum to at most this.
WHOLE_SUM = 2.0**50


def part_solver() -> str:
    return "CP-SAT (OR-Tools)" if has_ortools() else "HiGHS (scipy)"


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
    """Chosen arcs of a part, their weight, what no choice exceeds; ``none``: there is no choice."""

    arcs: IntArray
    value: float
    bound: float
    complete: bool
    none: bool = False


def solve_part(
    part: Part,
    *,
    effort: float | None = None,
    seconds: float | None = None,
    gap: float = 0.0,
    hint: IntArray | None = None,
) -> Found:
    """The best choice, or the best found.

    effort   about seconds of search, counted in steps; ``seconds`` by the clock
    gap      a choice proved to be this near, relatively, will do
    hint     arcs of a choice that is known
    """
    if not len(part.agent):
        return Found(np.empty(0, np.int64), 0.0, 0.0, True, bool((part.limit < 0).any()))
    whole = _whole_needs(part) if has_ortools() and not len(part.limit) else None
    if whole is None:
        return _by_branching(part, effort, seconds, gap)
    return _by_clauses(part, *whole, effort, seconds, gap, hint)


def relax(part: Part) -> tuple[FloatArray, float]:
    """The linear programme of a part: how much of each arc, and its value."""
    from scipy.optimize import linprog

    matrix, ceiling = constraints(part)
    done = linprog(-part.weight, A_ub=matrix, b_ub=ceiling, bounds=(0, 1), method="highs")
    if done.status != 0:
        return np.zeros(len(part.agent)), -np.inf
    return done.x, -float(done.fun)


def _by_branching(part: Part, effort: float | None, seconds: float | None, gap: float) -> Found:
    from scipy.optimize import Bounds, LinearConstraint, milp

    count = len(part.agent)
    matrix, ceiling = constraints(part)
    options: dict[str, Any] = {"mip_rel_gap": gap}
    if effort is not None:
        options["node_limit"] = max(1, int(NODES * effort))
    if seconds is not None:
        options["time_limit"] = max(0.01, seconds)
    done = milp(
        -part.weight,
        constraints=LinearConstraint(matrix, -np.inf, ceiling),
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        options=options,
    )
    if done.x is None:
        never = done.status == 2
        return Found(np.empty(0, np.int64), -np.inf, -np.inf if never else np.inf, never, never)
    arcs = np.flatnonzero(done.x > 0.5)
    bound = float(-done.mip_dual_bound) if done.mip_dual_bound is not None else np.inf
    return Found(arcs, float(part.weight[arcs].sum()), bound, done.status == 0)


def _whole_needs(part: Part) -> tuple[IntArray, IntArray] | None:
    """Needs and capacities as whole numbers; None where they have more than four decimals."""
    for digits in range(5):
        scaled = part.need * 10.0**digits
        if np.abs(scaled - np.rint(scaled)).max() < 1e-9:
            room = np.where(np.isfinite(part.capacity), part.capacity, 2.0**30)
            most = np.floor(room * 10.0**digits + 1e-9)
            return np.rint(scaled).astype(np.int64), most.astype(np.int64)
    return None


def _by_clauses(
    part: Part,
    need: IntArray,
    room: IntArray,
    effort: float | None,
    seconds: float | None,
    gap: float,
    hint: IntArray | None,
) -> Found:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    count = len(part.agent)
    chosen = [model.new_bool_var("") for _ in range(count)]
    for own, most in zip(_grouped(part.agent, len(part.most)), part.most.tolist(), strict=True):
        if len(own) > most:
            model.add(sum(chosen[k] for k in own) <= most)
    for there, here in zip(_grouped(part.place, len(room)), room.tolist(), strict=True):
        for r, most in enumerate(here):
            takes = need[there, r]
            if takes.sum() > most:
                terms = zip(there, takes.tolist(), strict=True)
                model.add(sum(take * chosen[k] for k, take in terms if take) <= most)
    scale = WHOLE_SUM / (float(np.abs(part.weight).max()) * count or 1.0)
    worth = np.rint(part.weight * scale).astype(np.int64).tolist()
    model.maximize(sum(w * one for w, one in zip(worth, chosen, strict=True)))
    if hint is not None:
        known = set(hint.tolist())
        for k, one in enumerate(chosen):
            model.add_hint(one, k in known)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.relative_gap_limit = gap
    solver.parameters.linearization_level = 2
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(np.empty(0, np.int64), -np.inf, np.inf, False)
    arcs = np.array([k for k, one in enumerate(chosen) if solver.value(one)], np.int64)
    # What rounding the weights can hide is added to the bound.
    bound = (solver.best_objective_bound + 0.5 * count) / scale
    value = float(part.weight[arcs].sum())
    return Found(arcs, value, max(bound, value), status == cp_model.OPTIMAL)


def _grouped(of: npt.NDArray[np.integer[Any]], groups: int) -> list[list[int]]:
    """Positions by group."""
    order = np.argsort(of, kind="stable")
    cuts = np.searchsorted(of[order], np.arange(1, groups))
    return [part.tolist() for part in np.split(order, cuts)]


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


def whole_part(instance: Instance) -> Part:
    """A whole instance as one part, several places each and rules included."""
    agent = instance.agent_of_arcs()
    return Part(
        agent=agent,
        place=instance.place,
        weight=instance.weight.astype(np.float64) + instance.penalty,
        need=instance.need if instance.by_pair else instance.need[agent],
        most=instance.most,
        capacity=instance.capacity,
        rows=instance.rows.coefficient,
        limit=instance.rows.limit,
    )


def solve_whole(instance: Instance, *, gap: float, deadline: float) -> tuple[Found, float]:
    """A whole instance at once, and its bound."""
    if not len(instance.place):
        never = bool((instance.rows.limit < 0).any())
        return Found(np.empty(0, np.int64), 0.0, 0.0, True, never), 0.0
    seconds = deadline - time.perf_counter()
    limit = seconds if np.isfinite(seconds) else None
    found = _by_branching(whole_part(instance), None, limit, gap)
    return found, found.bound
