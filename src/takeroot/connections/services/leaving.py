"""What the programme does when a newcomer's file moves to another centre: nothing is dropped in
silence. Their Connectors are told; where the newcomer would like it, the two keep each other's
address, as people whom two centres introduced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from takeroot.access.actor import acting, current_actor, system_actor
from takeroot.access.enums import GrantBasis, Purpose
from takeroot.access.services import open_grant
from takeroot.accounts.models import Party
from takeroot.common.keeping import Arrival
from takeroot.connections import asking_letters, letters
from takeroot.connections.calendar import CANCEL
from takeroot.connections.enums import SEATED, ConnecteeState, MatchState, MeetingState
from takeroot.connections.models import Connectee, Match, Meeting
from takeroot.connections.services.forgetting import (
    cancelled,
    empty_letters,
    end_referral,
    forget_numbers,
    refuse_proposed,
    rows_about,
)
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.meetings import when_in_words
from takeroot.connections.services.sharing import GRANT_DAYS, close_asks
from takeroot.messaging.services import write_letter
from takeroot.promises.enums import CloseReason


def leave_part(arrival: Arrival, keep_in_touch: bool) -> Iterable[UUID]:
    """Registered with `on_departure`. Returns the keys of further rows that were emptied."""
    keys = list(arrival.keys)
    matches, referrals = rows_about(keys)
    emptied = empty_letters(keys, matches, referrals)
    for match in matches:
        if match.connectee_id in keys:
            _end(match, arrival, keep_in_touch)
    for referral in referrals:
        reader = end_referral(referral, keys, CloseReason.MOVED)
        if reader is not None and reader.pk not in keys:
            _tell(reader, None)
    close_asks(keys, CloseReason.MOVED)
    Connectee.objects.filter(pk__in=keys).update(state=ConnecteeState.CLOSED)
    return [*emptied, *forget_numbers(keys)]


def may_keep_in_touch(connectee: Connectee) -> bool:
    """Whether there is a Connector whom they know and have not met yet."""
    return any(_to_meet(match) for match in Match.objects.filter(connectee=connectee))


def _to_meet(match: Match) -> bool:
    meeting = Meeting.objects.filter(match=match).first()
    known = match.state == MatchState.INTRODUCED and meeting is not None
    return known and meeting.state != MeetingState.HELD  # type: ignore[union-attr]


def _end(match: Match, arrival: Arrival, keep_in_touch: bool) -> None:
    refuse_proposed(match)
    if match.state not in SEATED:
        return
    introduced, to_meet = match.state == MatchState.INTRODUCED, _to_meet(match)
    meeting = Meeting.objects.filter(match=match).first()
    booked = meeting is not None and meeting.state == MeetingState.BOOKED
    end_match(match=match, by=current_actor(), reason=CloseReason.MOVED)
    reader = match.connector.person.party
    if to_meet and keep_in_touch:
        _stay_in_touch(match, reader, arrival)
    elif introduced:
        _tell(reader, meeting if booked else None)


def _tell(reader: Party, meeting: Meeting | None) -> None:
    at = meeting.starts_at if meeting else None
    text = letters.moved_away(reader=reader, when=when_in_words(at, reader) if at else "")
    write_letter(
        party=reader,
        kind="moved_away",
        subject=text.subject,
        body=text.body,
        calendar=cancelled(meeting, reader) if at and meeting else "",
        calendar_method=CANCEL if at else "",
    )


def _stay_in_touch(match: Match, connector: Party, arrival: Arrival) -> None:
    """Each keeps the other's name and address by a grant, and reads so from their own centre."""
    for subject, holder, centre in (
        (arrival.key, connector.pk, arrival.centre),
        (connector.pk, arrival.key, match.centre_id),
    ):
        with acting(system_actor(centre, purpose="transfer")):
            open_grant(
                subject=Party.objects.get(pk=subject),
                holder=Party(pk=holder),
                shares=["name", "contact"],
                purpose=Purpose.OTHER_CENTRE,
                basis=GrantBasis.CONSENT,
                because_kind="match",
                because_id=match.pk,
                until=timezone.localdate() + timedelta(days=GRANT_DAYS),
            )
    for reader, other, centre in (
        (connector.pk, arrival.key, match.centre_id),
        (arrival.key, connector.pk, arrival.centre),
    ):
        with acting(system_actor(centre, purpose="transfer", behalf=reader)):
            mine = Party.objects.select_related("centre").get(pk=reader)
            theirs = Party.objects.get(pk=other)
            title, body = asking_letters.still_in_touch(reader=mine, other=theirs)
            write_letter(party=mine, kind="still_in_touch", subject=title, body=body)
