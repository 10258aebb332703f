"""Writing the ledger: always in the transaction that changes the state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from uuid import UUID

from django.utils import timezone

from takeroot.access.actor import SYSTEM, current_actor
from takeroot.accounts.models import Party
from takeroot.ledger.enums import Via
from takeroot.ledger.models import Event

_told: ContextVar[str] = ContextVar("told", default="")


@contextmanager
def telling(via: str) -> Iterator[None]:
    """What is recorded in this block was told to the staff: by telephone, on paper."""
    token = _told.set(via)
    try:
        yield
    finally:
        _told.reset(token)


def via_now() -> str:
    """How what happens now is told: as the staff say, else by who acts."""
    if told := _told.get():
        return told
    actor = current_actor()
    if actor.is_staff:
        return Via.STAFF
    if actor.role == SYSTEM and actor.purpose in (Via.LINK, Via.REPLY):
        return str(actor.purpose)
    return Via.HOUSE if actor.role == SYSTEM else Via.LINK


def record(
    *,
    party: Party,
    kind: str,
    on: date | None = None,
    other: Party | None = None,
    about_kind: str = "",
    about_id: UUID | None = None,
    corrects: Event | None = None,
) -> Event:
    """Append one event; the day is today in the centre's zone unless given."""
    event = Event(
        centre_id=party.centre_id,
        party=party,
        kind=kind,
        on=on or timezone.localdate(timezone=party.centre.zone),
        other=other,
        about_kind=about_kind,
        about_id=about_id,
        corrects=corrects,
        via=via_now(),
    )
    event.save(force_insert=True)
    return event
