"""Reads of pairs, merges and wishes to be forgotten, always for somebody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from takeroot.access.actor import Actor
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Contact
from takeroot.keeping.enums import PairState
from takeroot.keeping.likeness import Card
from takeroot.keeping.models import Erasure, Merge, Pair
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
