"""Bringing two people together by letter, each in their language, with consent."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.enums import GrantBasis, Purpose, Share
from takeroot.access.services import close_grants, live_consent, open_grant
from takeroot.accounts.models import Party
from takeroot.common.editing import save_version
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.enums import ConnecteeState, MatchState, MeetingState
from takeroot.connections.kinds import kind_of
from takeroot.connections.letters import (
    introduction_to_connectee,
    introduction_to_connector,
    occupation_words,
)
from takeroot.connections.models import Introduction, Match, Meeting
from takeroot.connections.resume import shares_resume
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, revoke_links, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

GRANT_DAYS = 365
LINK_MARK = "{link}"
# States of a Connectee that come of a match, and end with it.
WITH_SOMEBODY = (
    ConnecteeState.MATCHED,
    ConnecteeState.INTRODUCED,
    ConnecteeState.MET,
    ConnecteeState.REFERRING,
)


def _work_of(match: Match, side: str, language: str) -> str:
    part = getattr(match, side)
    person = part.person
    words = occupation_words(person.occupation_code, person.occupation_text, language)
    organization = getattr(part, "organization", None)
    return ", ".join(
        text for text in (words, organization.party.name if organization else "") if text
    )


def draft_introduction(*, match: Match) -> Introduction:
    """Both letters, each in its reader's language, for the coordinator to read."""
    centre = match.centre
    one, other = match.connectee.person.party, match.connector.person.party
    to_connectee = introduction_to_connectee(
        centre=centre,
        connectee=one,
        connector=other,
        connector_work=_work_of(match, "connector", one.language),
        word=kind_of(match.kind).word,
        days=kind_of(match.kind).days.get(PromiseKind.BOOK_MEETING),
    )
    to_connector = introduction_to_connector(
        centre=centre,
        connector=other,
        connectee=one,
        connectee_work=_work_of(match, "connectee", other.language),
        referrals=kind_of(match.kind).asked(centre.referrals_asked),
    )
    introduction = Introduction(
        centre=centre,
        match=match,
        connectee_subject=to_connectee.subject,
        connectee_body=to_connectee.body,
        connector_subject=to_connector.subject,
        connector_body=to_connector.body,
    )
    introduction.save(force_insert=True)
    return introduction


@transaction.atomic
def edit_introduction(
    *, introduction: Introduction, expected: int, texts: dict[str, str], by: Actor
) -> Introduction:
    """The coordinator's own words. Each letter keeps its link, or the reader could not answer."""
    if introduction.sent_at is not None:
        raise Refused(_("These letters have been sent; they can no longer be changed."))
    for name in ("connectee_body", "connector_body"):
        if LINK_MARK not in texts[name]:
            raise Refused(
                _("Keep the word %(mark)s in each letter: the reader's own link stands there.")
                % {"mark": LINK_MARK}
            )
    for name, value in texts.items():
        setattr(introduction, name, value)
    save_version(introduction, expected=expected, fields=list(texts))
    return introduction


def _check_consent(connectee: Party) -> None:
    consent = live_consent(party_id=connectee.pk, purpose=Purpose.INTRODUCTION)
    if consent is None:
        raise Refused(
            _(
                "%(name)s has not yet agreed to be introduced. Record the consent on their page "
                "first; the letters are kept as they are."
            )
            % {"name": connectee.name}
        )


@transaction.atomic
def send_introduction(*, introduction: Introduction, by: Actor) -> Meeting:
    """Send both letters, open the doors between the two, and expect a meeting.

    Raises Refused without consent; a second click changes nothing. Whoever has no e-mail is called
    instead of written to.
    """
    row = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related(
            "centre",
            "match__centre",
            "match__connectee__person__party",
            "match__connector__person__party",
            "match__connector__organization__party",
        )
        .get(pk=introduction.pk)
    )
    match = row.match
    if row.sent_at is not None:
        return match.meeting
    if match.state != MatchState.ACCEPTED:
        raise EditedMeanwhile(_("This match is no longer accepted; no letter was sent."))
    one, other = match.connectee.person.party, match.connector.person.party
    _check_consent(one)
    meeting = Meeting(
        centre=row.centre,
        match=match,
        connectee_party=one.pk,
        connector_party=other.pk,
        mode=match.connectee.person.mode,
        minutes=kind_of(match.kind).minutes,
    )
    meeting.save(force_insert=True)
    _open_doors(match)
    _send(row, meeting)
    row.sent_at = timezone.now()
    row.save(update_fields=["sent_at"])
    match.state = MatchState.INTRODUCED
    match.save(update_fields=["state"])
    leads = kind_of(match.kind).leads
    if leads and match.connectee.state != ConnecteeState.EMPLOYED:
        match.connectee.state = ConnecteeState.INTRODUCED
        match.connectee.save(update_fields=["state"])
    record(party=one, kind=EventKind.INTRODUCED, other=other, about_kind="match", about_id=match.pk)
    keep_promises(subject_id=match.pk, kind=PromiseKind.SEND_INTRODUCTION)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.BOOK_MEETING,
        subject_kind="match",
        subject_id=match.pk,
        debtor=one,
        creditor=other,
        days=kind_of(match.kind).days.get(PromiseKind.BOOK_MEETING),
    )
    return meeting


def _open_doors(match: Match) -> None:
    """Each may see of the other what an introduction needs, for a year or until it ends."""
    one, other = match.connectee.person.party, match.connector.person.party
    until = timezone.localdate() + timedelta(days=GRANT_DAYS)
    shares: list[str] = [Share.NAME, Share.PROFILE, Share.CONTACT]
    agreed = [*shares, Share.RESUME] if shares_resume(one.pk) else shares
    open_door = partial(
        open_grant,
        purpose=Purpose.INTRODUCTION,
        because_kind="match",
        because_id=match.pk,
        until=until,
    )
    open_door(subject=one, holder=other, shares=agreed, basis=GrantBasis.CONSENT)
    open_door(subject=other, holder=one, shares=shares, basis=GrantBasis.MATCH)
    organization = match.connector.organization
    if organization:
        open_door(
            subject=organization.party, holder=one, shares=[Share.NAME], basis=GrantBasis.MATCH
        )


def _send(row: Introduction, meeting: Meeting) -> None:
    match = row.match
    for party, kind, subject, body in (
        (
            match.connectee.person.party,
            "introduction_connectee",
            row.connectee_subject,
            row.connectee_body,
        ),
        (
            match.connector.person.party,
            "introduction_connector",
            row.connector_subject,
            row.connector_body,
        ),
    ):
        link = issue_link(party=party, purpose=LinkPurpose.MEETING, subject_id=meeting.pk)
        write_letter(
            party=party,
            kind=kind,
            subject=subject,
            body=body.replace(LINK_MARK, f"{{link:{link.pk}}}"),
            about_id=match.pk,
        )


@transaction.atomic
def end_match(*, match: Match, by: Actor, reason: CloseReason = CloseReason.WITHDRAWN) -> None:
    """End a match: doors and links close at once, what was owed is closed with the reason, and
    the Connectee is ready for another round. What happened stays in the ledger."""
    row = (
        Match.objects.select_for_update(of=("self",))
        .select_related("connectee__person__party", "connector__person__party", "centre")
        .get(pk=match.pk)
    )
    if row.state not in (MatchState.ACCEPTED, MatchState.INTRODUCED):
        raise EditedMeanwhile(_("This match has ended already."))
    row.state = MatchState.ENDED
    row.save(update_fields=["state"])
    close_grants(because_id=row.pk)
    close_promises(subject_id=row.pk, reason=reason)
    # Contacts who said yes can name nobody any more, so they owe nothing. Who was asked may
    # still answer.
    for referral_id in row.referrals.values_list("pk", flat=True):
        close_promises(subject_id=referral_id, reason=reason, kind=PromiseKind.REFER_ON)
    meeting = Meeting.objects.filter(match=row).first()
    if meeting:
        revoke_links(subject_id=meeting.pk)
        revoke_links(subject_id=row.pk)
        if meeting.state not in (MeetingState.HELD, MeetingState.MISSED):
            meeting.state = MeetingState.CANCELLED
            meeting.save(update_fields=["state"])
    connectee = row.connectee
    if kind_of(row.kind).leads and connectee.state in WITH_SOMEBODY:
        connectee.state = ConnecteeState.READY
        connectee.save(update_fields=["state"])
    record(
        party=connectee.person.party,
        kind=EventKind.MATCH_ENDED,
        other=row.connector.person.party,
        about_kind="match",
        about_id=row.pk,
    )
