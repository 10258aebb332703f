"""Screening and hours on the coordinator's pages, and behind a Connector's own link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.models import Connector
from takeroot.messaging.models import Letter, LinkPurpose, SignedLink
from takeroot.messaging.services import token_for
from takeroot.volunteers.models import Hours, Screening, ScreeningPlan
from tests.cast import house_of
from tests.connections.people import a_connector
from tests.pages.coordinator.reading import MOST_QUERIES, post, queries, said, text

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def asks_for_police(client: Client) -> None:
    answer = post(client, "screening_plan", needed=["police"], renew_days=60, grace_days=30)
    assert answer.status_code == 302


def show(client: Client, row: Connector, days: int) -> str:
    day = timezone.localdate()
    answer = post(
        client,
        "screenings",
        row.pk,
        kind="police",
        received_on=(day - timedelta(days=900)).isoformat(),
        valid_until=(day + timedelta(days=days)).isoformat(),
    )
    return said(client, answer)


def test_b87_the_coordinator_sees_who_is_valid_due_and_expired(
    centre: Centre, signed_in: SignIn
) -> None:
    client = signed_in(centre)
    assert "Your centre asks for no screening" in text(client, "screening")
    asks_for_police(client)
    for name, days in (("Vera Valid", 400), ("Dan Due", 20), ("Ed Ended", -40)):
        assert "It is written down" in show(client, a_connector(centre, name), days)
    a_connector(centre, "Nora Nothing")
    page = text(client, "screening")
    assert "2 Connectors cannot be matched now" in page
    # The most pressing first.
    names = ("Ed Ended", "Nora Nothing", "Dan Due", "Vera Valid")
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    due = text(client, "screening", standing="due")
    assert "Dan Due" in due
    assert "Vera Valid" not in due


def test_b87_a_connectors_page_says_that_nobody_new_is_proposed(
    centre: Centre, signed_in: SignIn
) -> None:
    client, row = signed_in(centre), a_connector(centre)
    assert "Nobody new is proposed" not in text(client, "connector", row.pk)
    asks_for_police(client)
    assert "Nobody new is proposed" in text(client, "connector", row.pk)
    show(client, row, 300)
    assert "Nobody new is proposed" not in text(client, "connector", row.pk)


def test_b87_a_worker_writes_down_what_they_saw_but_does_not_choose_what_is_asked(
    centre: Centre, signed_in: SignIn
) -> None:
    worker, row = signed_in(centre, Role.WORKER), a_connector(centre)
    assert "It is written down" in show(worker, row, 300)
    assert post(worker, "screening_plan", needed=["police"]).status_code in (403, 404)
    with house_of(centre):
        found = Screening.objects.get()
        assert not ScreeningPlan.objects.exists()
        assert found.seen_by is not None
    assert "taken out" in said(worker, post(worker, "screening_remove", row.pk, found.pk))
    with house_of(centre):
        assert not Screening.objects.exists()


def test_screening_of_many_costs_no_more_questions(centre: Centre, signed_in: SignIn) -> None:
    client = signed_in(centre)
    asks_for_police(client)
    a_connector(centre, "First Sample")
    one = queries(client, "screening")
    for number in range(5):
        a_connector(centre, f"Sample {number}")
    assert queries(client, "screening") == one <= MOST_QUERIES


def test_b87_hours_are_written_down_by_the_staff_and_by_the_connectors_link(
    centre: Centre, signed_in: SignIn
) -> None:
    client, row = signed_in(centre), a_connector(centre)
    day = timezone.localdate().isoformat()
    page = said(client, post(client, "hours", row.pk, on=day, hours="1.5", work="event"))
    assert "1.5 hours in" in page
    said(client, post(client, "hours_link", row.pk))
    with house_of(centre):
        assert Letter.objects.filter(kind="hours").count() == 1
        link = SignedLink.objects.get(purpose=LinkPurpose.HOURS)
    address = f"/l/{token_for(link)}/"
    assert "1.5 hours" in unescape(Client().get(address).content.decode())
    typed = {"on": day, "hours": "0.5", "work": "advice"}
    assert Client().post(f"{address}hours/", typed).status_code == 303
    with house_of(centre):
        assert sorted(Hours.objects.values_list("minutes", flat=True)) == [30, 90]
    wrong = Client().post(f"{address}hours/", {**typed, "hours": "0"})
    assert wrong.status_code == 422
    assert "between 5 minutes and 24 hours" in unescape(wrong.content.decode())
