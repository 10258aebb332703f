"""Each takes its best place, as long as the rest can still reach a floor.

Acharya, Bansak and Hainmueller, «Combining outcome-based and preference-based matching: a
constrained priority mechanism», Political Analysis 2022. Agents choose in an order of priority.
Each has the first place of its list that leaves the mean outcome of all within reach of the floor:
the outcomes of those who have chosen, plus the most that the others can reach in the seats that
are left (an assignment optimum). Whoever finds nothing so takes what that optimum gives them.

What it costs to give an agent a place, against the optimum, is a longest path through places in
the exchange graph of ``placement.reseat``, exact; all places of an agent come from one pass.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..placement import Change, Params, PlacementProblem, solve
from ..placement.exchange import NEVER
from ..placement.seats import CannotFollow, Seats

IntArray = npt.NDArray[np.int64]


class FloorError(ValueError):
    """A floor that cannot be, or a problem that this mechanism is not for."""


@dataclass(frozen=True, eq=False)
class FloorProblem:
    """
    outcomes  one seat each, scores are outcomes (more is better); no rules, no locks
    wishes    the places of each agent, best first; places without an outcome are passed over
    floor     the mean outcome of all agents must stay within reach of it; those without a place
              count 0
    order     agents by priority, first first; the rest follow by lottery
    """

    outcomes: PlacementProblem
    wishes: Mapping[str, Sequence[str]]
    floor: float
    order: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Chosen:
    """Who has which place.

    place     of each agent that has one
    choice    1 for the first of its list, 2 for the second ...; 0: given by the floor, not on it
    order     in which they chose
    mean      outcome of all; ``best`` the greatest there could be; ``floor`` what was asked
    refused   places that agents wished and the floor, not a lack of seats, refused
    """

    place: Mapping[str, str] = field(repr=False)
    choice: Mapping[str, int] = field(repr=False)
    order: tuple[str, ...] = field(repr=False)
    mean: float
    best: float
    floor: float
    refused: int
    runtime: float = 0.0


def best_mean(problem: PlacementProblem) -> float:
    """The greatest mean outcome: no floor can be above it."""
    if not problem.agents:
        return 0.0
    return solve(problem, params=Params(compare=False)).value / len(problem.agents)


def choose(problem: FloorProblem, *, seed: int = 0) -> Chosen:
    """Everybody's choice in turn. Raises FloorError for a floor above what can be reached."""
    started = time.perf_counter()
    outcomes = problem.outcomes
    if outcomes.minimize or outcomes.locked or outcomes.rules or outcomes.unplaced_cost:
        raise FloorError("outcomes: expected no locks, rules or costs, and more to be better")
    result = solve(outcomes, params=Params(compare=False))
    count = len(outcomes.agents)
    best = result.value / count if count else 0.0
    if not math.isfinite(problem.floor) or problem.floor > best * (1 + 1e-12) + 1e-12:
        raise FloorError(f"floor: {problem.floor:g} is above the best mean, {best:g}")
    try:
        seats = Seats(outcomes, result)
    except CannotFollow:
        raise FloorError("outcomes: this way of choosing is for one seat each") from None
    turn = _Turns(problem, seats, result.value)
    order = _order(problem, seed)
    for agent in order:
        turn.take(agent)
    return Chosen(
        place=turn.place,
        choice=turn.choice,
        order=tuple(order),
        mean=turn.reached() / count if count else 0.0,
        best=best,
        floor=problem.floor,
        refused=turn.refused,
        runtime=time.perf_counter() - started,
    )


def _order(problem: FloorProblem, seed: int) -> list[str]:
    known = set(problem.order)
    unknown = sorted(known - set(problem.outcomes.agents))
    if unknown or len(known) != len(problem.order):
        raise FloorError(f"order: {unknown[0]!r} is unknown" if unknown else "order: one twice")
    rest = np.array(sorted(set(problem.outcomes.agents) - known), dtype=object)
    return [*problem.order, *np.random.default_rng(seed).permutation(rest).tolist()]


class _Turns:
    """The choices so far, and the optimum of the rest."""

    def __init__(self, problem: FloorProblem, seats: Seats, value: float) -> None:
        self.problem, self.seats = problem, seats
        # How far the total may still fall, in the whole weights of the seating.
        slack = value - problem.floor * len(problem.outcomes.agents)
        self.slack = slack * seats.whole.scale
        self.tolerance = 1e-9 * max(1.0, abs(value)) * seats.whole.scale
        self.place: dict[str, str] = {}
        self.choice: dict[str, int] = {}
        self.refused = 0

    def take(self, agent: str) -> None:
        """One agent's turn."""
        seats = self.seats
        one = seats.seating.people[seats.number[agent]]
        loss = self._losses(seats.number[agent])
        for number, place in enumerate(self.problem.wishes.get(agent, ()), 1):
            at = seats.place_number.get(place)
            if at is None or at not in loss:
                continue
            if loss[at] <= self.slack + self.tolerance:
                self._give(agent, place, loss[at], number)
                return
            self.refused += loss[at] < -float(NEVER) / 4
        if one.sits >= 0:
            self._give(agent, seats.place_names[one.sits], 0.0, 0)

    def _give(self, agent: str, place: str, loss: float, number: int) -> None:
        self.slack -= loss
        self.place[agent] = place
        self.choice[agent] = number
        self.seats.make(Change("lock", agent, place))
        self.seats.mend()

    def _losses(self, number: int) -> dict[int, float]:
        """By how much the best total falls if the agent has each of its places.

        Places worth 0 or less to it are among them, though no optimum would use them.
        """
        seating, scale = self.seats.seating, self.seats.whole.scale
        sits = seating.people[number].sits
        worth = seating.people[number].worth
        back = _longest_to(seating.gain, sits + 1)
        losses = {}
        for place, score in self._scores(self.seats.names[number]).items():
            at = self.seats.place_number[place]
            moves = 0.0 if at == sits else float(back[at + 1])
            losses[at] = worth - round(score * scale) - moves
        return losses

    def _scores(self, agent: str) -> dict[str, float]:
        outcomes = self.problem.outcomes
        span = outcomes.pairs.of_agent(outcomes.agent_index[agent])
        names = [outcomes.places[j] for j in outcomes.pairs.place[span].tolist()]
        scores = dict(zip(names, outcomes.pairs.score[span].tolist(), strict=True))
        return {
            place: score
            for place, score in scores.items()
            if (agent, place) not in outcomes.forbidden
            and (outcomes.least_score is None or score >= outcomes.least_score)
        }

    def reached(self) -> float:
        """Total outcome of what was chosen."""
        return math.fsum(self._scores(agent)[place] for agent, place in self.place.items())


def _longest_to(gain: IntArray, node: int) -> IntArray:
    """The most that moves from each place to ``node`` can gain; the seating has no gaining loop."""
    far = np.full(len(gain), NEVER, np.int64)
    far[node] = 0
    for _ in range(len(gain)):
        through = np.maximum((gain + far[None, :]).max(axis=1), NEVER)
        better = np.maximum(far, through)
        better[node] = 0
        if (better == far).all():
            break
        far = better
    return far
