"""What waits for me, and what I wait for."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from takeroot.access.actor import Actor
from takeroot.promises.enums import PromiseState
from takeroot.promises.models import Promise


def open_promises_visible_to(actor: Actor) -> QuerySet[Promise]:
    """Open promises of the actor's centre, or those that concern the actor."""
    rule = Q(centre_id__in=actor.file_centres)
    if actor.party:
        rule |= Q(debtor_id=actor.party) | Q(creditor_id=actor.party)
    return (
        Promise.objects.filter(rule, state=PromiseState.OPEN)
        .select_related("debtor", "creditor")
        .order_by("due_on", "id")
    )


def owed_by_centre(actor: Actor) -> QuerySet[Promise]:
    return open_promises_visible_to(actor).filter(debtor__isnull=True)


def owed_by_others(actor: Actor) -> QuerySet[Promise]:
    return open_promises_visible_to(actor).filter(debtor__isnull=False)
