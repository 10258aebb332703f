"""Answers by letter: what is clear is done, what is not waits for a person, and nothing that was
done on an answer is final (the person is told, with a link that takes it back)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.common.keeping import on_erasure
from takeroot.connections import reminders
from takeroot.connections.enums import MatchState, MeetingState, ReferralState
from takeroot.connections.models import Meeting, Referral
from takeroot.connections.reply_words import (
    Said,
    Understood,
    meaning_of_meeting,
    meaning_of_question,
)
from takeroot.connections.services.meetings import log_meeting, other_of, send
from takeroot.connections.services.referrals import say_no, say_yes
from takeroot.messaging.incoming import on_answer, on_any_answer, settle
from takeroot.messaging.models import IncomingLetter, LinkPurpose, Outcome
from takeroot.messaging.quiet import zone_of_reader
from takeroot.messaging.services import issue_link
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

#: Letters that ask whether the two have met: «yes» answers them.
ASK_HOW_IT_WENT = ("how_did_it_go",)
ABOUT_A_MEETING = (
    *ASK_HOW_IT_WENT,
    "introduction_connectee",
    "introduction_connector",
    "times_proposed",
    "times_changed",
    "meeting_booked",
    "remind_propose",
    "remind_choose",
)
ASK_A_CONTACT = ("may_we_introduce",)
NOTHING = "nothing"


def meeting_of(row: IncomingLetter) -> Meeting | None:
    """The meeting that an answer is about, while the match stands and the writer is one of it."""
    if row.letter.kind not in ABOUT_A_MEETING or row.letter.about_id is None:
        return None
    meeting = (
        Meeting.objects.select_related(
            "centre",
            "match__connectee__person__party__centre",
            "match__connector__person__party__centre",
        )
        .filter(match_id=row.letter.about_id, match__state=MatchState.INTRODUCED)
        .first()
    )
    two = (meeting.connectee_party, meeting.connector_party) if meeting else ()
    return meeting if row.party_id in two else None


def question_of(row: IncomingLetter) -> Referral | None:
    """The question to a contact that an answer is about, while it waits for one."""
    if row.letter.kind not in ASK_A_CONTACT or row.letter.about_id is None:
        return None
    return Referral.objects.filter(
        pk=row.letter.about_id, contact_party=row.party_id, state=ReferralState.ASKED
    ).first()


def _for_a_person(row: IncomingLetter) -> None:
    open_promise(
        centre=row.centre,
        kind=PromiseKind.READ_REPLY,
        subject_kind="reply",
        subject_id=row.pk,
        creditor=row.party,
    )


def _about_a_meeting(row: IncomingLetter) -> None:
    """How it went, if that is clear and can be; else a person reads it."""
    meeting = meeting_of(row)
    if meeting is None:
        return _for_a_person(row)
    zone = zone_of_reader(row.party, row.centre)
    booked = meeting.starts_at.astimezone(zone).date() if meeting.starts_at else None
    other = other_of(meeting, row.party_id)
    said = meaning_of_meeting(
        row.text,
        today=row.written_at.astimezone(zone).date(),
        asked=row.letter.kind in ASK_HOW_IT_WENT,
        names=(other.name, other.first_name),
        booked=booked,
    )
    if meeting.state == MeetingState.HELD and said.said == Said.MET and not said.more:
        return settle(row, outcome=Outcome.UNDERSTOOD, meaning=said.said)
    day = _day_to_note(meeting, said)
    if day is None or meeting.state in (MeetingState.HELD, MeetingState.CANCELLED):
        return _for_a_person(row)
    try:
        with transaction.atomic():
            held = said.said == Said.MET
            log_meeting(meeting=meeting, held=held, on=day, by=row.party)
    except Refused:
        return _for_a_person(row)
    _confirm(row, meeting, other, day if held else None)
    settle(row, outcome=Outcome.UNDERSTOOD, meaning=said.said)
    if said.more:
        # What was clear is done; the rest of the letter still wants a reader.
        settle(row, outcome=Outcome.WAITING, meaning=said.said)
        _for_a_person(row)


def _day_to_note(meeting: Meeting, said: Understood) -> date | None:
    """The day to write down; None when nothing is clear. Without a day in the answer it is the
    booked one, once that has passed; «not yet» before that says nothing new."""
    past = meeting.starts_at is not None and meeting.starts_at <= timezone.now()
    booked = meeting.starts_at.astimezone(meeting.centre.zone).date() if meeting.starts_at else None
    if said.said == Said.MET:
        return said.day or (booked if past else None)
    if said.said == Said.NOT_MET and past and meeting.state == MeetingState.BOOKED:
        return booked
    return None


def _confirm(row: IncomingLetter, meeting: Meeting, other: Party, met_on: date | None) -> None:
    """A short letter: what was noted, and a link that takes it back."""
    link = issue_link(party=row.party, purpose=LinkPurpose.MEETING, subject_id=meeting.pk)
    text = reminders.noted_from_reply(
        reader=row.party, other=other, met_on=met_on, link=f"{{link:{link.pk}}}"
    )
    send(meeting, row.party, kind="noted_from_reply", text=text)


def _about_a_question(row: IncomingLetter) -> None:
    """A contact's clear yes or no; else a person reads it."""
    referral = question_of(row)
    said = meaning_of_question(row.text).said
    if referral is None or said == Said.UNCLEAR:
        return _for_a_person(row)
    try:
        with transaction.atomic():
            _answer(referral, said)
    except Refused:
        return _for_a_person(row)
    settle(row, outcome=Outcome.UNDERSTOOD, meaning=said)


def _answer(referral: Referral, said: str) -> None:
    if said == Said.YES:
        say_yes(referral=referral)
    else:
        say_no(referral=referral, never_again=said == Said.NEVER)


@transaction.atomic
def read_reply(*, reply: IncomingLetter, meaning: str, on: date | None = None, by: Actor) -> None:
    """A person says what an answer means, and it is done in its writer's name. Raises Refused."""
    row = (
        IncomingLetter.objects.select_for_update(of=("self",))
        .select_related("centre", "letter", "party__centre")
        .get(pk=reply.pk)
    )
    if row.outcome != Outcome.WAITING:
        raise EditedMeanwhile(_("This answer has been read meanwhile; nothing was changed."))
    if meaning != NOTHING:
        _as_told(row, meaning, on)
    row.outcome, row.meaning = Outcome.READ, meaning
    row.read_by_id, row.read_at = by.party, timezone.now()
    row.save(update_fields=["outcome", "meaning", "read_by", "read_at"])
    keep_promises(subject_id=row.pk, kind=PromiseKind.READ_REPLY)


def _as_told(row: IncomingLetter, meaning: str, on: date | None) -> None:
    meeting, referral = meeting_of(row), question_of(row)
    if meaning in (Said.MET, Said.NOT_MET) and meeting is not None:
        day = on or timezone.localdate(timezone=row.centre.zone)
        log_meeting(meeting=meeting, held=meaning == Said.MET, on=day, by=row.party)
    elif meaning in (Said.YES, Said.NO, Said.NEVER) and referral is not None:
        _answer(referral, meaning)
    else:
        raise Refused(_("This answer can no longer mean that: what it was about has ended."))


def erased(keys: list[UUID], tell: bool) -> list[UUID]:
    """Somebody is erased: what they wrote waits for nobody any more."""
    waiting = IncomingLetter.objects.filter(party_id__in=keys, outcome=Outcome.WAITING)
    for key in waiting.values_list("pk", flat=True):
        close_promises(subject_id=key, reason=CloseReason.ERASED)
    return []


def register_readers() -> None:
    """Called once, when the house starts."""
    on_answer(ABOUT_A_MEETING, _about_a_meeting)
    on_answer(ASK_A_CONTACT, _about_a_question)
    on_any_answer(_for_a_person)
    on_erasure(erased)
