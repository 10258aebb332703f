"""What happens when nothing comes: the rungs of the programme's ladders.

Each handler gets an open promise, locked, inside the transaction that marks its rung as done. It
looks at the state of things once more: a rung for something that was settled in another way writes
to nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, current_actor
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Party
from takeroot.common.errors import EditedMeanwhile
from takeroot.connections import policies, reminders
from takeroot.connections.enums import ConnecteeState, ConnectorState, MatchState, MeetingState
from takeroot.connections.letters import Text
from takeroot.connections.models import Connectee, Connector, Match, Meeting, Referral
from takeroot.connections.services.calls import heard_from, owe_a_call
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.referrals import asked_of, referrals_left
from takeroot.connections.services.sharing import shared_ask_is_silent
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import Letter, LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import Act, CloseReason, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.policies import Policy, register
from takeroot.promises.selectors import owed_by_centre
from takeroot.promises.services import close_for_nobody, keep_promises, open_promise, postpone

LATE_LETTER = "late_today"


def _write(party: Party, kind: str, text: Text, about: UUID) -> None:
    write_letter(party=party, kind=kind, subject=text.subject, body=text.body, about_id=about)


def _mark(party: Party, purpose: LinkPurpose, subject: UUID) -> str:
    """Where the reader's own link stands in a letter."""
    return f"{{link:{issue_link(party=party, purpose=purpose, subject_id=subject).pk}}}"


# Meetings --------------------------------------------------------------------------------------


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


def _remind_to_propose(promise: Promise) -> None:
    meeting = _meeting(promise)
    if meeting is None or promise.debtor is None:
        return
    reader, other = _two(meeting, promise.debtor_id)
    link = _mark(reader, LinkPurpose.MEETING, meeting.pk)
    text = reminders.propose_times(reader=reader, other=other, link=link)
    _write(reader, "remind_propose", text, meeting.match_id)


def _remind_to_choose(promise: Promise) -> None:
    meeting = _meeting(promise)
    if meeting is None or promise.debtor is None:
        return
    reader, other = _two(meeting, promise.debtor_id)
    link = _mark(reader, LinkPurpose.MEETING, meeting.pk)
    text = reminders.choose_a_time(reader=reader, other=other, link=link)
    _write(reader, "remind_choose", text, meeting.match_id)


def _another_way_to_meet(promise: Promise) -> None:
    """An easier way for the person, and a call that the centre owes."""
    meeting = _meeting(promise)
    if meeting is None or promise.debtor is None:
        return
    link = _mark(promise.debtor, LinkPurpose.MEETING, meeting.pk)
    text = reminders.another_way(reader=promise.debtor, centre=meeting.centre, link=link)
    _write(promise.debtor, "another_way", text, meeting.match_id)
    _call(promise)


def _call(promise: Promise) -> None:
    """The centre owes a call to whoever does not answer: about them, so that it stands even when
    what they owed has ended."""
    if promise.debtor is not None:
        owe_a_call(promise.debtor)


def _give_up_meeting(promise: Promise) -> None:
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
        _write(
            other,
            "somebody_else",
            reminders.somebody_else(reader=other, other=silent),
            match.pk,
        )
        choose_another(connectee=match.connectee)
    else:
        stall(connectee=match.connectee)
        text = reminders.not_reached(reader=silent, other=other, centre=meeting.centre)
        _write(silent, "not_reached", text, match.pk)
        _write(
            other,
            "place_free",
            reminders.your_place_is_free(reader=other, other=silent),
            match.pk,
        )


def _rest(connector: Connector, connectee: Party) -> None:
    """Nobody is proposed to a Connector who did not answer, until they say that they have time."""
    party = connector.person.party
    if connector.state == ConnectorState.ACTIVE:
        connector.state = ConnectorState.PAUSED
        connector.version += 1
        connector.save(update_fields=["state", "version"])
    text = reminders.resting(reader=party, other=connectee, centre=connector.centre)
    _write(party, "resting", text, connector.pk)


def choose_another(*, connectee: Connectee) -> None:
    """The centre owes a Connectee another Connector."""
    open_promise(
        centre=connectee.centre,
        kind=PromiseKind.CHOOSE_ANOTHER,
        subject_kind="connectee",
        subject_id=connectee.pk,
        creditor=connectee.person.party,
    )


def stall(*, connectee: Connectee) -> None:
    """A Connectee who does not answer takes part in no round until they do."""
    row = Connectee.objects.select_for_update(of=("self",)).get(pk=connectee.pk)
    over = (ConnecteeState.COMPLETE, ConnecteeState.EMPLOYED, ConnecteeState.CLOSED)
    if row.state in (*over, ConnecteeState.STALLED):
        return
    row.state = ConnecteeState.STALLED
    row.save(update_fields=["state"])
    record(party=row.person.party, kind=EventKind.LOST_TOUCH)


def _ask_both_how_it_went(promise: Promise) -> None:
    meeting = _meeting(promise)
    if meeting is None:
        return
    for reader, other in (
        _two(meeting, meeting.connectee_party),
        _two(meeting, meeting.connector_party),
    ):
        link = _mark(reader, LinkPurpose.MEETING, meeting.pk)
        text = reminders.how_did_it_go(reader=reader, other=other, link=link)
        _write(reader, "how_did_it_go", text, meeting.match_id)


def _call_about_meeting(promise: Promise) -> None:
    if _meeting(promise) is not None:
        _call(promise)


def _meeting_stays_unknown(promise: Promise) -> None:
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


# Doors -----------------------------------------------------------------------------------------


def _match_of(promise: Promise) -> tuple[Match, Referral | None] | None:
    """The match a promise about doors belongs to, and the referral it hangs on (second hop)."""
    referral = None
    key = promise.subject_id
    if promise.subject_kind == "referral":
        referral = Referral.objects.filter(pk=key).first()
        if referral is None:
            return None
        key = referral.match_id
    match = (
        Match.objects.select_related("centre", "connectee__person__party__centre")
        .filter(pk=key, state=MatchState.INTRODUCED)
        .first()
    )
    return (match, referral) if match else None


def _remind_of_doors(promise: Promise) -> None:
    found = _match_of(promise)
    if found is None or promise.debtor is None:
        return
    match, _referral = found
    left = referrals_left(match=match, referrer=promise.debtor)
    if left == 0:
        return
    text = reminders.name_people(
        reader=promise.debtor,
        connectee=match.connectee.person.party,
        left=left,
        asked=asked_of(match),
        link=_mark(promise.debtor, LinkPurpose.REFERRING, promise.subject_id),
    )
    _write(promise.debtor, "remind_doors", text, match.pk)


def _call_about_doors(promise: Promise) -> None:
    found = _match_of(promise)
    if found is None or promise.debtor is None:
        return
    text = reminders.another_way(
        reader=promise.debtor,
        centre=promise.centre,
        link=_mark(promise.debtor, LinkPurpose.REFERRING, promise.subject_id),
    )
    _write(promise.debtor, "another_way", text, found[0].pk)
    _call(promise)


def _stop_asking_for_doors(promise: Promise) -> None:
    found = _match_of(promise)
    close_for_nobody(promise)
    if found is None or promise.debtor is None:
        return
    connectee = found[0].connectee.person.party
    text = reminders.thanks_anyway(reader=promise.debtor, connectee=connectee)
    _write(promise.debtor, "thanks_anyway", text, found[0].pk)


def _remind_shared(promise: Promise) -> None:
    """Another centre's request waits for an answer."""
    if promise.debtor is not None:
        link = _mark(promise.debtor, LinkPurpose.SHARED_ASK, promise.subject_id)
        text = reminders.another_way(reader=promise.debtor, centre=promise.centre, link=link)
        _write(promise.debtor, "remind_shared", text, promise.subject_id)


# Work found before the meeting -----------------------------------------------------------------


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
    link = _mark(reader, LinkPurpose.MEETING, meeting.pk)
    text = reminders.still_meet(reader=reader, other=other, link=link, first=first)
    _write(reader, "still_meet", text, meeting.match_id)


def _remind_still(promise: Promise) -> None:
    _ask_still(promise, first=False)


def _work_before_meeting(promise: Promise) -> None:
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
    _write(other, "found_work", reminders.found_work(reader=other, other=one), match.pk)


# Somebody was reached by telephone ---------------------------------------------------------------


@transaction.atomic
def reached(*, promise: Promise, by: Actor) -> None:
    """«I reached them»: the call that the centre owed is made. Whoever had been set aside because
    they did not answer is back, and what they still owe has a week more."""
    person = promise.creditor
    if person is None:
        return
    heard_from(person)
    connectee = Connectee.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    if connectee is not None and connectee.state == ConnecteeState.STALLED:
        back_in_touch(connectee=connectee, by=by)
    today = timezone.localdate(timezone=promise.centre.zone)
    for owed in Promise.objects.filter(debtor=person, state="open").select_related("centre"):
        if owed.due_on < today:
            postpone(promise=owed, due_on=today + timedelta(days=7), by=by)


@transaction.atomic
def back_in_touch(*, connectee: Connectee, by: Actor) -> None:
    """A Connectee who could not be reached answers again: ready, with the waiting time kept."""
    row = (
        Connectee.objects.select_for_update(of=("self",))
        .select_related("qualification", "person__party")
        .get(pk=connectee.pk)
    )
    if row.state != ConnecteeState.STALLED:
        raise EditedMeanwhile(_("This person is in touch already; nothing was changed."))
    signed = row.qualification.signed_at is not None
    row.state = ConnecteeState.READY if signed else ConnecteeState.APPLIED
    row.save(update_fields=["state"])
    record(party=row.person.party, kind=EventKind.BACK_IN_TOUCH)


# What the centre owes --------------------------------------------------------------------------


def _remind_staff(promise: Promise) -> None:
    """One letter a day at most to each coordinator, with all that is late; no names in it."""
    centre = promise.centre
    day = timezone.localdate(timezone=centre.zone)
    late = owed_by_centre(current_actor()).filter(centre=centre, due_on__lt=day)
    kinds = [row.kind for row in late]
    for party in Party.objects.filter(
        user__memberships__centre=centre,
        user__memberships__role=Role.COORDINATOR,
        user__is_active=True,
    ).select_related("centre"):
        told = Letter.objects.filter(
            party=party, kind=LATE_LETTER, created_at__date=timezone.now().date()
        )
        if told.exists():
            continue
        with translation.override(party.language):
            lines = [str(PromiseKind(kind).label) for kind in kinds]
        text = reminders.late_today(reader=party, centre=centre, lines=lines, day=day)
        _write(party, LATE_LETTER, text, centre.pk)


def _tell_applicant(promise: Promise) -> None:
    """A promise to a person is kept, or visibly broken: they are told that the centre is late."""
    _remind_staff(promise)
    if promise.creditor is not None:
        text = reminders.we_are_late(reader=promise.creditor, centre=promise.centre)
        _write(promise.creditor, "we_are_late", text, promise.subject_id)


# Files that have become old --------------------------------------------------------------------


def _ask_for_profile(promise: Promise) -> None:
    ask_for_profile(promise, first=False)


def ask_for_profile(promise: Promise, *, first: bool) -> None:
    """Ask somebody to look at their file once."""
    if promise.debtor is None:
        return
    link = _mark(promise.debtor, LinkPurpose.PROFILE, promise.subject_id)
    text = reminders.still_right(reader=promise.debtor, link=link, first=first)
    _write(promise.debtor, "still_right", text, promise.subject_id)


def _call_about_profile(promise: Promise) -> None:
    if promise.debtor is not None:
        _call(promise)


def _leave_out_of_rounds(promise: Promise) -> None:
    """Nobody is proposed on the strength of a file that nobody has confirmed."""
    close_for_nobody(promise)
    connector = Connector.objects.filter(pk=promise.subject_id).first()
    if connector is not None and connector.state == ConnectorState.ACTIVE:
        connector.state = ConnectorState.PAUSED
        connector.version += 1
        connector.save(update_fields=["state", "version"])
    connectee = Connectee.objects.filter(pk=promise.subject_id, state=ConnecteeState.READY).first()
    if connectee is not None:
        stall(connectee=connectee)


_HANDLERS: tuple[tuple[Policy, dict[Act, Callable[[Promise], None]]], ...] = (
    (
        policies.BOOK_MEETING,
        {
            Act.REMIND: _remind_to_propose,
            Act.OTHER_WAY: _another_way_to_meet,
            Act.CLOSE: _give_up_meeting,
        },
    ),
    (
        policies.ANSWER_TIMES,
        {
            Act.REMIND: _remind_to_choose,
            Act.OTHER_WAY: _another_way_to_meet,
            Act.REASSIGN: _give_up_meeting,
        },
    ),
    (
        policies.LOG_MEETING,
        {
            Act.REMIND: _ask_both_how_it_went,
            Act.OTHER_WAY: _call_about_meeting,
            Act.CLOSE: _meeting_stays_unknown,
        },
    ),
    (
        policies.REFER,
        {
            Act.REMIND: _remind_of_doors,
            Act.OTHER_WAY: _call_about_doors,
            Act.CLOSE: _stop_asking_for_doors,
        },
    ),
    (policies.REFER_ON, {Act.REMIND: _remind_of_doors, Act.CLOSE: _stop_asking_for_doors}),
    (policies.ANSWER_REFERRAL, {}),
    (policies.ANSWER_SHARED, {Act.REMIND: _remind_shared, Act.CLOSE: shared_ask_is_silent}),
    (policies.STILL_MEET, {Act.REMIND: _remind_still, Act.CLOSE: _work_before_meeting}),
    (
        policies.UPDATE_PROFILE,
        {
            Act.REMIND: _ask_for_profile,
            Act.OTHER_WAY: _call_about_profile,
            Act.CLOSE: _leave_out_of_rounds,
        },
    ),
)


def register_policies() -> None:
    """Called once, when the house starts."""
    for policy in policies.FOR_THE_CENTRE:
        applicant = policy.kind == PromiseKind.SIGN_READINESS
        register(policy, {Act.REMIND: _tell_applicant if applicant else _remind_staff})
    for policy, handlers in _HANDLERS:
        register(policy, handlers)


__all__ = [
    "answer_still",
    "ask_for_profile",
    "ask_whether_still",
    "back_in_touch",
    "choose_another",
    "end_for_work",
    "reached",
    "register_policies",
    "stall",
]
