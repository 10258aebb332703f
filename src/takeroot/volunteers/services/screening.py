"""Writing down that a document was seen, and what a centre asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.common.editing import save_version
from takeroot.common.errors import Refused
from takeroot.people.models import Person
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises
from takeroot.volunteers.enums import ScreeningKind, Standing
from takeroot.volunteers.models import Screening, ScreeningPlan
from takeroot.volunteers.selectors import Check, checks, plan_of

LONGEST = timedelta(days=10 * 366)


@transaction.atomic
def record_screening(
    *, person: Person, kind: str, received_on: date, valid_until: date | None, by: Actor
) -> Screening:
    """Somebody has seen a document. The same one twice is one; a renewal that was asked for is
    done when the new one holds longer."""
    today = timezone.localdate(timezone=person.centre.zone)
    if received_on > today:
        raise Refused(_("The day it was seen is in the future; nothing was written down."))
    if valid_until is not None and not received_on < valid_until <= received_on + LONGEST:
        raise Refused(
            _("Its last day must come after the day it was seen, and within ten years of it.")
        )
    row, _made = Screening.objects.get_or_create(
        centre=person.centre,
        person=person,
        kind=kind,
        received_on=received_on,
        valid_until=valid_until,
        defaults={"seen_by_id": by.party},
    )
    for old in Screening.objects.filter(person=person, kind=kind).exclude(pk=row.pk):
        if valid_until is None or (old.valid_until and old.valid_until < valid_until):
            keep_promises(subject_id=old.pk, kind=PromiseKind.RENEW_SCREENING)
    return row


@transaction.atomic
def remove_screening(*, screening: Screening, by: Actor) -> None:
    """Take out what was written down by mistake; the trace keeps that it stood here."""
    close_promises(
        subject_id=screening.pk, kind=PromiseKind.RENEW_SCREENING, reason=CloseReason.REPLACED
    )
    screening.delete()


@transaction.atomic
def choose_plan(
    *, centre: Centre, needed: Sequence[str], renew_days: int, grace_days: int, by: Actor
) -> ScreeningPlan:
    """What this centre asks for from now on. Renewals of a kind that is no longer needed are no
    longer asked for."""
    Centre.objects.select_for_update().get(pk=centre.pk)
    plan = plan_of(centre)
    dropped = set(plan.needed) - set(needed)
    plan.needed = [kind for kind in ScreeningKind.values if kind in needed]
    plan.renew_days, plan.grace_days = renew_days, grace_days
    plan.full_clean(exclude=["centre"])
    if plan._state.adding:
        plan.save(force_insert=True)
    else:
        save_version(plan, expected=plan.version, fields=["needed", "renew_days", "grace_days"])
    for key in Screening.objects.filter(centre=centre, kind__in=dropped).values_list(
        "pk", flat=True
    ):
        close_promises(
            subject_id=key, kind=PromiseKind.RENEW_SCREENING, reason=CloseReason.REPLACED
        )
    return plan


def check_screened(*, person: Person, by: Actor) -> None:
    """Raises Refused when a new match is not allowed: something needed is not there, or has
    ended and its days of grace too."""
    centre = person.centre
    plan = plan_of(centre)
    day = timezone.localdate(timezone=centre.zone)
    for check in checks(actor=by, plan=plan, people=[person.pk], day=day)[person.pk]:
        if check.blocks:
            raise Refused(why_blocked(check, person.party.name))


def why_blocked(check: Check, name: str) -> str:
    """The sentence for a check that keeps somebody from new matches."""
    words = {"name": name, "kind": check.label}
    if check.standing == Standing.MISSING or check.until is None:
        return (
            _(
                "%(name)s cannot be matched yet: your centre asks for this first, and none is "
                "written down: %(kind)s."
            )
            % words
        )
    day = date_format(check.until, "DATE_FORMAT")
    return _(
        "%(name)s takes nobody new: the screening has ended on %(day)s (%(kind)s), and the days "
        "of grace are over. Write the new one down on their page, or choose somebody else."
    ) % {**words, "day": day}
