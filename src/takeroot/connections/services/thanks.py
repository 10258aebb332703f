"""A thank-you: written by the Connectee, read by staff, passed on to the Connector."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import MeetingState
from takeroot.connections.enums_applying import ThanksState
from takeroot.connections.letters_applying import thanks_passed_on
from takeroot.connections.models import Match
from takeroot.connections.models_applying import Thanks
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

PAGE_DAYS = 365


@transaction.atomic
def say_thanks(*, match: Match, text: str, by: Party) -> Thanks:
    """A few words to the Connector. Staff read them first. Twice is once; raises Refused."""
    row = Match.objects.select_for_update(of=("self",)).select_related("centre").get(pk=match.pk)
    if row.connectee_id != by.pk or row.meeting.state != MeetingState.HELD:
        raise Refused(_("Thanks can be sent once the conversation has taken place."))
    if not text.strip():
        raise Refused(_("Write a few words first."))
    thanks, made = Thanks.objects.get_or_create(
        match=row,
        defaults={
            "centre": row.centre,
            "connectee_party": row.connectee_id,
            "connector_party": row.connector_id,
            "text": text.strip()[:500],
        },
    )
    if made:
        open_promise(
            centre=row.centre,
            kind=PromiseKind.READ_THANKS,
            subject_kind="match",
            subject_id=row.pk,
            creditor=by,
        )
    return thanks


@transaction.atomic
def pass_on(*, thanks: Thanks, by: Actor) -> Thanks:
    """The Connector receives the words by letter and on their page. Twice is once."""
    row = (
        Thanks.objects.select_for_update(of=("self",))
        .select_related("match__connectee__person__party", "match__connector__person__party")
        .get(pk=thanks.pk)
    )
    if row.state == ThanksState.PASSED:
        return row
    row.state = ThanksState.PASSED
    row.seen_by_id = by.party
    row.save(update_fields=["state", "seen_by"])
    keep_promises(subject_id=row.match_id, kind=PromiseKind.READ_THANKS)
    reader = row.match.connector.person.party
    link = issue_link(
        party=reader, purpose=LinkPurpose.CONNECTOR_PAGE, subject_id=reader.pk, days=PAGE_DAYS
    )
    text = thanks_passed_on(
        reader=reader,
        connectee=row.match.connectee.person.party.first_name,
        text=row.text,
        link=f"{{link:{link.pk}}}",
    )
    write_letter(
        party=reader, kind="thanks", subject=text.subject, body=text.body, about_id=row.match_id
    )
    return row


@transaction.atomic
def keep_back(*, thanks: Thanks, by: Actor) -> Thanks:
    """Words that are not passed on: they stay with the centre."""
    row = Thanks.objects.select_for_update(of=("self",)).get(pk=thanks.pk)
    if row.state == ThanksState.WAITING:
        row.state = ThanksState.KEPT_BACK
        row.seen_by_id = by.party
        row.save(update_fields=["state", "seen_by"])
        close_promises(
            subject_id=row.match_id, reason=CloseReason.REPLACED, kind=PromiseKind.READ_THANKS
        )
    return row
