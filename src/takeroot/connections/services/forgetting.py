"""What the programme does when somebody is erased: ends what lies ahead, tells the other side
without blame and without a name, and empties what others were written about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takeroot.access.actor import current_actor
from takeroot.accounts.models import Party
from takeroot.connections import letters
from takeroot.connections.calendar import CANCEL, calendar_file
from takeroot.connections.enums import (
    SEATED,
    ConnecteeState,
    ConnectorState,
    MatchState,
    MeetingState,
    ReferralState,
    RefusalReason,
)
from takeroot.connections.models import Connectee, Connector, Contact, Match, Meeting, Referral
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.meetings import when_in_words
from takeroot.connections.services.sharing import close_asks
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import Letter, LetterState
from takeroot.messaging.services import revoke_links, write_letter
from takeroot.promises.enums import CloseReason
from takeroot.promises.services import close_promises

KIND = "other_cannot"


def forget_part(keys: list[UUID], tell: bool) -> Iterable[UUID]:
    """Registered with `on_erasure`. Returns the keys of further rows that were emptied."""
    matches, referrals = rows_about(keys)
    emptied = empty_letters(keys, matches, referrals)
    for match in matches:
        _end(match, keys, tell)
    for referral in referrals:
        reader = end_referral(referral, keys, CloseReason.ERASED)
        if reader is not None and tell:
            _tell(reader, None, None)
    close_asks(keys, CloseReason.ERASED)
    _close_parts(keys)
    emptied += forget_numbers(keys)
    return emptied


def rows_about(keys: list[UUID]) -> tuple[list[Match], list[Referral]]:
    """The matches of somebody, and the introductions to contacts that they have a part in."""
    matches = list(
        Match.objects.filter(Q(connectee_id__in=keys) | Q(connector_id__in=keys)).select_related(
            "centre", "connectee__person__party", "connector__person__party"
        )
    )
    referrals = list(
        Referral.objects.filter(
            Q(connectee_id__in=keys) | Q(contact_party__in=keys) | Q(referrer_id__in=keys)
        ).select_related("centre", "connectee__person__party", "contact__party")
    )
    return matches, referrals


def empty_letters(keys: list[UUID], matches: list[Match], referrals: list[Referral]) -> list[UUID]:
    """Letters to others about this person: their texts go; those not sent yet never leave."""
    about = [row.pk for row in (*matches, *referrals)]
    rows = Letter.objects.filter(about_id__in=about).exclude(party_id__in=keys)
    found = list(rows.values_list("pk", flat=True))
    rows.filter(state=LetterState.WAITING).update(state=LetterState.FAILED)
    Letter.objects.filter(party_id__in=keys, state=LetterState.WAITING).update(
        state=LetterState.FAILED
    )
    Letter.objects.filter(pk__in=found).update(subject="—", body="—", calendar="")
    return found


def _end(match: Match, keys: list[UUID], tell: bool) -> None:
    refuse_proposed(match)
    if match.state not in SEATED:
        return
    meeting = Meeting.objects.filter(match=match).first()
    introduced = match.state == MatchState.INTRODUCED
    end_match(match=match, by=current_actor())
    if not introduced or meeting is None or not tell:
        return
    ahead = meeting.state == MeetingState.BOOKED and meeting.starts_at is not None
    if meeting.state == MeetingState.HELD:
        return
    sides = (match.connectee.person.party, match.connector.person.party)
    reader = next(party for party in sides if party.pk not in keys)
    _tell(reader, meeting.starts_at if ahead else None, meeting)


def refuse_proposed(match: Match) -> None:
    """A proposal that nobody has decided yet goes out of its round."""
    if match.state == MatchState.PROPOSED:
        Match.objects.filter(pk=match.pk).update(
            state=MatchState.REFUSED, refusal=RefusalReason.OTHER, locked=False
        )


def _tell(reader: Party, at: datetime | None, meeting: Meeting | None) -> None:
    when = when_in_words(at, reader) if at else ""
    text = letters.other_cannot(reader=reader, when=when)
    write_letter(
        party=reader,
        kind=KIND,
        subject=text.subject,
        body=text.body,
        calendar=cancelled(meeting, reader) if at and meeting else "",
        calendar_method=CANCEL if at and meeting else "",
    )


def cancelled(meeting: Meeting, reader: Party) -> str:
    """The booked time leaves the reader's calendar; the file names nobody else."""
    assert meeting.starts_at is not None
    with translation.override(reader.language):
        summary = _("Cancelled")
    return calendar_file(
        uid=str(meeting.pk),
        sequence=meeting.sequence + 1,
        method=CANCEL,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        summary=summary,
        where="",
        people=[reader],
        stamp=timezone.now(),
    )


def end_referral(row: Referral, keys: list[UUID], reason: CloseReason) -> Party | None:
    """End one introduction to a contact. Returns whom to tell, if anybody waits for it."""
    revoke_links(subject_id=row.pk)
    close_promises(subject_id=row.pk, reason=reason)
    if row.state == ReferralState.ASKED:
        Referral.objects.filter(pk=row.pk).update(
            state=ReferralState.NO_ANSWER, answered_at=timezone.now()
        )
    if row.state != ReferralState.AGREED or row.referrer_id in keys:
        return None
    contact = Party.objects.get(pk=row.contact_party)
    return contact if row.connectee_id in keys else row.connectee.person.party


def _close_parts(keys: list[UUID]) -> None:
    """State and ledger together: the programme is over for them."""
    for connectee in (
        Connectee.objects.filter(pk__in=keys)
        .exclude(state=ConnecteeState.CLOSED)
        .select_related("person__party__centre")
    ):
        Connectee.objects.filter(pk=connectee.pk).update(state=ConnecteeState.CLOSED)
        record(party=connectee.person.party, kind=EventKind.CLOSED)
    Connector.objects.filter(pk__in=keys).update(state=ConnectorState.RETIRED)
    Contact.objects.filter(pk__in=keys, forgotten_at__isnull=True).update(
        forgotten_at=timezone.now()
    )


def forget_numbers(keys: list[UUID]) -> list[UUID]:
    """Others who were never to be matched with this person name them by their number."""
    emptied: list[UUID] = []
    for model in (Connectee, Connector):
        numbers = model.objects.filter(pk__in=keys).exclude(reference="")
        for centre, number in numbers.values_list("centre_id", "reference"):
            for other in (Connectee, Connector):
                for row in other.objects.filter(centre_id=centre, not_with__contains=[number]):
                    kept = [one for one in row.not_with if one != number]
                    other.objects.filter(pk=row.pk).update(not_with=kept)
                    emptied.append(row.pk)
    return emptied
