"""Writing the ledger: always in the transaction that changes the state."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from takeroot.accounts.models import Party
from takeroot.ledger.models import Event


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
    )
    event.save(force_insert=True)
    return event
