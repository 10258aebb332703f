"""Checks a matching from the raw lists: shares no code with the solver.

A pair blocks if the agent strictly prefers the place to what it has, and the place has a free seat
or strictly prefers the agent to somebody it has. Closed places block nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from .problem import StableProblem
from .result import Matching


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with a matching."""

    code: str
    message: str


def check(problem: StableProblem, matching: Matching, most: int = 50) -> list[Violation]:
    """What is wrong, at most ``most`` blocking pairs; empty if nothing is."""
    likes = _table(problem.of_agents.owner, problem.of_agents.other, problem.of_agents.rank)
    wants = _table(problem.of_places.owner, problem.of_places.other, problem.of_places.rank)
    at = {i: j for i, j in enumerate(matching.place.tolist()) if j >= 0}
    found = [
        Violation("not_acceptable", f"{problem.agents[i]} and {problem.places[j]}: not both rank.")
        for i, j in at.items()
        if j not in likes[i] or i not in wants[j]
    ]
    members: dict[int, list[int]] = defaultdict(list)
    for i, j in at.items():
        members[j].append(i)
    seats = problem.capacity.tolist()
    found += [
        Violation("over_capacity", f"{problem.places[j]} has {seats[j]}, {len(who)} are there.")
        for j, who in members.items()
        if len(who) > seats[j]
    ]
    closed = {one.place for one in matching.closed}
    found += [
        Violation("closed", f"{problem.places[j]} is closed, {len(who)} are there.")
        for j, who in members.items()
        if problem.places[j] in closed
    ]
    if found:
        return found
    worst = {j: max(wants[j][i] for i in who) for j, who in members.items()}
    for i, places in sorted(likes.items()):
        now = places[at[i]] if i in at else float("inf")
        for j, rank in places.items():
            if rank >= now or i not in wants[j] or problem.places[j] in closed:
                continue
            free = len(members[j]) < seats[j]
            if free or (members[j] and wants[j][i] < worst[j]):
                words = f"{problem.agents[i]} and {problem.places[j]} would rather have each other."
                found.append(Violation("blocking", words))
                if len(found) >= most:
                    return found
    return [*found, *_check_told(problem, matching, at, closed)]


def _table(owner: object, other: object, rank: object) -> dict[int, dict[int, float]]:
    table: dict[int, dict[int, float]] = defaultdict(dict)
    columns = (owner.tolist(), other.tolist(), rank.tolist())  # type: ignore[attr-defined]
    for i, j, value in zip(*columns, strict=True):
        table[i][j] = value
    return table


def _check_told(
    problem: StableProblem, matching: Matching, at: dict[int, int], closed: set[str]
) -> list[Violation]:
    """Shortfalls and unplaced agents are all told, with the right numbers."""
    found = []
    filled = Counter(at.values())
    quota = [0] * len(problem.places) if problem.quota is None else problem.quota.tolist()
    short = {
        (place, quota[j], filled[j])
        for j, place in enumerate(problem.places)
        if filled[j] < quota[j] and place not in closed
    }
    if short != {(one.place, one.quota, one.filled) for one in matching.shortfalls}:
        found.append(Violation("shortfalls", f"Places below their quota: {sorted(short)}."))
    left = {agent for i, agent in enumerate(problem.agents) if i not in at}
    if left != {agent for agent, _ in matching.unplaced}:
        found.append(Violation("unplaced", "The agents without a place are others."))
    return found
