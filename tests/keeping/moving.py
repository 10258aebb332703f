"""A file that moves from one centre to another, for tests."""

from __future__ import annotations

from typing import Any

from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Connectee
from takeroot.keeping.models import Transfer
from takeroot.keeping.services.transferring import (
    answer_transfer,
    decide_transfer,
    propose_transfer,
)
from tests.cast import house_of

WHY = "She has found a home in the other town."


def proposed(row: Connectee, to: Centre) -> Transfer:
    with house_of(row.centre) as house:
        fresh = Connectee.objects.select_related("centre", "person__party").get(pk=row.pk)
        return propose_transfer(connectee=fresh, to=to, reason=WHY, by=house)


def agreed(row: Connectee, to: Centre, **more: Any) -> Transfer:
    made = proposed(row, to)
    with house_of(row.centre) as house:
        return answer_transfer(transfer=made, yes=True, how="in_person", by=house, **more)


def moved(row: Connectee, to: Centre, **more: Any) -> Connectee:
    """The whole way; returns the Connectee as the other centre has them."""
    made = agreed(row, to, **more)
    with house_of(to) as house:
        party = decide_transfer(transfer=Transfer.objects.get(pk=made.pk), take=True, by=house)
        assert isinstance(party, Party)
        return Connectee.objects.select_related("centre", "person__party").get(pk=party.pk)
