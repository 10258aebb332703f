"""A file as a table: its header, and its rows in chunks, each row of the header's width."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..words import words
from .faults import Faults, shown
from .source import Source, Unreadable, inspect, records

CHUNK = 50_000


@dataclass(frozen=True)
class Chunk:
    """Some rows and the number of each as a spreadsheet program shows it."""

    numbers: Sequence[int]
    rows: list[list[str]]

    def column(self, at: int) -> list[str]:
        return [row[at] for row in self.rows]


@dataclass(frozen=True)
class Table:
    """A file whose header has been read; ``chunks`` reads the rest once."""

    source: Source
    headers: tuple[str, ...]
    _records: Iterator[list[str]]
    _row: int
    _faults: Faults

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def comma(self) -> bool:
        """Whether a comma may stand in a number (it does not part the cells)."""
        return self.source.delimiter != ","

    def at(self, column: str) -> int | None:
        """Where a column stands, None if there is none."""
        return self.headers.index(column) if column in self.headers else None

    def others(self, *known: str) -> tuple[str, ...]:
        """The columns besides these."""
        return tuple(name for name in self.headers if name not in known)

    def chunks(self) -> Iterator[Chunk]:
        """Rows of the right width; others are told as faults, blank ones left out."""
        row, width = self._row, len(self.headers)
        going = True
        while going:
            rows: list[list[str]] = []
            try:
                rows.extend(islice(self._records, CHUNK))
                going = bool(rows)
            except csv.Error:
                going = False
                self._faults.row(
                    self.name,
                    row + len(rows) + 1,
                    words("a quotation mark that is not closed, or a cell without end"),
                    words("a closing quotation mark for every opening one"),
                )
            first = row + 1
            row += len(rows)
            if set(map(len, rows)) == {width}:
                yield Chunk(range(first, row + 1), rows)
            elif rows:
                yield self._fitting(first, rows, width)

    def _fitting(self, first: int, rows: list[list[str]], width: int) -> Chunk:
        numbers, kept = [], []
        for number, cells in enumerate(rows, first):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < width or any(cell.strip() for cell in cells[width:]):
                self._faults.row(
                    self.name,
                    number,
                    words("%(count)d cells", count=len(cells)),
                    words("%(count)d, as in the header", count=width),
                )
                continue
            numbers.append(number)
            kept.append(cells[:width])
        return Chunk(numbers, kept)


def open_table(path: Path, faults: Faults, *required: str) -> Table | None:
    """The table of a file, or None, the reason told as a fault.

    required  columns that must be there; with the names of the format compared without case
    """
    try:
        source = inspect(path)
    except Unreadable as error:
        faults.whole(str(path), error.why)
        return None
    lines = records(source)
    row = 0
    header: list[str] = []
    try:
        for header in lines:
            row += 1
            if any(cell.strip() for cell in header):
                break
    except csv.Error:
        faults.whole(source.name, words("the header cannot be read."))
        return None
    names = [_plain(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    if not _header_is_good(source.name, names, faults, required):
        return None
    return Table(source, tuple(names), lines, row, faults)


FIXED = frozenset(
    ("agent", "place", "score", "group", "batch", "rank", "measure", "value", "change", "resource",
     "amount", "capacity", "quota", "tie")
)  # fmt: skip


def _plain(cell: str) -> str:
    text = " ".join(cell.split())
    return text.casefold() if text.casefold() in FIXED else text


def _header_is_good(name: str, names: list[str], faults: Faults, required: tuple[str, ...]) -> bool:
    before = faults.of(name)
    for column in required:
        if column not in names:
            what = words(
                "the column “%(column)s” is missing; the header has %(found)s.",
                column=column, found=shown(", ".join(names)),
            )  # fmt: skip
            faults.whole(name, what)
    for at, column in enumerate(names):
        if not column:
            faults.whole(name, words("column %(number)d has no name.", number=at + 1))
        elif column in names[:at]:
            faults.whole(name, words("the column “%(column)s” stands twice.", column=column))
    return faults.of(name) == before
