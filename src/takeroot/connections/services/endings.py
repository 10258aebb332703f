"""Ending a match before its two have met: by one of them, or by the centre."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, current_actor
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections import letters
from takeroot.connections.calendar import CANCEL
from takeroot.connections.enums import MatchState, MeetingState
from takeroot.connections.models import Match, Meeting
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.meetings import (
    calendar_text,
    locked,
    other_of,
    send,
    two_of,
    when_in_words,
)


def _tell(row: Meeting, reader: Party, *, kind: str, text: letters.Text, booked: bool) -> None:
    """One letter; a booked time leaves the reader's calendar with it."""
    calendar = calendar_text(row, reader, method=CANCEL) if booked else ""
    send(row, reader, kind=kind, text=text, calendar=calendar, how=CANCEL if booked else "")


@transaction.atomic
def step_back(*, meeting: Meeting, by: Party) -> Match:
    """«This does not suit me»: either of the two ends the match, without giving a reason. The
    other is told without blame; a booked time leaves both calendars."""
    row = locked(meeting)
    if row.state == MeetingState.HELD:
        raise Refused(_("You have met already, so there is nothing to step back from."))
    booked = row.state == MeetingState.BOOKED
    if booked:
        row.sequence += 1
        row.save(update_fields=["sequence"])
    other = other_of(row, by.pk)
    when = when_in_words(row.starts_at, other) if booked and row.starts_at else ""
    text = letters.introduction_ended(reader=other, other=by, when=when)
    _tell(row, other, kind="introduction_ended", text=text, booked=booked)
    end_match(match=row.match, by=current_actor())
    return row.match


@transaction.atomic
def end_by_centre(*, match: Match, by: Actor) -> None:
    """The centre ends a match: both are told, and a booked time leaves both calendars."""
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related(
            "centre", "match__connectee__person__party", "match__connector__person__party"
        )
        .filter(match=match, match__state=MatchState.INTRODUCED)
        .first()
    )
    end_match(match=match, by=by)
    if meeting is None or meeting.state == MeetingState.HELD:
        return
    booked = meeting.state == MeetingState.BOOKED and meeting.starts_at is not None
    meeting.sequence += int(booked)
    for reader in two_of(meeting):
        when = when_in_words(meeting.starts_at, reader) if booked and meeting.starts_at else ""
        text = letters.match_ended(reader=reader, other=other_of(meeting, reader.pk), when=when)
        _tell(meeting, reader, kind="match_ended", text=text, booked=booked)
