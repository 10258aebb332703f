"""Counts from the ledger: each by its definition, and all of them add up."""

from __future__ import annotations

from typing import Any

import pytest

from takeroot.accounts.models import Centre
from takeroot.ledger.models import Event
from takeroot.ledger.services import record
from takeroot.outcomes.indicators import BY_KEY, INDICATORS, counts_by_month
from tests.cast import actor_for, house_of, member
from tests.outcomes.makers import YEAR, happened, somebody

pytestmark = pytest.mark.django_db


def counts(centre: Centre) -> dict[str, tuple[int, ...]]:
    with house_of(centre) as house:
        return counts_by_month(actor=house, centre=centre, year=YEAR)


def test_d05_a_network_is_opened_once_a_year_however_often_somebody_meets(centre: Centre) -> None:
    with house_of(centre):
        amina = somebody(centre)
    happened(centre, "met", 2, month=3, party=amina)
    happened(centre, "met", 1, month=9, party=amina)
    happened(centre, "met", 1, month=9)
    found = counts(centre)
    assert found["met"] == (0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0)
    assert found["networks"] == (0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0)


def test_d05_networks_opened_has_its_definition_in_a_whole_sentence() -> None:
    definition = str(BY_KEY["networks"].definition)
    assert "at least one such meeting in the calendar year" in definition
    assert definition.endswith(".")


def test_every_indicator_has_words_that_stand_beside_its_count() -> None:
    for one in INDICATORS:
        assert str(one.name)
        assert str(one.unit)
        assert str(one.definition).endswith(".")
        assert bool(one.kinds) != bool(one.parts)
    assert len(BY_KEY) == len(INDICATORS)


def test_people_reached_are_meetings_and_agreements_added_up(centre: Centre) -> None:
    happened(centre, "met", 3, month=1)
    happened(centre, "referral_agreed", 4, month=1)
    assert counts(centre)["reached"][0] == 7


def test_an_event_that_was_corrected_no_longer_counts(centre: Centre) -> None:
    happened(centre, "introduced", 2, month=5)
    with house_of(centre):
        wrong = Event.objects.filter(kind="introduced").order_by("created_at").first()
        assert wrong is not None
        record(party=wrong.party, kind="corrected", corrects=wrong)
    assert counts(centre)["introduced"][4] == 1


def test_what_nobody_wrote_down_counts_for_nothing(centre: Centre) -> None:
    happened(centre, "booked", 5, month=2)
    assert set(sum(counts(centre).values(), ())) == {0}


def test_counts_stay_in_their_centre_and_year(centre: Centre, other_centre: Centre) -> None:
    happened(centre, "met", 3, month=1)
    assert sum(counts(other_centre)["met"]) == 0
    foreign = actor_for(member(other_centre, "coordinator"))
    with house_of(other_centre):
        assert sum(counts_by_month(actor=foreign, centre=centre, year=YEAR)["met"]) == 0
    with house_of(centre) as house:
        assert sum(counts_by_month(actor=house, centre=centre, year=YEAR - 1)["met"]) == 0


def test_counting_takes_three_queries_whatever_the_rows(
    centre: Centre, django_assert_num_queries: Any
) -> None:
    happened(centre, "met", 30, month=1)
    with house_of(centre) as house, django_assert_num_queries(3):
        counts_by_month(actor=house, centre=centre, year=YEAR)
