"""Ranked lists and seats of places, as `takeroot engine stable` and `choose` read them.

left        ``agent,place,rank``: lower is better, equal is a tie; optional ``tie`` decides ties
right       ``place,agent,rank``, optional ``tie``: the places' own order of the agents
capacities  ``place,capacity``, optional ``quota``: whole numbers
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..stable import Lists
from ..words import words
from .cells import Floats, Ints32, amounts, growing_ids, new_ids, positions, scores
from .faults import Faults
from .pairs import refuse_twice
from .source import Source
from .table import Chunk, Table, open_table

A_WHOLE = words("a whole number from 0 to 1000000000")
_MOST = 10**9


@dataclass(frozen=True, eq=False)
class Seats:
    """Places with positions, their seats and quotas (None without the column)."""

    index: dict[str, int]
    capacity: npt.NDArray[np.int64]
    quota: npt.NDArray[np.int64] | None
    source: Source


def read_seats(path: Path, faults: Faults) -> Seats | None:
    """The places' file, None if it cannot be read."""
    table = open_table(path, faults, "place", "capacity")
    if table is None:
        return None
    index: dict[str, int] = {}
    rows: list[int] = []
    none = np.empty(0, np.int64)
    capacity, quota = [none], [none]
    for chunk in table.chunks():
        new_ids(table, chunk, "place", index, rows, faults)
        seats = _whole(table, chunk, "capacity", faults)
        capacity.append(seats)
        if table.at("quota") is not None:
            least = _whole(table, chunk, "quota", faults)
            quota.append(least)
            for k in np.flatnonzero(least > seats).tolist():
                expected = words("at most the capacity, %(seats)d", seats=int(seats[k]))
                faults.cell(table.name, chunk.numbers[k], "quota", str(least[k]), expected)
    if not rows and not faults.of(table.name):
        what = words("the file has a header and no place: there is nowhere to go.")
        faults.whole(table.name, what)
    wanted = None if table.at("quota") is None else np.concatenate(quota)
    return Seats(index, np.concatenate(capacity), wanted, table.source)


def _whole(table: Table, chunk: Chunk, column: str, faults: Faults) -> npt.NDArray[np.int64]:
    before = faults.of(table.name)
    values = amounts(table, chunk, column, faults)
    if faults.of(table.name) > before:
        return np.zeros(len(values), np.int64)
    at = table.at(column)
    assert at is not None
    for k in np.flatnonzero((values != np.rint(values)) | (values > _MOST)).tolist():
        faults.cell(table.name, chunk.numbers[k], column, chunk.rows[k][at], A_WHOLE)
    return np.minimum(values, _MOST).astype(np.int64)


def read_lists(
    path: Path,
    owner: str,
    other: str,
    owners: dict[str, int] | None,
    others: dict[str, int] | None,
    faults: Faults,
    *,
    whose: dict[str, Path],
    grow: bool = False,
) -> tuple[Lists, Source] | None:
    """Ranked lists. ``grow``: owners are those who stand in this file, added to ``owners``."""
    table = open_table(path, faults, owner, other, "rank")
    if table is None:
        return None
    none, nothing = np.empty(0, np.int32), np.empty(0)
    one, two, rows = [none], [none], [none]
    rank: list[Floats] = [nothing]
    tie: list[Floats] = [nothing]
    for chunk in table.chunks():
        one.append(_owners(table, chunk, owner, owners, faults, whose, grow))
        two.append(positions(table, chunk, other, others, faults, str(whose[other])))
        rows.append(np.array(chunk.numbers, np.int32))
        rank.append(scores(table, chunk, "rank", faults))
        if table.at("tie") is not None:
            tie.append(scores(table, chunk, "tie", faults))
    first, second = np.concatenate(one), np.concatenate(two)
    if not len(first) and not faults.of(table.name):
        faults.whole(table.name, words("the file has a header and no entry: nobody is ranked."))
    if others is not None and owners is not None:
        refuse_twice(table, first, second, np.concatenate(rows), len(others), faults)
    decided = None if table.at("tie") is None else np.concatenate(tie)
    return Lists(first, second, np.concatenate(rank), decided), table.source


def _owners(
    table: Table,
    chunk: Chunk,
    column: str,
    index: dict[str, int] | None,
    faults: Faults,
    whose: dict[str, Path],
    grow: bool,
) -> Ints32:
    if grow and index is not None:
        return growing_ids(table, chunk, column, index, faults)
    return positions(table, chunk, column, index, faults, str(whose[column]))
