"""A letter that came in, as plain values: who it answers, what was newly written in it, whether a
person wrote it. Standard library and the reply parser; no database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser

MOST_BYTES = 10 * 2**20
MOST_TEXT = 20_000
_OUR_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@takeroot>", re.IGNORECASE)
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|"
    r"r[ée]ponse automatique|absence du bureau|absent du bureau|message d.absence)\b",
    re.IGNORECASE,
)
_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_AUTO_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "List-Id", "X-Loop")
# What a phone puts under a letter by itself.
_FROM_A_PHONE = re.compile(
    r"^\s*(sent from my|get outlook for|sent from (outlook|yahoo|mail)|envoyé de(puis)? mon|"
    r"envoyé à partir de|envoyé depuis|télécharge[rz]? outlook|obtenir outlook)\b.*$",
    re.IGNORECASE,
)
# Where the letter that is answered begins, in programs that do not mark it line by line.
_FORMER = re.compile(r"^\s*-{2,}\s*(original message|message d.origine|forwarded)", re.IGNORECASE)


@dataclass(frozen=True)
class Mail:
    """One letter that came in. `key` names it for good: its Message-ID, else the hash of its bytes.
    `answers`: our own letters it refers to, the nearest first. `text`: what its writer wrote,
    without quoted text and signature; `whole`: all of its plain text. `dropped`: how many attached
    files were left aside."""

    key: str
    addresses: tuple[str, ...]
    answers: tuple[str, ...]
    subject: str
    text: str
    whole: str
    at: datetime
    automatic: bool
    ours: bool
    dropped: int
    message: EmailMessage = field(repr=False)


class UnreadableMail(Exception):
    """What lies in the inbox is no letter, or far too large."""


def read_mail(raw: bytes) -> Mail:
    """Read the bytes of one letter; raises UnreadableMail."""
    if len(raw) > MOST_BYTES:
        raise UnreadableMail("too large")
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableMail("no letter")
    whole, dropped = _plain_text(message)
    return Mail(
        key=_key(message, raw),
        addresses=_addresses(message),
        answers=_answers(message),
        subject=_header(message, "Subject")[:200],
        text=newly_written(whole),
        whole=whole,
        at=_moment(message),
        automatic=_is_automatic(message),
        ours=bool(message.get("X-Takeroot-Centre")),
        dropped=dropped,
        message=message,
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header in one line; what cannot be read is left out."""
    try:
        return " ".join(str(message.get(name, "")).replace("\x00", "").split())
    except (ValueError, LookupError, IndexError, AttributeError):
        return ""


def _key(message: EmailMessage, raw: bytes) -> str:
    given = _header(message, "Message-ID")
    return given if given and len(given) <= 250 else f"sha256:{sha256(raw).hexdigest()}"


def _addresses(message: EmailMessage) -> tuple[str, ...]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    values = [_header(message, name) for name in names]
    return tuple(address.lower() for _name, address in getaddresses(values) if address)


def _answers(message: EmailMessage) -> tuple[str, ...]:
    """Our own Message-IDs that the letter names: what it answers, then the thread, latest first."""
    near = _OUR_ID.findall(_header(message, "In-Reply-To"))
    thread = _OUR_ID.findall(_header(message, "References"))
    return tuple(dict.fromkeys([*near, *reversed(thread)]))


def _moment(message: EmailMessage) -> datetime:
    now = datetime.now(UTC)
    try:
        at = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError):
        return now
    return min(now, at if at.tzinfo else at.replace(tzinfo=UTC))


def _is_automatic(message: EmailMessage) -> bool:
    """Written by a machine: an absence, a list, a loop. Never an answer (RFC 3834)."""
    submitted = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if _header(message, "Precedence").lower() in _BULK:
        return True
    if any(message.get(name) for name in _AUTO_HEADERS):
        return True
    if _header(message, "Return-Path") == "<>" or message.get_content_type() == "multipart/report":
        return True
    if any(_answers_a_calendar(part) for part in message.walk()):
        return True
    return bool(_AUTOMATIC_SUBJECT.match(_header(message, "Subject")))


def _answers_a_calendar(part: EmailMessage) -> bool:
    """«Accepted», sent by a calendar at one click: it says nothing of what took place."""
    method = str(part.get_param("method", "")).upper()
    return part.get_content_type() == "text/calendar" and method in ("REPLY", "COUNTER")


def _plain_text(message: EmailMessage) -> tuple[str, int]:
    """The plain text (HTML made plain when there is nothing else), and how many files were
    dropped. Nothing of an attachment is ever opened."""
    plain: list[str] = []
    marked: list[str] = []
    dropped = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or part.get_filename()
        if attached or kind not in ("text/plain", "text/html"):
            dropped += 1
        elif kind == "text/plain":
            plain.append(_decoded(part))
        else:
            marked.append(_decoded(part))
    text = "\n".join(plain)
    if not text.strip():
        text = "\n".join(plain_of_html(one) for one in marked)
    return text.replace("\x00", "").replace("\r\n", "\n")[:MOST_TEXT], dropped


def _decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


class _Plain(HTMLParser):
    """Words of a page, without scripts, styles and quoted letters."""

    SILENT = frozenset({"script", "style", "head", "title", "blockquote", "template"})
    BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent.append(tag)
        elif tag in self.BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()
        elif tag in self.BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(re.sub(r"\s+", " ", data))


def plain_of_html(text: str) -> str:
    """The words of an HTML letter; nothing in it is loaded or run."""
    reader = _Plain()
    reader.feed(text[: 10 * MOST_TEXT])
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.words).split("\n")]
    return "\n".join(line for line in lines if line)


def newly_written(text: str) -> str:
    """What was written now: quoted text, the mark of a telephone and signatures are cut."""
    latest = EmailReplyParser(languages=["en", "fr"]).read(text).replies
    body = latest[0].body if latest else text
    lines = []
    for line in (body or "").split("\n"):
        if line.rstrip() == "--" or _FROM_A_PHONE.match(line) or _FORMER.match(line):
            break
        if not line.startswith(">"):
            lines.append(line.rstrip())
    return "\n".join(lines).strip()
