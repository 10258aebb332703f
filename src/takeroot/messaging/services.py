"""Links and letters: issued, opened, revoked; written, queued, sent."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import LINK, Actor, acting
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.common.queue import enqueue
from takeroot.messaging.models import Letter, LetterState, LinkPurpose, SignedLink

LIFETIME_DAYS = 60
_SIGNATURE_BYTES = 16
_LINKS = re.compile(r"\{link:[0-9a-f-]{36}\}")


class DeadLink(Refused):
    """The link is not ours, has expired or was taken back."""


class SpentLink(DeadLink):
    """The link was ours once: it has expired or was taken back."""


def issue_link(
    *, party: Party, purpose: LinkPurpose, subject_id: UUID, days: int = LIFETIME_DAYS
) -> SignedLink:
    """A link for one party and one thing; the live one is kept and its life extended."""
    expires = timezone.now() + timedelta(days=days)
    link, made = SignedLink.objects.get_or_create(
        party=party,
        purpose=purpose,
        subject_id=subject_id,
        revoked_at=None,
        defaults={"centre_id": party.centre_id, "expires_at": expires},
    )
    if not made and link.expires_at < expires:
        link.expires_at = expires
        link.save(update_fields=["expires_at"])
    return link


def revoke_links(*, subject_id: UUID, party: Party | None = None) -> int:
    """Take back every link about a subject (of one party). Returns how many."""
    rows = SignedLink.objects.filter(subject_id=subject_id, revoked_at__isnull=True)
    if party is not None:
        rows = rows.filter(Q(party=party) | Q(party__merged_into=party))
    return rows.update(revoked_at=timezone.now())


def _sign(payload: bytes) -> bytes:
    key = sha256(b"takeroot.link:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, payload, sha256).digest()[:_SIGNATURE_BYTES]


def signature_of(payload: bytes) -> bytes:
    """For other marks of ours: whatever `payload` says was said by this installation."""
    return _sign(payload)


def token_for(link: SignedLink) -> str:
    """The part of the address that proves the link: link, party and centre, signed. It is
    computed when a letter leaves and stored nowhere."""
    payload = link.pk.bytes + link.party_id.bytes + link.centre_id.bytes
    return base64.urlsafe_b64encode(payload + _sign(payload)).decode().rstrip("=")


def url_for(link: SignedLink) -> str:
    return f"{settings.BASE_URL}/l/{token_for(link)}/"


def actor_of_token(token: str) -> tuple[Actor, UUID]:
    """The actor a token speaks for, and the link's id; raises DeadLink when it is not ours."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as problem:
        raise DeadLink(_dead()) from problem
    payload, signature = raw[:48], raw[48:]
    if len(raw) != 48 + _SIGNATURE_BYTES or not hmac.compare_digest(_sign(payload), signature):
        raise DeadLink(_dead())
    link, party, centre = (UUID(bytes=payload[i : i + 16]) for i in (0, 16, 32))
    return Actor(role=LINK, party=party, centres=(centre,), purpose="link"), link


def open_link(token: str) -> tuple[Actor, SignedLink]:
    """The live link behind a token, and its actor; raises DeadLink."""
    actor, link_id = actor_of_token(token)
    with transaction.atomic(), acting(actor):
        link = SignedLink.objects.select_related("centre", "party").filter(pk=link_id).first()
    if link is None:
        raise DeadLink(_dead())
    if link.revoked_at is not None or link.expires_at <= timezone.now():
        raise SpentLink(_dead())
    # The file it was sent to may have been merged since: its holder is the whole person.
    whole = link.party.merged_into_id
    return (replace(actor, party=whole) if whole else actor), link


def moved_to(token: str) -> Centre | None:
    """Where the holder of a spent link is now, if their file moved to another centre."""
    actor, _link = actor_of_token(token)
    with transaction.atomic(), acting(actor):
        party = Party.objects.select_related("moved_to").filter(pk=actor.party_id).first()
    return party.moved_to if party else None


def mark_used(link: SignedLink) -> None:
    """Remember that somebody pressed a button behind the link. Opening the page alone leaves no
    mark: mail scanners open links too."""
    if link.first_opened_at is None:
        link.first_opened_at = timezone.now()
        link.save(update_fields=["first_opened_at"])


def _dead() -> str:
    return _(
        "This link no longer works: it has expired, or it was replaced by a newer one. Nothing "
        "is lost. Look for a later letter, or write to the centre that sent it to you."
    )


_bounce_hooks: list[Callable[[Party], None]] = []


def on_bounce(hook: Callable[[Party], None]) -> None:
    """Higher apps say what a dead mailbox means for them; called in the same transaction."""
    if hook not in _bounce_hooks:
        _bounce_hooks.append(hook)


_paper_hooks: list[Callable[[Party], None]] = []


def on_paper(hook: Callable[[Party], None]) -> None:
    """Higher apps say who tells somebody without e-mail what a letter says."""
    if hook not in _paper_hooks:
        _paper_hooks.append(hook)


def letters_to_tell(party_id: UUID) -> list[Letter]:
    """Letters that wait to be told or printed, oldest first, each with `plain`: the text without
    links, which are keys."""
    rows = list(
        Letter.objects.filter(party_id=party_id, state=LetterState.PAPER).order_by("created_at")
    )
    for row in rows:
        row.plain = _LINKS.sub(_("(answer us by telephone)"), row.body)  # type: ignore[attr-defined]
    return rows


def told(*, party_id: UUID) -> int:
    """They have heard what their letters say."""
    rows = Letter.objects.filter(party_id=party_id, state=LetterState.PAPER)
    return rows.update(state=LetterState.SENT, sent_at=timezone.now())


@transaction.atomic
def mark_bounced(*, party: Party) -> None:
    """The mailbox of a party refuses letters for good. Twice is once."""
    row = Party.objects.select_for_update(of=("self",)).select_related("centre").get(pk=party.pk)
    if row.mail_bounced_at is not None:
        return
    row.mail_bounced_at = timezone.now()
    row.save(update_fields=["mail_bounced_at"])
    for hook in _bounce_hooks:
        hook(row)


def write_letter(
    *,
    party: Party,
    kind: str,
    subject: str,
    body: str,
    about_id: UUID | None = None,
    calendar: str = "",
    calendar_method: str = "",
) -> Letter | None:
    """Queue one letter in the current transaction; None when the address refuses letters, or when
    nobody can be reached at all. A person without e-mail is told by telephone: the letter waits as
    PAPER, and whoever has asked to know (`on_paper`) sees to it."""
    paper = not party.email and party.kind == PartyKind.PERSON and party.severed_at is None
    if (not party.email and not paper) or party.mail_bounced_at is not None:
        return None
    letter = Letter(
        centre_id=party.centre_id,
        party=party,
        kind=kind,
        language=party.language,
        subject=" ".join(subject.split())[:200],
        body=body,
        calendar=calendar,
        calendar_method=calendar_method,
        about_id=about_id,
    )
    if paper:
        letter.state = LetterState.PAPER
        letter.save(force_insert=True)
        for hook in _paper_hooks:
            hook(party)
        return letter
    letter.save(force_insert=True)
    enqueue("takeroot.messaging.send_letter", letter=str(letter.pk), centre=str(letter.centre_id))
    return letter
