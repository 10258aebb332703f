"""Sending letters, from the queue."""

from __future__ import annotations

import logging
import re
import smtplib
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.messaging import inbox
from takeroot.messaging.backends import CENTRE_HEADER
from takeroot.messaging.incoming import forget_old_texts, reply_address, take_in
from takeroot.messaging.mime import UnreadableMail, read_mail
from takeroot.messaging.models import Letter, LetterState, SignedLink
from takeroot.messaging.services import mark_bounced, url_for

log = logging.getLogger("takeroot.messaging")
_LINK = re.compile(r"\{link:([0-9a-f-]{36})\}")
TRIES = 6
PERMANENT = 500


def write_out(letter: Letter) -> str:
    """The text with its links in full. Links of another party are never written out."""
    ids = [UUID(found) for found in _LINK.findall(letter.body)]
    theirs = Q(party=letter.party) | Q(party__merged_into=letter.party)
    links = {link.pk: link for link in SignedLink.objects.filter(theirs, pk__in=ids)}

    def address(found: re.Match[str]) -> str:
        link = links.get(UUID(found[1]))
        return url_for(link) if link else ""

    return _LINK.sub(address, letter.body)


def message_for(letter: Letter) -> EmailMessage:
    """The e-mail of a letter; its Message-ID is fixed, so that a repeat can be recognized."""
    own = reply_address(letter)
    answers = own or letter.centre.email
    message = EmailMessage(
        subject=letter.subject,
        body=write_out(letter),
        to=[letter.party.email],
        reply_to=[answers] if answers else None,
        # Reports on letters that could not be delivered come back to the letter's own address.
        from_email=own or settings.DEFAULT_FROM_EMAIL,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": f"<{letter.pk}@takeroot>",
            "Content-Language": letter.language,
            "Auto-Submitted": "auto-generated",
            CENTRE_HEADER: str(letter.centre_id),
        },
    )
    if letter.calendar:
        message.attach(
            "meeting.ics", letter.calendar, f"text/calendar; method={letter.calendar_method}"
        )
    return message


@app.task(
    name="takeroot.messaging.send_letter",
    retry=RetryStrategy(max_attempts=TRIES, exponential_wait=4),
)
def send_letter(letter: str, centre: str) -> None:
    """Send one letter once: a letter already sent is left alone."""
    with transaction.atomic(), acting(system_actor(UUID(centre), purpose="letter")):
        row = (
            Letter.objects.select_for_update(of=("self",))
            .select_related("party", "centre")
            .filter(pk=letter, state=LetterState.WAITING)
            .first()
        )
        if row is None:
            return
        if not row.party.email or row.party.mail_bounced_at is not None:
            _failed(row)
            return
        try:
            message_for(row).send()
        except smtplib.SMTPRecipientsRefused as refusal:
            if not _for_good(refusal):
                raise
            _failed(row)
            mark_bounced(party=row.party)
            return
        row.state = LetterState.SENT
        row.sent_at = timezone.now()
        row.save(update_fields=["state", "sent_at"])


def _failed(row: Letter) -> None:
    row.state = LetterState.FAILED
    row.save(update_fields=["state"])


def _for_good(refusal: smtplib.SMTPRecipientsRefused) -> bool:
    """The mail server refuses the address with a code of 500 or more; less means «not now»."""
    codes = [code for code, _said in refusal.recipients.values()]
    return bool(codes) and min(codes) >= PERMANENT


@app.periodic(cron="* * * * *")
@app.task(name="takeroot.messaging.read_inbox", queueing_lock="read_inbox")
def read_inbox(timestamp: int) -> None:
    """Each minute: what has come in is stored and answered. A letter leaves the folder after that;
    one that fails does not stop the others and is tried again."""
    box = inbox.open_inbox()
    for key, raw in inbox.waiting(box):
        try:
            found = take_in(read_mail(raw))
        except UnreadableMail:
            found = None
        except Exception as problem:
            # The class alone: messages of errors may hold people's data.
            log.error("a letter could not be taken in: %s", type(problem).__name__)
            continue
        if found is None:
            inbox.put_aside(box, key)
        else:
            inbox.done_with(box, key)


@app.periodic(cron="23 7 * * *")
@app.task(name="takeroot.messaging.forget_texts", queueing_lock="forget_texts")
def forget_texts(timestamp: int) -> None:
    """Each day: texts of answers that have been kept long enough are emptied."""
    inbox.forget_aside(inbox.open_inbox())
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="retention")):
            forget_old_texts()
