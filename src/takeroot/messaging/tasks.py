"""Sending letters, from the queue."""

from __future__ import annotations

import re
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.messaging.backends import CENTRE_HEADER
from takeroot.messaging.models import Letter, LetterState, SignedLink
from takeroot.messaging.services import url_for

_LINK = re.compile(r"\{link:([0-9a-f-]{36})\}")
TRIES = 6


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
    message = EmailMessage(
        subject=letter.subject,
        body=write_out(letter),
        to=[letter.party.email],
        reply_to=[letter.centre.email] if letter.centre.email else None,
        headers={
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
        if not row.party.email:
            row.state = LetterState.FAILED
            row.save(update_fields=["state"])
            return
        message_for(row).send()
        row.state = LetterState.SENT
        row.sent_at = timezone.now()
        row.save(update_fields=["state", "sent_at"])
