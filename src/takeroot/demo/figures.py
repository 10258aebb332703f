"""The months before today, as the ledger remembers them when the files are gone; and a release."""

from __future__ import annotations

from datetime import date
from random import Random
from uuid import uuid4

from takeroot.access.actor import Actor
from takeroot.accounts.enums import PartyKind, Role
from takeroot.accounts.models import Centre, Membership, Party
from takeroot.demo import names
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.outcomes.selectors import last_full_month
from takeroot.outcomes.services.releases import make_release, publish_release

# How many of those who took one step took the next.
_STEPS = ((EventKind.READY, 0.9), (EventKind.INTRODUCED, 0.9), (EventKind.MET, 0.9))


def former_people(*, centre: Centre, dice: Random, used: set[str]) -> None:
    """Newcomers of earlier months and what they did, month by month. Their files were deleted;
    what happened still counts."""
    months = last_full_month()
    for month in range(1, months.through + 1):
        for _number in range(dice.randint(3, 7)):
            day = date(months.year, month, dice.randint(1, 28))
            _journey(_somebody(centre, dice, used, names.NEWCOMERS), day, dice)
        for _number in range(dice.randint(0, 4)):
            day = date(months.year, month, dice.randint(1, 28))
            joined = _somebody(centre, dice, used, names.LOCALS)
            record(party=joined, kind=EventKind.BECAME_CONNECTOR, on=day)


def _somebody(centre: Centre, dice: Random, used: set[str], firsts: tuple[str, ...]) -> Party:
    while True:
        name = f"{dice.choice(firsts)} {dice.choice(names.FAMILY)}"
        if name not in used:
            break
    used.add(name)
    party = Party(id=uuid4(), centre=centre, kind=PartyKind.PERSON, name=name)
    party.save(force_insert=True)
    return party


def _journey(party: Party, day: date, dice: Random) -> None:
    record(party=party, kind=EventKind.APPLIED, on=day)
    for kind, share in _STEPS:
        if dice.random() > share:
            return
        record(party=party, kind=kind, on=day)
    for _door in range(3):
        record(party=party, kind=EventKind.REFERRAL_ASKED, on=day)
        if dice.random() < 0.7:
            record(party=party, kind=EventKind.REFERRAL_AGREED, on=day)
            if dice.random() < 0.6:
                record(party=party, kind=EventKind.REFERRAL_MET, on=day)


def first_release() -> None:
    """What the secretariat of the demonstration has published."""
    months = last_full_month()
    member = Membership.objects.select_related("user").get(role=Role.SECRETARIAT)
    by = Actor(role=Role.SECRETARIAT, party=member.user.party_id, purpose="demonstration")
    release = make_release(year=months.year, through=months.through, by=by)
    publish_release(release=release, by=by)
