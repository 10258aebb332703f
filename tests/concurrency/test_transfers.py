"""G16: several at once over one move: the file is in one centre, and everybody reads the truth."""

from __future__ import annotations

from typing import Any

import pytest

from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.keeping.models import Transfer
from takeroot.keeping.services.transferring import (
    answer_transfer,
    decide_transfer,
    take_transfer_back,
)
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.concurrency.racing import THREADS, race
from tests.connections.people import a_connectee
from tests.keeping.moving import agreed

pytestmark = pytest.mark.django_db(transaction=True)


def test_g16_of_many_who_take_over_decline_take_back_and_change_their_mind_one_wins(
    centre: Centre, other_centre: Centre
) -> None:
    row = a_connectee(centre)
    made = agreed(row, other_centre)

    def act(number: int) -> Any:
        if number % 4 < 2:
            with house_of(other_centre) as house:
                seen = Transfer.objects.filter(pk=made.pk).first()
                if seen is None:
                    raise Refused("It is not shown here any more.")
                decide_transfer(transfer=seen, take=number % 4 == 0, by=house)
        else:
            with house_of(centre) as house:
                if number % 4 == 2:
                    take_transfer_back(transfer=made, by=house)
                else:
                    answer_transfer(transfer=made, yes=False, how="phone", by=house)
        return number

    answers = race(*(lambda n=n: act(n) for n in range(THREADS)))  # type: ignore[misc]
    won = [answer for answer in answers if not isinstance(answer, Exception)]
    told = [answer for answer in answers if isinstance(answer, Refused)]
    assert (len(won), len(told)) == (1, THREADS - 1), answers
    moved = won[0] % 4 == 0
    with house_of(centre):
        state = Transfer.objects.get().state
        assert state == {0: "moved", 1: "declined", 2: "withdrawn", 3: "refused"}[won[0] % 4]
        assert (Party.objects.get(pk=row.pk).severed_at is not None) == moved
        mine = {"answer_transfer", "decide_transfer"}
        assert not Promise.objects.filter(state="open", kind__in=mine).exists()
    with house_of(other_centre):
        assert Connectee.objects.count() == int(moved)
        assert not Promise.objects.filter(state="open", kind__in=mine).exists()
