"""Promises are opened, kept, or closed with a reason; never dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.promises.enums import CloseReason, Hold, PromiseKind, PromiseState
from takeroot.promises.ladder import next_moment
from takeroot.promises.models import Handover, PolicyChoice, Promise
from takeroot.promises.policies import policy_for
from takeroot.promises.selectors import days_for

LONGEST_POSTPONEMENT = timedelta(days=180)


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
    days: int | None = None,
) -> Promise:
    """Open a promise, or return the one that is already open for the same thing. Its ladder is
    set up at once: the first rung has its moment when this returns. Due on a day, or in so many
    days, or as the centre has it."""
    today = timezone.localdate(timezone=centre.zone)
    due = due_on or today + timedelta(days=days or days_for(centre, kind))
    fresh = Promise(
        centre=centre,
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        debtor=debtor,
        creditor=creditor,
        due_on=due,
    )
    promise, _made = Promise.objects.get_or_create(
        centre=centre,
        kind=kind,
        subject_id=subject_id,
        debtor=debtor,
        state=PromiseState.OPEN,
        defaults={
            "creditor": creditor,
            "subject_kind": subject_kind,
            "due_on": due,
            "next_at": next_moment(fresh, after=timezone.now()),
            "held": Hold.BOUNCED if debtor is not None and debtor.mail_bounced_at else "",
        },
    )
    return promise


def open_many(
    *, centre: Centre, kind: PromiseKind, subject_kind: str, people: Sequence[UUID]
) -> None:
    """What the centre owes to many people at once, each about themselves. The caller knows that
    none of it is open yet (they have only just come)."""
    now = timezone.now()
    due = timezone.localdate(timezone=centre.zone) + timedelta(days=days_for(centre, kind))
    rows = [
        Promise(
            centre=centre,
            kind=kind,
            subject_kind=subject_kind,
            subject_id=key,
            creditor_id=key,
            due_on=due,
        )
        for key in people
    ]
    for row in rows:
        row.next_at = next_moment(row, after=now)
    Promise.objects.bulk_create(rows, batch_size=1000)


def _settle(rows, **values) -> int:  # type: ignore[no-untyped-def]
    return int(rows.update(settled_at=timezone.now(), next_at=None, held="", **values))


def keep_promises(*, subject_id: UUID, kind: PromiseKind, debtor: Party | None = None) -> int:
    """Mark what was owed about a subject as kept. Returns how many."""
    rows = Promise.objects.filter(subject_id=subject_id, kind=kind, state=PromiseState.OPEN)
    if debtor is not None:
        rows = rows.filter(debtor=debtor)
    return _settle(rows, state=PromiseState.KEPT)


def close_promises(
    *,
    subject_id: UUID,
    reason: CloseReason,
    kind: PromiseKind | None = None,
    debtor: Party | None = None,
) -> int:
    """Close what is still owed about a subject, with the reason. Returns how many."""
    rows = Promise.objects.filter(subject_id=subject_id, state=PromiseState.OPEN)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if debtor is not None:
        rows = rows.filter(debtor=debtor)
    return _settle(rows, state=PromiseState.CLOSED, reason=reason)


def close_for_nobody(promise: Promise) -> None:
    """The last rung: nobody answered, and everybody was told beforehand what then happens."""
    _settle(
        Promise.objects.filter(pk=promise.pk, state=PromiseState.OPEN),
        state=PromiseState.CLOSED,
        reason=CloseReason.NO_ANSWER,
    )


def _open_row(promise: Promise) -> Promise:
    row = (
        Promise.objects.select_for_update(of=("self",))
        .select_related("centre", "debtor")
        .get(pk=promise.pk)
    )
    if row.state != PromiseState.OPEN:
        raise EditedMeanwhile(_("This has been settled meanwhile; nothing was changed."))
    return row


@transaction.atomic
def postpone(*, promise: Promise, due_on: date, by: Actor) -> Promise:
    """Give more time. The rungs that are left move with the day; those done are not done again."""
    row = _open_row(promise)
    today = timezone.localdate(timezone=row.centre.zone)
    if not today < due_on <= today + LONGEST_POSTPONEMENT:
        raise Refused(_("Choose a day from tomorrow on, within half a year."))
    row.due_on = due_on
    row.next_at = next_moment(row, after=timezone.now())
    row.save(update_fields=["due_on", "next_at"])
    return row


@transaction.atomic
def settle_by_hand(*, promise: Promise, reason: str, by: Actor) -> Promise:
    """Staff close something with a reason: it is settled in another way, or cannot be."""
    row = _open_row(promise)
    if reason not in CloseReason.values:
        raise Refused(_("Choose the reason that comes nearest."))
    row.state, row.reason = PromiseState.CLOSED, reason
    row.settled_at, row.next_at, row.held = timezone.now(), None, ""
    row.save(update_fields=["state", "reason", "settled_at", "next_at", "held"])
    return row


@transaction.atomic
def take_on(*, promise: Promise, owner: Party | None, by: Actor) -> Promise:
    """Say who of the staff sees to what the centre owes (None: whoever is there)."""
    row = _open_row(promise)
    row.owner = owner
    row.save(update_fields=["owner"])
    return row


def hold_ladders(*, debtor: Party, why: Hold) -> int:
    """Stop the ladders of whoever cannot be reached: a dead mailbox is not a silent person."""
    rows = Promise.objects.filter(debtor=debtor, state=PromiseState.OPEN, held="")
    return rows.update(held=why)


@transaction.atomic
def release_ladders(*, debtor: Party, why: Hold) -> int:
    """Let the ladders go on, with as many days as were left, counted from now. Returns how many."""
    rows = Promise.objects.select_for_update(of=("self",)).select_related("centre", "debtor")
    now = timezone.now()
    count = 0
    for row in rows.filter(debtor=debtor, state=PromiseState.OPEN, held=why):
        today = timezone.localdate(timezone=row.centre.zone)
        row.held = ""
        # Whoever could not be written to has at least a week from today.
        row.due_on = max(row.due_on, today + timedelta(days=7))
        row.next_at = next_moment(row, after=now)
        row.save(update_fields=["held", "due_on", "next_at"])
        count += 1
    return count


@transaction.atomic
def choose_days(*, centre: Centre, kind: str, days: int, by: Actor) -> None:
    """A centre's own number of days for one kind. What is open already keeps its day: it was
    told to people."""
    policy = policy_for(kind)
    if policy.setting:
        raise Refused(_("This number stands among the centre's settings. Change it there."))
    first = -policy.ladder[0].after if policy.ladder else 0
    if not max(1, first + 1) <= days <= 365:
        raise Refused(
            _("Choose between %(least)d and 365 days: the first reminder goes out before.")
            % {"least": max(1, first + 1)}
        )
    if days == policy.days:
        PolicyChoice.objects.filter(centre=centre, kind=kind).delete()
        return
    PolicyChoice.objects.update_or_create(centre=centre, kind=kind, defaults={"days": days})


@transaction.atomic
def hand_over(
    *, centre: Centre, away: Party, deputy: Party, starts_on: date, ends_on: date, by: Actor
) -> Handover:
    """What waits for `away` waits for `deputy` from one day to another. Raises Refused."""
    if ends_on < starts_on:
        raise Refused(_("The last day comes before the first; nothing was changed."))
    if away.pk == deputy.pk:
        raise Refused(_("Choose somebody other than the person who is away."))
    same = Handover.objects.filter(
        centre=centre, away=away, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).first()
    if same is not None:
        same.deputy, same.starts_on, same.ends_on = deputy, starts_on, ends_on
        same.save()
        return same
    row = Handover(centre=centre, away=away, deputy=deputy, starts_on=starts_on, ends_on=ends_on)
    row.save(force_insert=True)
    return row


@transaction.atomic
def end_handover(*, handover: Handover, by: Actor) -> None:
    """Somebody is back before the day, or stays after all."""
    Handover.objects.filter(pk=handover.pk).delete()
