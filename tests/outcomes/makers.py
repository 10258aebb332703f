"""Events of a year, written through the ledger's own service, each about somebody of their own."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.utils import timezone

from takeroot.access.actor import Actor
from takeroot.accounts.enums import PartyKind, Role
from takeroot.accounts.models import Centre, Party
from takeroot.ledger.services import record
from takeroot.outcomes.models import Release
from takeroot.outcomes.services.releases import make_release, publish_release
from tests.cast import house_of

YEAR = 2025
SECRETARIAT = Actor(role=Role.SECRETARIAT, purpose="test")


def somebody(centre: Centre) -> Party:
    party = Party(
        id=uuid4(), centre=centre, kind=PartyKind.PERSON, name=f"Somebody {uuid4().hex[:6]} Example"
    )
    party.save(force_insert=True)
    return party


def happened(
    centre: Centre, kind: str, times: int, *, month: int, party: Party | None = None
) -> None:
    """The same kind of event so many times in a month of the year."""
    with house_of(centre):
        for number in range(times):
            day = date(YEAR, month, 1 + number % 28)
            record(party=party or somebody(centre), kind=kind, on=day)


def released(through: int = 12, *, publish: bool = True) -> Release:
    release = make_release(year=YEAR, through=through, by=SECRETARIAT)
    if publish:
        publish_release(release=release, by=SECRETARIAT)
    return release


def today_is_after_the_year() -> bool:
    return timezone.localdate().year > YEAR
