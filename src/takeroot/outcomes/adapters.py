"""Figures into the engine's tables of cells and sums, and stored releases back into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from takeroot.engine.disclosure import (
    Cell,
    Released,
    Sum,
    Suppression,
    Tables,
    crossed,
    of_release,
    suppress,
)
from takeroot.engine.disclosure import Release as SeenRelease
from takeroot.outcomes.indicators import INDICATORS, Indicator
from takeroot.outcomes.models import Release

ALL = "*"
# Counts of each centre (by slug): indicator -> twelve months.
Counts = Mapping[str, Mapping[str, Sequence[int]]]
# A release in the making: one part for each group of indicators that hang together.
Parts = list[Suppression]


def cell_key(indicator: str, year: int, centre: str = ALL, month: int | None = None) -> str:
    """`2026/met/truro/03`; a star stands for all centres, or for the year."""
    return f"{year}/{indicator}/{centre}/{ALL if month is None else f'{month:02}'}"


@dataclass(frozen=True)
class Bar:
    """From how many on a figure is published."""

    least: int
    least_sensitive: int

    def of(self, indicator: Indicator) -> int:
        return self.least_sensitive if indicator.sensitive else self.least


def groups() -> list[tuple[Indicator, ...]]:
    """Indicators that hang together by sums; the groups know nothing of each other, so each is a
    problem by itself."""
    found: list[set[str]] = []
    for one in INDICATORS:
        linked = {one.key, *one.parts, *([one.within] if one.within else [])}
        touching = [group for group in found if group & linked]
        found = [group for group in found if not group & linked]
        found.append(linked.union(*touching))
    return [tuple(one for one in INDICATORS if one.key in group) for group in found]


def tables_of(
    group: Sequence[Indicator], counts: Counts, *, year: int, through: int, bar: Bar
) -> Tables:
    """Centre by month, with all totals, for indicators that hang together."""
    cells: dict[str, Cell] = {}
    sums: list[Sum] = []
    for one in group:
        table = crossed(
            f"{year}/{one.key}",
            {
                (centre, f"{month:02}"): months[one.key][month - 1]
                for centre, months in sorted(counts.items())
                for month in range(1, through + 1)
            },
            threshold=bar.of(one),
            everything=ALL,
        )
        cells |= table.by_key
        sums += table.sums
    places = [key.split("/", 2)[2] for key in cells if key.startswith(f"{year}/{group[0].key}/")]
    for one in group:
        for place in places:
            key = f"{year}/{one.key}/{place}"
            if one.parts:
                sums.append(Sum(key, tuple(f"{year}/{part}/{place}" for part in one.parts)))
            if one.within:
                whole, rest = f"{year}/{one.within}/{place}", f"{key}/rest"
                cells[rest] = Cell(rest, cells[whole].value - cells[key].value, guarded=False)
                sums.append(Sum(whole, (key, rest)))
    return Tables(tuple(cells.values()), tuple(sums))


def seen(release: Release) -> SeenRelease:
    """A stored release as the public has it."""
    return SeenRelease(
        tuple(Released(key, value, least, guarded) for key, value, least, guarded in release.cells),
        tuple(Sum(total, tuple(parts)) for total, parts in release.sums),
    )


def known(release: Release, exact: Mapping[str, int], group: Sequence[Indicator]) -> Suppression:
    """The part of an earlier release that concerns a group, beside its exact counts."""
    names = {one.key for one in group}
    whole = seen(release)
    cells = tuple(cell for cell in whole.cells if cell.key.split("/")[1] in names)
    sums = tuple(one for one in whole.sums if one.total.split("/")[1] in names)
    return of_release(SeenRelease(cells, sums), with_totals(exact))


def with_totals(exact: Mapping[str, int]) -> dict[str, int]:
    """Counts of single centres, completed by those of all centres together."""
    found = dict(exact)
    for key, value in exact.items():
        year, indicator, _centre, rest = key.split("/", 3)
        total = f"{year}/{indicator}/{ALL}/{rest}"
        found[total] = found.get(total, 0) + value
    return found


def suppressed(
    counts: Counts,
    earlier: Sequence[tuple[Release, Mapping[str, int]]],
    *,
    year: int,
    through: int,
    bar: Bar,
) -> Parts:
    """What to publish, group by group, knowing what was published before."""
    done = []
    for group in groups():
        tables = tables_of(group, counts, year=year, through=through, bar=bar)
        before = [known(release, exact, group) for release, exact in earlier]
        done.append(suppress(tables, before))
    return done
