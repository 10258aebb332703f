"""Why somebody got this place, what stands against a better one, and what a change would cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .problem import AssignmentProblem, Change, ProblemError
from .result import Cause, Result
from .solver import resolve
from .unplaced import cause_names, rows_of, tally

Code = Literal[
    "locked", "best_place", "better_places_full", "no_allowed_pair", "below_least_quality",
    "all_suitable_full",
]  # fmt: skip


@dataclass(frozen=True)
class Alternative:
    """Another place this agent could have.

    price           points that one more seat there would add to the total
    cost_at_least   the total falls by at least this if the agent is locked there (reduced cost)
    cost            exactly how much it falls, where it was asked for
    held_by         who sits there now, by id; empty seats are free
    """

    place: str
    score: int
    price: int
    cost_at_least: int
    cost: int | None
    held_by: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Reasons as codes, for one agent.

    better        places that score more, dearest to the agent first: all full, at these prices
    alternatives  what comes next, cheapest change first
    counts        how many places fall to each cause ("full" counts those that may be proposed)
    """

    agent: str
    place: str | None
    score: int
    code: Code
    better: tuple[Alternative, ...]
    alternatives: tuple[Alternative, ...]
    counts: tuple[tuple[str, int], ...]


def explain(
    problem: AssignmentProblem, result: Result, agent: str, *, most: int = 3, exact: bool = False
) -> Explanation:
    """Why ``agent`` got its place or none.

    ``exact`` solves the problem once for each alternative shown, to say what it would truly cost;
    without it the cost is a proved lower bound, in microseconds.
    """
    if agent not in problem.agent_index:
        raise ProblemError(f"explain: unknown agent {agent!r}")
    if result.status == "infeasible":
        raise ProblemError("explain: the problem has no answer; see result.conflicts")
    scores, causes = rows_of(problem, np.array([problem.agent_index[agent]], np.int64))
    row = [int(score) for score in scores[0]]
    usable = [j for j in range(len(problem.places)) if causes[0, j] == 0]
    place = result.place_of.get(agent)
    score = row[problem.place_index[place]] if place is not None else 0
    others = [j for j in usable if problem.places[j] != place]
    view = _View(problem, result, agent, score, place, exact)
    better = sorted((j for j in others if row[j] > score), key=lambda j: (-row[j], _id(problem, j)))
    closest = sorted(others, key=lambda j: (view.least_cost(j, row[j]), -row[j], _id(problem, j)))
    names = cause_names(problem)
    counts = tally(names, np.bincount(causes[0], minlength=len(names)).tolist())
    return Explanation(
        agent=agent,
        place=place,
        score=score,
        code=_code(problem, result, agent, place, bool(better)),
        better=tuple(view.alternative(j, row[j]) for j in better[:most]),
        alternatives=tuple(view.alternative(j, row[j]) for j in closest[:most]),
        counts=tuple(sorted((name, count) for name, count in counts.items() if count)),
    )


def cost_of(problem: AssignmentProblem, result: Result, agent: str, place: str) -> int | None:
    """How much the total falls if this agent is locked to this place; None if that cannot be."""
    held = [Change("unlock", p, a) for a, p in problem.locked if a == agent]
    changed = resolve(problem, result, [*held, Change("lock", place, agent)])
    return None if changed.status == "infeasible" else result.value - changed.value


def _id(problem: AssignmentProblem, j: int) -> str:
    return problem.places[j]


def _code(
    problem: AssignmentProblem, result: Result, agent: str, place: str | None, better: bool
) -> Code:
    if place is None:
        causes: dict[str, Cause] = {one.agent: one.cause for one in result.unplaced}
        return causes[agent]
    if (agent, place) in problem.locked:
        return "locked"
    return "better_places_full" if better else "best_place"


@dataclass(frozen=True, eq=False)
class _View:
    """One agent's view of the prices."""

    problem: AssignmentProblem
    result: Result
    agent: str
    score: int
    place: str | None
    exact: bool

    def least_cost(self, j: int, score: int) -> int:
        """Reduced cost: what the agent has now, less what the other place leaves it, in points.

        Now: score less the price of its seat. There: score less the price of that seat. The ranks
        that decide ties are worth less than half a point together, so the difference, rounded down
        to whole points, is proved.
        """
        certificate = self.result.certificate
        here = certificate.prices.get(self.place or "", 0)
        there = certificate.prices.get(self.problem.places[j], 0)
        kept = self.score * certificate.scale - here
        return max(0, (kept - score * certificate.scale + there) // certificate.scale)

    def alternative(self, j: int, score: int) -> Alternative:
        place = self.problem.places[j]
        cost = cost_of(self.problem, self.result, self.agent, place) if self.exact else None
        return Alternative(
            place=place,
            score=score,
            price=self.result.prices.get(place, 0),
            cost_at_least=self.least_cost(j, score),
            cost=cost,
            held_by=tuple(sorted(a for a, p in self.result.pairs if p == place)),
        )
