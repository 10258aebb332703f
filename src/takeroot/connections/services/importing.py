"""Lists in and out: upload, dry run, load; export in the same columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.common.spreadsheets import SpreadsheetError, write_row
from takeroot.common.text import search_key, tidy
from takeroot.connections.files import template_of
from takeroot.connections.models import Connectee, Connector, Qualification
from takeroot.connections.models_import import ImportDraft, ImportKind
from takeroot.connections.services.import_plan import Newcomer, Part, Plan, make_plan, read_upload
from takeroot.facts import places
from takeroot.ledger.enums import EventKind
from takeroot.ledger.models import Event
from takeroot.ledger.services import via_now
from takeroot.organizations.models import Organization
from takeroot.people.models import Person
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import open_many

KEPT_FOR = timedelta(days=1)
_BATCH = 1000
_OF_PARTY = ("name", "email", "phone", "language")
_OF_PERSON = ("occupation_code", "occupation_text", "languages", "interests", "place_id", "mode")


@transaction.atomic
def start_import(
    *, centre: Centre, kind: str, name: str, data: bytes, by: Actor, key: UUID | None = None
) -> ImportDraft:
    """Keep an uploaded file until it is loaded. Raises Refused when nothing of it can be read.

    What others left lying for more than a day is deleted on the way.
    """
    try:
        read_upload(data)
    except SpreadsheetError as problem:
        raise Refused(str(problem)) from problem
    forget_old_drafts(centre=centre)
    draft = ImportDraft(
        id=key or uuid4(),
        centre=centre,
        kind=kind,
        name=tidy(PurePath(name).name)[:200],
        data=data,
        made_by_id=by.party,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as problem:
        found = ImportDraft.objects.filter(pk=draft.pk).first()
        if found is None:
            raise Refused(_("This form was used before. Choose the file again.")) from problem
        return found
    return draft


def drafts_visible_to(actor: Actor) -> QuerySet[ImportDraft]:
    """Uploads of a day at most that the actor's centre keeps."""
    return ImportDraft.objects.filter(
        centre_id__in=actor.file_centres, created_at__gte=timezone.now() - KEPT_FOR
    ).select_related("centre")


def forget_old_drafts(*, centre: Centre) -> int:
    """Delete uploads of more than a day ago. Returns how many."""
    old = timezone.now() - KEPT_FOR
    return ImportDraft.objects.filter(centre=centre, created_at__lt=old).delete()[0]


def plan_of(draft: ImportDraft) -> Plan:
    """The dry run of a kept file."""
    centre = draft.centre
    return make_plan(
        data=bytes(draft.data),
        kind=draft.kind,
        centre=centre,
        mapping=draft.mapping,
        today=timezone.localdate(timezone=centre.zone),
    )


@transaction.atomic
def choose_columns(*, draft: ImportDraft, mapping: Mapping[str, int], by: Actor) -> ImportDraft:
    """Say which column holds which field. A column holds one field only."""
    if len(set(mapping.values())) < len(mapping):
        raise Refused(_("One column was chosen for two fields. Give each field its own column."))
    draft.mapping = dict(mapping)
    draft.save(update_fields=["mapping"])
    return draft


@transaction.atomic
def set_draft_aside(*, draft: ImportDraft, by: Actor) -> None:
    """Delete an upload that is not to be loaded."""
    ImportDraft.objects.filter(pk=draft.pk).delete()


@transaction.atomic
def load_draft(*, draft: ImportDraft, by: Actor) -> ImportDraft:
    """Write what the dry run showed: all of it or nothing. Twice is once.

    The plan is made anew under a lock of the centre's imports, so that two lists loaded at the
    same moment cannot bring the same person twice. Raises Refused.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=draft.centre_id)
    row = ImportDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if row.loaded_at is not None:
        return row
    plan = plan_of(row)
    if plan.missing:
        raise Refused(_("Say first which column holds each field that is needed."))
    today = timezone.localdate(timezone=centre.zone)
    try:
        with transaction.atomic():
            _add(plan.new, kind=row.kind, centre=centre, today=today)
            _change(plan, kind=row.kind, centre=centre)
    except IntegrityError as problem:
        raise Refused(
            _("Somebody added one of these people just now. Nothing was loaded: look again.")
        ) from problem
    row.loaded_at = timezone.now()
    row.data = b""
    row.result = {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "unreadable": plan.unreadable,
    }
    row.save(update_fields=["loaded_at", "data", "result"])
    return row


def _add(people: Sequence[Newcomer], *, kind: str, centre: Centre, today: date) -> None:
    """Everybody new, in a few statements however many they are; the same rows that the forms'
    services write one by one."""
    if not people:
        return
    parties, persons = [], []
    for one in people:
        party = Party(
            centre=centre,
            kind=PartyKind.PERSON,
            timezone=centre.timezone,
            **{"language": _letters(one.values), **_some(one.values, _OF_PARTY)},
        )
        party.name = tidy(party.name)
        party.refresh_keys()
        parties.append(party)
        persons.append(
            Person(id=party.pk, centre=centre, party=party, **_some(one.values, _OF_PERSON))
        )
    Party.objects.bulk_create(parties, batch_size=_BATCH)
    Person.objects.bulk_create(persons, batch_size=_BATCH)
    if kind == ImportKind.CONNECTEE:
        _add_connectees(people, persons, centre, today)
    else:
        _add_connectors(people, persons, centre)
    event = EventKind.APPLIED if kind == ImportKind.CONNECTEE else EventKind.BECAME_CONNECTOR
    Event.objects.bulk_create(
        [
            Event(centre=centre, party=party, kind=event, on=today, via=via_now())
            for party in parties
        ],
        batch_size=_BATCH,
    )


def _some(values: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: values[key] for key in keys if key in values}


def _letters(values: Mapping[str, Any]) -> str:
    """The language of letters, where a list does not say it."""
    spoken = values.get("languages", {})
    return "fr" if "fr" in spoken and "en" not in spoken else "en"


def _add_connectees(
    people: Sequence[Newcomer], persons: Sequence[Person], centre: Centre, today: date
) -> None:
    keys = ("reference", "not_with", "target_organizations")
    rows = [
        Connectee(
            id=person.pk,
            centre=centre,
            person=person,
            waiting_since=one.values.get("waiting_since", today),
            **_some(one.values, keys),
        )
        for one, person in zip(people, persons, strict=True)
    ]
    Connectee.objects.bulk_create(rows, batch_size=_BATCH)
    Qualification.objects.bulk_create(
        [Qualification(centre=centre, connectee=row) for row in rows], batch_size=_BATCH
    )
    open_many(
        centre=centre,
        kind=PromiseKind.SIGN_READINESS,
        subject_kind="connectee",
        people=[row.pk for row in rows],
    )


def _add_connectors(people: Sequence[Newcomer], persons: Sequence[Person], centre: Centre) -> None:
    organizations = _organizations(centre, (one.values.get("organization", "") for one in people))
    keys = ("reference", "not_with", "capacity", "lived_experience")
    Connector.objects.bulk_create(
        [
            Connector(
                id=person.pk,
                centre=centre,
                person=person,
                organization=organizations.get(search_key(one.values.get("organization", ""))),
                **_some(one.values, keys),
            )
            for one, person in zip(people, persons, strict=True)
        ],
        batch_size=_BATCH,
    )


def _organizations(centre: Centre, names: Iterable[str]) -> dict[str, Organization]:
    """The organizations of these names by their search key, those not known yet made."""
    wanted = {search_key(name): tidy(name)[:200] for name in names if search_key(name)}
    if not wanted:
        return {}
    rows = Organization.objects.filter(
        centre=centre, party__kind=PartyKind.ORGANIZATION, party__search_key__in=wanted
    ).select_related("party")
    found = {row.party.search_key: row for row in rows}
    parties = []
    for key, name in wanted.items():
        if key not in found:
            party = Party(centre=centre, kind=PartyKind.ORGANIZATION, name=name)
            party.refresh_keys()
            parties.append(party)
    Party.objects.bulk_create(parties, batch_size=_BATCH)
    made = [Organization(centre=centre, party=party) for party in parties]
    Organization.objects.bulk_create(made, batch_size=_BATCH)
    return found | {search_key(row.party.name): row for row in made}


def _change(plan: Plan, *, kind: str, centre: Centre) -> None:
    """Everybody known whose row says something new; each version counts up."""
    if not plan.changed:
        return
    model: type[Part] = Connectee if kind == ImportKind.CONNECTEE else Connector
    keys = [one.row.pk for one in plan.changed]
    # Editors of these files wait until the list is in, and are then told.
    list(model.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys))
    names = (one.differences.get("organization", ("", ""))[1] for one in plan.changed)
    organizations = _organizations(centre, names)
    changed: dict[type[Any], dict[UUID, Any]] = {}
    fields: dict[type[Any], set[str]] = {}
    for one in plan.changed:
        row, person, party = one.row, one.row.person, one.row.person.party
        changed.setdefault(type(row), {})[row.pk] = row  # its version guards the whole file
        for key, (_old, value) in one.differences.items():
            if key == "organization":
                row.organization = organizations[search_key(value)]  # type: ignore[union-attr]
                owner: Any = row
            else:
                owner = party if key in _OF_PARTY else person if key in _OF_PERSON else row
                setattr(owner, key, value)
            changed.setdefault(type(owner), {})[owner.pk] = owner
            fields.setdefault(type(owner), set()).add("place" if key == "place_id" else key)
    for model, rows in changed.items():
        _write(model, list(rows.values()), fields.get(model, set()))


def _write(model: type[Any], rows: Sequence[Any], fields: set[str]) -> None:
    """Write some columns of rows that stand: one statement a thousand, far quicker than the
    row-by-row CASE that `bulk_update` writes."""
    for row in rows:
        if isinstance(row, Party):
            row.refresh_keys()
        else:
            row.version += 1
    more = {"sort_key", "search_key"} if model is Party else {"version"}
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=sorted(fields | more),
        batch_size=_BATCH,
    )


# --- out ------------------------------------------------------------------------------------


def export_csv(rows: Iterable[Part], *, kind: str, lang: str) -> bytes:
    """Everybody in the columns that the import reads, so that a round trip loses nothing.

    No cell can run as a formula. UTF-8 with a mark; semicolons in French, as there usual.
    """
    template = template_of(kind, lang)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if lang.startswith("fr") else ",")
    write_row(writer, template.headers)
    for row in rows:
        cells = _cells(row, lang)
        write_row(writer, [cells[key] for key in template.keys])
    return out.getvalue().encode("utf-8-sig")


def template_csv(*, kind: str, lang: str) -> tuple[str, bytes]:
    """Name and content of an empty list with one example row."""
    template = template_of(kind, lang)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if lang.startswith("fr") else ",")
    write_row(writer, template.headers)
    write_row(writer, template.example)
    return template.name, out.getvalue().encode("utf-8-sig")


def _cells(row: Part, lang: str) -> dict[str, str]:
    person, party = row.person, row.person.party
    code, words = person.occupation_code, person.occupation_text
    cells = {
        "id": row.reference or str(row.pk),
        "name": party.name,
        "occupation": f"{code} – {words}" if code and words else code or words,
        "languages": ";".join(
            code if level is None else f"{code}:{level}" for code, level in person.languages.items()
        ),
        "interests": ";".join(person.interests),
        "community": _community(person, lang),
        "mode": person.mode,
        "not_with": ";".join(row.not_with),
        "email": party.email,
        "phone": party.phone,
        "letter_language": party.language,
    }
    if isinstance(row, Connectee):
        return cells | {
            "target_organizations": ";".join(row.target_organizations),
            "waiting_since": row.waiting_since.isoformat(),
        }
    return cells | {
        "organization": row.organization.party.name if row.organization else "",
        "capacity": str(row.capacity),
        "lived_experience": "yes" if row.lived_experience else "no",
    }


def _community(person: Person, lang: str) -> str:
    """The name of a place; our own code where the name could mean another."""
    place = person.place
    if place is None:
        return ""
    name = place.name_fr if lang.startswith("fr") else place.name_en
    label = f"{name}, {place.province}"
    found = places.resolve(label).place
    return label if found and found.id == place.code else place.code
