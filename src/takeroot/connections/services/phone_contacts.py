"""Contacts who were named with a telephone number alone: found again by it, and called once."""

from __future__ import annotations

from takeroot.accounts.models import Centre
from takeroot.connections.models import Contact, Referral
from takeroot.connections.services.doors import Door, digits_of
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import open_promise


def known_by_phone(centre: Centre, door: Door) -> Contact | None:
    """The contact who was named with that number before, however it was written."""
    wanted = digits_of(door.phone)
    rows = Contact.objects.filter(
        centre=centre,
        party__email="",
        party__phone__endswith=wanted[-1:],
        forgotten_at__isnull=True,
    ).select_related("party")
    return next((row for row in rows if digits_of(row.party.phone) == wanted), None)


def owe_the_question(referral: Referral) -> None:
    """Nothing can be written: somebody of the centre calls, once, and asks."""
    open_promise(
        centre=referral.centre,
        kind=PromiseKind.ASK_BY_PHONE,
        subject_kind="referral",
        subject_id=referral.pk,
    )
