"""Promises are opened, kept, or closed with a reason; never dropped in silence."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.promises.enums import CloseReason, PromiseKind, PromiseState
from takeroot.promises.models import Promise

# Days until due; the ladders of reminders come with the Connector Program's policies.
DAYS = {
    PromiseKind.SIGN_READINESS: 7,
    PromiseKind.DECIDE_ROUND: 7,
    PromiseKind.SEND_INTRODUCTION: 3,
    PromiseKind.BOOK_MEETING: 14,
    PromiseKind.LOG_MEETING: 3,
    PromiseKind.REFER: 21,
    PromiseKind.ANSWER_REFERRAL: 14,
}


@transaction.atomic
def open_promise(
    *,
    centre: Centre,
    kind: PromiseKind,
    subject_kind: str,
    subject_id: UUID,
    debtor: Party | None = None,
    creditor: Party | None = None,
    due_on: date | None = None,
) -> Promise:
    """Open a promise, or return the one that is already open for the same thing."""
    today = timezone.localdate(timezone=centre.zone)
    promise, _made = Promise.objects.get_or_create(
        centre=centre,
        kind=kind,
        subject_id=subject_id,
        debtor=debtor,
        state=PromiseState.OPEN,
        defaults={
            "creditor": creditor,
            "subject_kind": subject_kind,
            "due_on": due_on or today + timedelta(days=DAYS[kind]),
        },
    )
    return promise


def keep_promises(*, subject_id: UUID, kind: PromiseKind, debtor: Party | None = None) -> int:
    """Mark what was owed about a subject as kept. Returns how many."""
    rows = Promise.objects.filter(subject_id=subject_id, kind=kind, state=PromiseState.OPEN)
    if debtor is not None:
        rows = rows.filter(debtor=debtor)
    return rows.update(state=PromiseState.KEPT, settled_at=timezone.now())


def close_promises(
    *, subject_id: UUID, reason: CloseReason, kind: PromiseKind | None = None
) -> int:
    """Close what is still owed about a subject, with the reason. Returns how many."""
    rows = Promise.objects.filter(subject_id=subject_id, state=PromiseState.OPEN)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return rows.update(state=PromiseState.CLOSED, reason=reason, settled_at=timezone.now())
