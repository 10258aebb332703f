"""Where letters go when there is no mail server: a mailbox folder that a page shows."""

from __future__ import annotations

import mailbox
from collections.abc import Sequence
from email.message import Message
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

CENTRE_HEADER = "X-Takeroot-Centre"


def open_mailbox() -> mailbox.Maildir:
    folder = Path(settings.MAILBOX)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(folder, create=True)


class MailboxBackend(BaseEmailBackend):
    """Keeps every letter in a maildir folder of the home; used by the demonstration."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        box = open_mailbox()
        for message in email_messages:
            box.add(mailbox.MaildirMessage(message.message()))
        return len(email_messages)


def letters_of(centre: Any) -> list[tuple[str, Message]]:
    """(key, letter) of one centre, latest first. In the demonstration also letters of no centre:
    those about passwords. Elsewhere they stay shut: who reads one opens somebody's account."""
    box = open_mailbox()
    shown = {str(centre), None} if settings.DEMO else {str(centre)}
    found = [(key, letter) for key, letter in box.items() if letter[CENTRE_HEADER] in shown]
    found.sort(key=lambda pair: pair[1].get_date(), reverse=True)
    return [(key, letter) for key, letter in found]
