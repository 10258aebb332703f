"""What if? Change a solved problem, and get the new answer from the old one.

One seat each: the same optimum as solving again, by round trips (``reseat``). Households: the old
prices, polished, bound the changed problem too, and repair starts from the old answer where the
change has hurt it, so that the new answer has a proved gap of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .changes import Change, changed
from .conflicts import find_conflicts
from .dual import Dual, Prices, find_prices
from .instance import Instance, make_instance
from .problem import PlacementProblem
from .result import Conflict, Move, Result, moves
from .seats import CannotFollow, Seats, arcs_of
from .solver import Outcome, Params, household_outcome, make_result, solve

# The last cooling steps only: old prices are nearly right.
POLISH = ((1.2e-3, 10), (4e-4, 10))


@dataclass(frozen=True, eq=False)
class Effect:
    """What a change does.

    value      the new value; ``gap`` how far at most from the best
    cost       by how much the value gets worse (``minimize``: the cost grows); below 0 it gains
    moved      who has another place than before, those named in the change included
    conflicts  why there is no answer; nothing is then kept of the change
    """

    value: float
    gap: float
    cost: float
    moved: tuple[Move, ...]
    conflicts: tuple[Conflict, ...] = ()
    make: Callable[[], Result] | None = field(default=None, repr=False)

    @cached_property
    def result(self) -> Result | None:
        """The whole new answer, put together when asked for."""
        return self.make() if self.make else None


class WhatIf:
    """A solved problem that follows changes, one after the other."""

    def __init__(
        self, problem: PlacementProblem, result: Result, *, gap: float = 1e-4, seed: int = 0
    ) -> None:
        self.gap, self.seed = gap, seed
        self._problem, self._result = problem, result
        self._value = result.value
        self._since: list[Change] = []
        self._seats = self._follow()

    @property
    def problem(self) -> PlacementProblem:
        """As it stands after the changes so far."""
        self._catch_up()
        return self._problem

    @property
    def result(self) -> Result:
        """The answer as it stands."""
        self._catch_up()
        return self._result

    def apply(self, changes: Iterable[Change], *, time_limit: float | None = None) -> Effect:
        """The effect of some changes together; they stay, unless there is no answer.

        Raises PlacementError for a change that names somebody unknown.
        """
        changes = list(changes)
        if self._seats is not None:
            effect = self._by_seats(self._seats, changes)
            if effect is not None:
                return effect
        return self._anew(changes, time_limit)

    # -- one seat each ------------------------------------------------------------------------

    def _follow(self) -> Seats | None:
        try:
            return Seats(self._problem, self._result)
        except CannotFollow:
            return None

    def _by_seats(self, seats: Seats, changes: list[Change]) -> Effect | None:
        """None where the change cannot be followed; what stood before is then made again."""
        try:
            steps = [step for change in changes for step in seats.make(change)]
            steps += seats.mend()
        except (CannotFollow, KeyError, ValueError):
            self._since_lost()
            return None
        if seats.left_out:
            self._since_lost()
            return None
        self._since += changes
        value = seats.value
        cost = value - self._value if self._problem.minimize else self._value - value
        self._value = value
        return Effect(value, 0.0, cost, seats.moved(steps), (), lambda: self.result)

    def _since_lost(self) -> None:
        """The seating has been spoiled: solve what stood before it, once."""
        self._seats = None
        if self._since:
            self._problem = changed(self._problem, self._since)
            self._result = solve(self._problem, gap=self.gap, seed=self.seed)
            self._since = []

    def _catch_up(self) -> None:
        if self._seats is None or not self._since:
            return
        started = time.perf_counter()
        self._problem = changed(self._problem, self._since)
        instance = make_instance(self._problem)
        outcome = self._seats.outcome(instance, self._problem)
        self._result = _result(self._problem, instance, outcome, self.gap, started)
        self._since = []

    # -- anything else ------------------------------------------------------------------------

    def _anew(self, changes: list[Change], time_limit: float | None) -> Effect:
        started = time.perf_counter()
        after = changed(self._problem, changes)
        result = self._resolved(after, started, time_limit)
        if result.conflicts:
            self._seats = self._seats or self._follow()
            return Effect(self._value, 0.0, 0.0, (), result.conflicts)
        cost = result.value - self._value
        effect = Effect(
            result.value,
            result.gap,
            cost if after.minimize else -cost,
            moves(self._result, result),
            (),
            lambda: result,
        )
        self._problem, self._result, self._value = after, result, result.value
        self._seats = self._follow()
        return effect

    def _resolved(
        self, after: PlacementProblem, started: float, time_limit: float | None
    ) -> Result:
        instance = None if find_conflicts(after) else make_instance(after)
        proof = self._result.certificate
        if instance is None or proof is None or instance.unit or (instance.most > 1).any():
            return solve(after, gap=self.gap, time_limit=time_limit, seed=self.seed)
        if after.rules:
            return solve(after, gap=self.gap, time_limit=time_limit, seed=self.seed)
        deadline = started + (np.inf if time_limit is None else time_limit)
        # Not nearer than the answer was: whoever the change does not concern stays where they are.
        gap = max(self.gap, self._result.gap)
        outcome = self._repaired(after, instance, gap, deadline)
        return _result(after, instance, outcome, gap, started)

    def _repaired(
        self, after: PlacementProblem, instance: Instance, gap: float, deadline: float
    ) -> Outcome:
        dual = Dual(instance)
        assert self._result.certificate is not None
        old = self._result.certificate.prices[instance.order_places]
        old = np.where(dual.limited, old, 0.0)
        prices = Prices(old, np.zeros(0), dual.at(old, np.zeros(0)))
        prices = find_prices(dual, deadline=deadline, start=prices, cooling=POLISH)
        arcs = arcs_of(instance, after, self._result)
        arc = np.full(instance.agents, -1, np.int64)
        arc[dual.agent[arcs]] = arcs
        return household_outcome(
            instance, dual, prices, arc, gap=gap, deadline=deadline, seed=self.seed
        )


def _result(
    problem: PlacementProblem, instance: Instance, outcome: Outcome, gap: float, started: float
) -> Result:
    knobs = Params(compare=False)
    return make_result(problem, instance, outcome, gap=gap, started=started, params=knobs)
