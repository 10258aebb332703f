"""Letters that come in: matched to the letter they answer, stored once, and handed on.

A letter is matched by the mark in the address it was sent to (signed, bound to the letter, its
reader and its subject), else by the Message-ID it answers. Never by who it says it is from.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from takeroot.access.actor import SYSTEM, Actor, acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.messaging.bounces import Failure, failure_in, is_report
from takeroot.messaging.mime import Mail
from takeroot.messaging.models import IncomingLetter, Letter, Outcome
from takeroot.messaging.services import mark_bounced, signature_of

_ID, _MARK = 16, 10
# How long the text of an answer is kept; the whole of it, quotes and all, goes sooner.
TEXT_KEPT = timedelta(days=365)
WHOLE_KEPT = timedelta(days=30)
# «Who read what, and what became of it»: called in the transaction that stores the letter.
Reader = Callable[[IncomingLetter], None]

_readers: dict[str, Reader] = {}
_fallback: list[Reader] = []


def on_answer(kinds: tuple[str, ...], reader: Reader) -> None:
    """Higher apps say what an answer to their letters does. Registered at start."""
    for kind in kinds:
        if kind in _readers and _readers[kind] is not reader:
            raise ValueError(f"a reader of answers to {kind} stands already")
        _readers[kind] = reader


def on_any_answer(reader: Reader) -> None:
    """What happens with an answer to a letter whose kind nobody reads."""
    _fallback[:] = [reader]


def _mark_of(letter: Letter) -> bytes:
    about = letter.about_id.bytes if letter.about_id else b""
    bound = letter.pk.bytes + letter.party_id.bytes + letter.centre_id.bytes + about
    return signature_of(b"reply:" + bound)[:_MARK]


def reply_address(letter: Letter) -> str:
    """The address that answers to this letter are sent to; empty when answers are not read. It
    holds no data of anybody: the letter's key and a signature, in letters that survive lower case.
    """
    if not settings.REPLY_TO:
        return ""
    name, _at, domain = settings.REPLY_TO.rpartition("@")
    return f"{name}+{_spelled(letter.pk.bytes + _mark_of(letter))}@{domain}"


def _spelled(raw: bytes) -> str:
    """Key and signature in letters that survive lower case."""
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _marks(mail: Mail) -> list[tuple[UUID, bytes]]:
    """Letters that the addresses name, each with the signature to be checked."""
    name, _at, domain = settings.REPLY_TO.lower().rpartition("@")
    found = []
    for address in mail.addresses:
        local, _at, where = address.rpartition("@")
        base, plus, mark = local.partition("+")
        if not (name and plus and (base, where) == (name, domain)):
            continue
        try:
            raw = base64.b32decode(mark.upper() + "=" * (-len(mark) % 8))
        except (binascii.Error, ValueError):
            continue
        # The last letter has bits to spare: only the one spelling that we write is taken.
        if len(raw) == _ID + _MARK and _spelled(raw) == mark:
            found.append((UUID(bytes=raw[:_ID]), raw[_ID:]))
    return found


def letter_behind(mail: Mail, failure: Failure | None = None) -> Letter | None:
    """The letter of ours that a mail answers or reports on. Runs as the house of every centre:
    only the letter says whose it is."""
    everywhere = tuple(Centre.objects.values_list("pk", flat=True))
    house = Actor(role=SYSTEM, centres=everywhere, purpose="inbox")
    with transaction.atomic(), acting(house):
        rows = Letter.objects.select_related("party__merged_into", "centre")
        for key, signature in _marks(mail):
            letter = rows.filter(pk=key).first()
            if letter is not None and hmac.compare_digest(_mark_of(letter), signature):
                return letter
        named = [failure.letter] if failure and failure.letter else list(mail.answers)
        found = rows.in_bulk([UUID(key) for key in named])
        return next((found[UUID(key)] for key in named if UUID(key) in found), None)


def take_in(mail: Mail) -> IncomingLetter | None:
    """Store one letter and do what it says, once however often it is read. Returns None for a
    letter that answers nothing of ours."""
    failure = failure_in(mail)
    letter = letter_behind(mail, failure)
    if letter is None or mail.ours or letter.party.whole.severed_at is not None:
        return None
    house = system_actor(letter.centre_id, purpose="reply", behalf=letter.party_id)
    with transaction.atomic(), acting(house):
        row, made = IncomingLetter.objects.get_or_create(
            centre_id=letter.centre_id,
            message_id=mail.key,
            defaults={
                "letter": letter,
                "party": letter.party.whole,
                "written_at": mail.at,
                "subject": mail.subject,
                "text": mail.text,
                "whole": mail.whole,
                "dropped": min(mail.dropped, 1000),
            },
        )
        if made:
            _do_what_it_says(row, mail, failure)
        return row


def _do_what_it_says(row: IncomingLetter, mail: Mail, failure: Failure | None) -> None:
    if failure is not None:
        _not_delivered(row, failure)
    elif mail.automatic or is_report(mail):
        settle(row, outcome=Outcome.AUTOMATIC)
    else:
        reader = _readers.get(row.letter.kind) or (_fallback[0] if _fallback else None)
        if reader is not None:
            reader(row)


def _not_delivered(row: IncomingLetter, failure: Failure) -> None:
    """For good: the mailbox refuses letters, if it is still theirs. For now: nothing happens."""
    party = row.letter.party
    same = party.email.strip().lower() in failure.recipients
    for_good = failure.permanent and same
    settle(row, outcome=Outcome.BOUNCED if for_good else Outcome.DELAYED)
    if for_good:
        mark_bounced(party=party)


def settle(row: IncomingLetter, *, outcome: Outcome, meaning: str = "") -> None:
    """What became of it. What a machine wrote is not kept."""
    row.outcome, row.meaning = outcome, meaning
    if outcome in (Outcome.AUTOMATIC, Outcome.BOUNCED, Outcome.DELAYED):
        row.text = row.whole = ""
    row.save(update_fields=["outcome", "meaning", "text", "whole"])


def forget_old_texts() -> int:
    """Empty what has been kept long enough; that somebody answered stays known."""
    now = timezone.now()
    rows = IncomingLetter.objects.exclude(outcome=Outcome.WAITING)
    count = rows.filter(written_at__lt=now - WHOLE_KEPT).exclude(whole="").update(whole="")
    old = rows.filter(written_at__lt=now - TEXT_KEPT).exclude(text="")
    return count + old.update(text="", subject="—")
