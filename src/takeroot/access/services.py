"""Verbs that open and close: consent, grant, revoke."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.enums import GivenHow, GrantBasis, Purpose, Share
from takeroot.access.models import Consent, Grant, Read
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused

LONGEST_CONSENT = timedelta(days=3 * 366)


@transaction.atomic
def record_consent(
    *,
    party: Party,
    purpose: str,
    shares: Sequence[str],
    audience: str,
    given_on: date,
    until: date,
    how: str,
    by: Actor,
    interpreter_language: str = "",
) -> Consent:
    """Write down a yes. Raises Refused when the dates cannot be right."""
    if until <= given_on or until > given_on + LONGEST_CONSENT:
        raise Refused(
            _(
                "The last day of a consent must come after the day it was given, and within "
                "three years of it."
            )
        )
    if given_on > timezone.localdate() + timedelta(days=1):
        raise Refused(_("The day the consent was given is in the future."))
    if how == GivenHow.INTERPRETER and not interpreter_language:
        raise Refused(_("Say through which language the interpreter worked."))
    consent = Consent(
        centre_id=party.centre_id,
        party=party,
        purpose=purpose,
        shares=sorted(set(shares)),
        audience=audience,
        given_on=given_on,
        until=until,
        how=how,
        interpreter_language=interpreter_language,
        recorded_by_id=by.party,
    )
    consent.full_clean(exclude=["centre", "party", "recorded_by"])
    consent.save(force_insert=True)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: Actor) -> int:
    """Take a yes back: every grant that rested on it closes now. Returns how many closed."""
    now = timezone.now()
    if consent.withdrawn_at is None:
        consent.withdrawn_at = now
        consent.save(update_fields=["withdrawn_at"])
    return Grant.objects.filter(
        subject_id=consent.party_id, purpose=consent.purpose, revoked_at__isnull=True
    ).update(revoked_at=now)


def live_consent(*, party_id: UUID, purpose: str, on: date | None = None) -> Consent | None:
    """The consent that covers `purpose` on that day (today), if there is one."""
    day = on or timezone.localdate()
    return (
        Consent.objects.filter(
            party_id=party_id,
            purpose=purpose,
            withdrawn_at__isnull=True,
            # Written down “today” where the day has already begun, further east.
            given_on__lte=day + timedelta(days=1),
            until__gte=day,
        )
        .order_by("-until")
        .first()
    )


@transaction.atomic
def open_grant(
    *,
    subject: Party,
    holder: Party,
    shares: Sequence[str],
    purpose: str,
    basis: str,
    because_kind: str,
    because_id: UUID,
    until: date,
) -> Grant:
    """Open parts of a file to another party until the end of a day."""
    grant = Grant(
        centre_id=subject.centre_id,
        subject=subject,
        holder=holder,
        shares=sorted(set(shares)),
        purpose=purpose,
        basis=basis,
        because_kind=because_kind,
        because_id=because_id,
        starts_at=timezone.now() - timedelta(minutes=1),
        ends_at=datetime.combine(until + timedelta(days=1), datetime.min.time(), tzinfo=UTC),
    )
    grant.save(force_insert=True)
    return grant


def close_grants(*, because_id: UUID) -> int:
    """Close every grant that a match or an assignment had opened."""
    return Grant.objects.filter(because_id=because_id, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )


def record_read(*, by: Actor, subject_id: UUID, centre_id: UUID, page: str) -> None:
    """Reading a person's file leaves a trace."""
    Read.objects.bulk_create(
        [
            Read(
                centre_id=centre_id,
                actor_id=by.party,
                role=by.role,
                subject_id=subject_id,
                page=page,
            )
        ]
    )


def record_reads(*, by: Actor, subjects: Sequence[UUID], centre_id: UUID, page: str) -> None:
    """As `record_read`, for a page that shows several people's details at once."""
    Read.objects.bulk_create(
        Read(centre_id=centre_id, actor_id=by.party, role=by.role, subject_id=subject, page=page)
        for subject in dict.fromkeys(subjects)
    )


def scrub_trace(*, row_ids: list[UUID]) -> None:
    """Empty what the trace kept of rows that are forgotten; that they changed stays known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT takeroot_scrub(%s)", [row_ids])


__all__ = [
    "GrantBasis",
    "Purpose",
    "Share",
    "close_grants",
    "live_consent",
    "open_grant",
    "record_consent",
    "record_read",
    "record_reads",
    "scrub_trace",
    "withdraw_consent",
]
