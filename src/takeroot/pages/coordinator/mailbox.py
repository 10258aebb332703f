"""The demonstration's mailbox: every letter that left the house, to be read on a page."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from takeroot.access.policies import PEOPLE_WORK
from takeroot.messaging.backends import letters_of
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
ROWS = 25
BACKEND = "takeroot.messaging.backends.MailboxBackend"


def _letters(request: Request) -> list[tuple[str, Message]]:
    """Letters of this centre; 404 where mail really leaves the house."""
    if settings.EMAIL_BACKEND != BACKEND:
        raise Http404
    return letters_of(request.actor.centre_id)


def _header(letter: Message, name: str) -> str:
    return str(make_header(decode_header(str(letter.get(name, "")))))


def _when(letter: Message) -> datetime | None:
    """The moment in the letter's head; «-0000» means UTC without saying where."""
    if not letter["Date"]:
        return None
    at = parsedate_to_datetime(letter["Date"])
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    charset = part.get_content_charset() or "utf-8"
    return raw.decode(charset, errors="replace") if isinstance(raw, bytes) else ""


def in_words(key: str, letter: Message) -> dict[str, Any]:
    """To whom, when, about what, and the plain text of a letter."""
    parts = list(letter.walk()) if letter.is_multipart() else [letter]
    text = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    return {
        "key": key,
        "to": _header(letter, "To"),
        "subject": _header(letter, "Subject"),
        "at": _when(letter),
        "text": _text(text) if text is not None else "",
        "files": [name for part in parts if (name := part.get_filename())],
    }


@require_GET
def mailbox(request: Request) -> HttpResponse:
    shown = Paginator(_letters(request), ROWS).get_page(request.GET.get("page"))
    lines = [in_words(key, letter) for key, letter in shown.object_list]
    return render(request, "coordinator/mailbox.html", {"shown": shown, "lines": lines})


@require_GET
def letter(request: Request, key: str) -> HttpResponse:
    found = next((one for name, one in _letters(request) if name == key), None)
    if found is None:
        raise Http404
    return render(request, "coordinator/mailbox_letter.html", {"letter": in_words(key, found)})


urls = [
    page("mailbox/", mailbox, "mailbox", PEOPLE_WORK),
    page("mailbox/<str:key>/", letter, "mailbox_letter", PEOPLE_WORK),
]
