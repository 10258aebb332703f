"""Which cells to hold back, so that no small count can be worked out from the rest.

A cell is small when it counts more than nobody and fewer than its threshold; so is the change of a
figure since an earlier release. Each small one must be able to be anything from 1 to its threshold,
with everything published unchanged: that is shown by two other tables that would have been
published alike, one in which it is 1 and one in which it reaches the threshold. The cheapest such
table is found by a linear programme over the changes (Kelly, Golden, Assad 1992; Fischetti,
Salazar 2001); the cells it has to change are held back too. A zero is a count like any other: it
is published unless it is needed as a partner, so that a held-back cell may be zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array

from takeroot.engine.disclosure.tables import Suppression, Tables

Floats = npt.NDArray[np.float64]
_NOTHING = 1e-6
_FREE = 1e-4  # what changing a cell costs that is held back already: little, so that few move


@dataclass(frozen=True)
class _Need:
    """A column that must be able to rise and to fall by so much."""

    column: int
    up: float
    down: float


class _Lines:
    """Rows of a sparse matrix as they are thought of: columns and their factors."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[int, float]]] = []

    def add(self, *terms: tuple[int, float]) -> None:
        self.rows.append(list(terms))

    def matrix(self, width: int) -> coo_array:
        at = [(r, c, f) for r, row in enumerate(self.rows) for c, f in row]
        rows, columns, factors = zip(*at, strict=True) if at else ((), (), ())
        return coo_array((factors, (rows, columns)), shape=(len(self.rows), width))


class _Model:
    """All releases at once, as changes to their true counts.

    One column for each cell of each release (the last release last), one for each difference
    between two releases of the same figure.
    """

    def __init__(self, tables: Tables, earlier: Sequence[Suppression]) -> None:
        self.lines = _Lines()
        self.least: list[float] = []
        self.cost: list[float] = []
        self.needs: list[_Need] = []
        self.fixed: set[int] = set()
        self.held: set[int] = set()
        self.columns: list[dict[str, int]] = []
        for known in earlier:
            self._add_tables(known.tables)
            self._fix(known)
        self._add_tables(tables)
        self.now = self.columns[-1]
        self.partners: set[int] = set()
        self.stuck: set[int] = set()
        self.open = {column for key, column in self.now.items() if tables.by_key[key].guarded}
        self._small_cells(tables, earlier)
        self._differences(tables, earlier)
        for column in self.open:
            self.cost[column] = 1.0 + self.value_of[column]
        width = len(self.least)
        self.rises, self.falls = np.zeros(width), np.zeros(width)
        matrix = self.lines.matrix(width)
        self.equations = coo_array(
            (
                np.concatenate([matrix.data, -matrix.data]),
                (
                    np.concatenate([matrix.row, matrix.row]),
                    np.concatenate([matrix.col, matrix.col + width]),
                ),
            ),
            shape=(matrix.shape[0], 2 * width),
        ).tocsr()

    def _column(self, value: float) -> int:
        self.least.append(-value)
        self.cost.append(_FREE)
        return len(self.least) - 1

    def _add_tables(self, tables: Tables) -> None:
        here = {cell.key: self._column(cell.value) for cell in tables.cells}
        self.columns.append(here)
        for one in tables.sums:
            parts = ((here[key], -1.0) for key in one.parts)
            self.lines.add((here[one.total], 1.0), *parts)

    def _fix(self, known: Suppression) -> None:
        """What was published stands for good."""
        hidden = known.hidden
        here = self.columns[-1]
        self.fixed |= {c for key, c in here.items() if key not in hidden}
        self.held |= {here[key] for key in known.small | known.partners}

    @property
    def value_of(self) -> dict[int, float]:
        return {column: -self.least[column] for column in self.now.values()}

    def _small_cells(self, tables: Tables, earlier: Sequence[Suppression]) -> None:
        # Published once (under a lower threshold): only what came since can be kept.
        told = {
            cell.key
            for here, known in zip(self.columns, earlier, strict=False)
            for cell in known.tables.cells
            if here[cell.key] in self.fixed and cell.value > 0
        }
        for here, one in zip(self.columns, [e.tables for e in earlier] + [tables], strict=True):
            for cell in one.cells:
                if cell.small and here[cell.key] not in self.fixed and cell.key not in told:
                    self._need(here[cell.key], cell.value, cell.threshold)
        self.small = {self.now[cell.key] for cell in tables.cells if cell.small}

    def _need(self, column: int, value: float, threshold: int) -> None:
        """From 1 to the threshold; a change downwards (a correction) the other way round."""
        size = abs(value)
        up, down = threshold - size, size - 1
        self.needs.append(_Need(column, up, down) if value > 0 else _Need(column, down, up))

    def _differences(self, tables: Tables, earlier: Sequence[Suppression]) -> None:
        """Between each release and each later one. Counts grow: what did grow cannot be assumed
        to have shrunk."""
        every = [*(known.tables for known in earlier), tables]
        for late in range(1, len(every)):
            # Changes between two earlier releases were looked after when the later of them was
            # made; here they carry growth from one release to the next.
            newest = late == len(every) - 1
            for early in range(late) if newest else (late - 1,):
                for cell in every[late].cells:
                    before = every[early].by_key.get(cell.key)
                    if before is None or not cell.guarded:
                        continue
                    was, now = self.columns[early][cell.key], self.columns[late][cell.key]
                    self._difference(was, now, before.value, cell.value, cell.threshold)

    def _difference(self, was: int, now: int, before: int, value: int, threshold: int) -> None:
        change = value - before
        known = was in self.fixed and now in self.fixed
        if known:
            return
        column = self._column(change if change >= 0 else np.inf)
        self.lines.add((now, 1.0), (was, -1.0), (column, -1.0))
        if 0 < abs(change) < threshold:
            self._need(column, change, threshold)
            if was in self.fixed and now in self.open:
                self.small.add(now)

    # -- solving ----------------------------------------------------------------------------

    def hide(self, columns: set[int]) -> None:
        for column in columns:
            self.open.discard(column)
            self.cost[column] = _FREE

    def move(self, column: int, by: float) -> bool:
        """Make room for a column to change by `by`, holding back what must change with it.
        False when what is published already leaves no room, whatever is held back."""
        width = len(self.least)
        highest = np.concatenate([np.full(width, np.inf), -np.asarray(self.least)])
        for fixed in self.fixed:
            highest[[fixed, fixed + width]] = 0.0
        lowest = np.zeros(2 * width)
        side, other = (column, column + width) if by > 0 else (column + width, column)
        lowest[side], highest[side], highest[other] = abs(by), max(abs(by), 0.0), 0.0
        cost = np.tile(np.asarray(self.cost), 2)
        answer = linprog(
            cost,
            A_eq=self.equations,
            b_eq=np.zeros(self.equations.shape[0]),
            bounds=np.column_stack([lowest, highest]),
            method="highs-ds",
        )
        if answer.x is None:
            return False
        change = answer.x[:width] - answer.x[width:]
        moved = {c for c in self.open if abs(change[c]) > _NOTHING}
        self.partners |= moved
        self.hide(moved)
        self.rises = np.maximum(self.rises, change)
        self.falls = np.maximum(self.falls, -change)
        return True


def suppress(tables: Tables, earlier: Sequence[Suppression] = ()) -> Suppression:
    """Hold back small cells and as many partners as it takes. `earlier`: the releases that went
    before, oldest first. The same tables always give the same answer."""
    model = _Model(tables, earlier)
    model.hide(set(model.small))
    for need in sorted(model.needs, key=lambda one: (-max(one.up, one.down), one.column)):
        for by, reached in ((need.up, "rises"), (-need.down, "falls")):
            if not by or getattr(model, reached)[need.column] >= abs(by) - _NOTHING:
                continue
            if not model.move(need.column, by):
                model.stuck.add(need.column)
    _loosen(model)
    keys = {column: key for key, column in model.now.items()}
    small = frozenset(keys[column] for column in model.small)
    partners = frozenset(keys[column] for column in model.partners) - small
    return Suppression(tables, small, partners, exposed=len(model.stuck))


def _loosen(model: _Model) -> None:
    """Whatever is held back, now or earlier, can be at least one more or one fewer: no figure that
    an earlier release held back is told by this one."""
    done: set[int] = set()
    while waiting := (model.held | model.small | model.partners) - done:
        for column in sorted(waiting):
            done.add(column)
            if max(model.rises[column], model.falls[column]) >= 1 - _NOTHING:
                continue
            if not (model.move(column, 1.0) or model.move(column, -1.0)):
                model.stuck.add(column)
