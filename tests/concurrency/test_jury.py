"""E21: jurors vote, one stands aside and the year is closed, all at one moment: nothing is counted
that was not given in time, and who stood aside has no vote."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models_recognition import Nominee, Recusal, Vote
from takeroot.connections.services.deciding import decide
from takeroot.connections.services.recusals import stand_aside
from tests.cast import house_of
from tests.concurrency.racing import race
from tests.connections.recognising import (
    a_juror,
    agreed,
    asked,
    connectors_who_met,
    prepared,
    voted,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_e21_votes_and_the_closing_at_once_agree_with_what_was_counted(centre: Centre) -> None:
    ann = connectors_who_met(centre, Ann=1)["Ann"]
    row = prepared(centre, least_votes=1)
    jurors = [a_juror(row, f"Juror{n} Outside") for n in range(6)]
    asked(row)
    one = agreed(row, ann.pk)
    voted(jurors[0], one)

    def close() -> Any:
        with house_of(centre) as house:
            return decide(recognition=row, by=house)

    def aside() -> Any:
        with house_of(centre) as house:
            return stand_aside(juror=jurors[0], nominee=one, by=house)

    answers = race(*(partial(voted, juror, one) for juror in jurors[1:]), aside, close)
    assert all(isinstance(answer, Vote | Recusal | Refused) for answer in answers[:-1]), answers
    with house_of(centre):
        done = Nominee.objects.get(pk=one.pk)
        kept = Vote.objects.filter(nominee=one)
        assert (done.votes_for, done.votes_against) == (kept.filter(yes=True).count(), 0)
        assert done.stood_aside == Recusal.objects.count()
        if done.stood_aside:
            assert not kept.filter(juror=jurors[0]).exists()
