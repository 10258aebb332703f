"""The rungs about meetings: a time, an answer, how it went, and work found before.

Each handler gets an open promise, locked, inside the transaction that marks its rung as done. It
looks at the state of things once more: a rung for something that was settled in another way writes
to nobody.
"""

from __future__ import annotations

from uuid import UUID

from takeroot.access.actor import current_actor
from takeroot.accounts.models import Party
from takeroot.connections import reminders
from takeroot.connections.enums import ConnectorState, MatchState, MeetingState
from takeroot.connections.models import Connector, Match, Meeting
from takeroot.connections.services.calls import owe_a_call
from takeroot.connections.services.house_letters import own_link, write_out
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.reaching import choose_another, stall
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.services import close_for_nobody, keep_promises, open_promise


def _meeting(promise: Promise) -> Meeting | None:
    """The meeting behind a promise about a match, if the match still stands."""
    return (
        Meeting.objects.select_related(
            "centre",
            "match__centre",
            "match__connectee__person__party__centre",
            "match__connector__person__party__centre",
        )
        .filter(match_id=promise.subject_id, match__state=MatchState.INTRODUCED)
        .first()
    )


def _two(meeting: Meeting, first: UUID | None) -> tuple[Party, Party]:
    """The two of a meeting, `first` before the other."""
    one, other = meeting.match.connectee.person.party, meeting.match.connector.person.party
    return (one, other) if first == one.pk else (other, one)


def remind_to_propose(promise: Promise) -> None:
    meeting = _meeting(promise)
    if meeting is None or promise.debtor is None:
        return
    reader, other = _two(meeting, promise.debtor_id)
    link = own_link(reader, LinkPurpose.MEETING, meeting.pk)
    text = reminders.propose_times(reader=reader, other=other, link=link)
    write_out(reader, "remind_propose", text, meeting.match_id)


def remind_to_choose(promise: Promise) -> None:
    meeting = _meeting(promise)
    if meeting is None or promise.debtor is None:
        return
    reader, other = _two(meeting, promise.debtor_id)
    link = own_link(reader, LinkPurpose.MEETING, meeting.pk)
    text = reminders.choose_a_time(reader=reader, other=other, link=link)
    write_out(reader, "remind_choose", text, meeting.match_id)


def another_way_to_meet(promise: Promise) -> None:
    """An easier way for the person, and a call that the centre owes."""
    meeting = _meeting(promise)
    if meeting is None or promise.debtor is None:
        return
    link = own_link(promise.debtor, LinkPurpose.MEETING, meeting.pk)
    text = reminders.another_way(reader=promise.debtor, centre=meeting.centre, link=link)
    write_out(promise.debtor, "another_way", text, meeting.match_id)
    call_them(promise)


def call_them(promise: Promise) -> None:
    """The centre owes a call to whoever does not answer: about them, so that it stands even when
    what they owed has ended."""
    if promise.debtor is not None:
        owe_a_call(promise.debtor)


def give_up_meeting(promise: Promise) -> None:
    """The one who owed did not answer: the match ends, the other is told and looked after."""
    meeting = _meeting(promise)
    close_for_nobody(promise)
    if meeting is None:
        return
    silent, other = _two(meeting, promise.debtor_id)
    match = meeting.match
    end_match(match=match, by=current_actor(), reason=CloseReason.NO_ANSWER)
    if silent.pk == match.connector_id:
        _rest(match.connector, other)
        write_out(
            other,
            "somebody_else",
            reminders.somebody_else(reader=other, other=silent),
            match.pk,
        )
        choose_another(connectee=match.connectee)
    else:
        stall(connectee=match.connectee)
        text = reminders.not_reached(reader=silent, other=other, centre=meeting.centre)
        write_out(silent, "not_reached", text, match.pk)
        write_out(
            other,
            "place_free",
            reminders.your_place_is_free(reader=other, other=silent),
            match.pk,
        )


def _rest(connector: Connector, connectee: Party) -> None:
    """Nobody is proposed to a Connector who did not answer, until they say that they have time."""
    party = connector.person.party
    if connector.state != ConnectorState.ACTIVE:
        # They rest already, and were told so.
        return
    connector.state = ConnectorState.PAUSED
    connector.version += 1
    connector.save(update_fields=["state", "version"])
    text = reminders.resting(reader=party, other=connectee, centre=connector.centre)
    write_out(party, "resting", text, connector.pk)


def ask_both_how_it_went(promise: Promise) -> None:
    meeting = _meeting(promise)
    if meeting is None:
        return
    for reader, other in (
        _two(meeting, meeting.connectee_party),
        _two(meeting, meeting.connector_party),
    ):
        link = own_link(reader, LinkPurpose.MEETING, meeting.pk)
        text = reminders.how_did_it_go(reader=reader, other=other, link=link)
        write_out(reader, "how_did_it_go", text, meeting.match_id)


def call_about_meeting(promise: Promise) -> None:
    if _meeting(promise) is not None:
        call_them(promise)


def meeting_stays_unknown(promise: Promise) -> None:
    meeting = _meeting(promise)
    close_for_nobody(promise)
    if meeting is None or meeting.state != MeetingState.BOOKED:
        return
    meeting.state = MeetingState.UNKNOWN
    meeting.version += 1
    meeting.save(update_fields=["state", "version"])
    record(
        party=meeting.match.connectee.person.party,
        kind=EventKind.MEETING_UNKNOWN,
        about_kind="match",
        about_id=meeting.match_id,
    )


def ask_whether_still(*, match: Match) -> None:
    """A Connectee has found work and has not met yet: would they still like to?"""
    meeting = Meeting.objects.filter(
        match=match,
        match__state=MatchState.INTRODUCED,
        state__in=(MeetingState.TO_BOOK, MeetingState.PROPOSED, MeetingState.BOOKED),
    ).first()
    if meeting is None:
        return
    one = match.connectee.person.party
    promise = open_promise(
        centre=match.centre,
        kind=PromiseKind.STILL_MEET,
        subject_kind="match",
        subject_id=match.pk,
        debtor=one,
        creditor=match.connector.person.party,
    )
    _ask_still(promise, first=True)


def _ask_still(promise: Promise, *, first: bool) -> None:
    meeting = _meeting(promise)
    if meeting is None:
        return
    reader, other = _two(meeting, promise.debtor_id)
    link = own_link(reader, LinkPurpose.MEETING, meeting.pk)
    text = reminders.still_meet(reader=reader, other=other, link=link, first=first)
    write_out(reader, "still_meet", text, meeting.match_id)


def remind_still(promise: Promise) -> None:
    _ask_still(promise, first=False)


def work_before_meeting(promise: Promise) -> None:
    meeting = _meeting(promise)
    close_for_nobody(promise)
    if meeting is not None:
        end_for_work(meeting=meeting)


def answer_still(*, meeting: Meeting, still: bool) -> None:
    """The Connectee's answer: the meeting goes on, or ends with thanks."""
    keep_promises(subject_id=meeting.match_id, kind=PromiseKind.STILL_MEET)
    if not still:
        end_for_work(meeting=meeting)


def end_for_work(*, meeting: Meeting) -> None:
    """The introduction ends because work was found; the Connector is told and thanked."""
    match = meeting.match
    one, other = match.connectee.person.party, match.connector.person.party
    end_match(match=match, by=current_actor(), reason=CloseReason.EMPLOYED)
    write_out(other, "found_work", reminders.found_work(reader=other, other=one), match.pk)
