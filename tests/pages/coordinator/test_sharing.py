"""Sharing Connectors, on the pages of two centres and behind a Connector's link."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from takeroot.accounts.models import Centre
from takeroot.connections.models_shared import SharedAnswer
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.messaging.services import token_for
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector
from tests.connections.sharing import a_guest, offers
from tests.connections.test_sharing import end_all, limit, match_all
from tests.pages.coordinator.reading import MOST_QUERIES, post, queries, said, text

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def test_d08_from_two_centres_that_agree_to_a_yes_behind_a_link(
    centre: Centre, other_centre: Centre, signed_in: SignIn
) -> None:
    owner, asker = signed_in(centre), signed_in(other_centre)
    connector, guest = a_connector(centre), a_guest(other_centre)
    said(owner, post(owner, "connector_share", connector.pk, share="yes"))
    said(owner, post(owner, "sharing_with", other_centre.slug, share="yes"))
    assert "waits for your yes" in text(asker, "sharing")
    said(asker, post(asker, "sharing_with", centre.slug, share="yes"))
    page = text(asker, "sharing")
    assert "A Connector of Truro centre: Registered nurses" in page
    assert "Paul" not in page
    (offer,) = offers(other_centre)
    assert "Choose for whom" in said(asker, post(asker, "sharing_ask", offer.pk))
    page = said(asker, post(asker, "sharing_ask", offer.pk, connectee=str(guest.pk)))
    assert "the answer will stand here" in page
    with house_of(centre):
        link = SignedLink.objects.get(purpose=LinkPurpose.SHARED_ASK)
    address = f"/l/{token_for(link)}/"
    page = unescape(Client().get(address).content.decode())
    assert "Would you meet a newcomer of Gander centre?" in page
    assert "Gita" not in page
    assert Client().post(f"{address}another-centre/", {"answer": "yes"}).status_code == 303
    with house_of(other_centre):
        assert SharedAnswer.objects.get().state == "yes"
    assert "said yes" in text(asker, "sharing")


def test_a_connectors_page_says_why_and_until_when_they_rest_and_lets_the_coordinator_decide(
    centre: Centre, signed_in: SignIn
) -> None:
    limit(centre, 1)
    client, row = signed_in(centre), a_connector(centre, capacity=1)
    assert "They rest." not in text(client, "connector", row.pk)
    a_connectee(centre)
    match_all(centre)
    end_all(centre)
    assert "They were asked once in the last 91 days." in text(client, "connector", row.pk)
    answer = post(client, "ask_all_the_same", row.pk, reason="They offered it themselves.")
    assert "One more request is allowed" in said(client, answer)
    assert "They rest." not in text(client, "connector", row.pk)


def test_the_page_of_other_centres_costs_no_more_for_many(
    centre: Centre, other_centre: Centre, signed_in: SignIn
) -> None:
    client = signed_in(centre)
    a_connector(centre, "First Sample")
    one = queries(client, "sharing")
    for number in range(4):
        a_connector(centre, f"Sample {number}")
    assert queries(client, "sharing") == one <= MOST_QUERIES
