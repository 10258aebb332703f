"""Signing the readiness of several people at once, with what they agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from takeroot.access.actor import Actor
from takeroot.access.enums import Purpose, Share
from takeroot.access.services import live_consent, record_consent
from takeroot.connections.models import Connectee, Qualification
from takeroot.connections.services.enrolment import sign_readiness

SHARES = [Share.NAME, Share.PROFILE, Share.CONTACT]


@dataclass(frozen=True)
class Agreement:
    """How several people said yes to being introduced, and until when."""

    how: str
    until: date
    audience: str


@transaction.atomic
def sign_several(
    *, connectees: Sequence[Connectee], agreement: Agreement | None, by: Actor
) -> None:
    """Sign every point for each of them, and write down their consent (to introductions and
    referrals) where there is none yet. All or none; raises Refused."""
    for connectee in connectees:
        points = dict.fromkeys(Qualification.POINTS, True)
        sign_readiness(connectee=connectee, points=points, by=by)
        if agreement is not None:
            _consents(connectee, agreement, by)


def _consents(connectee: Connectee, agreement: Agreement, by: Actor) -> None:
    for purpose in (Purpose.INTRODUCTION, Purpose.REFERRAL):
        if live_consent(party_id=connectee.pk, purpose=purpose):
            continue
        record_consent(
            party=connectee.person.party,
            purpose=purpose,
            shares=[str(share) for share in SHARES],
            audience=agreement.audience,
            given_on=timezone.localdate(),
            until=agreement.until,
            how=agreement.how,
            by=by,
        )
