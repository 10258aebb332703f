"""Everything that is held on a person, gathered from what the tables declare, and written down as
pages to read, a spreadsheet and data for other programs."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takeroot.access.models import Grant, Read
from takeroot.accounts.enums import STAFF_ROLES
from takeroot.accounts.models import Centre, Party, User
from takeroot.common.keeping import Keeps
from takeroot.common.spreadsheets import write_row
from takeroot.keeping.cells import plain
from takeroot.keeping.selectors import keys_of_person
from takeroot.keeping.tables import field_of, kept_tables
from takeroot.keeping.words import FIELDS

# In letters that were sent a link stood here; it works for its reader alone and is not repeated.
_LINK = re.compile(r"\{link:[0-9a-f-]{36}\}")


@dataclass(frozen=True)
class Entry:
    """One row: what the person may have of it, and the other person in it, when they may know."""

    row: Model
    fields: tuple[str, ...]
    other: str = ""


@dataclass(frozen=True)
class Section:
    """The rows of one table."""

    model: type[Model]
    label: Any
    entries: list[Entry]


@dataclass(frozen=True)
class Opened:
    """Somebody opened the file."""

    at: datetime
    who: str
    page: str


@dataclass(frozen=True)
class Copy:
    """All that is held on one person, at one moment."""

    centre: Centre
    party: Party
    at: datetime
    sections: list[Section]
    opened: list[Opened]


def gather(party: Party) -> Copy:
    """Everything on a person and on the files that were merged into theirs. Other people stand in
    it only by a name that is open to this person, or that of the staff."""
    keys = keys_of_person(party.pk)
    names = _names(party, keys)
    sections = []
    for model, keeps in kept_tables():
        if entries := list(_entries(model, keeps, keys, names)):
            sections.append(Section(model, keeps.label, entries))
    opened = [
        Opened(read.at, names.get(read.actor_id, "") if read.actor_id else "", read.page)
        for read in Read.objects.filter(subject_id__in=keys).order_by("at", "pk")
    ]
    return Copy(party.centre, party, timezone.now(), sections, opened)


def _names(party: Party, keys: list[UUID]) -> dict[UUID, str]:
    """Names that this person may know: the staff's, and those that a live grant opens."""
    now = timezone.now()
    opened = Grant.objects.filter(
        holder_id__in=keys,
        revoked_at__isnull=True,
        starts_at__lte=now,
        ends_at__gt=now,
        shares__contains=["name"],
    ).values_list("subject_id", flat=True)
    staff = User.objects.filter(
        memberships__centre_id=party.centre_id, memberships__role__in=STAFF_ROLES
    ).values_list("party_id", flat=True)
    known = {*opened, *staff, *keys}
    return dict(Party.objects.filter(pk__in=known).values_list("pk", "name"))


def _entries(
    model: type[Model], keeps: Keeps, keys: list[UUID], names: dict[UUID, str]
) -> Iterator[Entry]:
    seen: set[Any] = set()
    columns = {look_up: _column(model, look_up) for look_up in keeps.about}
    for look_up, fields in keeps.about.items():
        if not fields:
            continue
        rows = model._base_manager.filter(**{f"{look_up}__in": keys}, **keeps.given)
        for row in rows.order_by(*_order(model), "pk"):
            if row.pk in seen:
                continue
            seen.add(row.pk)
            others = [
                names.get(getattr(row, column), "")
                for other, column in columns.items()
                if other != look_up and column and getattr(row, column) not in keys
            ]
            yield Entry(row, fields, next((name for name in others if name), ""))


def _column(model: type[Model], look_up: str) -> str:
    if "__" in look_up or look_up == "id":
        return ""
    return str(getattr(field_of(model, look_up), "attname", look_up))


def _order(model: type[Model]) -> list[str]:
    names = {field.name for field in model._meta.local_fields}
    first: tuple[str, ...] = ("on", "asked_at", "given_on", "created_at")
    return [name for name in first if name in names][:1]


def label_of(model: type[Model], name: str) -> str:
    """A field in words."""
    return str(FIELDS.get(name) or field_of(model, name).verbose_name)


def shown(row: Model, name: str) -> str:
    """A value in words of the language of now."""
    field, value = field_of(type(row), name), getattr(row, name)
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" if one is not None else key for key, one in value.items())
    if isinstance(value, list):
        words = _choices(field.base_field) if isinstance(field, ArrayField) else {}
        return ", ".join(words.get(one, str(one)) for one in value)
    text = _choices(field).get(value) or str(value)
    return _LINK.sub(_("[your link stood here]"), text)


def _choices(field: Any) -> dict[Any, str]:
    return {key: str(words) for key, words in field.flatchoices or ()}


def as_data(copy: Copy) -> str:
    """For other programs: names of tables and columns as the data dictionary has them."""
    tables = {
        section.model._meta.db_table: [
            {name: _raw(entry.row, name) for name in entry.fields}
            | ({"other_person": entry.other} if entry.other else {})
            for entry in section.entries
        ]
        for section in copy.sections
    }
    content = {
        "made_at": copy.at.isoformat(),
        "centre": copy.centre.slug,
        "person": str(copy.party.pk),
        "tables": tables,
        "opened_by": [
            {"at": one.at.isoformat(), "who": one.who, "page": one.page} for one in copy.opened
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _raw(row: Model, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, Model):
        return str(value)
    kept = plain(value)
    return _LINK.sub("", kept) if isinstance(kept, str) else kept


def lines_of(copy: Copy) -> Iterator[tuple[str, int, str, str]]:
    """(section, number of the entry, field, value) in words; empty values are left out."""
    for section in copy.sections:
        for number, entry in enumerate(section.entries, start=1):
            words = [
                (label_of(section.model, name), shown(entry.row, name)) for name in entry.fields
            ]
            if entry.other:
                words.append((_("with"), entry.other))
            for label, value in words:
                if value:
                    yield str(section.label), number, label, value
    for number, one in enumerate(copy.opened, start=1):
        at = date_format(timezone.localtime(one.at), "DATETIME_FORMAT")
        yield _("who opened this file"), number, at, one.who or _("somebody outside the staff")


def as_page(copy: Copy) -> str:
    """A page to read, in the language of now."""
    sections: dict[str, dict[int, list[tuple[str, str]]]] = {}
    for section, number, label, value in lines_of(copy):
        sections.setdefault(section, {}).setdefault(number, []).append((label, value))
    shown_sections = [(label, list(entries.values())) for label, entries in sections.items()]
    return render_to_string(
        "keeping/copy.html",
        {
            "language": translation.get_language(),
            "name": copy.party.name,
            "centre": copy.centre,
            "at": copy.at,
            "sections": shown_sections,
        },
    )


def as_table(copy: Copy) -> str:
    """A spreadsheet; a cell that would begin a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    write_row(writer, (_("part"), _("entry"), _("field"), _("value")))
    for line in lines_of(copy):
        write_row(writer, line)
    return "\ufeff" + out.getvalue()


def as_archive(copy: Copy) -> bytes:
    """Page and spreadsheet in each language of the product, and the data."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, _name in settings.LANGUAGES:
            with translation.override(code), timezone.override(copy.centre.zone):
                archive.writestr(f"{_('file')}-{code}.html", as_page(copy))
                archive.writestr(f"{_('file')}-{code}.csv", as_table(copy))
        archive.writestr("data.json", as_data(copy))
    return out.getvalue()


__all__ = ["Copy", "as_archive", "as_data", "as_page", "as_table", "gather"]
