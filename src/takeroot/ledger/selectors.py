"""Reading the ledger."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from takeroot.access.actor import Actor
from takeroot.ledger.models import Event


def timeline(*, actor: Actor, party_id: UUID) -> QuerySet[Event]:
    """What happened to one person, latest first; files that were merged into theirs are read as
    part of it."""
    theirs = Q(party_id=party_id) | Q(party__merged_into_id=party_id)
    return Event.objects.filter(theirs, centre_id__in=actor.file_centres).select_related(
        "other__merged_into"
    )
