"""Connectees and Connectors as spreadsheets hold them: the columns, and the typed rows.

The same columns serve the command line and the import screens. An unreadable id, mode, language or
capacity loses the row; an unreadable occupation, date or community loses only its field.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from takeroot.common.tables import CellError, Column, Record
from takeroot.connections.cells import (
    Languages,
    language_code,
    read_capacity,
    read_date,
    read_id,
    read_languages,
    read_list,
    read_mode,
    read_words,
    read_yes_no,
)
from takeroot.facts import noc, places


@dataclass(frozen=True)
class PersonRecord:
    """What both files say of a person. ``occupation`` is a NOC 2021 code; None where unknown."""

    row: int
    id: str
    name: str
    occupation: str | None
    languages: Languages
    interests: tuple[str, ...]
    community: places.Place | None
    mode: str
    not_with: tuple[str, ...]
    # What only letters need; a round between two files does without.
    email: str = field(default="", kw_only=True)
    phone: str = field(default="", kw_only=True)
    letter_language: str = field(default="", kw_only=True)

    @property
    def known_as(self) -> str:
        return self.name or self.id


@dataclass(frozen=True)
class ConnecteeRecord(PersonRecord):
    """One row of the Connectees' file."""

    target_organizations: tuple[str, ...]
    waiting_since: dt.date | None
    prefers_lived: bool | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class ConnectorRecord(PersonRecord):
    """One row of the Connectors' file. ``capacity`` is how many people may be proposed."""

    organization: str
    capacity: int
    lived_experience: bool


def read_text(text: str) -> str:
    return text


def read_email(text: str) -> str:
    """An e-mail address. Raises CellError."""
    try:
        validate_email(text)
    except ValidationError:
        raise CellError(_("an e-mail address, such as “name@example.org”")) from None
    return text


def read_letter_language(text: str) -> str:
    """« en » or « fr », as code or name. Raises CellError."""
    code = language_code(text)
    if code not in ("en", "fr"):
        raise CellError(_("“en” or “fr”: letters are written in English or French"))
    return code


# A misspelt or general title is read as the nearest one when that is near, and all that come as
# near belong to one minor group (« teacher »); the person is told.
NEAR, FAR_AHEAD = 0.8, 0.1


@dataclass(frozen=True)
class _Title:
    """What a cell means: a code, whether that is a guess, and the nearest codes."""

    code: str | None
    guessed: bool = False
    nearest: tuple[str, ...] = ()


@cache
def _title(text: str) -> _Title:
    code = noc.code_in(text) or (noc.code_in(text.zfill(5)) if text.isdigit() else None)
    if code or text.isdigit():
        return _Title(code)
    from takeroot.facts import titles  # its index loads only when somebody typed a title

    found = titles.resolve(text)
    hits = found.alternatives
    nearest = tuple(hit.code for hit in hits[:3])
    if found.code and found.confident:
        return _Title(found.code, nearest=nearest)
    close = [hit.code for hit in hits if hit.score >= hits[0].score - FAR_AHEAD]
    if found.code and hits[0].score >= NEAR and len({code[:4] for code in close}) == 1:
        return _Title(found.code, guessed=True, nearest=nearest)
    return _Title(None, nearest=nearest)


def _group(code: str) -> str:
    return f"{noc.group_title(code, get_language() or 'en')} ({code})"


def read_occupation(text: str) -> str:
    """NOC 2021 unit group of a code (« 31301 ») or of a job title. Raises CellError."""
    title = _title(text)
    if title.code and not title.guessed:
        return title.code
    if title.code:
        expected = _("a NOC 2021 code of five digits or a job title; read as %(group)s")
        raise CellError(expected % {"group": _group(title.code)}, value=title.code)
    if title.nearest:
        expected = _("a NOC 2021 code of five digits or a job title; perhaps %(others)s")
        raise CellError(expected % {"others": "; ".join(map(_group, title.nearest))})
    raise CellError(_("a NOC 2021 code of five digits, such as “31301”, or a job title"))


@cache
def _place(text: str) -> places.PlaceResolution:
    return places.resolve(text)


def read_community(text: str) -> places.Place:
    """A community in Canada, with its province where the name alone is not enough."""
    # Our own code of a place stands in exports where a name alone would be ambiguous.
    place = places.by_id(text) or _place(text).place
    if place:
        return place
    found = _place(text)
    lang = get_language() or "en"
    others = "; ".join(dict.fromkeys(place.label(lang) for place in found.alternatives[:3]))
    if others:
        raise CellError(
            _("a community with its province, such as “Truro, NS”; perhaps %(others)s")
            % {"others": others}
        )
    raise CellError(_("a community in Canada with its province, such as “Truro, NS”"))


_ID = (
    "identifier", "number", "no", "ref", "reference", "file number", "identifiant", "numéro",
    "numero", "no de dossier", "numéro de dossier", "dossier", "matricule",
)  # fmt: skip
_NAME = ("full name", "person", "nom", "nom complet", "prénom et nom", "nom et prénom", "personne")
_OCCUPATION = (
    "job", "job title", "noc", "noc code", "noc 2021", "profession", "métier", "emploi", "titre",
    "titre de poste", "cnp", "code cnp", "cnp 2021", "poste",
)  # fmt: skip
_LANGUAGES = ("language", "languages clb", "spoken languages", "langue", "langues",
              "langues parlées", "langues nclc")  # fmt: skip
_INTERESTS = ("interest", "hobbies", "intérêt", "intérêts", "centres d'intérêt", "loisirs")
_COMMUNITY = (
    "city", "town", "place", "location", "municipality", "ville", "collectivité", "communauté",
    "municipalité", "lieu", "localité",
)  # fmt: skip
_MODE = ("meeting mode", "format", "how to meet", "mode de rencontre", "modalité")
_NOT_WITH = (
    "not with", "conflict", "conflicts", "avoid", "exclude", "conflict of interest", "pas avec",
    "sauf avec", "à éviter", "eviter", "conflit", "conflits", "conflit d'intérêts", "exclure",
)  # fmt: skip
_EMAIL = ("e-mail", "mail", "email address", "e-mail address", "courriel", "adresse courriel",
          "adresse électronique")  # fmt: skip
_PHONE = ("telephone", "phone number", "mobile", "cell", "téléphone", "numéro de téléphone",
          "cellulaire")  # fmt: skip
_LETTERS = ("language of letters", "language for letters", "preferred language",
            "correspondence language", "langue des lettres", "langue de correspondance",
            "langue préférée")  # fmt: skip


def _shared(kind_of_id: tuple[str, ...]) -> list[Column]:
    return [
        Column("id", (*_ID, *kind_of_id), read_id, "row", required=True, unique=True, empty=""),
        Column("name", _NAME, read_text, empty=""),
        Column("occupation", _OCCUPATION, read_occupation),
        Column("languages", _LANGUAGES, read_languages, "row", required=True, empty=()),
        Column("interests", _INTERESTS, read_words, empty=()),
        Column("community", _COMMUNITY, read_community),
        Column("mode", _MODE, read_mode, "row", required=True, empty="either"),
        Column("not_with", _NOT_WITH, read_list, empty=()),
        Column("email", _EMAIL, read_email, empty=""),
        Column("phone", _PHONE, read_text, empty=""),
        Column("letter_language", _LETTERS, read_letter_language, empty=""),
    ]


def connectee_columns(today: dt.date) -> tuple[Column, ...]:
    """Columns of the Connectees' file. A date after ``today`` is refused."""
    return (
        *_shared(("connectee id", "connectee", "identifiant de la personne jumelée")),
        Column(
            "target_organizations",
            (
                "target organization",
                "organizations",
                "target organisations",
                "wants to meet",
                "organisations visées",
                "organisations cibles",
                "organisations souhaitées",
                "organisation visée",
                "employeurs visés",
                "souhaite rencontrer",
            ),
            read_list,
            empty=(),
        ),
        Column(
            "waiting_since",
            (
                "waiting from",
                "registered on",
                "registration date",
                "since",
                "date",
                "en attente depuis",
                "attend depuis",
                "attente depuis",
                "depuis",
                "date d'inscription",
                "inscription",
            ),
            lambda text: read_date(text, today),
        ),
    )


def connector_columns() -> tuple[Column, ...]:
    """Columns of the Connectors' file."""
    return (
        *_shared(("connector id", "connector", "identifiant du connecteur")),
        Column(
            "organization",
            (
                "organisation",
                "employer",
                "company",
                "works at",
                "employeur",
                "entreprise",
                "organisme",
                "milieu de travail",
            ),
            read_text,
            empty="",
        ),
        Column(
            "capacity",
            ("places", "seats", "max", "capacité", "nombre de places", "maximum", "nombre"),
            read_capacity,
            "row",
            required=True,
            empty=0,
        ),
        Column(
            "lived_experience",
            (
                "lived experience of migration",
                "newcomer experience",
                "immigrant",
                "vécu",
                "expérience vécue",
                "vécu migratoire",
                "experience d'immigration",
            ),
            read_yes_no,
            empty=False,
        ),
    )


def connectee(record: Record) -> ConnecteeRecord:
    return ConnecteeRecord(row=record.row, **record.values)


def connector(record: Record) -> ConnectorRecord:
    return ConnectorRecord(row=record.row, **record.values)
