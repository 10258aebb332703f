"""The Connectors' pages: list, page, form, pause."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connector
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.pages.coordinator.test_people import FIXED_QUERIES, post, queries

pytestmark = pytest.mark.django_db


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "name": "Rose Sample",
        "email": "rose@people.example",
        "phone": "",
        "language": "fr",
        "occupation": "welder",
        "english": "9",
        "french": "",
        "other_languages": "",
        "interests": "choir",
        "community": "Truro, NS",
        "mode": "in_person",
        "not_with": "",
        "organization": "Atelier Nord",
        "capacity": "3",
        "circles": ["social", "economic"],
        "lived_experience": "on",
        **changes,
    }


def only(centre: Centre) -> Connector:
    with house_of(centre):
        return Connector.objects.select_related("person__party", "organization__party").get()


def test_e02_a_new_connector_with_field_organization_circles_and_capacity(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    answer = post(client, "connector_new", **filled())
    row = only(centre)
    assert answer["Location"] == reverse("coordinator:connector", args=[row.pk])
    assert row.organization is not None
    assert row.organization.party.name == "Atelier Nord"
    assert (row.capacity, row.circles, row.lived_experience) == (3, ["social", "economic"], True)
    page = client.get(answer["Location"]).content.decode()
    for words in (
        "Rose Sample",
        "Atelier Nord",
        "NOC 72106",
        "3 of 3 places are free",
        "social, business",
    ):
        assert words in page, words


def test_e02_the_list_shows_free_places_and_who_is_full(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    an_introduced_pair(centre)
    a_connector(centre, "Full Sample", capacity=0)
    page = signed_in(centre).get(reverse("coordinator:connectors")).content.decode()
    assert "1 of 2" in page
    assert "0 of 0" in page
    free = signed_in(centre).get(reverse("coordinator:connectors"), {"state": "free"})
    assert "Paul Sample" in free.content.decode()
    assert "Full Sample" not in free.content.decode()


def test_e03_connectors_are_filtered_by_circle_and_found_by_organization(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    post(client, "connector_new", **filled())
    a_connector(centre, "Other Sample")
    url = reverse("coordinator:connectors")
    for query in ({"circle": "economic"}, {"q": "atelier nord"}, {"q": "róse"}):
        page = client.get(url, query).content.decode()
        assert "Rose Sample" in page, query
        assert "Other Sample" not in page, query


def test_a_pause_takes_nobody_new_and_ends(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connector(centre)
    client = signed_in(centre)
    for _click in range(2):
        post(client, "connector_pause", row.pk, pause="yes")
    assert only(centre).state == "paused"
    page = client.get(reverse("coordinator:connector", args=[row.pk])).content.decode()
    assert "No round proposes them" in page
    post(client, "connector_pause", row.pk, pause="no")
    assert only(centre).state == "active"


def test_g16_two_editors_of_a_connector(centre: Centre, signed_in: Callable[..., Client]) -> None:
    client = signed_in(centre)
    post(client, "connector_new", **filled())
    row = only(centre)
    assert (
        post(client, "connector_edit", row.pk, **filled(version="1", capacity="5")).status_code
        == 302
    )
    answer = post(client, "connector_edit", row.pk, **filled(version="1", circles=["cultural"]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The record as it is now" in page
    assert 'value="cultural" ' in page
    assert only(centre).capacity == 5


def test_a_connector_of_another_centre_is_a_missing_one(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    theirs, ours = a_connector(other_centre, "Foreign Person"), a_connector(centre)
    client = signed_in(centre)
    for page in ("connector", "connector_edit"):
        for key, status in ((theirs.pk, 404), (uuid.uuid4(), 404), (ours.pk, 200)):
            assert client.get(reverse(f"coordinator:{page}", args=[key])).status_code == status
    assert post(client, "connector_pause", theirs.pk, pause="yes").status_code == 404
    assert "Foreign" not in client.get(reverse("coordinator:connectors")).content.decode()


@pytest.mark.parametrize("page", ["connectors", "connector"])
def test_a_page_asks_the_database_as_often_for_three_as_for_one(
    centre: Centre, signed_in: Callable[..., Client], page: str
) -> None:
    client = signed_in(centre)
    meeting = an_introduced_pair(centre)
    args = [] if page == "connectors" else [meeting.connector_party]
    one = queries(client, reverse(f"coordinator:{page}", args=args))
    for name in ("Bea Sample", "Cy Example"):
        a_connector(centre, name)
        a_connectee(centre, f"{name} Two")
    assert queries(client, reverse(f"coordinator:{page}", args=args)) == one
    assert one <= 10 + FIXED_QUERIES
