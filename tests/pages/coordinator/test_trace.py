"""The trace in words: who did what to whose file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from tests.connections.people import a_connectee, an_introduced_pair
from tests.pages.coordinator.test_people import FIXED_QUERIES, filled, only, post, queries

pytestmark = pytest.mark.django_db
TRACE = "coordinator:trace"


def test_b83_a_change_is_told_in_a_sentence(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    post(client, "connectee_new", **filled())
    post(client, "connectee_edit", only(centre).pk, **filled(version="1", phone="902 555 0999"))
    page = client.get(reverse(TRACE)).content.decode()
    assert "Coordinator Sample changed the address card of Amina Example: Telephone." in page
    assert "Coordinator Sample added the file of Amina Example." in page
    assert "902 555 0999" not in page


def test_b83_reading_a_file_leaves_a_trace_that_names_who_and_whose(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre)
    signed_in(centre, Role.WORKER).get(reverse("coordinator:connectee", args=[row.pk]))
    page = signed_in(centre).get(reverse(TRACE), {"what": "reads"}).content.decode()
    assert "Worker Sample opened the file of Amina Example." in page


def test_the_trace_is_narrowed_to_somebody(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row, _other = a_connectee(centre), a_connectee(centre, "Bea Sample")
    client = signed_in(centre)
    for query in ({"q": "amina", "what": "all"}, {"person": str(row.pk)}):
        page = client.get(reverse(TRACE), query).content.decode()
        assert "of Amina Example" in page
        assert "of Bea Sample" not in page
    assert client.get(reverse(TRACE), {"person": "nonsense"}).status_code == 200


def test_older_entries_are_reached_page_by_page(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    for number in range(6):
        a_connectee(centre, f"Person {number} Sample")
    client, seen, address = signed_in(centre), set(), reverse(TRACE) + "?what=all"
    while address:
        page = client.get(address)
        keys = [line["text"] + str(line["at"]) for line in page.context["lines"]]
        assert keys
        seen.update(keys)
        address = reverse(TRACE) + page.context["older"] if page.context["older"] else ""
    assert any("Person 0 Sample" in text for text in seen)
    assert any("Person 5 Sample" in text for text in seen)


def test_the_trace_of_another_centre_is_not_seen(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    theirs = a_connectee(other_centre, "Foreign Person")
    a_connectee(centre)
    client = signed_in(centre)
    for query in ({}, {"what": "all"}, {"q": "Foreign", "what": "all"}, {"person": str(theirs.pk)}):
        assert "Foreign Person" not in client.get(reverse(TRACE), query).content.decode()
    assert "Amina Example" in client.get(reverse(TRACE), {"what": "all"}).content.decode()


def test_the_trace_is_for_those_who_answer_for_it(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    for role, status in ((Role.WORKER, 404), (Role.PRIVACY_OFFICER, 200), (Role.COORDINATOR, 200)):
        assert signed_in(centre, role).get(reverse(TRACE)).status_code == status


@pytest.mark.parametrize("what", ["changes", "all", "reads"])
def test_the_trace_asks_the_database_as_often_for_many_as_for_few(
    centre: Centre, signed_in: Callable[..., Client], what: str
) -> None:
    client, url = signed_in(centre), reverse(TRACE) + f"?what={what}"
    an_introduced_pair(centre)
    one = queries(client, url)
    for name in ("Bea Sample", "Cy Example"):
        a_connectee(centre, name)
    assert queries(client, url) <= 10 + FIXED_QUERIES
    assert one <= 10 + FIXED_QUERIES


def test_what_the_house_does_by_itself_is_shown_when_asked_for(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    a_connectee(centre)
    client = signed_in(centre)
    assert "The house itself" not in client.get(reverse(TRACE)).content.decode()
    page = client.get(reverse(TRACE), {"what": "all"}).content.decode()
    assert "The house itself added the file of Amina Example." in page
