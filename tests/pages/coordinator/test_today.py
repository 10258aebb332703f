"""Today: what waits for me, what I wait for, and the period's figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.services.enrolment import sign_readiness
from takeroot.promises.models import Promise
from takeroot.promises.services import open_promise
from tests.cast import house_of, member
from tests.connections.chain import a_network
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.connections.table import accepted, proposed
from tests.pages.coordinator.reading import MOST_QUERIES, address, queries, text

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def test_an_empty_day_says_what_will_stand_here(centre: Centre, signed_in: SignedIn) -> None:
    page = text(signed_in(centre), "today")
    assert "Nothing waits for you." in page
    assert "Nothing needs you now." in page
    assert "Nobody owes an answer." in page


def test_e07_what_is_owed_stands_here_the_most_urgent_first(
    centre: Centre, signed_in: SignedIn
) -> None:
    soon = a_connectee(centre, "Soon Example", ready=False)
    late = a_connectee(centre, "Late Example", ready=False)
    an_introduced_pair(centre)
    with house_of(centre):
        day = timezone.localdate(timezone=centre.zone)
        Promise.objects.filter(subject_id=soon.pk).update(due_on=day + timedelta(days=1))
        Promise.objects.filter(subject_id=late.pk).update(due_on=day - timedelta(days=3))
    page = text(signed_in(centre), "today")
    assert "2 things need you, and one answer is awaited from others." in page
    assert page.index("Late Example") < page.index("Soon Example")
    for words in (
        "3 days late",
        "Tomorrow",
        "Amina Example and Paul Sample have not found a time",
        "In 14 days",
        address("connectee", late.pk),
    ):
        assert words in page, words


def test_what_is_done_leaves_today(centre: Centre, signed_in: SignedIn) -> None:
    row = a_connectee(centre, ready=False)
    client = signed_in(centre)
    assert "Sign the readiness list of Amina Example" in text(client, "today")
    with house_of(centre) as house:
        points = dict.fromkeys(row.qualification.POINTS, True)
        sign_readiness(connectee=row, points=points, by=house)
    assert "Sign the readiness list" not in text(client, "today")


def test_a_long_day_shows_eight_and_counts_the_rest(centre: Centre, signed_in: SignedIn) -> None:
    for letter in "ABCDEFGHIJ":
        a_connectee(centre, f"Person {letter}", ready=False)
    page = text(signed_in(centre), "today")
    assert "10 things need you." in page
    shown = [letter for letter in "ABCDEFGHIJ" if f"Person {letter}" in page]
    assert len(shown) == 8
    assert "2 more are due later." in page


def test_e15_the_periods_figures_are_counted_from_the_ledger(
    centre: Centre, signed_in: SignedIn
) -> None:
    a_network(centre)
    page = text(signed_in(centre), "today")
    assert "People met or willing to meet" in page
    assert "ideal 13" in page


def test_e20_another_centre_sees_nothing_of_it(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    a_network(centre)
    a_connectee(centre, "New Example", ready=False)
    assert "New Example" in text(signed_in(centre), "today")
    page = text(signed_in(other_centre), "today")
    assert "Nothing waits for you." in page
    for name in ("New Example", "Amina Example", "Paul Sample", "ideal 13"):
        assert name not in page


def test_a_worker_is_sent_only_where_a_worker_may_go(centre: Centre, signed_in: SignedIn) -> None:
    a_connectee(centre)
    a_connector(centre)
    match = accepted(centre)
    a_connectee(centre, "Bea Example")
    round_ = proposed(centre, "Round of May")
    a_connectee(centre, "New Example", ready=False)
    coordinator = text(signed_in(centre), "today")
    for link in (address("round", round_.pk), address("introduction", match.pk)):
        assert link in coordinator
    page = text(signed_in(centre, Role.WORKER), "today")
    assert "One thing needs you." in page
    assert "New Example" in page
    assert "Round of May" not in page
    assert "Introduce Amina Example" not in page


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (Role.PRIVACY_OFFICER, "Who read and changed what"),
        (Role.OPERATOR, "You set up centres; you see nobody's file."),
        (Role.ANALYST, "The figures of all centres, added up"),
        (Role.SECRETARIAT, "The figures of all centres, added up"),
        (Role.NEWCOMER, "Nothing waits for you."),
    ],
)
def test_other_roles_see_what_concerns_themselves_and_no_name(
    centre: Centre, signed_in: SignedIn, role: str, sentence: str
) -> None:
    a_connectee(centre, ready=False)
    assert "Amina Example" in text(signed_in(centre), "today")
    page = text(signed_in(centre, role), "today")
    assert sentence in page
    assert "Amina Example" not in page


def test_who_owes_something_sees_it_as_a_reader_and_others_do_not(
    centre: Centre, signed_in: SignedIn
) -> None:
    with house_of(centre):
        meeting = member(centre, Role.NEWCOMER)
        open_promise(
            centre=centre, kind="book_meeting", subject_kind="match",
            subject_id=meeting.party_id, debtor=meeting.party,
        )  # fmt: skip
    page = text(signed_in(centre, Role.NEWCOMER), "today")
    assert "One thing needs you." in page
    assert "Find a time to meet" in page
    assert "Find a time to meet" not in text(signed_in(centre, Role.CONNECTOR), "today")


@pytest.mark.parametrize(
    ("utc", "greeting"),
    [("13:00", "Good morning"), ("18:00", "Good afternoon"), ("23:30", "Good evening")],
)
def test_the_greeting_follows_the_centres_clock(
    centre: Centre, signed_in: SignedIn, utc: str, greeting: str
) -> None:
    with time_machine.travel(f"2026-01-20 {utc}Z", tick=True):
        assert f"{greeting}, Coordinator." in text(signed_in(centre), "today")


def test_today_asks_the_database_as_often_for_many_lines_as_for_one_of_each(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    counts = []
    for where, more in ((centre, ()), (other_centre, ("Bea B", "Cy C", "Dee D"))):
        a_network(where)
        for name in ("New Example", *more):
            a_connectee(where, name, ready=False)
        counts.append(queries(signed_in(where), "today"))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES
