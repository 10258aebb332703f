"""G16: several at once over the same two files: one wins, the others are told, nothing is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.keeping.models import Merge, Pair
from takeroot.keeping.services.merging import undo_merge
from takeroot.keeping.services.pairs import look_for_pairs, say_different, say_same
from tests.cast import house_of
from tests.concurrency.racing import THREADS, race
from tests.connections.people import a_connectee

pytestmark = pytest.mark.django_db(transaction=True)


def a_pair(centre: Centre) -> Pair:
    for name in ("Amina Example", "Example Amina"):
        a_connectee(centre, name)
    with house_of(centre):
        look_for_pairs(centre=centre)
        return Pair.objects.get()


def test_g16_of_many_who_decide_on_one_pair_one_wins_and_the_others_are_told(
    centre: Centre,
) -> None:
    pair = a_pair(centre)

    def decide(number: int) -> Any:
        with house_of(centre) as house:
            if number % 4 == 0:
                return say_different(pair=pair, by=house)
            stays: UUID = pair.one_id if number % 2 else pair.other_id
            return say_same(pair=pair, stays=stays, by=house)

    answers = race(*(lambda n=n: decide(n) for n in range(THREADS)))  # type: ignore[misc]
    told = [answer for answer in answers if isinstance(answer, Refused)]
    won = [answer for answer in answers if not isinstance(answer, Exception)]
    assert (len(won), len(told)) == (1, THREADS - 1)
    with house_of(centre):
        merged = Party.objects.filter(merged_into__isnull=False).count()
        assert merged == Merge.objects.count() == isinstance(won[0], Merge)


def test_g16_of_many_who_undo_a_merge_one_wins(centre: Centre) -> None:
    pair = a_pair(centre)
    with house_of(centre) as house:
        merge = say_same(pair=pair, stays=pair.one_id, by=house)

    def undo() -> Any:
        with house_of(centre) as house:
            return undo_merge(merge=merge, by=house)

    answers = race(*[undo] * THREADS)
    assert sum(isinstance(answer, Refused) for answer in answers) == THREADS - 1
    with house_of(centre):
        assert Party.objects.filter(merged_into__isnull=False).count() == 0
