"""Leads to work that is not advertised: for the matched, and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.common.errors import Refused
from takeroot.common.text import tidy
from takeroot.connections.enums import MatchState
from takeroot.connections.models import Connector, Match
from takeroot.outcomes.models_work import Lead

LONGEST = timedelta(days=183)


@dataclass(frozen=True)
class Opening:
    """Work that somebody knows of."""

    employer: str
    what: str
    how: str
    until: date


def _check(opening: Opening, today: date) -> None:
    if not (tidy(opening.employer) and tidy(opening.what) and tidy(opening.how)):
        raise Refused(_("Write the employer, what they look for, and how to apply."))
    if opening.until < today:
        raise Refused(_("The last day has passed already; nothing was kept."))
    if opening.until > today + LONGEST:
        raise Refused(_("Choose a last day within half a year: leads grow old."))


@transaction.atomic
def leave_lead(
    *, connector: Connector, opening: Opening, by: Actor, match: Match | None = None
) -> list[Lead]:
    """Tell a lead to the one Connectee of `match`, or to everybody whom this Connector meets.
    The same lead twice is one. Raises Refused."""
    today = timezone.localdate(timezone=connector.centre.zone)
    _check(opening, today)
    matches = Match.objects.filter(connector=connector, state=MatchState.INTRODUCED)
    if match is not None:
        matches = matches.filter(pk=match.pk)
    found = list(matches.order_by("created_at"))
    if not found:
        raise Refused(_("There is nobody to tell it to: no introduction stands at present."))
    rows = []
    for one in found:
        row, _made = Lead.objects.get_or_create(
            match=one,
            employer=tidy(opening.employer)[:160],
            what=tidy(opening.what)[:300],
            withdrawn_at=None,
            defaults={
                "centre_id": one.centre_id,
                "connectee_party": one.connectee_id,
                "left_by_id": by.party,
                "how": tidy(opening.how)[:300],
                "until": opening.until,
            },
        )
        rows.append(row)
    return rows


@transaction.atomic
def withdraw_lead(*, lead: Lead, by: Actor) -> None:
    """The place is taken, or it was a mistake: nobody sees the lead any more."""
    Lead.objects.filter(pk=lead.pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
