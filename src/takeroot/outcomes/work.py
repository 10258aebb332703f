"""Reading jobs and leads, always for somebody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.outcomes.enums import InField
from takeroot.outcomes.models_stay import CountingRule
from takeroot.outcomes.models_work import Job, Lead


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    return Job.objects.filter(centre_id__in=actor.file_centres).select_related(
        "employer__party", "connectee__person__party"
    )


def own_jobs(actor: Actor) -> QuerySet[Job]:
    """The jobs of whoever came through a link."""
    return Job.objects.filter(connectee_id=actor.party_id).select_related("employer__party")


def counting_rule(centre: Centre) -> CountingRule:
    """What this centre counts: its own rule, or the usual one."""
    return CountingRule.objects.filter(centre=centre).first() or CountingRule(centre=centre)


def counts_as_work(*, rule: CountingRule, in_field: str, hours: Decimal | None) -> bool:
    """In their field and full time. What is not known never counts."""
    return in_field == InField.YES and hours is not None and hours >= rule.full_time_hours


def leads_visible_to(actor: Actor) -> QuerySet[Lead]:
    return Lead.objects.filter(centre_id__in=actor.file_centres).select_related("left_by")


def leads_for(actor: Actor, *, today: date) -> QuerySet[Lead]:
    """What the Connectee behind a link may read: leads told to them that still hold, while the
    match stands."""
    return Lead.objects.filter(
        connectee_party=actor.party_id,
        withdrawn_at__isnull=True,
        until__gte=today,
        match__state="introduced",
    ).select_related("left_by")


def leads_by(actor: Actor, *, match_id: UUID) -> QuerySet[Lead]:
    """What somebody behind a link has left for one match."""
    return Lead.objects.filter(
        left_by_id=actor.party_id, match_id=match_id, withdrawn_at__isnull=True
    )
