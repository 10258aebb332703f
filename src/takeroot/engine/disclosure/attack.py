"""What somebody can work out who has every release before them, the sums, and a computer.

Written apart from what decides the suppression, and sharing no code with it: this is how we know
that it holds. The attacker knows that counts are whole and not below zero, that figures of the same
name only grow from one release to the next (but for those named in `fell`), and the thresholds. For
each cell that is held back, and each change between two releases, two linear programmes give the
least and the most that it can be.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_array

from takeroot.engine.disclosure.tables import Release, Released

_ROUNDING = 1e-6


@dataclass(frozen=True)
class Interval:
    """What is known of a cell of release `at` (or, with `since`, of its change since that one):
    a whole number from `least` to `most` (None: no end)."""

    at: int
    key: str
    least: int
    most: int | None
    threshold: int
    since: int | None = None

    @property
    def pinned(self) -> bool:
        """One number is left."""
        return self.most == self.least

    @property
    def told_small(self) -> bool:
        """Whatever it is, it is a small count of somebody: more than none, below the threshold."""
        return self.least > 0 and self.most is not None and self.most < self.threshold

    def contains(self, value: int) -> bool:
        return self.least <= value and (self.most is None or value <= self.most)

    @property
    def width(self) -> float:
        """How many whole numbers are left."""
        return math.inf if self.most is None else self.most - self.least + 1


class _System:
    """Equations and inequalities over what is not published."""

    def __init__(self, releases: Sequence[Release], fell: Collection[tuple[int, str]]) -> None:
        self.names: dict[tuple[int, str], int] = {}
        self.known: dict[tuple[int, str], int] = {}
        for at, release in enumerate(releases):
            for cell in release.cells:
                if cell.value is None:
                    self.names[at, cell.key] = len(self.names)
                else:
                    self.known[at, cell.key] = cell.value
        self.exact: list[tuple[dict[int, int], int]] = []
        self.at_most: list[tuple[dict[int, int], int]] = []
        for at, release in enumerate(releases):
            for one in release.sums:
                terms = [((at, one.total), 1), *(((at, key), -1) for key in one.parts)]
                self.exact.append(self._reduced(terms))
        self._growth(releases, fell)

    def _reduced(self, terms: list[tuple[tuple[int, str], int]]) -> tuple[dict[int, int], int]:
        """Unknowns with their factors, and what the known terms leave on the other side."""
        unknown: dict[int, int] = {}
        rest = 0
        for name, factor in terms:
            if name in self.known:
                rest -= factor * self.known[name]
            else:
                unknown[self.names[name]] = unknown.get(self.names[name], 0) + factor
        return unknown, rest

    def _growth(self, releases: Sequence[Release], fell: Collection[tuple[int, str]]) -> None:
        last: dict[str, int] = {}
        for at, release in enumerate(releases):
            for cell in release.cells:
                before = last.get(cell.key)
                if before is not None and cell.guarded and (at, cell.key) not in fell:
                    self.at_most.append(
                        self._reduced([((before, cell.key), 1), ((at, cell.key), -1)])
                    )
                last[cell.key] = at

    def _matrix(self, lines: list[tuple[dict[int, int], int]]) -> tuple[object, object]:
        kept = [line for line in lines if line[0]]
        if not kept:
            return None, None
        matrix = lil_array((len(kept), len(self.names)))
        for row, (unknown, _rest) in enumerate(kept):
            for column, factor in unknown.items():
                matrix[row, column] = factor
        return matrix.tocsc(), np.array([rest for _unknown, rest in kept], dtype=float)

    def solve(self, goals: list[dict[int, int]]) -> list[tuple[float, float]]:
        """Least and most of each goal (factors over unknowns)."""
        equal, equal_to = self._matrix(self.exact)
        below, below_to = self._matrix(self.at_most)
        found = []
        for goal in goals:
            ends = []
            for sign in (1, -1):
                cost = np.zeros(len(self.names))
                for column, factor in goal.items():
                    cost[column] = sign * factor
                answer = linprog(
                    cost, A_ub=below, b_ub=below_to, A_eq=equal, b_eq=equal_to, method="highs"
                )
                if answer.status not in (0, 3):
                    raise ArithmeticError(f"the releases contradict each other: {answer.message}")
                ends.append(sign * answer.fun if answer.status == 0 else -sign * math.inf)
            found.append((ends[0], ends[1]))
        return found


def attack(
    releases: Sequence[Release],
    *,
    fell: Collection[tuple[int, str]] = (),
    changes: Collection[tuple[int, int, str]] = (),
) -> tuple[Interval, ...]:
    """What is known of every cell held back, and of the `changes` asked for: (early, late, key)."""
    system = _System(releases, fell)
    asked: list[tuple[Released, int, int | None, dict[int, int], int]] = []
    for at, release in enumerate(releases):
        for cell in release.cells:
            if cell.value is None and cell.guarded:
                asked.append((cell, at, None, {system.names[at, cell.key]: 1}, 0))
    for early, late, key in changes:
        cell = next(one for one in releases[late].cells if one.key == key)
        unknown, rest = system._reduced([((late, key), 1), ((early, key), -1)])
        asked.append((cell, late, early, unknown, -rest))
    solved = system.solve([goal for *_rest, goal, _known in asked])
    return tuple(
        Interval(at, cell.key, _up(low + known), _down(high + known), cell.threshold, since)
        for (cell, at, since, _goal, known), (low, high) in zip(asked, solved, strict=True)
    )


def _up(value: float) -> int:
    return math.ceil(value - _ROUNDING)


def _down(value: float) -> int | None:
    return None if math.isinf(value) else math.floor(value + _ROUNDING)
