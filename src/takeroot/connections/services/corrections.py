"""Taking back what was noted of a meeting: a correction that names the event it corrects."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections import reminders
from takeroot.connections.enums import ConnecteeState, MeetingState
from takeroot.connections.models import Meeting
from takeroot.connections.services.meetings import locked, send, two_of
from takeroot.ledger.enums import EventKind
from takeroot.ledger.models import Event
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, open_promise

_NOTED = {MeetingState.HELD: EventKind.MET, MeetingState.MISSED: EventKind.MEETING_MISSED}


@transaction.atomic
def take_back_log(*, meeting: Meeting) -> Meeting:
    """«That was not what I meant»: how the meeting went is open again. Twice is once; Refused when
    people have been named since, who know of it."""
    row = locked(meeting)
    if row.state not in _NOTED:
        return row
    if row.match.referrals.exists():
        raise Refused(
            _("People have been named since, so this cannot be taken back here. Write to us.")
        )
    was_held = row.state == MeetingState.HELD
    _correct(row)
    row.state = MeetingState.BOOKED if row.starts_at else MeetingState.TO_BOOK
    row.held_on = None
    row.times_missed -= 0 if was_held else 1
    row.version += 1
    row.save()
    if was_held:
        _no_doors_yet(row)
    _owed_again(row)
    return row


def _correct(row: Meeting) -> None:
    one, other = two_of(row)
    noted = (
        Event.objects.filter(party=one, kind=_NOTED[MeetingState(row.state)], about_id=row.match_id)
        .order_by("-created_at")
        .first()
    )
    record(
        party=one,
        kind=EventKind.CORRECTED,
        other=other,
        about_kind="match",
        about_id=row.match_id,
        corrects=noted,
    )


def _no_doors_yet(row: Meeting) -> None:
    """The Connector had been asked to open doors: not yet, after all."""
    one, other = two_of(row)
    connectee = row.match.connectee
    if connectee.state == ConnecteeState.MET:
        connectee.state = ConnecteeState.INTRODUCED
        connectee.save(update_fields=["state"])
    close_promises(subject_id=row.match_id, reason=CloseReason.REPLACED, kind=PromiseKind.REFER)
    SignedLink.objects.filter(
        party=other, purpose=LinkPurpose.REFERRING, subject_id=row.match_id, revoked_at=None
    ).update(revoked_at=timezone.now())
    send(
        row, other, kind="not_met_after_all", text=reminders.not_after_all(reader=other, other=one)
    )


def _owed_again(row: Meeting) -> None:
    one, other = two_of(row)
    close_promises(
        subject_id=row.match_id, reason=CloseReason.REPLACED, kind=PromiseKind.BOOK_MEETING
    )
    booked = row.starts_at is not None
    today = timezone.localdate(timezone=row.centre.zone)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.LOG_MEETING if booked else PromiseKind.BOOK_MEETING,
        subject_kind="match",
        subject_id=row.match_id,
        debtor=one,
        creditor=None if booked else other,
        due_on=_day_to_say(row, today) if booked else None,
    )


def _day_to_say(row: Meeting, today: date) -> date:
    """Three days after the booked time, and not before tomorrow."""
    assert row.starts_at is not None
    day = row.starts_at.astimezone(row.centre.zone).date() + timedelta(days=3)
    return max(day, today + timedelta(days=1))
