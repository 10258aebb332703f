"""One seat each: the new best answer from the old one, exactly, in milliseconds.

Node 0 is «no place», node j + 1 a place. ``gain[a, b]`` is the most that the total changes when
somebody at ``a`` moves to ``b``; a free seat lets a chain end (b to 0, for nothing), an occupied
one may fall empty (0 to a, for nothing). An answer is best exactly when no round trip gains
(Klein, 1967); a change spoils that only near itself, so one or two round trips mend it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .exchange import NEVER
from .instance import Instance, IntArray
from .persons import Whole

Step = tuple[int, int, int]  # agent, place before (-1: none), place after


@dataclass
class Person:
    """One agent: its usable places, ascending, their whole weights, and where it sits."""

    places: IntArray
    weights: IntArray
    sits: int = -1
    worth: int = 0


class Seating:
    """A best answer that follows changes. Weights are whole numbers, so that best means best."""

    def __init__(self, instance: Instance, whole: Whole, arcs: IntArray) -> None:
        self.whole = whole
        size = instance.places + 1
        seats = np.minimum(instance.capacity[:, 0], 2**40).astype(np.int64)
        self.free: IntArray = np.concatenate([[0], seats])
        self.people: dict[int, Person] = {}
        self.at: list[set[int]] = [set() for _ in range(size)]
        self.gain = np.full((size, size), NEVER, np.int64)
        self.mover = np.full((size, size), -1, np.int64)
        self.enter = np.full(size, NEVER, np.int64)
        self.enterer = np.full(size, -1, np.int64)
        self.price = np.zeros(size, np.int64)
        self.total = self.seated = 0
        weights = whole.at(np.arange(len(instance.place)))
        place = instance.place.astype(np.int64)
        for i in np.flatnonzero(instance.most > 0).tolist():
            span = slice(int(instance.start[i]), int(instance.start[i + 1]))
            self.people[i] = Person(place[span], weights[span])
            self.at[0].add(i)
        self.wishes = _Wishes(self.people, instance.places)
        owner = np.searchsorted(instance.start, arcs, side="right") - 1
        for i, arc in zip(owner.tolist(), arcs.tolist(), strict=True):
            self._sit(i, int(place[arc]), int(weights[arc]))
        self._refresh(range(1, size))
        self._entering(np.arange(instance.places))

    # -- changes: each leaves the answer allowed; ``mend`` then makes it best ------------------

    def add(self, agent: int, places: IntArray, weights: IntArray) -> list[Step]:
        self.people[agent] = Person(places, weights)
        self.at[0].add(agent)
        self.wishes.add(agent, places, weights)
        self.wishes.stands(agent, True)
        self._entering(places)
        return []

    def remove(self, agent: int) -> list[Step]:
        one = self.people[agent]
        before = one.sits
        self._stand(agent)
        self.at[0].discard(agent)
        self.wishes.drop(agent, one.places)
        self._refresh({before + 1})
        self._entering(one.places)
        del self.people[agent]
        return [(agent, before, -1)] if before >= 0 else []

    def allow_only(self, agent: int, places: IntArray, weights: IntArray) -> list[Step]:
        """The agent's usable pairs from now on."""
        one = self.people[agent]
        before, steps = one.sits, []
        lost = np.setdiff1d(one.places, places)
        self.wishes.drop(agent, lost)
        one.places, one.weights = places, weights
        if before >= 0 and before not in places:
            steps.append((agent, before, -1))
            self._stand(agent)
        self._refresh({before + 1})
        self._entering(np.union1d(lost, places))
        return steps

    def seats(self, place: int, more: int) -> list[Step]:
        """A place has so many seats more (or fewer: then those worth least there must rise)."""
        node = place + 1
        self.free[node] += more
        steps: list[Step] = []
        while self.free[node] < 0:
            if not self.at[node]:
                raise ValueError("more seats are locked than the place has")
            worst = min(self.at[node], key=lambda i: (self.people[i].worth, i))
            steps.append((worst, place, -1))
            self._stand(worst)
            self._entering(self.people[worst].places)
        self._refresh({node})
        return steps

    def mend(self) -> list[Step]:
        """Make every round trip that gains; returns who moved."""
        steps: list[Step] = []
        while True:
            price, trip = self._round_trip()
            if trip is None:
                self.price = price
                return steps
            steps += self._take(trip)

    # -- exchange graph -----------------------------------------------------------------------

    def _sit(self, agent: int, place: int, worth: int) -> None:
        one = self.people[agent]
        self.total += worth - one.worth
        self.seated += (place >= 0) - (one.sits >= 0)
        self.at[one.sits + 1].discard(agent)
        self.free[one.sits + 1] += one.sits >= 0
        one.sits, one.worth = place, worth
        self.wishes.stands(agent, place < 0)
        self.at[place + 1].add(agent)
        self.free[place + 1] -= place >= 0

    def _stand(self, agent: int) -> None:
        self._sit(agent, -1, 0)

    def _refresh(self, nodes: set[int] | range) -> None:
        """Best moves out of some places, and what depends on their free seats."""
        for node in nodes:
            if node == 0:
                continue
            row, who = self.gain[node], self.mover[node]
            row[:], who[:] = NEVER, -1
            members = sorted(self.at[node])
            if members:
                self._best_moves(node, members, row, who)
            if self.free[node] > 0 and row[0] < 0:
                row[0], who[0] = 0, -1
        self._from_nowhere()

    def _entering(self, places: IntArray) -> None:
        """Who without a place would gain most by each of these."""
        for place in places.tolist():
            self.enter[place + 1], self.enterer[place + 1] = self.wishes.first(place)
        self._from_nowhere()

    def _from_nowhere(self) -> None:
        """Somebody enters, or whoever moves on is not replaced and a seat falls empty."""
        occupied = np.array([len(one) > 0 for one in self.at])
        falls_empty = occupied & (self.enter < 0)
        self.gain[0] = np.where(falls_empty, 0, self.enter)
        self.mover[0] = np.where(falls_empty, -1, self.enterer)
        self.gain[0, 0] = NEVER

    def _best_moves(self, node: int, members: list[int], row: IntArray, who: IntArray) -> None:
        people = [self.people[i] for i in members]
        counts = np.array([len(one.places) for one in people])
        target = np.concatenate([one.places for one in people]) + 1
        worth = np.array([one.worth for one in people], np.int64)
        value = np.concatenate([one.weights for one in people]) - np.repeat(worth, counts)
        agent = np.repeat(np.array(members), counts)
        np.maximum.at(row, target, value)
        best = np.flatnonzero(value == row[target])[::-1]
        who[target[best]] = agent[best]  # of equals the first stays
        row[node] = NEVER
        least = int(np.argmin(worth))
        row[0], who[0] = -worth[least], members[least]

    def _round_trip(self) -> tuple[IntArray, list[int] | None]:
        """Prices if no round trip gains; else the nodes of one that does, in order."""
        size = len(self.gain)
        price = np.zeros(size, np.int64)
        before = np.full(size, -1)
        for _ in range(size + 1):
            through = price[:, None] + self.gain
            best = through.argmax(axis=0)
            offered = through[best, np.arange(size)]
            better = offered > price
            if not better.any():
                return price, None
            price = np.where(better, offered, price)
            before = np.where(better, best, before)
            trip = _loop(before)
            if trip is not None:
                return price, trip
        raise ArithmeticError("exchanges did not settle")

    def _take(self, trip: list[int]) -> list[Step]:
        moves = []
        for a, b in zip(trip, [*trip[1:], trip[0]], strict=True):
            agent = int(self.mover[a, b])
            if agent >= 0:
                moves.append((agent, a - 1, b - 1))
        for agent, _, after in moves:
            one = self.people[agent]
            if after < 0:
                self._stand(agent)
            else:
                at = int(np.searchsorted(one.places, after))
                self._sit(agent, after, int(one.weights[at]))
        self._refresh(set(trip))
        changed = [self.people[i].places for i, was, now in moves if was < 0 or now < 0]
        if changed:
            self._entering(np.unique(np.concatenate(changed)))
        return moves


class _Wishes:
    """For each place the agents that could have it, those it is worth most to first."""

    def __init__(self, people: dict[int, Person], places: int) -> None:
        numbers = np.array(sorted(people), np.int64)
        counts = np.array([len(people[i].places) for i in numbers.tolist()], np.int64)
        agent = np.repeat(numbers, counts)
        place = np.concatenate([people[i].places for i in numbers.tolist()] or [agent])
        weight = np.concatenate([people[i].weights for i in numbers.tolist()] or [agent])
        order = np.lexsort((agent, -weight, place))
        cuts = np.searchsorted(place[order], np.arange(1, places))
        self.agents = np.split(agent[order], cuts)
        self.costs = np.split(-weight[order], cuts)
        self.standing = np.ones(int(numbers.max(initial=0)) + 1, bool)

    def first(self, place: int) -> tuple[int, int]:
        """The weight and the agent, of those without a place; NEVER and -1 if there is none."""
        agents = self.agents[place]
        if len(agents):
            at = int(self.standing[agents].argmax())
            if self.standing[agents[at]]:
                return -int(self.costs[place][at]), int(agents[at])
        return NEVER, -1

    def stands(self, agent: int, standing: bool) -> None:
        if agent >= len(self.standing):
            self.standing = np.append(self.standing, np.zeros(agent + 1, bool))
        self.standing[agent] = standing

    def add(self, agent: int, places: IntArray, weights: IntArray) -> None:
        for place, weight in zip(places.tolist(), weights.tolist(), strict=True):
            at = int(np.searchsorted(self.costs[place], -weight, side="right"))
            self.costs[place] = np.insert(self.costs[place], at, -weight)
            self.agents[place] = np.insert(self.agents[place], at, agent)

    def drop(self, agent: int, places: IntArray) -> None:
        for place in places.tolist():
            at = np.flatnonzero(self.agents[place] == agent)
            self.costs[place] = np.delete(self.costs[place], at)
            self.agents[place] = np.delete(self.agents[place], at)


def _loop(before: npt.NDArray[np.int64]) -> list[int] | None:
    """A loop among predecessors, in the direction of travel; None if there is none."""
    far = before
    for _ in range(len(before).bit_length()):
        far = np.where(far >= 0, far[far], -1)
    on_or_to_a_loop = np.flatnonzero(far >= 0)
    if not len(on_or_to_a_loop):
        return None
    node = int(far[on_or_to_a_loop[0]])
    trip = [node]
    while int(before[trip[-1]]) != node:
        trip.append(int(before[trip[-1]]))
    return trip[::-1]
