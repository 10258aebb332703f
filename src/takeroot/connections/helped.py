"""Whom a Connector helped and what came of it: told only as far as each person has agreed.

Read by the house on the Connector's behalf: their own walls show them nobody else's ledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.access.enums import Purpose, Share
from takeroot.access.models import Consent, Grant
from takeroot.connections.enums import MeetingState
from takeroot.connections.enums_applying import ThanksState
from takeroot.connections.models import Match
from takeroot.connections.models_applying import Thanks
from takeroot.ledger.enums import EventKind
from takeroot.ledger.models import Event


@dataclass(frozen=True)
class Helped:
    """One person whom a Connector met. `name` and `outcome` are empty unless they are open."""

    key: UUID
    name: str
    met_on: date | None
    outcome: str
    told: bool
    thanks: str


def _outcome(counts: Counter[str]) -> str:
    """What came of it, in words, from the ledger."""
    parts = []
    if counts[EventKind.WORK_IN_FIELD]:
        parts.append(_("they have found work in their field"))
    elif counts[EventKind.WORK_OTHER]:
        parts.append(_("they have found work"))
    if yes := counts[EventKind.REFERRAL_AGREED]:
        parts.append(
            ngettext(
                "%(n)d more person said yes to meeting them",
                "%(n)d more people said yes to meeting them",
                yes,
            )
            % {"n": yes}
        )
    if met := counts[EventKind.REFERRAL_MET]:
        parts.append(
            ngettext("they have met %(n)d of them", "they have met %(n)d of them", met) % {"n": met}
        )
    if not parts:
        return _("Nothing more has been told to the centre yet.")
    return _("%(parts)s.") % {"parts": ", ".join(parts)}


def helped_by(connector_id: UUID) -> list[Helped]:
    """Everybody a Connector met, latest first. Five queries, however many there are."""
    matches = list(
        Match.objects.filter(connector_id=connector_id, meeting__state=MeetingState.HELD)
        .select_related("connectee__person__party", "meeting")
        .order_by("-meeting__held_on", "pk")
    )
    ids = [match.connectee_id for match in matches]
    now, today = timezone.now(), timezone.localdate()
    agreed = set(
        Consent.objects.filter(
            party_id__in=ids,
            purpose=Purpose.OUTCOME,
            withdrawn_at__isnull=True,
            given_on__lte=today,
            until__gte=today,
        ).values_list("party_id", flat=True)
    )
    named = set(
        Grant.objects.filter(
            holder_id=connector_id,
            subject_id__in=ids,
            shares__contains=[Share.NAME],
            revoked_at__isnull=True,
            starts_at__lte=now,
            ends_at__gt=now,
        ).values_list("subject_id", flat=True)
    )
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for party, kind in Event.objects.filter(party_id__in=agreed).values_list("party_id", "kind"):
        counts[party][kind] += 1
    said = dict(
        Thanks.objects.filter(
            match__in=[match.pk for match in matches], state=ThanksState.PASSED
        ).values_list("match_id", "text")
    )
    return [
        Helped(
            key=match.connectee_id,
            name=match.connectee.person.party.name if match.connectee_id in agreed | named else "",
            met_on=match.meeting.held_on,
            outcome=_outcome(counts[match.connectee_id]) if match.connectee_id in agreed else "",
            told=match.connectee_id in agreed,
            thanks=said.get(match.pk, ""),
        )
        for match in matches
    ]
