"""Rows of text into records: which header means which field, and what is wrong with each cell.

Used by the command line and by the import screens alike: the same columns, the same sentences.
A cell that cannot be read loses either its field or its row, as the column says; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from takeroot.common.spreadsheets import Row, Table, column_letter, header_key

Lost = Literal["row", "field", "nothing"]


class CellError(ValueError):
    """A cell that cannot be read; the message says what was expected, in the active language.

    With ``value``, the cell was read all the same, and the person is told how.
    """

    def __init__(self, expected: str, *, found: str = "", value: Any = None) -> None:
        super().__init__(expected)
        self.expected, self.found, self.value = expected, found, value


@dataclass(frozen=True)
class Column:
    """One field of a record.

    key        name of the field, and the header in our own files
    headers    every header that means it, in any language; case, accents, spaces do not matter
    read       text to value; raises CellError
    on_error   what an unreadable cell loses
    required   the file needs this column, and each row a value in it
    unique     no two rows may hold the same value
    empty      the value when the cell or the whole column is empty
    """

    key: str
    headers: tuple[str, ...]
    read: Callable[[str], Any]
    on_error: Literal["row", "field"] = "field"
    required: bool = False
    unique: bool = False
    empty: Any = None

    def known_as(self) -> frozenset[str]:
        return frozenset(header_key(name) for name in (self.key, *self.headers))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where, and what it cost. All text in the active language."""

    row: int | None
    column: str
    found: str
    expected: str
    lost: Lost

    def sentence(self, file: str) -> str:
        """« file, row 4, column “mode”: found “x”, expected ... Only this field is left out. »"""
        values = {
            "file": file, "row": self.row, "column": self.column,
            "found": self.found, "expected": self.expected,
        }  # fmt: skip
        if self.row is None:
            what = _("%(file)s: found “%(found)s”, expected %(expected)s.")
        elif not self.column:
            what = _("%(file)s, row %(row)d: found “%(found)s”, expected %(expected)s.")
        elif not self.found:
            what = _("%(file)s, row %(row)d, column “%(column)s”: empty, expected %(expected)s.")
        else:
            what = _(
                "%(file)s, row %(row)d, column “%(column)s”: "
                "found “%(found)s”, expected %(expected)s."
            )
        cost = {
            "row": _("This row is left out."),
            "field": _("Only this field is left out."),
            "nothing": "",
        }[self.lost]
        return f"{what % values} {cost}".strip()


@dataclass(frozen=True)
class Record:
    """One good row: its number in the file and its values by field."""

    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Parsed:
    """What a table held. ``mapping`` is field -> position of its column; ``ignored`` headers."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    mapping: Mapping[str, int]
    ignored: tuple[str, ...]
    missing: tuple[str, ...] = ()  # required fields without a column: then there are no records
    rows: int = 0


@dataclass
class _Reading:
    problems: list[Problem] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    seen: dict[str, dict[Any, int]] = field(default_factory=dict)


def guess_mapping(table: Table, columns: Sequence[Column]) -> dict[str, int]:
    """Which column of the file holds which field: the first whose header is known."""
    keys = [header_key(header) for header in table.headers]
    found: dict[str, int] = {}
    for column in columns:
        names = column.known_as()
        at = next((k for k, key in enumerate(keys) if key in names), None)
        if at is not None:
            found[column.key] = at
    return found


def parse(
    table: Table, columns: Sequence[Column], mapping: Mapping[str, int] | None = None
) -> Parsed:
    """Read the rows. ``mapping`` (field -> position of the column) stands in for the headers."""
    chosen = dict(guess_mapping(table, columns) if mapping is None else mapping)
    reading = _Reading()
    missing = tuple(c.key for c in columns if c.required and c.key not in chosen)
    ignored = [h for k, h in enumerate(table.headers) if h and k not in chosen.values()]
    reading.problems += _doubled(table, columns, chosen) if mapping is None else []
    for damage in table.damaged:
        reading.problems.append(Problem(damage.number, "", damage.found, damage.expected, "row"))
    if not missing:
        for row in table.rows:
            _read_row(row, table, columns, chosen, reading)
    reading.problems.sort(key=lambda p: p.row or 0)
    return Parsed(
        tuple(reading.records),
        tuple(reading.problems),
        chosen,
        tuple(ignored),
        missing,
        len(table.rows) + len(table.damaged),
    )


def _doubled(table: Table, columns: Sequence[Column], mapping: Mapping[str, int]) -> list[Problem]:
    """Two headers with one meaning: the first counts, and the person is told."""
    problems = []
    for column in columns:
        at = [k for k, h in enumerate(table.headers) if header_key(h) in column.known_as()]
        if len(at) > 1:
            where = ", ".join(column_letter(k) for k in at)
            found = _("%(header)s in columns %(where)s") % {"header": column.key, "where": where}
            expected = _("one such column; only column %(first)s was read") % {
                "first": column_letter(mapping[column.key])
            }
            problems.append(Problem(table.header_row, "", found, expected, "nothing"))
    return problems


def _read_row(
    row: Row,
    table: Table,
    columns: Sequence[Column],
    mapping: Mapping[str, int],
    reading: _Reading,
) -> None:
    if len(row.cells) > len(table.headers):
        extra = row.cells[len(table.headers) :]
        expected = _(
            "at most %(count)d cells, as in the first row "
            "(a cell that holds the separator needs quotation marks)"
        ) % {"count": len(table.headers)}
        found = _("%(count)d cells, the last “%(cell)s”") % {
            "count": len(row.cells),
            "cell": extra[-1][:40],
        }
        reading.problems.append(Problem(row.number, "", found, expected, "row"))
        return
    values: dict[str, Any] = {}
    lost = False
    for column in columns:
        at = mapping.get(column.key)
        text = row.cells[at] if at is not None and at < len(row.cells) else ""
        header = table.headers[at] if at is not None else column.key
        try:
            values[column.key] = _read_cell(column, text, row.number, reading)
        except CellError as error:
            cost: Lost = "row" if column.on_error == "row" else "field"
            if error.value is not None:
                cost = "nothing"
            found = error.found or text
            reading.problems.append(Problem(row.number, header, found[:120], error.expected, cost))
            values[column.key] = column.empty if error.value is None else error.value
            lost = lost or cost == "row"
    if not lost:
        for column in columns:
            if column.unique:
                reading.seen.setdefault(column.key, {})[values[column.key]] = row.number
        reading.records.append(Record(row.number, values))


def _read_cell(column: Column, text: str, number: int, reading: _Reading) -> Any:
    if not text:
        if column.required:
            column.read("")  # says what it expects, as a rule
            raise CellError(_("a value in every row"))
        return column.empty
    value = column.read(text)
    if column.unique and value in reading.seen.get(column.key, {}):
        raise CellError(
            _("a value of its own; row %(row)d already has this one")
            % {"row": reading.seen[column.key][value]}
        )
    return value
