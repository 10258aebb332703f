"""Counts from the ledger, each with its definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import Coalesce

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.ledger.enums import EventKind
from takeroot.ledger.models import Event


@dataclass(frozen=True)
class PeriodFigures:
    """Events of one centre since a day: people introduced, meetings held, contacts who said yes."""

    introduced: int
    met: int
    contacts: int
    ideal_contacts: int


def ideal_network(centre: Centre) -> int:
    """Contacts of one Connectee if everybody opens every door: 1 + 3 + 9 = 13 by default. A
    ceiling, not a target."""
    return sum(centre.referrals_asked**hop for hop in range(centre.hops + 1))


def period_figures(*, actor: Actor, centre: Centre, since: date) -> PeriodFigures:
    """Counts of ledger events in the centre since a day (inclusive)."""
    rows = (
        Event.objects.filter(centre_id__in=actor.file_centres, centre=centre, on__gte=since)
        .filter(kind__in=(EventKind.INTRODUCED, EventKind.MET))
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    counts = dict(rows)
    met = counts.get(EventKind.MET, 0)
    # A contact whom somebody met through two people is one contact: merged files count once.
    agreed = (
        Event.objects.filter(centre_id__in=actor.file_centres, centre=centre, on__gte=since)
        .filter(kind=EventKind.REFERRAL_AGREED)
        .order_by()
        .values(
            who=Coalesce("party__merged_into_id", "party_id"),
            whom=Coalesce("other__merged_into_id", "other_id"),
        )
        .distinct()
        .count()
    )
    return PeriodFigures(
        introduced=counts.get(EventKind.INTRODUCED, 0),
        met=met,
        contacts=met + agreed,
        ideal_contacts=met * ideal_network(centre),
    )
