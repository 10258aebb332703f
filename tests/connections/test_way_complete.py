"""E18: when a way has come to its end, the questions of afterwards go out by themselves, twice at
most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee, Match
from takeroot.connections.services.ratings import complete_way, rate
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.outcomes.services.jobs import Work, report_job
from takeroot.promises.climbing import climb_all
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.chain import met
from tests.connections.people import a_connectee

pytestmark = pytest.mark.django_db
RATING = {"market": 4, "networking": 4, "contacts": 4, "confidence": 5}


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        yield clock


def completed(centre: Centre) -> Match:
    match = met(centre)
    with house_of(centre) as house:
        complete_way(connectee=Connectee.objects.get(pk=match.connectee_id), by=house)
    return match


def test_e18_a_way_that_is_complete_asks_by_itself_and_an_answer_keeps_it(centre: Centre) -> None:
    match = completed(centre)
    key = match.connectee_id
    with house_of(centre) as house:
        row = Connectee.objects.get(pk=key)
        assert row.state == "complete"
        assert Match.objects.get(pk=match.pk).state == "ended"
        assert not Promise.objects.filter(state="open", subject_id=match.pk).exists()
        assert Event.objects.filter(kind="completed", party_id=key).count() == 1
        letter = Letter.objects.get(kind="how_was_it")
        assert "Nothing depends on your answer" in letter.body
        complete_way(connectee=row, by=house)
        assert Letter.objects.filter(kind="how_was_it").count() == 1
        rate(connectee_id=key, centre=centre, moment="after", values=RATING)
        assert Promise.objects.get(kind="rate_after").state == "kept"


def test_e18_who_does_not_answer_is_asked_once_more_and_then_left_in_peace(
    centre: Centre, clock: Any
) -> None:
    completed(centre)
    for _day in range(50):
        clock.shift(timedelta(days=1))
        climb_all(centre)
    with house_of(centre):
        assert Letter.objects.filter(kind="how_was_it").count() == 2
        assert Promise.objects.get(kind="rate_after").reason == "no_answer"


def test_e18_work_in_the_field_asks_whoever_met_somebody_and_nobody_else(centre: Centre) -> None:
    match = met(centre)
    other = a_connectee(centre, "Never Met")
    day = timezone.localdate(timezone=centre.zone)
    work = Work("Regional Hospital", day, occupation_code="31301", in_field="yes", hours=40)
    with house_of(centre) as house:
        for key in (match.connectee_id, other.pk):
            report_job(connectee=Connectee.objects.get(pk=key), work=work, by=house)
        assert Connectee.objects.get(pk=other.pk).state == "employed"
        assert Letter.objects.get(kind="how_was_it").party_id == match.connectee_id


def test_nobody_who_has_met_nobody_is_complete(centre: Centre) -> None:
    row = a_connectee(centre)
    with house_of(centre) as house, pytest.raises(Refused, match="has not met anybody yet"):
        complete_way(connectee=row, by=house)


def test_a_coordinator_completes_a_way_on_the_persons_page(centre: Centre, signed_in: Any) -> None:
    match = met(centre)
    client, page = signed_in(centre), f"/people/{match.connectee_id}/"
    assert "Their way is complete" in client.get(page).content.decode()
    answer = client.post(f"{page}complete/", follow=True).content.decode()
    assert "is complete. They are asked" in answer
    assert "Invite them to become a Connector" in answer
