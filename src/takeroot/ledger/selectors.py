"""Reading the ledger."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from takeroot.access.actor import Actor
from takeroot.ledger.models import Event


def timeline(*, actor: Actor, party_id: UUID) -> QuerySet[Event]:
    """What happened to one person, latest first."""
    return Event.objects.filter(centre_id__in=actor.file_centres, party_id=party_id).select_related(
        "other"
    )
