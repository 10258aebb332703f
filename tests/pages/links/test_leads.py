"""Leads to work that is not advertised: for the matched alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takeroot.access.actor import Actor, acting
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.models import Connector, Match
from takeroot.connections.services.introductions import end_match
from takeroot.keeping.tables import kept_tables
from takeroot.messaging.models import LinkPurpose
from takeroot.outcomes.models_work import Lead
from takeroot.outcomes.services.leads import Opening, leave_lead
from tests.cast import house_of
from tests.connections.chain import agreed, asked, met
from tests.pages.coordinator.reading import post, said, text
from tests.pages.links.stage import Reader, reader

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
CANARY = "qzcanarylead"


def typed(**more: Any) -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=20)
    usual = {"employer": f"{CANARY} Bakery", "what": "A baker", "how": "Ask for Jo"}
    return {**usual, "until": until.isoformat(), **more}


def two_of(centre: Centre, match: Match) -> tuple[Reader, Reader]:
    with house_of(centre):
        meeting = match.meeting.pk
    return (
        reader(centre, match.connectee_id, LinkPurpose.MEETING, meeting),
        reader(centre, match.connector_id, LinkPurpose.MEETING, meeting),
    )


def test_e12_a_lead_of_the_connector_stands_on_the_page_of_their_connectee(centre: Centre) -> None:
    one, other = two_of(centre, met(centre))
    assert other.post("lead/", **typed()).status_code == 303
    assert other.post("lead/", **typed()).status_code == 303
    page = one.text()
    assert page.count(f"{CANARY} Bakery") == 1
    assert "Told to you alone" in page
    with house_of(centre):
        assert Lead.objects.count() == 1


def test_e12_a_lead_is_on_no_page_of_anybody_else(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    match = met(centre)
    one, other = two_of(centre, match)
    first = asked(centre, match, "Ana One")
    agreed(centre, *first)
    contact = reader(centre, first[0].contact_party, LinkPurpose.REFERRAL, first[0].pk)
    stranger, _theirs = two_of(other_centre, met(other_centre))
    other.post("lead/", **typed())
    assert CANARY in one.text()
    for somebody in (contact, stranger):
        assert CANARY not in somebody.text()
    nobody = Client()
    for name in ("home", "communities", "help"):
        answer = nobody.get(reverse(f"public:{name}"))
        assert answer.status_code == 200
        assert CANARY not in answer.content.decode()
    staff = signed_in(centre)
    assert CANARY in text(staff, "leads", match.connector_id)
    for name in ("people", "connectors", "report", "growth", "today"):
        assert CANARY not in text(staff, name)
    assert signed_in(other_centre).get(reverse("coordinator:leads", args=[match.connector_id]))\
        .status_code == 404  # fmt: skip


def test_e12_the_database_shows_a_lead_to_its_two_and_their_centre_alone(
    centre: Centre, other_centre: Centre
) -> None:
    match = met(centre)
    first = asked(centre, match, "Ana One")
    agreed(centre, *first)
    _one, other = two_of(centre, match)
    other.post("lead/", **typed())

    def seen(party: Any, where: Centre) -> int:
        with acting(Actor(role="link", party=party, centres=(where.pk,), purpose="link")):
            return Lead.objects.count()

    assert seen(match.connectee_id, centre) == seen(match.connector_id, centre) == 1
    # A contact holds a grant on the Connector's name: it opens no lead.
    assert seen(first[0].contact_party, centre) == 0
    assert seen(match.connectee_id, other_centre) == 1
    with house_of(other_centre):
        assert not Lead.objects.exists()


@pytest.mark.parametrize("how", ["past", "ended", "withdrawn"])
def test_a_lead_goes_with_its_day_its_match_or_whoever_left_it(
    centre: Centre, how: str, signed_in: SignedIn
) -> None:
    match = met(centre)
    one, other = two_of(centre, match)
    other.post("lead/", **typed())
    with house_of(centre) as house:
        if how == "past":
            Lead.objects.update(until=timezone.localdate() - timedelta(days=1))
        elif how == "ended":
            end_match(match=Match.objects.get(pk=match.pk), by=house)
        key = Lead.objects.get().pk
    if how == "withdrawn":
        client = signed_in(centre)
        assert "nobody sees this lead" in said(client, post(client, "lead_withdraw", key))
    assert CANARY not in one.text()


def test_staff_tell_everybody_whom_the_connector_meets(centre: Centre, signed_in: SignedIn) -> None:
    match = met(centre)
    one, _other = two_of(centre, match)
    client = signed_in(centre, Role.WORKER)
    page = said(client, post(client, "leads", match.connector_id, **typed()))
    assert "One person sees it, behind their link, and nobody else." in page
    assert CANARY in one.text()


def test_a_connectee_leaves_no_lead_and_an_old_day_is_refused(centre: Centre) -> None:
    match = met(centre)
    one, other = two_of(centre, match)
    assert one.post("lead/", **typed()).status_code == 404
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert other.post("lead/", **typed(until=yesterday)).status_code == 422
    with house_of(centre) as house:
        assert not Lead.objects.exists()
        connector = Connector.objects.select_related("centre").get(pk=match.connector_id)
        opening = Opening("A", "b", "c", timezone.localdate())
        assert len(leave_lead(connector=connector, opening=opening, by=house)) == 1


def test_e12_a_lead_is_in_the_copy_of_those_two_and_is_forgotten_with_them() -> None:
    keeps = next(keeps for model, keeps in kept_tables() if model is Lead)
    assert set(keeps.about) == {"connectee_party", "left_by"}
    assert set(keeps.forget) == {"employer", "what", "how"}
