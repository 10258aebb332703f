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
        weights = whole.at(np.arange(len(instance.place)))
        place = instance.place.astype(np.int64)
        for i in np.flatnonzero(instance.most > 0).tolist():
            span = slice(int(instance.start[i]), int(instance.start[i + 1]))
            self.people[i] = Person(place[span], weights[span])
            self.at[0].add(i)
        owner = np.searchsorted(instance.start, arcs, side="right") - 1
        for i, arc in zip(owner.tolist(), arcs.tolist(), strict=True):
            self._sit(i, int(place[arc]), int(weights[arc]))
        self._refresh(range(size))

    @property
    def value(self) -> int:
        """Sum of the whole weights."""
        return sum(one.worth for one in self.people.values())

    # -- changes: each leaves the answer allowed; ``mend`` then makes it best ------------------

    def add(self, agent: int, places: IntArray, weights: IntArray) -> list[Step]:
        self.people[agent] = Person(places, weights)
        self.at[0].add(agent)
        self._refresh({0})
        return []

    def remove(self, agent: int) -> list[Step]:
        before = self.people[agent].sits
        self._stand(agent)
        self.at[0].discard(agent)
        del self.people[agent]
        self._refresh({before + 1, 0})
        return [(agent, before, -1)] if before >= 0 else []

    def allow_only(self, agent: int, places: IntArray, weights: IntArray) -> list[Step]:
        """The agent's usable pairs from now on."""
        one = self.people[agent]
        before, steps = one.sits, []
        one.places, one.weights = places, weights
        if before >= 0 and before not in places:
            steps.append((agent, before, -1))
            self._stand(agent)
        self._refresh({before + 1, 0})
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
        self._refresh({node, 0})
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
        self.at[one.sits + 1].discard(agent)
        self.free[one.sits + 1] += one.sits >= 0
        one.sits, one.worth = place, worth
        self.at[place + 1].add(agent)
        self.free[place + 1] -= place >= 0

    def _stand(self, agent: int) -> None:
        self._sit(agent, -1, 0)

    def _refresh(self, nodes: set[int] | range) -> None:
        """Best moves out of some nodes, and what depends on their free seats."""
        for node in nodes:
            row = self.enter if node == 0 else self.gain[node]
            who = self.enterer if node == 0 else self.mover[node]
            row[:], who[:] = NEVER, -1
            members = sorted(self.at[node])
            if members:
                self._best_moves(node, members, row, who)
            if node and self.free[node] > 0 and row[0] < 0:
                row[0], who[0] = 0, -1
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
        order = np.lexsort((-agent, value, target))
        last = np.flatnonzero(np.append(np.diff(target[order]) != 0, True)) if len(order) else order
        row[target[order][last]] = value[order][last]
        who[target[order][last]] = agent[order][last]
        row[node] = NEVER
        if node:
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
        self._refresh(set(trip) | {0})
        return moves


def _loop(before: npt.NDArray[np.int64]) -> list[int] | None:
    """A loop among predecessors, in the direction of travel; None if there is none."""
    state = np.zeros(len(before), np.int8)
    for first in range(len(before)):
        path, node = [], first
        while node >= 0 and state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(before[node])
        if node >= 0 and state[node] == 1:
            return path[path.index(node) :][::-1]
        state[path] = 2
    return None
