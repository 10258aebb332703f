"""Who may see a Connectee's résumé and introduction: the Connector whom they meet, if and only if
a consent in force shares it and the grant of the introduction carries it. Read by the house."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from takeroot.access.enums import GrantBasis, Purpose, Share
from takeroot.access.models import Consent, Grant
from takeroot.access.selectors import shares_open_to
from takeroot.documents.models import Document
from takeroot.documents.selectors import latest


def shares_resume(party_id: UUID, *, on: date | None = None) -> bool:
    """Whether a consent to introductions that is in force shares the résumé."""
    day = on or timezone.localdate()
    return Consent.objects.filter(
        party_id=party_id,
        purpose=Purpose.INTRODUCTION,
        shares__contains=[Share.RESUME],
        withdrawn_at__isnull=True,
        until__gte=day,
    ).exists()


def open_resume(*, holder_id: UUID, subject_id: UUID, kind: str) -> Document | None:
    """The newest version that the holder may see now, or None."""
    if Share.RESUME not in shares_open_to(holder_id=holder_id, subject_id=subject_id):
        return None
    if not shares_resume(subject_id):
        return None
    return latest(Document.objects.all(), party_id=subject_id, kind=kind)


def widen_to_resume(party_id: UUID) -> int:
    """A consent that came after the introduction: the grants that stand on consent carry the
    résumé from now on. Returns how many."""
    count = 0
    for grant in Grant.objects.filter(
        subject_id=party_id,
        purpose=Purpose.INTRODUCTION,
        basis=GrantBasis.CONSENT,
        revoked_at__isnull=True,
    ).exclude(shares__contains=[Share.RESUME]):
        grant.shares = sorted({*grant.shares, str(Share.RESUME)})
        grant.save(update_fields=["shares"])
        count += 1
    return count
