"""Renewals: asked for in time, reminded, called, and at last only the block remains."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.messaging.services import write_letter
from takeroot.promises.enums import Act, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.policies import register
from takeroot.promises.services import close_for_nobody, open_promise
from takeroot.volunteers import letters, policies
from takeroot.volunteers.models import Screening
from takeroot.volunteers.selectors import plan_of

AT_ONCE = 100


@transaction.atomic
def ask_for_renewals(*, centre: Centre) -> int:
    """Ask whoever's needed screening ends within the window, once each. Returns how many."""
    plan = plan_of(centre)
    today = timezone.localdate(timezone=centre.zone)
    last = today + timedelta(days=plan.renew_days)
    later = Screening.objects.filter(person=OuterRef("person"), kind=OuterRef("kind")).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until"))
    )
    asked = Promise.objects.filter(centre=centre, kind=PromiseKind.RENEW_SCREENING)
    rows = (
        Screening.objects.filter(
            ~Exists(later), centre=centre, kind__in=plan.needed, valid_until__range=(today, last)
        )
        .filter(person__party__severed_at__isnull=True)
        .exclude(pk__in=asked.values("subject_id"))
        .select_related("person__party__centre")
        .order_by("valid_until", "pk")[:AT_ONCE]
    )
    for row in rows:
        open_promise(
            centre=centre,
            kind=PromiseKind.RENEW_SCREENING,
            subject_kind="screening",
            subject_id=row.pk,
            debtor=row.person.party,
            due_on=row.valid_until,
        )
        _ask(row.person.party, row)
    return len(rows)


def _ask(party: Party, screening: Screening) -> None:
    subject, body = letters.please_renew(reader=party, screening=screening)
    write_letter(
        party=party, kind="renew_screening", subject=subject, body=body, about_id=screening.pk
    )


def _behind(promise: Promise) -> Screening | None:
    return Screening.objects.filter(pk=promise.subject_id).first()


def _remind(promise: Promise) -> None:
    screening = _behind(promise)
    if screening is not None and promise.debtor is not None:
        _ask(promise.debtor, screening)


def _call(promise: Promise) -> None:
    """Once more by letter, and somebody calls."""
    _remind(promise)
    if promise.debtor is not None:
        open_promise(
            centre=promise.centre,
            kind=PromiseKind.CALL,
            subject_kind="party",
            subject_id=promise.debtor.pk,
            creditor=promise.debtor,
        )


def _leave_it(promise: Promise) -> None:
    """Nothing came. The block comes by itself with the date; the person is told kindly."""
    close_for_nobody(promise)
    screening = _behind(promise)
    if screening is None or promise.debtor is None:
        return
    subject, body = letters.not_asked_for_now(reader=promise.debtor, screening=screening)
    write_letter(
        party=promise.debtor,
        kind="screening_ended",
        subject=subject,
        body=body,
        about_id=screening.pk,
    )


def register_policy() -> None:
    """Called once, when the house starts."""
    register(
        policies.RENEW_SCREENING,
        {Act.REMIND: _remind, Act.OTHER_WAY: _call, Act.CLOSE: _leave_it},
    )
