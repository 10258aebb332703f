"""What centres see of each other where they share Connectors."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.connections.models_shared import Offer, SharedAsk, SharedPlace, SharingSide


def sides_visible_to(actor: Actor) -> QuerySet[SharingSide]:
    """Sides that stand, of the actor's centre and towards it."""
    centres = actor.file_centres
    rule = Q(centre_id__in=centres) | Q(other_id__in=centres)
    return SharingSide.objects.filter(rule, ended_at=None)


def partners(*, actor: Actor, centre: Centre) -> list[UUID]:
    """Centres with which this one shares: both sides stand."""
    back = sides_visible_to(actor).filter(centre=OuterRef("other"), other=centre)
    rows = sides_visible_to(actor).filter(Exists(back), centre=centre)
    return list(rows.order_by("agreed_at").values_list("other_id", flat=True))


def offers_visible_to(actor: Actor, centre: Centre) -> QuerySet[Offer]:
    """Anonymous places that partners offer to this centre now."""
    return (
        Offer.objects.filter(to_id__in=actor.file_centres, to=centre)
        .filter(centre_id__in=partners(actor=actor, centre=centre))
        .select_related("centre")
        .order_by("centre__slug", "occupation_code", "place")
    )


def asks_visible_to(actor: Actor) -> QuerySet[SharedAsk]:
    """Requests of the actor's centre to others, and of others to it."""
    centres = actor.file_centres
    return SharedAsk.objects.filter(
        Q(centre_id__in=centres) | Q(to_id__in=centres), connectee__isnull=False
    ).select_related("centre", "to", "answer")


def shared_keys(actor: Actor) -> frozenset[UUID]:
    """Which of our Connectors other centres may ask."""
    rows = SharedPlace.objects.filter(centre_id__in=actor.file_centres, ended_at=None)
    return frozenset(rows.values_list("connector_id", flat=True))
