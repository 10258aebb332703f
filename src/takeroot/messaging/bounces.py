"""Reports on letters that could not be delivered (RFC 3464): whose mailbox refuses for good."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

from takeroot.messaging.mime import Mail

_OUR_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@takeroot>", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True)
class Failure:
    """One report: which letter of ours, to which addresses, for good or only for now."""

    letter: str
    recipients: frozenset[str]
    permanent: bool


def is_report(mail: Mail) -> bool:
    """A delivery report, whatever it says."""
    message = mail.message
    if message.get_content_type() != "multipart/report":
        return False
    kind = message.get_param("report-type", "")
    return str(kind).lower() in ("", "delivery-status")


def failure_in(mail: Mail) -> Failure | None:
    """What a report says about a letter of ours; None when it reports no failure."""
    if not is_report(mail):
        return None
    recipients: set[str] = set()
    permanent = failed = False
    for group in _groups(mail.message):
        action = str(group.get("Action", "")).strip().lower()
        if action not in ("failed", "delayed"):
            continue
        failed = True
        permanent |= action == "failed" and _status(group) == "5"
        recipients |= _recipients(group)
    if not failed:
        return None
    letter, written_to = _original(mail.message)
    return Failure(letter, frozenset(recipients | written_to), permanent)


def _groups(message: EmailMessage) -> list[Message]:
    """The groups of fields, one for each recipient."""
    found: list[Message] = []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            found += [one for one in payload if isinstance(one, Message) and one.get("Action")]
    return found


def _status(group: Message) -> str:
    """The class of the enhanced status code; without one, the class that the server's own answer
    names."""
    for name in ("Status", "Diagnostic-Code"):
        match = _STATUS.search(str(group.get(name, "")))
        if match:
            return match[1]
    return ""


def _recipients(group: Message) -> set[str]:
    """`rfc822; somebody@example.org` without its type."""
    values = (str(group.get(name, "")) for name in ("Original-Recipient", "Final-Recipient"))
    found = {value.split(";")[-1].strip().strip("<>").lower() for value in values}
    return found - {""}


def _original(message: EmailMessage) -> tuple[str, set[str]]:
    """Which letter of ours came back, and to whom it was written: from the returned letter or its
    head."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            text = inner.as_string()[:20_000] if isinstance(inner, Message) else ""
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            raw = part.get_payload(decode=True)
            text = raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else ""
        else:
            continue
        found = _OUR_ID.search(text)
        to = re.search(r"^To:\s*(.+)$", text, re.IGNORECASE | re.MULTILINE)
        addresses = set(re.findall(r"[\w.+'-]+@[\w.-]+", to[1].lower())) if to else set()
        if found:
            return found[1].lower(), addresses
    return "", set()
