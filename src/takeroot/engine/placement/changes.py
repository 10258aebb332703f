"""What may be changed in a problem, and the problem after the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from .problem import Pairs, PlacementError, PlacementProblem

Kind = Literal["lock", "unlock", "forbid", "allow", "capacity", "add", "remove"]


@dataclass(frozen=True)
class Change:
    """One step of a what-if.

    lock, unlock, forbid, allow   a pair: ``agent`` and ``place``
    capacity                      of ``resource`` at ``place``: ``amount``, inf for unlimited
    remove                        ``agent``
    add                           ``agent`` with ``scores`` by place, ``demand`` and ``group``
    """

    kind: Kind
    agent: str = ""
    place: str = ""
    amount: float = 0.0
    resource: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    demand: tuple[float, ...] = ()
    group: str = ""


def changed(problem: PlacementProblem, changes: Iterable[Change]) -> PlacementProblem:
    """The problem after the changes, in order; the original stays as it was.

    Raises PlacementError for an unknown id, or an agent that is added twice.
    """
    locked, forbidden = set(problem.locked), set(problem.forbidden)
    capacity = problem.capacity.copy()
    added: dict[str, Change] = {}
    removed: set[str] = set()
    for change in changes:
        _check(problem, change, added, removed)
        pair = (change.agent, change.place)
        if change.kind == "lock":
            locked.add(pair)
        elif change.kind == "unlock":
            locked.discard(pair)
        elif change.kind == "forbid":
            forbidden.add(pair)
        elif change.kind == "allow":
            forbidden.discard(pair)
        elif change.kind == "capacity":
            column = problem.resources.index(change.resource or problem.resources[0])
            capacity[problem.place_index[change.place], column] = change.amount
        elif change.kind == "add":
            added[change.agent] = change
        else:
            removed.add(change.agent)
            added.pop(change.agent, None)
    changed = replace(
        problem,
        capacity=capacity,
        locked=frozenset(p for p in locked if p[0] not in removed and p[0] not in added),
        forbidden=frozenset(p for p in forbidden if p[0] not in removed and p[0] not in added),
    )
    if removed or added:
        changed = _with_agents(changed, added, removed, locked, forbidden)
    return changed


def _check(
    problem: PlacementProblem, change: Change, added: dict[str, Change], removed: set[str]
) -> None:
    if change.kind == "add":
        here = change.agent in problem.agent_index and change.agent not in removed
        if not change.agent or here or change.agent in added:
            raise PlacementError(f"add: {change.agent!r} is there already")
        unknown = [place for place in change.scores if place not in problem.place_index]
        if unknown:
            raise PlacementError(f"add {change.agent!r}: unknown place {unknown[0]!r}")
        return
    if change.kind == "capacity":
        if change.place not in problem.place_index:
            raise PlacementError(f"capacity: unknown place {change.place!r}")
        if change.resource and change.resource not in problem.resources:
            raise PlacementError(f"capacity: unknown resource {change.resource!r}")
        if not change.amount >= 0:
            raise PlacementError(f"capacity of {change.place!r}: found {change.amount}")
        return
    known = (change.agent in problem.agent_index or change.agent in added) and (
        change.agent not in removed
    )
    if not known:
        raise PlacementError(f"{change.kind}: unknown agent {change.agent!r}")
    if change.kind != "remove" and change.place not in problem.place_index:
        raise PlacementError(f"{change.kind}: unknown place {change.place!r}")


def _with_agents(
    problem: PlacementProblem,
    added: dict[str, Change],
    removed: set[str],
    locked: set[tuple[str, str]],
    forbidden: set[tuple[str, str]],
) -> PlacementProblem:
    keep = np.array([agent not in removed for agent in problem.agents], bool)
    lengths = np.diff(problem.pairs.start)
    arcs = np.repeat(keep, lengths)
    if problem.pairs.demand is not None and added:
        raise PlacementError("add: needs differ by pair; make the problem anew")
    new = list(added.values())
    place = [[problem.place_index[p] for p in sorted(one.scores)] for one in new]
    score = [[float(one.scores[p]) for p in sorted(one.scores)] for one in new]
    counts = [*lengths[keep], *(len(row) for row in place)]
    pairs = Pairs(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([problem.pairs.place[arcs], *(np.array(row, int) for row in place)]),
        np.concatenate([problem.pairs.score[arcs], *(np.array(row, float) for row in score)]),
        None if problem.pairs.demand is None else problem.pairs.demand[arcs],
    )
    demand = problem.demand
    if demand is not None or any(one.demand for one in new):
        ones = (1.0,) * len(problem.resources)
        rows = [*problem.needs()[keep], *(one.demand or ones for one in new)]
        demand = np.array(rows, float).reshape(len(rows), len(ones))
    agents = [a for a, kept in zip(problem.agents, keep, strict=True) if kept] + list(added)
    groups: list[str] = []
    if problem.groups or not keep.any():
        groups = [g for g, kept in zip(problem.groups, keep, strict=False) if kept]
        groups += [one.group for one in new]
    there = set(agents)
    return replace(
        problem,
        agents=agents,
        pairs=pairs,
        demand=demand,
        groups=groups,
        locked=frozenset(pair for pair in locked if pair[0] in there),
        forbidden=frozenset(pair for pair in forbidden if pair[0] in there),
    )
