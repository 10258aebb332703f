"""Tables of counts and what of them is published: cells, the sums between them, releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

LEAST, LEAST_SENSITIVE = 10, 20


class TableError(ValueError):
    """Tables that contradict themselves; the message names the cell."""


@dataclass(frozen=True)
class Cell:
    """One count. The same key in two releases is the same figure, counted again.

    threshold  a count above zero and below it is small: it tells about people
    guarded    false: what lies between two figures, never published itself, free to be worked out
    """

    key: str
    value: int
    threshold: int = LEAST
    guarded: bool = True

    @property
    def small(self) -> bool:
        return self.guarded and 0 < self.value < self.threshold


@dataclass(frozen=True)
class Sum:
    """`total` is the sum of `parts`, always, and everybody knows it."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """Linked tables with their true counts. Raises TableError when a sum does not hold."""

    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...] = ()

    def __post_init__(self) -> None:
        if len(self.by_key) != len(self.cells):
            raise TableError("two cells have the same key")
        for cell in self.cells:
            if cell.value < 0 or cell.threshold < 1:
                raise TableError(f"{cell.key}: a count and its threshold cannot be below zero")
        for one in self.sums:
            missing = [key for key in (one.total, *one.parts) if key not in self.by_key]
            if missing:
                raise TableError(
                    f"the sum of {one.total} names a cell that is not there: {missing}"
                )
            found = sum(self.by_key[key].value for key in one.parts)
            if found != self.by_key[one.total].value:
                raise TableError(
                    f"{one.total} is {self.by_key[one.total].value}, its parts make {found}"
                )

    @cached_property
    def by_key(self) -> Mapping[str, Cell]:
        return {cell.key: cell for cell in self.cells}


@dataclass(frozen=True)
class Released:
    """One cell as the public sees it: its figure, or None where it is held back."""

    key: str
    value: int | None
    threshold: int = LEAST
    guarded: bool = True


@dataclass(frozen=True)
class Release:
    """What is published: no true count of what is held back stands in it, and no reason why."""

    cells: tuple[Released, ...]
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True)
class Suppression:
    """Tables, and which of their cells are held back.

    small      small by themselves, or a small change since an earlier release
    partners   held back so that those cannot be worked out
    exposed    how many stay too narrow whatever is held back, because of what was published
               before: such a release must not go out
    """

    tables: Tables
    small: frozenset[str]
    partners: frozenset[str]
    exposed: int = 0

    @property
    def hidden(self) -> frozenset[str]:
        never = {cell.key for cell in self.tables.cells if not cell.guarded}
        return self.small | self.partners | never

    @property
    def release(self) -> Release:
        hidden = self.hidden
        return Release(
            tuple(
                Released(c.key, None if c.key in hidden else c.value, c.threshold, c.guarded)
                for c in self.tables.cells
            ),
            self.tables.sums,
        )


def of_release(release: Release, truth: Mapping[str, int]) -> Suppression:
    """An earlier release beside its true counts: what the next one has to reckon with."""
    tables = Tables(
        tuple(Cell(c.key, truth[c.key], c.threshold, c.guarded) for c in release.cells),
        release.sums,
    )
    held = frozenset(c.key for c in release.cells if c.value is None and c.guarded)
    small = frozenset(key for key in held if tables.by_key[key].small)
    return Suppression(tables, small, held - small)


def rate(part: int | None, whole: int | None, *, least: int = LEAST) -> float | None:
    """A share, or None where one of the two is held back or it would stand on fewer."""
    if part is None or whole is None or whole < least:
        return None
    return part / whole


def crossed(
    name: str,
    counts: Mapping[tuple[str, ...], int],
    *,
    threshold: int = LEAST,
    everything: str = "*",
) -> Tables:
    """A table over any number of dimensions with all its totals: the cell `name/a/b` for each
    combination, `*` standing for the sum over a dimension."""
    values: dict[tuple[str, ...], int] = dict(counts)
    width = len(next(iter(counts), ()))
    sums: list[Sum] = []
    for axis in range(width):
        lines: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for place in sorted(values):
            lines.setdefault((*place[:axis], everything, *place[axis + 1 :]), []).append(place)
        for total, parts in lines.items():
            values[total] = sum(values[part] for part in parts)
            sums.append(Sum(_key(name, total), tuple(_key(name, part) for part in parts)))
    cells = tuple(Cell(_key(name, place), n, threshold) for place, n in sorted(values.items()))
    return Tables(cells, tuple(sums))


def _key(name: str, place: Iterable[str]) -> str:
    return "/".join((name, *place))
