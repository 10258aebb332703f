"""B87: hours that volunteers give: meetings by themselves, the rest written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.hours import given_minutes
from takeroot.connections.models import Connector
from takeroot.connections.services.meetings import log_meeting
from takeroot.people.models import Person
from takeroot.volunteers.models import Hours
from takeroot.volunteers.services.hours import log_hours
from tests.cast import house_of
from tests.connections.people import a_connector, an_introduced_pair

pytestmark = pytest.mark.django_db


def log(person: Person, *, minutes: int = 90, days_ago: int = 0, work: str = "event") -> Hours:
    day = timezone.localdate(timezone=person.centre.zone) - timedelta(days=days_ago)
    with house_of(person.centre) as house:
        return log_hours(person=person, on=day, minutes=minutes, work=work, by=house)


def given(person: Person) -> int:
    year = timezone.localdate(timezone=person.centre.zone).year
    with house_of(person.centre) as house:
        return given_minutes(actor=house, people=[person.pk], year=year)[person.pk]


def test_b87_a_meeting_counts_half_an_hour_by_itself_once_it_took_place(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        person = Connector.objects.get(pk=meeting.connector_party).person
    assert given(person) == 0
    with house_of(centre):
        day = timezone.localdate(timezone=centre.zone)
        log_meeting(meeting=meeting, held=True, on=day, by=None)
    log(person, minutes=45)
    assert given(person) == 75


def test_b87_the_same_hours_sent_twice_count_once(centre: Centre) -> None:
    person = a_connector(centre).person
    assert log(person).pk == log(person).pk
    assert log(person, minutes=30).pk != log(person).pk
    assert given(person) == 120


@pytest.mark.parametrize(("minutes", "days_ago"), [(4, 0), (1441, 0), (60, -1), (60, 800)])
def test_b87_impossible_hours_are_refused_in_words(
    centre: Centre, minutes: int, days_ago: int
) -> None:
    person = a_connector(centre).person
    with pytest.raises(Refused, match="Write"):
        log(person, minutes=minutes, days_ago=days_ago)
    with house_of(centre):
        assert not Hours.objects.exists()
