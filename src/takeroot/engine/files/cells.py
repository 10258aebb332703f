"""Columns of text as numbers and as positions of ids, quickly; faults are told cell by cell."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt

from ..words import Words, words
from .faults import Faults
from .table import Chunk, Table

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]

# Beyond this doubles lose whole units; nothing real is that large.
LARGEST = 1e12
A_NUMBER = words("a number, at most 1e12 in size")
AN_AMOUNT = words("a number from 0 to 1e12")
A_CAPACITY = words("a number from 0 to 1e12, or nothing for unlimited")


def identity(cell: str) -> str:
    """An id as it is compared: without spaces at its ends, composed (NFC)."""
    text = cell.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def known_id(cell: str, index: Mapping[str, int]) -> int:
    """Position of an id, -1 if unknown. Our own outputs put ' before what looks like a formula."""
    text = identity(cell)
    at = index.get(text, -1)
    return index.get(text[1:], -1) if at < 0 and text.startswith("'") else at


def numbers(cells: Sequence[str], *, comma: bool) -> Floats:
    """NaN where a cell is no number. ``comma``: a decimal comma is read too."""
    try:
        if "_" in "".join(cells):
            raise ValueError
        return np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return np.array([number(cell, comma=comma) for cell in cells], np.float64)


def number(cell: str, *, comma: bool = False) -> float:
    """NaN where the cell is no number."""
    text = cell.strip()
    if comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan


def scores(table: Table, chunk: Chunk, column: str, faults: Faults) -> Floats:
    """Finite numbers of any sign."""
    return _checked(table, chunk, column, faults, least=-LARGEST, expected=A_NUMBER)


def amounts(
    table: Table, chunk: Chunk, column: str, faults: Faults, *, empty: float | None = None
) -> Floats:
    """Numbers of 0 or more; ``empty`` is what an empty cell means, if it may be empty."""
    expected = A_CAPACITY if empty == math.inf else AN_AMOUNT
    return _checked(table, chunk, column, faults, least=0.0, expected=expected, empty=empty)


def _checked(
    table: Table,
    chunk: Chunk,
    column: str,
    faults: Faults,
    *,
    least: float,
    expected: Words,
    empty: float | None = None,
) -> Floats:
    at = table.at(column)
    assert at is not None
    cells = chunk.column(at)
    if empty is None:
        values = numbers(cells, comma=table.comma)
    else:
        none = np.array([not cell.strip() for cell in cells], bool)
        texts = ["0" if left else cell for left, cell in zip(none, cells, strict=True)]
        values = numbers(texts, comma=table.comma)
        values[none] = 0.0 if math.isinf(empty) or math.isnan(empty) else empty
    good = (values >= least) & (values <= LARGEST)
    if empty == math.inf:
        good |= values == math.inf
    for k in np.flatnonzero(~good).tolist():
        faults.cell(table.name, chunk.numbers[k], column, cells[k], expected)
    if empty is not None:
        values[none] = empty
    return values


def positions(
    table: Table,
    chunk: Chunk,
    column: str,
    index: Mapping[str, int] | None,
    faults: Faults,
    whose: str,
) -> Ints32:
    """Positions of ids, -1 where unknown; with no ``index`` nothing can be said of them."""
    at = table.at(column)
    assert at is not None
    cells = chunk.column(at)
    if index is None:
        for k, cell in enumerate(cells):
            if not cell.strip():
                faults.cell(table.name, chunk.numbers[k], column, cell, words("an id"))
        return np.full(len(cells), -1, np.int32)
    found = np.fromiter(map(index.get, cells, repeat(-1)), np.int32, len(cells))
    for k in np.flatnonzero(found < 0).tolist():
        found[k] = known_id(cells[k], index)
        if found[k] < 0:
            expected = words("an id that stands in %(file)s", file=whose)
            faults.cell(table.name, chunk.numbers[k], column, cells[k], expected)
    return found


def growing_ids(
    table: Table, chunk: Chunk, column: str, index: dict[str, int], faults: Faults
) -> Ints32:
    """Positions of ids; those not seen before are added to ``index``."""
    at = table.at(column)
    assert at is not None
    cells = chunk.column(at)
    for cell in dict.fromkeys(cells):
        text = identity(cell)
        if text and text not in index:
            index[text] = len(index)
    found = np.fromiter(map(index.get, cells, repeat(-1)), np.int32, len(cells))
    for k in np.flatnonzero(found < 0).tolist():
        found[k] = index.get(identity(cells[k]), -1)
        if found[k] < 0:
            faults.cell(table.name, chunk.numbers[k], column, cells[k], words("an id"))
    return found


def new_ids(
    table: Table, chunk: Chunk, column: str, index: dict[str, int], rows: list[int], faults: Faults
) -> None:
    """Ids of a table where each stands once, added to ``index``; ``rows`` says where it stood."""
    at = table.at(column)
    assert at is not None
    for row, cell in zip(chunk.numbers, chunk.column(at), strict=True):
        text = identity(cell)
        if not text:
            faults.cell(table.name, row, column, cell, words("an id"))
        elif text in index:
            first = rows[index[text]]
            expected = words("an id that stands once; it stands in row %(row)d too", row=first)
            faults.cell(table.name, row, column, cell, expected)
        # A faulty id keeps its row, so that every array has one entry for each.
        index.setdefault(text or f"\n{row}", len(rows))
        rows.append(row)
