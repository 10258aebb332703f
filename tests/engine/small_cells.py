"""Random tables with their totals and two releases, and the attacker's verdict on them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from takeroot.engine.disclosure import (
    LEAST,
    LEAST_SENSITIVE,
    Cell,
    Interval,
    Sum,
    Suppression,
    Tables,
    attack,
    crossed,
    suppress,
)

Counts = dict[tuple[str, ...], int]


@dataclass(frozen=True)
class Case:
    """The same tables counted twice, the second time some days later."""

    first: Tables
    second: Tables


def _count(dice: random.Random) -> int:
    """As a small centre has them: many small, some none, few large."""
    kind = dice.random()
    if kind < 0.2:
        return 0
    return dice.randint(1, 9) if kind < 0.6 else dice.randint(10, 60)


def _grown(dice: random.Random, counts: Counts) -> Counts:
    """Later: most figures as they were, some a little more; the last column is new."""
    return {
        place: n + (dice.choice((1, 1, 2, 3, 12)) if dice.random() < 0.35 else 0)
        for place, n in counts.items()
    }


def _tables(dice: random.Random, shape: tuple[int, ...], threshold: int) -> Case:
    places: list[tuple[str, ...]] = [()]
    for axis, size in enumerate(shape):
        places = [(*place, f"{'abcd'[axis]}{n}") for place in places for n in range(size)]
    counts = {place: _count(dice) for place in places}
    later = _grown(dice, counts)
    return Case(crossed("t", counts, threshold=threshold), crossed("t", later, threshold=threshold))


def _with_regions(dice: random.Random, case: Case) -> Case:
    """A hierarchy: the first dimension's members also make regions, which make the total."""
    return Case(*(_region_sums(tables) for tables in (case.first, case.second)))


def _region_sums(tables: Tables) -> Tables:
    cells, sums = list(tables.cells), list(tables.sums)
    lines = [one for one in tables.sums if one.total.split("/")[1] == "*"]
    for line in lines:
        if len(line.parts) < 3 or line.parts[0].split("/")[1] == "*":
            continue
        half = len(line.parts) // 2
        names = []
        for number, parts in enumerate((line.parts[:half], line.parts[half:])):
            key = line.total.replace("*", f"region{number}", 1)
            value = sum(tables.by_key[part].value for part in parts)
            cells.append(Cell(key, value, tables.by_key[line.total].threshold))
            sums.append(Sum(key, parts))
            names.append(key)
        sums.append(Sum(line.total, tuple(names)))
    return Tables(tuple(cells), tuple(sums))


SHAPES = ((4, 5), (3, 4), (2, 6), (6, 6), (3, 3, 2), (5,), (2, 12))


def random_case(seed: int) -> Case:
    dice = random.Random(seed)
    threshold = LEAST_SENSITIVE if dice.random() < 0.2 else LEAST
    case = _tables(dice, dice.choice(SHAPES), threshold)
    return _with_regions(dice, case) if dice.random() < 0.3 else case


def naive(tables: Tables) -> Suppression:
    """What a spreadsheet would do: small cells held back, and nothing else."""
    return Suppression(
        tables, frozenset(cell.key for cell in tables.cells if cell.small), frozenset()
    )


@dataclass(frozen=True)
class Verdict:
    """What an attacker with both releases found out."""

    cells: int
    hidden: int
    small: int
    pinned: tuple[Interval, ...]
    narrow: tuple[Interval, ...]
    wrong: tuple[Interval, ...]


def judge(*releases: Suppression) -> Verdict:
    """Attack, then compare with the truth, which the attacker did not have."""
    tables = [one.tables for one in releases]
    changes = [
        (early, late, cell.key)
        for late in range(len(tables))
        for early in range(late)
        for cell in tables[late].cells
        if cell.guarded
        and cell.key in tables[early].by_key
        and 0 < abs(cell.value - tables[early].by_key[cell.key].value) < cell.threshold
    ]
    fell = [
        (late, cell.key)
        for late in range(1, len(tables))
        for cell in tables[late].cells
        if cell.key in tables[late - 1].by_key
        and cell.value < tables[late - 1].by_key[cell.key].value
    ]
    found = attack([one.release for one in releases], fell=fell, changes=changes)
    pinned, narrow, wrong = [], [], []
    for interval in found:
        truth = tables[interval.at].by_key[interval.key].value
        if interval.since is not None:
            truth -= tables[interval.since].by_key[interval.key].value
        small = 0 < abs(truth) < interval.threshold
        if not interval.contains(truth):
            wrong.append(interval)
        if interval.pinned and (small or interval.since is None):
            pinned.append(interval)
        elif small and not (interval.contains(1) and interval.contains(interval.threshold)):
            narrow.append(interval)
    return Verdict(
        cells=sum(len(one.cells) for one in tables),
        hidden=sum(len(one.hidden) for one in releases),
        small=sum(len(one.small) for one in releases),
        pinned=tuple(pinned),
        narrow=tuple(narrow),
        wrong=tuple(wrong),
    )


def released(case: Case) -> tuple[Suppression, Suppression]:
    first = suppress(case.first)
    return first, suppress(case.second, [first])
