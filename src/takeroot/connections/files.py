"""The two files of a round: read into records, every problem told; and their empty templates."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, Literal, TypeVar

from django.utils.translation import gettext as _

from takeroot.common.spreadsheets import (
    FileSet,
    SpreadsheetError,
    read_bytes,
    read_table,
    write_row,
)
from takeroot.common.tables import Column, Parsed, Problem, parse
from takeroot.connections.adapters import Directory
from takeroot.connections.records import (
    ConnecteeRecord,
    ConnectorRecord,
    PersonRecord,
    connectee,
    connectee_columns,
    connector,
    connector_columns,
)

Kind = Literal["connectee", "connector"]
Person = TypeVar("Person", bound=PersonRecord)


@dataclass(frozen=True)
class Loaded(Generic[Person]):
    """One file after reading. ``people`` in the order of the file."""

    path: str
    sha256: str
    people: tuple[Person, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    rows: int
    format: Mapping[str, str]

    @property
    def rows_lost(self) -> int:
        return self.rows - len(self.people)


def load_connectees(
    source: str | Path | bytes, today: dt.date, mapping: Mapping[str, int] | None = None
) -> Loaded[ConnecteeRecord]:
    """Read a Connectees' file. Raises SpreadsheetError if nothing of it can be used."""
    loaded, parsed = _load(source, connectee_columns(today), mapping)
    return replace(loaded, people=tuple(connectee(record) for record in parsed.records))


def load_connectors(
    source: str | Path | bytes, mapping: Mapping[str, int] | None = None
) -> Loaded[ConnectorRecord]:
    """Read a Connectors' file. Raises SpreadsheetError if nothing of it can be used."""
    loaded, parsed = _load(source, connector_columns(), mapping)
    return replace(loaded, people=tuple(connector(record) for record in parsed.records))


def _load(
    source: str | Path | bytes, columns: Sequence[Column], mapping: Mapping[str, int] | None
) -> tuple[Loaded, Parsed]:  # type: ignore[type-arg]
    name = "" if isinstance(source, bytes) else str(source)
    data = source if isinstance(source, bytes) else read_bytes(Path(source))
    try:
        table = read_table(data)
    except SpreadsheetError as error:
        raise SpreadsheetError(f"{name}: {error}" if name else str(error)) from error
    parsed = parse(table, columns, mapping)
    if parsed.missing:
        raise SpreadsheetError(_missing(name, parsed, table.headers))
    notes = list(table.notes)
    if parsed.ignored:
        notes.append(
            _("Columns that were not used: %(columns)s.") % {"columns": ", ".join(parsed.ignored)}
        )
    loaded: Loaded[PersonRecord] = Loaded(
        path=name,
        sha256=hashlib.sha256(data).hexdigest(),
        people=(),
        problems=parsed.problems,
        notes=tuple(notes),
        rows=parsed.rows,
        format={
            "kind": table.kind,
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
        },
    )
    return loaded, parsed


def _missing(name: str, parsed: Parsed, headers: Sequence[str]) -> str:
    values = {
        "file": name,
        "missing": ", ".join(parsed.missing),
        "found": ", ".join(header for header in headers if header)[:200],
    }
    return _("%(file)s: these columns are missing: %(missing)s. Found: %(found)s.") % values


def conflicts(
    connectees: Loaded[ConnecteeRecord], connectors: Loaded[ConnectorRecord]
) -> tuple[dict[tuple[str, str], frozenset[str]], Loaded[ConnecteeRecord], Loaded[ConnectorRecord]]:
    """Whom nobody must be matched with, by (kind, id); words that mean nobody become problems."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    newcomers = _resolve("connectee", connectees, Directory(connectors.people), found)
    locals_ = _resolve("connector", connectors, Directory(connectees.people), found)
    return found, newcomers, locals_


def _resolve(
    kind: Kind,
    loaded: Loaded[Person],
    others: Directory,
    found: dict[tuple[str, str], frozenset[str]],
) -> Loaded[Person]:
    problems = list(loaded.problems)
    for person in loaded.people:
        named = others.find(person.not_with)
        found[kind, person.id] = named.ids
        expected = _("the id, name or organization of somebody in the other file")
        problems += [
            Problem(person.row, "not_with", word, expected, "nothing") for word in named.unknown
        ]
    problems.sort(key=lambda problem: problem.row or 0)
    return replace(loaded, problems=tuple(problems))


# --- templates ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Template:
    """Name, headers and one example row, plainly nobody's. Data, not messages: our own reader must
    understand them, whatever a translation says."""

    name: str
    headers: tuple[str, ...]
    example: tuple[str, ...]


_TEMPLATES: dict[str, tuple[_Template, _Template]] = {
    "en": (
        _Template(
            "connectees.csv",
            ("id", "name", "occupation", "languages", "interests", "target_organizations",
             "community", "mode", "waiting_since", "not_with"),
            ("C-001", "Amina Example", "31301", "en:8;fr:5;ar", "hiking;choir",
             "Example Regional Hospital", "Truro, NS", "either", "2026-03-05", ""),
        ),
        _Template(
            "connectors.csv",
            ("id", "name", "occupation", "organization", "capacity", "languages", "interests",
             "community", "mode", "lived_experience", "not_with"),
            ("K-001", "Robin Specimen", "registered nurse", "Example Regional Hospital", "2",
             "en:12;fr:9", "choir;gardening", "Truro, NS", "in_person", "yes", ""),
        ),
    ),
    "fr": (
        _Template(
            "personnes-jumelees.csv",
            ("id", "nom", "profession", "langues", "intérêts", "organisations_visées",
             "collectivité", "mode", "en_attente_depuis", "pas_avec"),
            ("J-001", "Amina Exemple", "31301", "fr:8;en:5;ar", "randonnée;chorale",
             "Hôpital régional Exemple", "Moncton, N.-B.", "indifférent", "2026-03-05", ""),
        ),
        _Template(
            "connecteurs.csv",
            ("id", "nom", "profession", "organisation", "capacité", "langues", "intérêts",
             "collectivité", "mode", "expérience_vécue", "pas_avec"),
            ("C-001", "Camille Modèle", "31301", "Hôpital régional Exemple", "2", "fr:12;en:9",
             "chorale;jardinage", "Moncton, N.-B.", "en_personne", "oui", ""),
        ),
    ),
}  # fmt: skip


# Columns that only letters need: in the lists of the screens, not in the two files of a round.
_LETTER_KEYS = ("email", "phone", "letter_language")
_LETTER_HEADERS = {
    "en": (*_LETTER_KEYS,),
    "fr": ("courriel", "téléphone", "langue_des_lettres"),
}


@dataclass(frozen=True)
class ListTemplate:
    """A list as the screens give and take it: field names, headers, one example row."""

    name: str
    keys: tuple[str, ...]
    headers: tuple[str, ...]
    example: tuple[str, ...]


def template_of(kind: str, lang: str) -> ListTemplate:
    """The list of Connectees or Connectors in one language, with the columns for letters."""
    language = "fr" if lang.startswith("fr") else "en"
    at = 0 if kind == "connectee" else 1
    template, english = _TEMPLATES[language][at], _TEMPLATES["en"][at]
    letters = ("somebody@example.org", "902-555-0100", language)
    return ListTemplate(
        template.name,
        (*english.headers, *_LETTER_KEYS),
        (*template.headers, *_LETTER_HEADERS[language]),
        (*template.example, *letters),
    )


def write_templates(folder: Path, lang: str) -> tuple[Path, Path]:
    """Both files with their headers and one example row, in one language; the paths.

    With a byte-order mark, and semicolons in French, as spreadsheet programs expect.
    """
    templates = _TEMPLATES["fr" if lang.startswith("fr") else "en"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SpreadsheetError(
            _("The folder “%(path)s” cannot be made: %(why)s.")
            % {"path": folder, "why": error.strerror}
        ) from None
    paths = folder / templates[0].name, folder / templates[1].name
    delimiter = ";" if lang.startswith("fr") else ","
    with FileSet() as files:
        for path, template in zip(paths, templates, strict=True):
            with files.open(path, encoding="utf-8-sig") as file:
                writer = csv.writer(file, delimiter=delimiter)
                write_row(writer, template.headers)
                write_row(writer, template.example)
    return paths
