"""Work: told by link or to the staff, counted by a stated rule, never rewritten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.models import Connectee, Match
from takeroot.connections.services.introductions import end_match
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.outcomes.models_work import Job
from takeroot.outcomes.services.jobs import Work, end_job, report_job
from takeroot.outcomes.services.stays import choose_rule
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.chain import met
from tests.connections.people import a_connectee, an_introduced_pair, give_consent

pytestmark = pytest.mark.django_db


def told(centre: Centre, row: Connectee, **facts: Any) -> Job:
    usual = {"employer": "Example Mill", "in_field": "yes", "hours": Decimal(37)}
    with house_of(centre) as house:
        work = Work(**{"starts_on": timezone.localdate(), **usual, **facts})
        return report_job(connectee=Connectee.objects.get(pk=row.pk), work=work, by=house)


def state(centre: Centre, row: Connectee) -> str:
    with house_of(centre):
        return Connectee.objects.get(pk=row.pk).state


def kinds(centre: Centre, row: Connectee) -> list[str]:
    with house_of(centre):
        rows = Event.objects.filter(party_id=row.pk, kind__startswith="work_")
        return list(rows.order_by("created_at").values_list("kind", flat=True))


def letters(centre: Centre, kind: str) -> int:
    with house_of(centre):
        return Letter.objects.filter(kind=kind).count()


def test_full_time_work_in_the_field_is_a_state_of_its_own(centre: Centre) -> None:
    row = a_connectee(centre)
    job = told(centre, row)
    assert (job.counts, state(centre, row)) == (True, "employed")
    assert kinds(centre, row) == ["work_in_field"]
    with house_of(centre):
        assert str(Job.objects.get().employer) == "Example Mill"


@pytest.mark.parametrize(
    "facts",
    [
        {"in_field": "no"},
        {"in_field": "unknown"},
        {"hours": Decimal("29.5")},
        {"hours": None},
    ],
)
def test_a_survival_job_keeps_the_file_open_and_the_person_in_the_programme(
    centre: Centre, facts: dict[str, Any]
) -> None:
    row = a_connectee(centre)
    assert not told(centre, row, **facts).counts
    assert state(centre, row) == "ready"
    assert kinds(centre, row) == ["work_other"]


def test_the_rule_of_the_centre_says_what_full_time_is(centre: Centre) -> None:
    row = a_connectee(centre)
    with house_of(centre) as house:
        choose_rule(centre=centre, full_time_hours=20, count_from="introduced", by=house)
    assert told(centre, row, hours=Decimal(20)).counts


def test_the_same_job_told_twice_is_one_job(centre: Centre) -> None:
    row = a_connectee(centre)
    assert told(centre, row) == told(centre, row, employer="  EXAMPLE mill ")
    assert kinds(centre, row) == ["work_in_field"]


def test_a_job_that_ended_is_a_new_event_and_the_person_is_back_where_they_stood(
    centre: Centre,
) -> None:
    match = met(centre)
    row = match.connectee
    job = told(centre, row, starts_on=timezone.localdate() - timedelta(days=9))
    with house_of(centre) as house:
        end_job(job=job, on=timezone.localdate(), by=house)
    assert kinds(centre, row) == ["work_in_field", "work_ended"]
    assert state(centre, row) == "met"
    with house_of(centre) as house, pytest.raises(EditedMeanwhile):
        end_job(job=job, on=timezone.localdate(), by=house)


def test_a_second_job_in_the_field_keeps_somebody_at_work(centre: Centre) -> None:
    row = a_connectee(centre)
    first = told(centre, row, starts_on=timezone.localdate() - timedelta(days=9))
    told(centre, row, employer="Example Yard")
    with house_of(centre) as house:
        end_job(job=first, on=timezone.localdate(), by=house)
    assert state(centre, row) == "employed"


def test_work_before_the_meeting_asks_whether_they_would_still_like_to_meet(
    centre: Centre,
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        row = meeting.match.connectee
    told(centre, row)
    assert letters(centre, "still_meet") == 1
    with house_of(centre) as house:
        assert Promise.objects.filter(kind="still_meet", state="open").count() == 1
        # Whoever says no is at work still, and not «ready» for another round.
        end_match(match=Match.objects.get(), by=house)
    assert state(centre, row) == "employed"


def test_a_survival_job_before_the_meeting_leaves_the_meeting_alone(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        row = meeting.match.connectee
    told(centre, row, in_field="no")
    assert letters(centre, "still_meet") == 0
    assert state(centre, row) == "introduced"


@pytest.mark.parametrize("agreed", [True, False])
def test_good_news_reaches_the_connector_only_with_consent(centre: Centre, agreed: bool) -> None:
    match = met(centre)
    if agreed:
        with house_of(centre):
            give_consent(match.connectee, "outcome")
    told(centre, match.connectee)
    assert letters(centre, "good_news") == int(agreed)


@pytest.mark.parametrize(
    "facts", [{"employer": " "}, {"starts_on": timezone.localdate() + timedelta(days=300)}]
)
def test_what_cannot_be_is_refused_in_words(centre: Centre, facts: dict[str, Any]) -> None:
    row = a_connectee(centre)
    with pytest.raises(Refused):
        told(centre, row, **facts)
    assert kinds(centre, row) == []
