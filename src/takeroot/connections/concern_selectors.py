"""Reading reports that something was not right; the database narrows this to those who may."""

from __future__ import annotations

from django.db.models import QuerySet

from takeroot.access.actor import Actor
from takeroot.accounts.enums import CONCERN_ROLES
from takeroot.connections.models_concern import Concern


def concerns_visible_to(actor: Actor) -> QuerySet[Concern]:
    """Reports of the actor's centre that are not withheld from them."""
    if actor.role not in CONCERN_ROLES:
        return Concern.objects.none()
    rows = Concern.objects.filter(centre_id__in=actor.file_centres)
    if actor.party is not None:
        rows = rows.exclude(withheld_from__contains=[actor.party])
    return rows.select_related(
        "centre",
        "about",
        "said_by",
        "decided_by",
        "match__connectee__person__party",
        "match__connector__person__party",
    )
