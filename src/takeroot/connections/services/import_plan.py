"""What loading a list would do: read, find who is known, compare. Nothing is written here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from takeroot.access.enums import FingerprintKind
from takeroot.access.fingerprints import remembered
from takeroot.accounts.models import Centre
from takeroot.common.spreadsheets import Row, SpreadsheetError, Table, neutral, read_table
from takeroot.common.tables import Column, Parsed, Problem, parse
from takeroot.common.text import search_key
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.models_import import ImportKind
from takeroot.connections.records import connectee_columns, connector_columns
from takeroot.facts import noc

# So many rows load within one request, on a busy machine of two cores too.
MOST_BYTES, MOST_ROWS = 10_000_000, 5_000

Part = Connectee | Connector

# Longest value of each field, and of each item of a list.
_LONGEST = {"name": 200, "phone": 40, "email": 254, "organization": 200}
_LONGEST_ITEM = {"interests": 80, "target_organizations": 120, "not_with": 60}
_MOST_PLACES = 50


@dataclass(frozen=True)
class Changed:
    """Somebody known whose row says something new: field -> (as kept, as in the file)."""

    row: Part
    line: int
    differences: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is not here yet: the values to keep, by field."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """The dry run. `missing`: required fields for which the file has no column; then nothing
    can be loaded until the mapping is corrected."""

    table: Table
    columns: Sequence[Column]
    mapping: Mapping[str, int]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...] = ()
    new: tuple[Newcomer, ...] = ()
    changed: tuple[Changed, ...] = ()
    unchanged: int = 0
    alike: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> int:
        return len(self.table.rows) + len(self.table.damaged)

    @property
    def unreadable(self) -> int:
        return self.rows - len(self.new) - len(self.changed) - self.unchanged


def columns_of(kind: str, today: date) -> tuple[Column, ...]:
    return connectee_columns(today) if kind == ImportKind.CONNECTEE else connector_columns()


def read_upload(data: bytes) -> Table:
    """The table in a file, without the apostrophes that our own exports put before a formula.

    Raises SpreadsheetError when nothing of it can be used.
    """
    if len(data) > MOST_BYTES:
        raise SpreadsheetError(
            _("The file is %(size)d MB; files of up to %(most)d MB are read.")
            % {"size": len(data) // 1_000_000, "most": MOST_BYTES // 1_000_000}
        )
    table = read_table(data)
    if len(table.rows) > MOST_ROWS:
        raise SpreadsheetError(
            _("The file has more than %(most)d rows. Split it and try again.") % {"most": MOST_ROWS}
        )
    rows = tuple(Row(row.number, tuple(map(bare, row.cells))) for row in table.rows)
    return replace(table, rows=rows)


def bare(cell: str) -> str:
    """A cell without the apostrophe of `neutral`."""
    return cell[1:] if cell[:1] == "'" and neutral(cell[1:]) == cell else cell


def make_plan(
    *,
    data: bytes,
    kind: str,
    centre: Centre,
    today: date,
    mapping: Mapping[str, int] | None = None,
) -> Plan:
    """Read a file and compare it with who is here. Four queries, whatever its length."""
    table = read_upload(data)
    columns = columns_of(kind, today)
    parsed = parse(table, columns, mapping)
    chosen = dict(parsed.mapping) if mapping is None else dict(mapping)
    if parsed.missing:
        return Plan(table, columns, chosen, parsed.problems, parsed.missing)
    reading = _Reading(table, chosen, kind)
    wanted = list(reading.wanted(parsed))
    known = _known(centre, kind, [values["id"] for _line, values in wanted])
    wanted = reading.without_erased(centre, wanted, known)
    return reading.plan(parsed, columns, wanted, known, _unnumbered(centre, kind))


def _model(kind: str) -> type[Part]:
    return Connectee if kind == ImportKind.CONNECTEE else Connector


def _known(centre: Centre, kind: str, ids: Sequence[str]) -> dict[str, Part]:
    """Who of these is here already, by the id of the file: our own key or their reference."""
    more = ["person__party", "person__place"]
    if kind == ImportKind.CONNECTOR:
        more.append("organization__party")
    rows = _model(kind).objects.filter(centre=centre).select_related(*more)
    keys = {text: key for text in ids if (key := _uuid(text))}
    found = {str(row.pk): row for row in rows.filter(pk__in=keys.values())} if keys else {}
    by_key = {text: found[str(key)] for text, key in keys.items() if str(key) in found}
    known = by_key | {row.reference: row for row in rows.filter(reference__in=ids)}
    return _whole(known, rows)


def _whole(known: dict[str, Part], rows: QuerySet[Part]) -> dict[str, Part]:
    """Files that were merged into another stand for that one."""
    into = {row.person.party.merged_into_id for row in known.values()} - {None}
    if not into:
        return known
    whole = {row.pk: row for row in rows.filter(pk__in=into)}
    return {
        text: whole.get(row.person.party.merged_into_id, row)  # type: ignore[arg-type]
        for text, row in known.items()
    }


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _unnumbered(centre: Centre, kind: str) -> frozenset[str]:
    """Names of those who were added by hand, without an id of a file."""
    rows = _model(kind).objects.filter(centre=centre, reference="")
    return frozenset(
        search_key(name) for name in rows.values_list("person__party__name", flat=True)
    )


@dataclass
class _Reading:
    table: Table
    mapping: Mapping[str, int]
    kind: str
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cells = {row.number: row.cells for row in self.table.rows}

    def cell(self, line: int, key: str) -> str:
        at, cells = self.mapping.get(key), self._cells[line]
        return cells[at] if at is not None and at < len(cells) else ""

    def wanted(self, parsed: Parsed) -> Iterable[tuple[int, dict[str, Any]]]:
        """What each good row says. An empty cell says nothing: it never empties what is kept."""
        for record in parsed.records:
            values = {
                key: value
                for key, value in record.values.items()
                if self.cell(record.row, key) and value is not None
            }
            if "occupation" not in values and self.cell(record.row, "occupation"):
                values["occupation"] = ""
            if self._fits(record.row, values):
                yield record.row, values

    def _fits(self, line: int, values: dict[str, Any]) -> bool:
        """Drop what is too long, and say so; False when the whole row is lost with it."""
        for key in [*_LONGEST, "id"]:
            most = _LONGEST.get(key, 60)
            if len(values.get(key, "")) > most:
                self._too_long(line, key, most, "row" if key in ("id", "name") else "field")
                if key in ("id", "name"):
                    return False
                del values[key]
        for key, most in _LONGEST_ITEM.items():
            kept = tuple(item for item in values.get(key, ()) if len(item) <= most)
            if key in values and len(kept) < len(values[key]):
                self._too_long(line, key, most, "field")
                values[key] = kept
        if values.get("capacity", 0) > _MOST_PLACES:
            expected = _("a whole number of people, at most %(most)d") % {"most": _MOST_PLACES}
            self._problem(line, "capacity", expected, "row")
            return False
        return True

    def _too_long(self, line: int, key: str, most: int, lost: Any) -> None:
        self._problem(line, key, _("at most %(most)d characters") % {"most": most}, lost)

    def _problem(self, line: int, key: str, expected: str, lost: Any) -> None:
        at = self.mapping.get(key)
        header = self.table.headers[at] if at is not None else key
        self.problems.append(Problem(line, header, self.cell(line, key)[:120], expected, lost))

    def without_erased(
        self,
        centre: Centre,
        wanted: Sequence[tuple[int, dict[str, Any]]],
        known: Mapping[str, Part],
    ) -> list[tuple[int, dict[str, Any]]]:
        """Leave out whoever asked to be forgotten: a list of the centre's own does not bring them
        back. Their number is recognized by a keyed hash."""
        numbers = [values["id"] for _line, values in wanted if values["id"] not in known]
        gone = remembered(centre=centre.pk, kind=FingerprintKind.REFERENCE, texts=numbers)
        expected = _("somebody else: the person with this number asked to be forgotten")
        for line, values in wanted:
            if values["id"] in gone:
                self._problem(line, "id", expected, "row")
        return [(line, values) for line, values in wanted if values["id"] not in gone]

    def plan(
        self,
        parsed: Parsed,
        columns: Sequence[Column],
        wanted: Sequence[tuple[int, dict[str, Any]]],
        known: Mapping[str, Part],
        unnumbered: frozenset[str],
    ) -> Plan:
        new, changed, alike, unchanged = [], [], [], 0
        seen: set[uuid.UUID] = set()
        for line, values in wanted:
            row = known.get(values["id"])
            if row is None:
                if not values.get("name"):
                    self._problem(line, "name", _("a name: letters and lists need one"), "row")
                    continue
                new.append(Newcomer(line, self.as_kept(line, values, None)))
                if search_key(values["name"]) in unnumbered:
                    alike.append(values["name"])
                continue
            if row.pk in seen:
                self._problem(line, "id", _("a person once; this one stands above"), "row")
                continue
            seen.add(row.pk)
            differences = compare(row, self.as_kept(line, values, row))
            if differences:
                changed.append(Changed(row, line, differences))
            else:
                unchanged += 1
        problems = sorted([*parsed.problems, *self.problems], key=lambda p: p.row or 0)
        return Plan(
            self.table,
            columns,
            self.mapping,
            tuple(problems),
            (),
            tuple(new),
            tuple(changed),
            unchanged,
            tuple(alike),
        )

    def as_kept(self, line: int, values: Mapping[str, Any], row: Part | None) -> dict[str, Any]:
        """The values of a row in the shape in which the house keeps them."""
        out: dict[str, Any] = {}
        if row is None:
            out["reference"] = values["id"]
        same = (
            "name",
            "email",
            "phone",
            "mode",
            "capacity",
            "lived_experience",
            "organization",
            "waiting_since",
        )
        out |= {key: values[key] for key in same if key in values}
        for key in ("interests", "not_with", "target_organizations"):
            if key in values:
                out[key] = list(values[key])
        if "letter_language" in values:
            out["language"] = values["letter_language"]
        if "languages" in values:
            out["languages"] = dict(values["languages"])
        if "community" in values:
            out["place_id"] = values["community"].id
        if "occupation" in values:
            out |= occupation_kept(
                self.cell(line, "occupation"), values["occupation"], row.person if row else None
            )
        return out


_CODE_FIRST = re.compile(
    r"^\W*(?:(?:noc|cnp)\W*(?:2021)?\W*)?\d{5}\s*(?:[–—]\s*|[-:]\s+)?", re.IGNORECASE
)


def occupation_kept(cell: str, code: str, person: Any) -> dict[str, str]:
    """Code and words of an occupation cell; the words are kept even when they mean no code."""
    given = noc.code_in(cell)
    if given:
        words = _CODE_FIRST.sub("", cell)[:120]
        if not words and person is not None and person.occupation_code == given:
            return {}
        return {"occupation_code": given, "occupation_text": words}
    words = cell[:120]
    if person is not None and words == person.occupation_text:
        return {}
    # Bare digits that spreadsheet programs shortened («0123»): a code, not words.
    return {"occupation_code": code, "occupation_text": "" if cell.isdigit() and code else words}


_OF_PARTY = ("name", "email", "phone", "language")
_OF_PERSON = ("occupation_code", "occupation_text", "languages", "interests", "place_id", "mode")


def kept_value(row: Part, key: str) -> Any:
    """What the house keeps of somebody under a field's name."""
    if key in _OF_PARTY:
        return getattr(row.person.party, key)
    if key in _OF_PERSON:
        return getattr(row.person, key)
    if key == "organization":
        organization = getattr(row, "organization", None)
        return organization.party.name if organization else ""
    return getattr(row, key)


def compare(row: Part, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields whose value in the file is another than the kept one."""
    found = {}
    for key, value in values.items():
        now = kept_value(row, key)
        same = search_key(now) == search_key(value) if key == "organization" else now == value
        if not same:
            found[key] = (now, value)
    return found


__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "Changed",
    "Newcomer",
    "Plan",
    "bare",
    "columns_of",
    "compare",
    "kept_value",
    "make_plan",
    "read_upload",
]
