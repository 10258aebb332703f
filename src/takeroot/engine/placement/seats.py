"""A solved problem of one seat each, by ids, that follows changes in milliseconds."""

from __future__ import annotations

import numpy as np

from .changes import Change
from .instance import Instance, IntArray, make_instance
from .persons import ALMOST, Whole
from .problem import PlacementProblem
from .reseat import Seating, Step
from .result import Move, Result
from .solver import Outcome


class CannotFollow(Exception):
    """A change that needs the problem made anew."""


class Seats:
    """The seating of one problem. Changes are made one by one; ``mend`` makes the answer best.

    Follows locks, bans, capacities, and agents who come or go; anything else raises CannotFollow
    and leaves it useless.
    """

    def __init__(self, problem: PlacementProblem, result: Result) -> None:
        self.problem = problem
        self.instance = make_instance(problem)
        if not self.instance.unit:
            raise CannotFollow
        self.whole = Whole(self.instance)
        self.seating = Seating(self.instance, self.whole, arcs_of(self.instance, problem, result))
        self.names = [problem.agents[i] for i in self.instance.order_agents]
        self.number = {name: k for k, name in enumerate(self.names)}
        self.place_names = [problem.places[j] for j in self.instance.order_places]
        self.place_number = {name: k for k, name in enumerate(self.place_names)}
        self.capacity = problem.capacity[self.instance.order_places, 0].copy()
        self.closed = self.instance.capacity[:, 0] < 1
        self.locked: dict[str, str] = dict(problem.locked)
        self.forbidden = set(problem.forbidden)
        self.locked_score = float(sum(self._score(agent, place) for agent, place in problem.locked))
        self.waiting = int((self.instance.most > 0).sum())

    def make(self, change: Change) -> list[Step]:
        """One change. Returns who had to leave a place for it."""
        if change.kind == "capacity":
            return self._set_capacity(change)
        if change.kind == "add":
            return self._add(change)
        if change.agent in self.locked or change.agent not in self.number:
            raise CannotFollow
        agent = self.number[change.agent]
        if change.kind == "remove":
            self.waiting -= 1
            return self.seating.remove(agent)
        if change.kind == "lock":
            return self._lock(change, agent)
        if change.kind == "forbid":
            self.forbidden.add((change.agent, change.place))
            one = self.seating.people[agent]
            keep = one.places != self.place_number[change.place]
            return self.seating.allow_only(agent, one.places[keep], one.weights[keep])
        raise CannotFollow

    def mend(self) -> list[Step]:
        return self.seating.mend()

    @property
    def value(self) -> float:
        """In the scores' units, as ``Result.value``."""
        total = self.seating.total / self.whole.scale
        total -= self.seating.seated * self.instance.penalty
        cost = self.problem.unplaced_cost
        # Each weight counts what staying out would cost; what is left is those who do stay out.
        free = total - cost * self.waiting
        return self.instance.sign * free + self.locked_score

    @property
    def left_out(self) -> bool:
        """Whether somebody who must have a place has none."""
        return self.problem.must_place and bool(self.seating.at[0])

    def moved(self, steps: list[Step]) -> tuple[Move, ...]:
        """Where each of those who moved was before and is now."""
        first: dict[int, int] = {}
        for agent, before, _ in steps:
            first.setdefault(agent, before)
        found = []
        for agent, before in first.items():
            name = self.names[agent]
            now = self._now(agent, name)
            was = (self.place_names[before],) if before >= 0 else ()
            if was != now:
                found.append(Move(name, was, now))
        return tuple(sorted(found, key=lambda one: one.agent))

    def outcome(self, instance: Instance, problem: PlacementProblem) -> Outcome:
        """This seating as the outcome of the problem after the changes."""
        position = {problem.agents[i]: k for k, i in enumerate(instance.order_agents)}
        arcs = []
        for number, one in self.seating.people.items():
            if one.sits >= 0:
                k = position[self.names[number]]
                span = slice(int(instance.start[k]), int(instance.start[k + 1]))
                arcs.append(span.start + int(np.searchsorted(instance.place[span], one.sits)))
        prices = self.seating.price[1:, None] / self.whole.scale
        chosen = np.array(sorted(arcs), np.int64)
        bound = float(instance.weight[chosen].sum(dtype=np.float64))
        bound += instance.penalty * len(chosen)
        slack = self.whole.rounding * instance.agents / self.whole.scale
        return Outcome(
            chosen, prices, np.zeros(0), bound + slack, True, 1, "round trips from the old answer"
        )

    def _now(self, agent: int, name: str) -> tuple[str, ...]:
        if name in self.locked:
            return (self.locked[name],)
        one = self.seating.people.get(agent)
        return (self.place_names[one.sits],) if one is not None and one.sits >= 0 else ()

    def _score(self, agent: str, place: str) -> float:
        i, j = self.problem.agent_index[agent], self.problem.place_index[place]
        span = self.problem.pairs.of_agent(i)
        hit = np.flatnonzero(self.problem.pairs.place[span] == j)
        return float(self.problem.pairs.score[span][hit[0]]) if len(hit) else 0.0

    def _lock(self, change: Change, agent: int) -> list[Step]:
        banned = (change.agent, change.place) in self.forbidden
        if banned or change.agent not in self.problem.agent_index:
            raise CannotFollow
        place = self.place_number[change.place]
        before = self.seating.people[agent].sits
        steps = self.seating.remove(agent)
        steps += self.seating.seats(place, -1)
        self.locked[change.agent] = change.place
        self.locked_score += self._score(change.agent, change.place)
        self.waiting -= 1
        return [(agent, before, place), *steps]

    def _set_capacity(self, change: Change) -> list[Step]:
        place = self.place_number[change.place]
        amount, old = change.amount, float(self.capacity[place])
        if not (amount.is_integer() and old.is_integer()):  # nor may they be unlimited
            raise CannotFollow
        if self.closed[place]:
            raise CannotFollow  # pairs with a place that had no seat left are not in the instance
        self.capacity[place] = amount
        return self.seating.seats(place, int(amount) - int(old))

    def _add(self, change: Change) -> list[Step]:
        plain = not change.demand or change.demand == (1.0,)
        if not plain or change.agent in self.number:
            raise CannotFollow
        sign, cost = self.instance.sign, self.problem.unplaced_cost
        pairs = sorted((self.place_number[p], s) for p, s in change.scores.items())
        weights = np.array([sign * s + cost for _, s in pairs], float)
        usable = np.array([not self.closed[j] for j, _ in pairs], bool)
        least = self.problem.least_score
        if least is not None:
            usable &= np.array([sign * s >= sign * least for _, s in pairs], bool)
        if not self.problem.must_place:
            usable &= weights > 0
        places = np.array([j for j, _ in pairs], np.int64)[usable]
        scaled = weights[usable] * self.whole.scale
        if np.abs(scaled - np.rint(scaled)).max(initial=0.0) > max(self.whole.rounding, ALMOST):
            raise CannotFollow  # more decimals than the others have
        whole = np.rint(scaled).astype(np.int64) + self.whole.penalty
        number = len(self.names)
        self.names.append(change.agent)
        self.number[change.agent] = number
        self.waiting += 1
        return [(number, -1, -1), *self.seating.add(number, places, whole)]


def arcs_of(instance: Instance, problem: PlacementProblem, result: Result) -> IntArray:
    """Positions in the instance of the arcs that a result chose, by id; what is gone is left out.

    ``problem`` is the one that the instance was made from; the result may be of an earlier one.
    """
    at = {problem.agents[i]: k for k, i in enumerate(instance.order_agents.tolist())}
    spot = {problem.places[j]: k for k, j in enumerate(instance.order_places.tolist())}
    pairs = [(at[a], spot[p]) for a, p in result.pairs if a in at and p in spot]
    chosen = np.array(pairs, np.int64).reshape(len(pairs), 2)
    keys = instance.agent_of_arcs().astype(np.int64) * instance.places + instance.place
    wanted = chosen[:, 0] * instance.places + chosen[:, 1]
    if not len(keys):
        return np.empty(0, np.int64)
    found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.sort(found[keys[found] == wanted])
