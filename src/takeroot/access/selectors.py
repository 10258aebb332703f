"""Reads of the trace, for those who may see it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from takeroot.access.actor import Actor
from takeroot.access.models import Change, Consent, Grant, Read


def changes_visible_to(actor: Actor) -> QuerySet[Change]:
    return Change.objects.filter(centre_id__in=actor.file_centres).order_by("-at", "-id")


def reads_visible_to(actor: Actor) -> QuerySet[Read]:
    return Read.objects.filter(centre_id__in=actor.file_centres).order_by("-at", "-id")


def consents_visible_to(actor: Actor) -> QuerySet[Consent]:
    return Consent.objects.filter(centre_id__in=actor.file_centres)


def shares_open_to(*, holder_id: UUID, subject_id: UUID) -> frozenset[str]:
    """Which parts of the subject's file the holder may see now."""
    from django.utils import timezone

    now = timezone.now()
    rows = Grant.objects.filter(
        holder_id=holder_id,
        subject_id=subject_id,
        revoked_at__isnull=True,
        starts_at__lte=now,
        ends_at__gt=now,
    ).values_list("shares", flat=True)
    return frozenset(share for shares in rows for share in shares)
