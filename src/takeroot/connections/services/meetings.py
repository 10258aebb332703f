"""Finding a time, meeting, and saying how it went."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_name
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.common.text import tidy
from takeroot.connections import letters
from takeroot.connections.calendar import CANCEL, PUBLISH, REQUEST, calendar_file
from takeroot.connections.enums import ConnecteeState, MatchState, MeetingState, Topic
from takeroot.connections.kinds import kind_of
from takeroot.connections.link_selectors import zone_of
from takeroot.connections.models import Meeting, MeetingNote
from takeroot.connections.services.calls import heard_from, owe_a_call
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

MOST_TIMES = 3
_DAY_AND_TIME = {"en": "l j F Y, H:i", "fr": "l j F Y, G\u00a0\\h\u00a0i"}
FARTHEST = timedelta(days=120)


def when_in_words(moment: datetime, party: Party) -> str:
    """A moment in the reader's language and zone, with the zone's name."""
    return moment_in_words(moment, zone_of(party), party.language)


def moment_in_words(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment with its day of the week and its zone's name: «(Philippine Standard Time)»."""
    local = moment.astimezone(zone)
    language = language[:2]
    with translation.override(language):
        words = date_format(local, _DAY_AND_TIME.get(language, _DAY_AND_TIME["en"]))
    return f"{words} ({get_timezone_name(local, locale=f'{language}_CA')})"


def choose_zone(*, party: Party, zone: str) -> Party:
    """Remember in which time zone somebody wants to read times."""
    if zone not in available_timezones():
        raise Refused(_("Choose a time zone of the list."))
    if party.timezone != zone:
        party.timezone = zone
        party.save(update_fields=["timezone"])
    return party


def locked(meeting: Meeting) -> Meeting:
    """The meeting, kept from everybody else until this transaction ends; Refused once it ended."""
    row = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related(
            "centre",
            "match__connectee__person__party",
            "match__connector__person__party",
            "match__centre",
        )
        .get(pk=meeting.pk)
    )
    if row.match.state != MatchState.INTRODUCED:
        raise Refused(_("This introduction has ended; nothing was changed."))
    return row


def two_of(meeting: Meeting) -> tuple[Party, Party]:
    """Connectee and Connector of a meeting."""
    return meeting.match.connectee.person.party, meeting.match.connector.person.party


def other_of(meeting: Meeting, party_id: UUID) -> Party:
    one, other = two_of(meeting)
    return other if party_id == one.pk else one


def _link_mark(meeting: Meeting, party: Party) -> str:
    link = issue_link(party=party, purpose=LinkPurpose.MEETING, subject_id=meeting.pk)
    return f"{{link:{link.pk}}}"


@transaction.atomic
def propose_times(
    *, meeting: Meeting, times: list[datetime], by: Party, mode: str = "", where: str = ""
) -> Meeting:
    """Offer up to three moments to the other person, and how and where to meet. Raises Refused
    for moments that cannot be; the same offer twice is one offer."""
    times = _possible(times)
    row = locked(meeting)
    if row.state in (MeetingState.HELD, MeetingState.BOOKED):
        raise Refused(_("A time is booked already. Cancel it first, then propose others."))
    where = tidy(where)[:200] or row.where
    offer = (MeetingState.PROPOSED, times, by.pk, mode or row.mode, where)
    if offer == (row.state, row.proposed_times, row.proposed_by_id, row.mode, row.where):
        return row
    _offer(row, times=times, by=by, mode=mode, where=where)
    reader = other_of(row, by.pk)
    text = letters.times_proposed(
        reader=reader, other=by, when=_in_words(times, reader), link=_link_mark(row, reader)
    )
    send(row, reader, kind="times_proposed", text=text)
    return row


def _possible(times: list[datetime]) -> list[datetime]:
    """Each moment once, in order; raises Refused for those that nobody could keep."""
    now = timezone.now()
    times = sorted(set(times))
    if not times or len(times) > MOST_TIMES:
        raise Refused(_("Propose one, two or three times."))
    if times[0] <= now or times[-1] > now + FARTHEST:
        raise Refused(_("Each time must lie in the future, within the next four months."))
    return times


def _in_words(times: list[datetime], reader: Party) -> list[str]:
    return [when_in_words(time, reader) for time in times]


def _offer(row: Meeting, *, times: list[datetime], by: Party, mode: str, where: str) -> None:
    row.mode, row.where = mode or row.mode, where
    row.state = MeetingState.PROPOSED
    row.proposed_times = times
    row.proposed_by = by
    row.starts_at = None
    row.version += 1
    row.save()
    record(
        party=two_of(row)[0],
        kind=EventKind.TIMES_PROPOSED,
        about_kind="match",
        about_id=row.match_id,
    )
    _now_the_other(row, by)


def _now_the_other(row: Meeting, by: Party) -> None:
    """Whoever proposed has done their part; the other owes an answer."""
    for kind in (PromiseKind.BOOK_MEETING, PromiseKind.ANSWER_TIMES):
        keep_promises(subject_id=row.match_id, kind=kind)
    heard_from(by)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.ANSWER_TIMES,
        subject_kind="match",
        subject_id=row.match_id,
        debtor=other_of(row, by.pk),
        creditor=by,
    )


def send(
    row: Meeting, reader: Party, *, kind: str, text: letters.Text, calendar: str = "", how: str = ""
) -> None:
    write_letter(
        party=reader,
        kind=kind,
        subject=text.subject,
        body=text.body,
        about_id=row.match_id,
        calendar=calendar,
        calendar_method=how,
    )


@transaction.atomic
def propose_instead(
    *, meeting: Meeting, booked: str, times: list[datetime], by: Party, mode: str, where: str
) -> Meeting:
    """Propose times; if the booking that the person saw (`booked`, ISO) still stands, they take
    its place: each of the two receives one letter, which also takes the old time out of their
    calendar. A booking they have not seen is left alone: Refused says so."""
    row = locked(meeting)
    before = row.starts_at
    if row.state != MeetingState.BOOKED or before is None or before.isoformat() != booked:
        return propose_times(meeting=meeting, times=times, by=by, mode=mode, where=where)
    times = _possible(times)
    row.sequence += 1
    other = other_of(row, by.pk)
    files = {party.pk: calendar_text(row, party, method=CANCEL) for party in (by, other)}
    _take_back(row)
    _offer(row, times=times, by=by, mode=mode, where=tidy(where)[:200] or row.where)
    link = _link_mark(row, other)
    text = letters.times_proposed(
        reader=other,
        other=by,
        when=_in_words(times, other),
        link=link,
        before=when_in_words(before, other),
    )
    send(row, other, kind="times_proposed", text=text, calendar=files[other.pk], how=CANCEL)
    text = letters.times_changed(
        reader=by, other=other, before=when_in_words(before, by), link=_link_mark(row, by)
    )
    send(row, by, kind="times_changed", text=text, calendar=files[by.pk], how=CANCEL)
    return row


@transaction.atomic
def choose_time(*, meeting: Meeting, time: datetime, where: str, by: Party) -> Meeting:
    """Book one of the proposed moments: both receive it for their calendars."""
    row = locked(meeting)
    if row.state == MeetingState.BOOKED and row.starts_at == time:
        return row
    if row.state != MeetingState.PROPOSED or time not in row.proposed_times:
        raise Refused(_("This time is no longer offered. Choose another, or propose your own."))
    if row.proposed_by_id == by.pk:
        raise Refused(_("You proposed these times: the other person chooses."))
    if time <= timezone.now():
        raise Refused(_("This time has passed. Choose another, or propose your own."))
    row.state = MeetingState.BOOKED
    row.starts_at = time
    row.where = tidy(where)[:200]
    row.sequence += 1
    row.version += 1
    row.save()
    _tell_both(row, method=REQUEST)
    record(party=two_of(row)[0], kind=EventKind.BOOKED, about_kind="match", about_id=row.match_id)
    for kind in (PromiseKind.BOOK_MEETING, PromiseKind.ANSWER_TIMES):
        keep_promises(subject_id=row.match_id, kind=kind)
    heard_from(by)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.LOG_MEETING,
        subject_kind="match",
        subject_id=row.match_id,
        debtor=two_of(row)[0],
        creditor=None,
        due_on=time.astimezone(row.centre.zone).date() + timedelta(days=3),
    )
    return row


def _tell_both(row: Meeting, *, method: str) -> None:
    assert row.starts_at is not None
    for reader in two_of(row):
        other = other_of(row, reader.pk)
        when = when_in_words(row.starts_at, reader)
        link = _link_mark(row, reader)
        if method == CANCEL:
            text = letters.meeting_cancelled(reader=reader, other=other, when=when, link=link)
        else:
            text = letters.meeting_booked(
                reader=reader, other=other, when=when, where=row.where, link=link
            )
        kind = "meeting_cancelled" if method == CANCEL else "meeting_booked"
        calendar = calendar_text(row, reader, method=method)
        send(row, reader, kind=kind, text=text, calendar=calendar, how=method)


def calendar_text(row: Meeting, reader: Party, *, method: str = REQUEST) -> str:
    """The calendar file of a booked meeting for one reader."""
    assert row.starts_at is not None
    with translation.override(reader.language):
        summary = _("Conversation with %(name)s") % {"name": other_of(row, reader.pk).name}
    return calendar_file(
        uid=str(row.pk),
        sequence=row.sequence,
        method=method,
        starts_at=row.starts_at,
        minutes=row.minutes,
        summary=summary,
        where=row.where,
        people=list(two_of(row)),
        stamp=timezone.now(),
    )


@transaction.atomic
def cancel_time(*, meeting: Meeting, by: Party) -> Meeting:
    """Take a booked time back: both calendars are told, and a new time is owed."""
    row = locked(meeting)
    if row.state != MeetingState.BOOKED:
        raise Refused(_("No time is booked; nothing was changed."))
    row.sequence += 1
    _tell_both(row, method=CANCEL)
    _take_back(row)
    return row


def _take_back(row: Meeting) -> None:
    """No time is booked any more, and a new one is owed."""
    row.state = MeetingState.TO_BOOK
    row.starts_at = None
    row.proposed_times = []
    row.version += 1
    row.save()
    one, other = two_of(row)
    record(party=one, kind=EventKind.MEETING_CANCELLED, about_kind="match", about_id=row.match_id)
    close_promises(
        subject_id=row.match_id, reason=CloseReason.REPLACED, kind=PromiseKind.LOG_MEETING
    )
    open_promise(
        centre=row.centre,
        kind=PromiseKind.BOOK_MEETING,
        subject_kind="match",
        subject_id=row.match_id,
        debtor=one,
        creditor=other,
    )


def _latest_today(row: Meeting, by: Party | None) -> date:
    """Today where the teller is, if that is later than in the centre."""
    zones = [row.centre.zone]
    if by is not None and by.timezone:
        zones.append(ZoneInfo(by.timezone))
    return max(timezone.localdate(timezone=zone) for zone in zones)


@transaction.atomic
def log_meeting(
    *, meeting: Meeting, held: bool, on: date, by: Party | None, notes: dict[str, str] | None = None
) -> Meeting:
    """Say that the meeting took place (or did not). Then the Connector is asked for referrals."""
    row = locked(meeting)
    if on > _latest_today(row, by):
        raise Refused(_("The day of the meeting is in the future: say so once you have met."))
    if by is not None and notes:
        save_notes(meeting=row, author=by, notes=notes)
    if row.state == MeetingState.HELD or (row.state == MeetingState.MISSED and not held):
        return row
    row.state = MeetingState.HELD if held else MeetingState.MISSED
    row.held_on = on if held else None
    row.version += 1
    row.save()
    for kind in (
        PromiseKind.LOG_MEETING,
        PromiseKind.BOOK_MEETING,
        PromiseKind.ANSWER_TIMES,
        PromiseKind.STILL_MEET,
    ):
        keep_promises(subject_id=row.match_id, kind=kind)
    one, other = two_of(row)
    heard_from(one, other)
    if not held:
        _missed(row)
        open_promise(
            centre=row.centre,
            kind=PromiseKind.BOOK_MEETING,
            subject_kind="match",
            subject_id=row.match_id,
            debtor=one,
            creditor=other,
        )
        return row
    _met(row, on)
    return row


def _missed(row: Meeting) -> None:
    """Not held. The second time, somebody of the centre calls: two people need a hand."""
    one, other = two_of(row)
    record(
        party=one,
        kind=EventKind.MEETING_MISSED,
        other=other,
        about_kind="match",
        about_id=row.match_id,
    )
    row.times_missed += 1
    row.save(update_fields=["times_missed"])
    if row.times_missed > 1:
        owe_a_call(one)


def _met(row: Meeting, on: date) -> None:
    one, other = two_of(row)
    connectee = row.match.connectee
    pairing = kind_of(row.match.kind)
    if pairing.leads and connectee.state == ConnecteeState.INTRODUCED:
        connectee.state = ConnecteeState.MET
        connectee.save(update_fields=["state"])
    record(
        party=one,
        kind=EventKind.MET,
        on=on,
        other=other,
        about_kind="match",
        about_id=row.match_id,
    )
    if count := pairing.asked(row.centre.referrals_asked):
        _ask_for_doors(row, count)


def _ask_for_doors(row: Meeting, count: int) -> None:
    one, other = two_of(row)
    link = issue_link(party=other, purpose=LinkPurpose.REFERRING, subject_id=row.match_id)
    text = letters.ask_referrals(
        reader=other,
        connectee=one,
        count=count,
        link=f"{{link:{link.pk}}}",
    )
    send(row, other, kind="ask_referrals", text=text)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.REFER,
        subject_kind="match",
        subject_id=row.match_id,
        debtor=other,
        creditor=one,
    )


@transaction.atomic
def save_notes(*, meeting: Meeting, author: Party, notes: dict[str, str]) -> None:
    """What somebody wants to remember, topic by topic; an empty text takes the note away."""
    for topic in Topic.values:
        if topic not in notes:
            continue
        text = notes[topic].strip()[:2000]
        rows = MeetingNote.objects.filter(meeting=meeting, author=author, topic=topic)
        if not text:
            rows.delete()
        elif not rows.update(text=text):
            MeetingNote(
                centre_id=meeting.centre_id,
                meeting=meeting,
                author=author,
                topic=topic,
                text=text,
            ).save(force_insert=True)


__all__ = [
    "PUBLISH",
    "calendar_text",
    "cancel_time",
    "choose_time",
    "choose_zone",
    "locked",
    "log_meeting",
    "moment_in_words",
    "other_of",
    "propose_instead",
    "propose_times",
    "save_notes",
    "send",
    "two_of",
    "when_in_words",
]
