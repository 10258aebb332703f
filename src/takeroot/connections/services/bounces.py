"""A dead mailbox is not a silent person: their ladders stand still until an address works."""

from __future__ import annotations

from django.db import transaction

from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Party
from takeroot.messaging.services import on_bounce
from takeroot.promises.enums import Hold, PromiseKind
from takeroot.promises.services import hold_ladders, keep_promises, open_promise, release_ladders


def address_is_dead(party: Party) -> None:
    """Hold what this party owes, and let the centre find an address that works."""
    hold_ladders(debtor=party, why=Hold.BOUNCED)
    if party.kind == PartyKind.PERSON:
        open_promise(
            centre=party.centre,
            kind=PromiseKind.FIX_ADDRESS,
            subject_kind="party",
            subject_id=party.pk,
            creditor=party,
        )


@transaction.atomic
def address_works(*, party: Party) -> None:
    """A new address, or the old one works again: what is owed goes on from today."""
    if party.mail_bounced_at is not None:
        party.mail_bounced_at = None
        party.save(update_fields=["mail_bounced_at"])
    keep_promises(subject_id=party.pk, kind=PromiseKind.FIX_ADDRESS)
    release_ladders(debtor=party, why=Hold.BOUNCED)


def register_hook() -> None:
    """Called once, when the house starts."""
    on_bounce(address_is_dead)
