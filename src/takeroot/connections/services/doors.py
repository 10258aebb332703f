"""Whom somebody names, as they wrote it; and “I cannot name more”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.common.text import search_key, tidy
from takeroot.connections.enums import Circle, ContactType
from takeroot.connections.models import Contact, Match, Referral
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises

LEAST_DIGITS, LOCAL_DIGITS = 7, 10
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Door:
    """Somebody a referrer knows, as they wrote it."""

    name: str
    email: str
    organization: str = ""
    position: str = ""
    why: str = ""
    language: str = "en"
    # What they are to the newcomer, and from which circle: codes, if it was said at all.
    type: str = ""
    circle: str = ""
    # Where there is no e-mail: the centre calls.
    phone: str = ""


class CannotRefer(TextChoices):
    """Why somebody names nobody (more). Said to nobody but the centre."""

    NOBODY = "nobody", gettext_lazy("I know nobody else who would fit")
    NO_TIME = "no_time", gettext_lazy("I have no time for it now")
    RATHER_NOT = "rather_not", gettext_lazy("I would rather not")


@transaction.atomic
def cannot_refer(
    *, match: Match, referrer: Party, reason: str, parent: Referral | None = None
) -> int:
    """“I cannot name more”: what the referrer owed is closed with the reason. Returns how many
    promises were closed; they may still name somebody later."""
    if reason not in CannotRefer.values:
        raise Refused(_("Choose the reason that comes nearest."))
    return close_promises(
        subject_id=parent.pk if parent else match.pk,
        reason=cast(CloseReason, reason),
        kind=PromiseKind.REFER_ON if parent else PromiseKind.REFER,
    )


def reach_of(email: str, phone: str) -> str:
    """By what somebody is recognized when they are named again: the address, else the digits of
    the telephone number."""
    return email.strip().casefold() or digits_of(phone)


def digits_of(phone: str) -> str:
    """The last ten digits: +1 and a leading 1 make no difference."""
    return "".join(sign for sign in phone if sign.isdigit())[-LOCAL_DIGITS:]


def told_of(door: Door) -> dict[str, str]:
    """What a contact is to the newcomer, and from which circle, as far as it was said."""
    return {
        "type": door.type if door.type in ContactType.values else "",
        "circle": door.circle if door.circle in Circle.values else "",
    }


def learn(contact: Contact, door: Door) -> None:
    """What a second referrer says of a contact fills what the first left open."""
    fresh = {name: word for name, word in told_of(door).items() if not getattr(contact, name)}
    if any(fresh.values()):
        Contact.objects.filter(pk=contact.pk).update(**fresh)


def _names_in(text: str, party: Party) -> bool:
    """Whether a text gives somebody away: their address, or a word of their name written as a
    name."""
    if party.email and party.email.casefold() in text.casefold():
        return True
    names = {word for word in search_key(party.name).split() if len(word) > 2}
    written = {search_key(word) for word in _WORD.findall(text) if word[0].isupper()}
    return bool(names & written) or (bool(names) and search_key(party.name) in search_key(text))


def check_door(door: Door, *, connectee: Party, referrer: Party) -> None:
    if not tidy(door.name):
        raise Refused(_("Write the name of each person you introduce."))
    _check_reach(door)
    reach = reach_of(door.email, door.phone)
    if reach in (reach_of(connectee.email, ""), reach_of(referrer.email, "")) or (
        not door.email and reach in (digits_of(connectee.phone), digits_of(referrer.phone))
    ):
        raise Refused(_("Name somebody other than the two of you."))
    if _names_in(door.why, connectee):
        raise Refused(
            _(
                "Leave the name of %(name)s out of your reason: nothing that identifies anybody "
                "moves before %(contact)s says yes."
            )
            % {"name": connectee.name, "contact": door.name}
        )


def _check_reach(door: Door) -> None:
    """An e-mail address to which one letter goes, or a number at which the centre calls once."""
    if not door.email.strip() and len(digits_of(door.phone)) >= LEAST_DIGITS:
        return
    if not door.email.strip():
        raise Refused(
            _("Write an e-mail address or a telephone number of %(name)s: we ask once.")
            % {"name": door.name}
        )
    try:
        validate_email(door.email)
    except ValidationError as problem:
        raise Refused(
            _("“%(email)s” is not an e-mail address. We write to it once, to ask.")
            % {"email": door.email}
        ) from problem
