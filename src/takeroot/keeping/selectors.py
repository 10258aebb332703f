"""Reads of pairs, merges and wishes to be forgotten, always for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Contact
from takeroot.keeping.enums import PairState, TransferState
from takeroot.keeping.likeness import Card
from takeroot.keeping.models import Erasure, Merge, Pair
from takeroot.keeping.models_moving import Transfer
from takeroot.people.models import Person

UNDO_DAYS = 30


def pairs_visible_to(actor: Actor) -> QuerySet[Pair]:
    return Pair.objects.filter(centre_id__in=actor.file_centres).select_related("one", "other")


def open_pairs(actor: Actor) -> QuerySet[Pair]:
    """Pairs that wait for a decision, strongest first; merged and erased files aside."""
    return (
        pairs_visible_to(actor)
        .filter(
            state=PairState.PROPOSED,
            one__merged_into__isnull=True,
            other__merged_into__isnull=True,
            one__severed_at__isnull=True,
            other__severed_at__isnull=True,
        )
        .order_by("-strength", "pk")
    )


def merges_visible_to(actor: Actor) -> QuerySet[Merge]:
    return Merge.objects.filter(centre_id__in=actor.file_centres).select_related(
        "stays", "gone", "by"
    )


def merges_to_undo(actor: Actor) -> QuerySet[Merge]:
    """Merges of the last thirty days that still stand."""
    since = timezone.now() - timedelta(days=UNDO_DAYS)
    return (
        merges_visible_to(actor)
        .filter(undone_at__isnull=True, created_at__gt=since, stays__severed_at__isnull=True)
        .exclude(moved={})
    )


def erasures_visible_to(actor: Actor) -> QuerySet[Erasure]:
    return Erasure.objects.filter(centre_id__in=actor.file_centres).select_related("party")


def people_visible_to(actor: Actor) -> QuerySet[Party]:
    """People and contacts with a file of their own."""
    return Party.objects.filter(
        centre_id__in=actor.file_centres,
        kind__in=(PartyKind.PERSON, PartyKind.CONTACT),
        merged_into__isnull=True,
        severed_at__isnull=True,
    )


def whole_key(actor: Actor, key: UUID) -> UUID:
    """The key of the file that `key` is read in: its own, or that of the file it was merged
    into."""
    into = Party.objects.filter(
        pk=key, centre_id__in=actor.file_centres, merged_into__isnull=False
    ).values_list("merged_into_id", flat=True)
    return into.first() or key


def keys_of_person(key: UUID) -> list[UUID]:
    """The person's key and those of the files that were merged into theirs."""
    merged = Party.objects.filter(merged_into_id=key).order_by("pk").values_list("pk", flat=True)
    return [key, *merged]


def cards_of_people(centre: Centre) -> list[Card]:
    """Newcomers and Connectors of a centre, as they are compared."""
    rows = (
        Person.objects.filter(
            centre=centre, party__merged_into__isnull=True, party__severed_at__isnull=True
        )
        .order_by("pk")
        .values_list(
            "pk",
            "party__name",
            "party__email",
            "party__phone",
            "occupation_code",
            "connector__organization__party__name",
        )
    )
    return [
        Card(key, name, email, phone, organization or "", occupation)
        for key, name, email, phone, occupation, organization in rows
    ]


def cards_of_contacts(centre: Centre) -> list[Card]:
    """Contacts of a centre, as they are compared."""
    rows = (
        Contact.objects.filter(
            centre=centre, party__merged_into__isnull=True, party__severed_at__isnull=True
        )
        .order_by("pk")
        .values_list("pk", "party__name", "party__email", "party__phone", "organization_name")
    )
    return [Card(*row) for row in rows]


def transfers_visible_to(actor: Actor) -> QuerySet[Transfer]:
    """Moves that the actor's centre proposed, and those towards it from the person's yes on. The
    person's own row is not joined: the other centre may not read it."""
    here = actor.file_centres
    rows = Transfer.objects.filter(Q(centre_id__in=here) | Q(shown_to_id__in=here))
    return rows.select_related("centre", "to")


def counted_before(*, centre: UUID, people: Iterable[UUID]) -> dict[UUID, list[Transfer]]:
    """For whoever came to a centre: the moves that brought them, with what had been counted. Read
    by that centre's staff or house."""
    rows = Transfer.objects.filter(
        to_id=centre, shown_to_id=centre, came_as__in=list(people), state=TransferState.MOVED
    )
    found: dict[UUID, list[Transfer]] = {}
    for row in rows:
        if row.came_as is not None:
            found.setdefault(row.came_as, []).append(row)
    return found


def earlier_homes(centre: UUID, keys: list[UUID]) -> list[tuple[UUID, UUID]]:
    """(centre, key) of every file that a person's file has been before, nearest first. Each house
    is asked by itself."""
    found: list[tuple[UUID, UUID]] = []
    seen, open_ = {*keys}, [(centre, key) for key in keys]
    while open_:
        here, key = open_.pop(0)
        with transaction.atomic(), acting(system_actor(here, purpose="keeping")):
            rows = Transfer.objects.filter(came_as=key, to_id=here, state=TransferState.MOVED)
            before = list(rows.order_by("-ended_at").values_list("centre_id", "party_id"))
        for home in before:
            if home[1] not in seen:
                seen.add(home[1])
                found.append(home)
                open_.append(home)
    return found
