"""The move of a file: one transaction, decided table by table (`Keeps.travels`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, ForeignKey, Model, OuterRef
from django.utils import timezone

from takeroot.access.actor import SYSTEM, Actor, acting, system_actor
from takeroot.access.services import scrub_trace
from takeroot.accounts.models import CentreOwned, Membership, Party, User
from takeroot.common.keeping import Arrival, Keeps, Travels, departures
from takeroot.common.models import Versioned
from takeroot.connections.models import Connectee
from takeroot.keeping.models_moving import Transfer
from takeroot.keeping.selectors import counted_before, earlier_homes, keys_of_person
from takeroot.keeping.services.emptying import (
    empty_tables,
    end_rights,
    rows_of,
    tables_with_rows,
)
from takeroot.keeping.tables import kept_tables, person_keyed
from takeroot.ledger.enums import EventKind
from takeroot.ledger.models import Event
from takeroot.ledger.services import record
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import open_promise

PURPOSE = "transfer"


def move_file(transfer: Transfer) -> Party:
    """Move the file of an accepted transfer. Whoever comes back finds their own key again, so that
    the two halves of what happened there are one. Returns the Party in the other centre."""
    here, there = transfer.centre_id, transfer.to_id
    with acting(system_actor(here, purpose=PURPOSE)):
        keys = keys_of_person(transfer.party_id)
    before = earlier_homes(here, keys)
    key = next((key for centre, key in before if centre == there), None) or uuid4()
    arrival = Arrival(keys=tuple(keys), key=key, centre=there)
    both = Actor(role=SYSTEM, centres=(here, there), purpose=PURPOSE)
    with acting(both):
        going = _rows_that_go(arrival)
        _make_there(arrival, transfer.party_id)
        moved = [_move(row, keeps, arrival) for row, keeps in going if _goes(row, keeps, arrival)]
        _take_sign_in_along(arrival)
    with acting(system_actor(here, purpose=PURPOSE)):
        _leave(transfer, arrival, moved)
    for centre, old in before:
        # Letters of earlier centres lead to where the person is now.
        with acting(system_actor(centre, purpose=PURPOSE)):
            Party.objects.filter(pk=old, moved_to__isnull=False).update(moved_to=there)
    with acting(system_actor(there, purpose=PURPOSE)):
        return _arrive(arrival)


def _of(travels: Travels) -> list[tuple[type[Model], Keeps]]:
    return [(model, keeps) for model, keeps in kept_tables() if keeps.travels == travels]


def _rows_that_go(arrival: Arrival) -> list[tuple[Model, Keeps]]:
    """Found before anything is written: a row may be the person's through another that moves."""
    return [
        (row, keeps)
        for model, keeps in _of(Travels.GOES)
        for row in model._base_manager.filter(rows_of(keeps, list(arrival.keys)))
        .order_by("created_at", "pk")
        .distinct()
    ]


def _values(row: Model, arrival: Arrival) -> dict[str, Any]:
    """The columns that say whose a row is and where, as they read in the other centre. Keys of
    others (who signed, who recorded it) belong to the old centre and stay behind."""
    goes = {model for model, _keeps in _of(Travels.GOES)}
    values: dict[str, Any] = {"centre_id": arrival.centre}
    for field in row._meta.local_concrete_fields:
        if not isinstance(field, ForeignKey) or field.attname == "centre_id":
            continue
        target = field.related_model
        if getattr(row, field.attname) in arrival.keys and target in person_keyed():
            values[field.attname] = arrival.key
        elif isinstance(target, type) and issubclass(target, CentreOwned) and target not in goes:
            values[field.attname] = None
    return values


def _make_there(arrival: Arrival, old: UUID) -> None:
    """The file itself, under its key in the other centre; filled again if it was there before."""
    for model, keeps in _of(Travels.WITH_FILE):
        row = model._base_manager.filter(pk=old).first()
        if row is None:
            continue
        held = {f.attname: getattr(row, f.attname) for f in model._meta.local_concrete_fields}
        more = keeps.arrives(row, arrival) if keeps.arrives else {}
        values = {**held, **_values(row, arrival), **more, "id": arrival.key}
        known = model._base_manager.filter(pk=arrival.key)
        version = known.values_list("version", flat=True).first() if _versioned(model) else None
        if _versioned(model):
            values["version"] = (version or 0) + 1
        if issubclass(model, Party):
            values |= {"severed_at": None, "moved_to_id": None, "merged_into_id": None}
        if known.exists():
            known.update(**{k: v for k, v in values.items() if k not in ("id", "created_at")})
        else:
            model(**values).save(force_insert=True)


def _versioned(model: type[Model]) -> bool:
    return issubclass(model, Versioned)


def _goes(row: Model, keeps: Keeps, arrival: Arrival) -> bool:
    return keeps.goes_along is None or keeps.goes_along(row, arrival)


def _move(row: Model, keeps: Keeps, arrival: Arrival) -> UUID:
    more = keeps.arrives(row, arrival) if keeps.arrives else {}
    type(row)._base_manager.filter(pk=row.pk).update(**{**_values(row, arrival), **more})
    key: UUID = row.pk
    return key


def _take_sign_in_along(arrival: Arrival) -> None:
    users = User.objects.filter(party_id__in=arrival.keys)
    Membership.objects.filter(user__in=users).update(centre_id=arrival.centre)
    users.update(party_id=arrival.key)


def _leave(transfer: Transfer, arrival: Arrival, moved: list[UUID]) -> None:
    """The old centre: what was under way ends and is told, the counts stay, the name goes."""
    keys, at = list(arrival.keys), timezone.now()
    party = Party.objects.select_related("centre").get(pk=transfer.party_id)
    emptied: set[UUID] = {*keys, *moved}
    for departure in departures():
        emptied.update(departure(arrival, transfer.keep_in_touch))
    record(
        party=party,
        kind=EventKind.TRANSFERRED_OUT,
        about_kind="transfer",
        about_id=transfer.pk,
    )
    end_rights(keys, at, CloseReason.MOVED)
    emptied |= empty_tables(keys)
    Party.objects.filter(pk__in=keys).update(severed_at=at, moved_to=arrival.centre)
    scrub_trace(row_ids=sorted(emptied, key=str))


def _arrive(arrival: Arrival) -> Party:
    """The new centre: it owes a look at the file, as to anybody who has just applied."""
    party = Party.objects.select_related("centre").get(pk=arrival.key)
    record(party=party, kind=EventKind.TRANSFERRED_IN)
    open_promise(
        centre=party.centre,
        kind=PromiseKind.SIGN_READINESS,
        subject_kind="connectee",
        subject_id=party.pk,
        creditor=party,
    )
    return party


def counted_of(transfer: Transfer) -> list[str]:
    """What has been counted of a person here and in the centres before, as «kind:year»."""
    keys = keys_of_person(transfer.party_id)
    corrected = Event.objects.filter(corrects=OuterRef("pk"))
    rows = Event.objects.filter(party_id__in=keys).exclude(Exists(corrected)).order_by()
    codes = {f"{kind}:{on.year}" for kind, on in rows.values_list("kind", "on").distinct()}
    before = counted_before(centre=transfer.centre_id, people=keys)
    codes.update(code for moves in before.values() for move in moves for code in move.counted)
    return sorted(codes)


def what_becomes(connectee: Connectee) -> dict[str, list[str]]:
    """`goes`, `stays` and `ends`: what is held on a person, by the heading of each table, as it
    would be after a move. Only tables that hold something which the person may know of."""
    keys = keys_of_person(connectee.pk)
    arrival = Arrival(keys=tuple(keys), key=uuid4(), centre=connectee.centre_id)
    found: dict[str, list[str]] = {"goes": [], "stays": [], "ends": []}
    for model, keeps, _rows in tables_with_rows(keys):
        if any(keeps.about.values()):
            found[_becomes(model, keeps, arrival)].append(str(keeps.label))
    return found


def _becomes(model: type[Model], keeps: Keeps, arrival: Arrival) -> str:
    if keeps.travels == Travels.WITH_FILE:
        return "goes"
    if keeps.travels == Travels.GOES and _any_goes(model, keeps, arrival):
        return "goes"
    return "ends" if keeps.goes else "stays"


def _any_goes(model: type[Model], keeps: Keeps, arrival: Arrival) -> bool:
    if keeps.goes_along is None:
        return True
    rows = model._base_manager.filter(rows_of(keeps, list(arrival.keys)))
    return any(keeps.goes_along(row, arrival) for row in rows)
