"""Reading the ledger."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from takeroot.access.actor import Actor
from takeroot.accounts.models import Party
from takeroot.ledger.models import Event


def timeline(*, actor: Actor, party_id: UUID) -> QuerySet[Event]:
    """What happened to one person, latest first; files that were merged into theirs are read as
    part of it."""
    # Asked for by their keys: «theirs, or merged into theirs» in one statement reads every event
    # of the centre.
    merged = Party.objects.filter(merged_into_id=party_id).values_list("pk", flat=True)
    return Event.objects.filter(
        party_id__in=[party_id, *merged], centre_id__in=actor.file_centres
    ).select_related("other__merged_into")
