"""Work and staying on a Connectee's page, and written down for them by the staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.models_work import Job
from takeroot.outcomes.services.jobs import Work, report_job
from takeroot.outcomes.services.stays import close_unknown
from tests.cast import house_of
from tests.connections.people import a_connectee
from tests.pages.coordinator.reading import MOST_QUERIES, post, queries, said, text

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
TYPED = {
    "employer": "Example Mill",
    "occupation": "31301",
    "in_field": "yes",
    "starts_on": "2026-05-04",
    "hours": "37.5",
    "hourly_wage": "",
    "evidence": "document",
    "told": "phone",
}


def check_of(centre: Centre, row: Connectee, months: int = 3) -> StayCheck:
    with house_of(centre):
        check = StayCheck(centre=centre, connectee=row, months=months, due_on=timezone.localdate())
        check.save(force_insert=True)
    return check


def test_a_job_told_by_telephone_is_written_down_with_its_evidence(
    centre: Centre, signed_in: SignedIn
) -> None:
    row, client = a_connectee(centre), signed_in(centre)
    page = said(client, post(client, "work_new", row.pk, **TYPED))
    assert "is now “at work in their field”" in page
    for words in ("Example Mill", "37.5 hours a week", "Wage not told", "a document was seen"):
        assert words in page
    with house_of(centre):
        job = Job.objects.get()
        assert (job.occupation_code, job.told) == ("31301", "phone")
        assert job.reported_by is not None


def test_words_that_fit_several_occupations_are_asked_about(
    centre: Centre, signed_in: SignedIn
) -> None:
    row, client = a_connectee(centre), signed_in(centre)
    answer = post(client, "work_new", row.pk, **{**TYPED, "occupation": "engineer"})
    assert answer.status_code == 422
    assert "Which of these is it?" in answer.content.decode()
    chosen = {**TYPED, "occupation": "engineer", "meant_occupation": "none"}
    assert post(client, "work_new", row.pk, **chosen).status_code == 302
    with house_of(centre):
        assert Job.objects.get().occupation_text == "engineer"


def test_a_job_that_ended_stays_on_the_page(centre: Centre, signed_in: SignedIn) -> None:
    row, client = a_connectee(centre), signed_in(centre)
    post(client, "work_new", row.pk, **TYPED)
    with house_of(centre):
        job = Job.objects.get()
    early = post(client, "work_ended", job.pk, on="2026-01-01")
    assert early.status_code == 422
    day = timezone.localdate()
    with house_of(centre):
        Job.objects.filter(pk=job.pk).update(starts_on=day - timedelta(days=3))
    page = said(client, post(client, "work_ended", job.pk, on=day.isoformat()))
    assert "It still counts" in page
    assert "A job of Amina Example ended." in page
    assert "found work in their field" in page


def test_e01_the_page_shows_how_staying_stands_at_3_6_and_12_months(
    centre: Centre, signed_in: SignedIn
) -> None:
    row, client = a_connectee(centre), signed_in(centre)
    three, six = check_of(centre, row, 3), check_of(centre, row, 6)
    with house_of(centre):
        close_unknown(check=six)
    post(client, "stay", three.pk, where="community", employer="same", told="phone")
    page = text(client, "connectee", row.pk)
    card = page[page.index('id="stays"') : page.index("Not knowing never counts as staying")]
    assert card.index("in the same community") < card.index("not known")
    assert card.index("not known") < card.index("not due yet")
    assert "Work: the same employer." in card


def test_a_moment_that_went_by_unasked_is_not_to_come(centre: Centre, signed_in: SignedIn) -> None:
    row, client = a_connectee(centre), signed_in(centre)
    check_of(centre, row, 6)
    page = text(client, "connectee", row.pk)
    card = page[page.index('id="stays"') : page.index("Not knowing never counts as staying")]
    assert card.index("was not asked") < card.index("no answer yet") < card.index("not due yet")


def test_the_page_of_a_connectee_keeps_to_its_queries_with_many_jobs(
    centre: Centre, signed_in: SignedIn
) -> None:
    row, client = a_connectee(centre), signed_in(centre)
    few = queries(client, "connectee", row.pk)
    for months in (3, 6, 12):
        check_of(centre, row, months)
    with house_of(centre) as house:
        for number in range(12):
            work = Work(f"Employer {number}", timezone.localdate())
            report_job(connectee=row, work=work, by=house)
    assert queries(client, "connectee", row.pk) == few <= MOST_QUERIES


def test_the_rules_of_counting_are_the_centres_own(centre: Centre, signed_in: SignedIn) -> None:
    client = signed_in(centre)
    assert 'value="30"' in text(client, "counting")
    page = said(client, post(client, "counting", full_time_hours="25", count_from="met"))
    assert 'value="25"' in page
    assert post(client, "counting", full_time_hours="0", count_from="met").status_code == 422
