"""Why somebody got this place or none, what a better one would take, what a change would cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .changes import Change
from .problem import PlacementError, PlacementProblem
from .result import Cause, Result
from .whatif import WhatIf

Code = Literal["locked", "best_place", "better_places_worth_more_to_others"]


@dataclass(frozen=True)
class Limit:
    """A resource that is scarce at a place: what the agent takes, and what that is worth there."""

    resource: str
    takes: float
    price: float


@dataclass(frozen=True)
class Option:
    """A place that the agent could have.

    limits         the scarce resources there, dearest first; none: it has room to spare
    cost_at_least  the value gets worse by at least this if the agent is locked there (proved by the
                   prices); None where they prove nothing, as for what a search alone has settled
    cost           by how much exactly (households: within the gap), where it was asked for
    held_by        how many sit there, and ``holders`` the first of them by id
    """

    place: str
    score: float
    limits: tuple[Limit, ...]
    cost_at_least: float | None
    cost: float | None
    held_by: int
    holders: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Reasons as codes, for one agent.

    here      its places, with what their resources are worth
    better    places that score more, best first: at these prices they are worth more to others
    next_     what comes next, cheapest change first
    """

    agent: str
    code: Code | Cause
    here: tuple[Option, ...]
    better: tuple[Option, ...]
    next_: tuple[Option, ...]


def explain(
    problem: PlacementProblem, result: Result, agent: str, *, most: int = 3, exact: bool = False
) -> Explanation:
    """Why ``agent`` got its place or none; milliseconds, unless ``exact``.

    exact   follow the change «lock it there» for each option shown, to say what it truly costs
    Raises PlacementError for an unknown agent, and where the problem has no answer.
    """
    if agent not in problem.agent_index:
        raise PlacementError(f"explain: unknown agent {agent!r}")
    if result.conflicts:
        raise PlacementError("explain: the problem has no answer; see result.conflicts")
    view = _View(problem, result, agent, exact)
    sign = -1 if problem.minimize else 1
    others = [arc for arc in view.usable if view.place_of(arc) not in view.mine]
    worst = min((sign * view.score(arc) for arc in view.own), default=None)
    floor = -problem.unplaced_cost if worst is None else worst
    better = [arc for arc in others if sign * view.score(arc) > floor]
    better.sort(key=lambda arc: (-sign * view.score(arc), view.place_of(arc)))
    nearest = sorted(others, key=lambda arc: (view.distance(arc), view.place_of(arc)))
    return Explanation(
        agent=agent,
        code=_code(problem, result, agent, view, bool(better)),
        here=tuple(view.option(arc, follow=False) for arc in view.own),
        better=tuple(view.option(arc) for arc in better[:most]),
        next_=tuple(view.option(arc) for arc in nearest[:most]),
    )


def _code(
    problem: PlacementProblem, result: Result, agent: str, view: _View, better: bool
) -> Code | Cause:
    if not view.mine:
        return next(one.cause for one in result.unplaced if one.agent == agent)
    if any((agent, place) in problem.locked for place in view.mine):
        return "locked"
    return "better_places_worth_more_to_others" if better else "best_place"


class _View:
    """One agent's view of the answer."""

    def __init__(self, problem: PlacementProblem, result: Result, agent: str, exact: bool) -> None:
        self.problem, self.result, self.agent, self.exact = problem, result, agent, exact
        self.position = problem.agent_index[agent]
        span = problem.pairs.of_agent(self.position)
        seats = result.place[result.agent == self.position]
        self.mine = {problem.places[j] for j in seats.tolist()}
        arcs = range(span.start, span.stop)
        self.own = [arc for arc in arcs if self.place_of(arc) in self.mine]
        self.usable = [arc for arc in arcs if self._usable(arc)]

    def place_of(self, arc: int) -> str:
        return self.problem.places[int(self.problem.pairs.place[arc])]

    def score(self, arc: int) -> float:
        return float(self.problem.pairs.score[arc])

    def needs(self, arc: int) -> list[float]:
        if self.problem.pairs.demand is not None:
            return [float(x) for x in self.problem.pairs.demand[arc]]
        return [float(x) for x in self.problem.needs()[self.position]]

    def _usable(self, arc: int) -> bool:
        problem, place = self.problem, self.place_of(arc)
        room = problem.capacity[problem.place_index[place]]
        sign = -1 if problem.minimize else 1
        least = problem.least_score
        return (
            (self.agent, place) not in problem.forbidden
            and (least is None or sign * self.score(arc) >= sign * least)
            and bool((np.array(self.needs(arc)) <= room).all())
        )

    def _fits_beside_locks(self, arc: int) -> bool:
        """Whether the place has room for the agent beside those locked there; if not, the prices
        of the answer do not speak of it."""
        problem, place = self.problem, self.place_of(arc)
        room = problem.capacity[problem.place_index[place]].astype(float).copy()
        for agent, locked in problem.locked:
            if locked == place and agent != self.agent:
                other = _View(problem, self.result, agent, False)
                arcs = [one for one in other.own if other.place_of(one) == place]
                i = problem.agent_index[agent]
                room -= other.needs(arcs[0]) if arcs else problem.needs()[i].astype(float)
        return bool((np.array(self.needs(arc)) <= room).all())

    def left_over(self, arc: int) -> float | None:
        """What is left of the pair's worth after what it takes is paid; None without a proof."""
        proof = self.result.certificate
        if proof is None or self.problem.rules:
            return None
        sign = -1 if self.problem.minimize else 1
        prices = proof.prices[self.problem.place_index[self.place_of(arc)]]
        worth = sign * self.score(arc) + self.problem.unplaced_cost
        if self.problem.must_place:
            worth += proof.penalty  # to stay out is no choice then
        return worth - float(np.dot(prices, self.needs(arc)))

    def distance(self, arc: int) -> float:
        """By how much the pair falls short of what the agent has, at these prices."""
        left = self.left_over(arc)
        return -self.score(arc) if left is None else -left

    def at_least(self, arc: int) -> float | None:
        """A proved least cost of locking the pair.

        With the pair locked no answer is worth more than the bound less what the pair falls short
        of the agent's best left-over; what the answer itself falls short of the bound is taken off.
        """
        left = self.left_over(arc)
        if left is None:
            return None
        open_ = [one for one in self.usable if self._fits_beside_locks(one)]
        best = max([0.0, *(x for one in open_ if (x := self.left_over(one)) is not None)])
        return max(0.0, best - left - abs(self.result.bound - self.result.value))

    def option(self, arc: int, *, follow: bool = True) -> Option:
        place = self.place_of(arc)
        holders = self.result.agent[self.result.place == self.problem.place_index[place]]
        names = sorted(self.problem.agents[i] for i in holders[:100].tolist())
        worth = self.result.prices.get(place, {})
        limits = [
            Limit(name, takes, worth[name])
            for name, takes in zip(self.problem.resources, self.needs(arc), strict=True)
            if worth.get(name, 0.0) > 0
        ]
        return Option(
            place=place,
            score=self.score(arc),
            limits=tuple(sorted(limits, key=lambda one: -one.takes * one.price)),
            cost_at_least=self.at_least(arc) if follow else None,
            cost=self._cost(place) if follow and self.exact else None,
            held_by=len(holders),
            holders=tuple(names[:3]),
        )

    def _cost(self, place: str) -> float | None:
        held = [Change("unlock", a, p) for a, p in self.problem.locked if a == self.agent]
        change = [*held, Change("lock", self.agent, place)]
        effect = WhatIf(self.problem, self.result).apply(change)
        return None if effect.conflicts else effect.cost
