"""«I have found work» and «are you still here?», through a link."""

from __future__ import annotations

import pytest
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee
from takeroot.messaging.models import LinkPurpose
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.models_work import Job
from tests.cast import house_of
from tests.connections.chain import met
from tests.pages.links.stage import Reader, reader

pytestmark = pytest.mark.django_db


def stay_link(centre: Centre) -> tuple[Reader, StayCheck]:
    match = met(centre)
    with house_of(centre):
        check = StayCheck(
            centre=centre, connectee=match.connectee, months=3, due_on=timezone.localdate()
        )
        check.save(force_insert=True)
    return reader(centre, match.connectee_id, LinkPurpose.STAY, check.pk), check


def test_a_connectee_tells_of_work_behind_the_link_of_the_meeting(centre: Centre) -> None:
    match = met(centre)
    with house_of(centre):
        meeting = match.meeting.pk
    one = reader(centre, match.connectee_id, LinkPurpose.MEETING, meeting)
    assert "I have found work" in one.text()
    form = {
        "employer": "Example Inn", "occupation": "cook", "in_field": "no",
        "starts_on": "2026-05-04", "hours": "20",
    }  # fmt: skip
    assert one.post("work/", **form).status_code == 303
    assert "Example Inn" in one.text("work/")
    with house_of(centre):
        job = Job.objects.get()
        assert (job.told, job.evidence, job.counts) == ("link", "person", False)
        assert job.reported_by_id == match.connectee_id
        assert Connectee.objects.get().state == "met"


def test_a_connector_is_asked_nothing_about_work(centre: Centre) -> None:
    match = met(centre)
    with house_of(centre):
        meeting = match.meeting.pk
    other = reader(centre, match.connector_id, LinkPurpose.MEETING, meeting)
    assert "I have found work" not in other.text()
    assert other.get("work/").status_code == 404


def test_e01_two_questions_are_answered_and_may_be_changed(centre: Centre) -> None:
    one, check = stay_link(centre)
    assert "3 months on: are you still here?" in one.text()
    assert one.post("stay/", employer="same").status_code == 422
    assert one.post("stay/", where="community", reasons=["job", "friends"]).status_code == 303
    assert "We have your answer" in one.text()
    assert one.post("stay/", where="left", change="A doctor").status_code == 303
    with house_of(centre):
        row = StayCheck.objects.get(pk=check.pk)
        assert (row.where, row.change, row.told) == ("left", "A doctor", "link")


def test_looking_at_the_page_answers_nothing(centre: Centre) -> None:
    one, check = stay_link(centre)
    one.get()
    one.get("stay/")
    with house_of(centre):
        assert StayCheck.objects.get(pk=check.pk).state == "asked"
