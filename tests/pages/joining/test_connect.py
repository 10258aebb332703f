"""Connectors: eight questions, a coordinator's yes, a page of their own, rest and thanks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.enums_applying import ThanksState
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.models_applying import Thanks
from takeroot.connections.services.joining import (
    confirm_connector,
    end_rests,
    invite_alumnus,
    stop_helping,
)
from takeroot.connections.services.rounds import propose_round
from takeroot.ledger.models import Event
from takeroot.messaging.models import LinkPurpose
from takeroot.pages.joining.connect_forms import ConnectForm
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of
from tests.connections.people import a_connectee, a_connector
from tests.pages.links.stage import Reader, held, reader

pytestmark = pytest.mark.django_db
ANSWERS = {
    "name": "Réjean Sample",
    "email": "rejean@locals.example",
    "occupation": "registered nurse",
    "organization": "Regional Hospital",
    "about": ["employer", "lived", "hiring"],
    "circles": ["professional", "social"],
    "talk": ["en", "fr", "in_person"],
    "capacity": "2",
}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def offer(client: Client, centre: Centre, **changes: Any) -> HttpResponse:
    page = client.get(f"/connect/{centre.slug}/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
    return client.post(f"/connect/{centre.slug}/", {"key": key, **ANSWERS, **changes})


def own_page(centre: Centre, row: Connector) -> Reader:
    return reader(centre, row.pk, LinkPurpose.CONNECTOR_PAGE, row.pk)


def helpers_page(centre: Centre) -> tuple[Reader, Reader]:
    """The own pages of a Connectee and a Connector who have met."""
    pair = held(centre)
    one, other = pair.connectee.party.pk, pair.connector.party.pk
    return (
        reader(centre, one, LinkPurpose.CONNECTEE_PAGE, one),
        reader(centre, other, LinkPurpose.CONNECTOR_PAGE, other),
    )


def test_e02_eight_questions_at_most_and_no_account() -> None:
    asked = [name for name in ConnectForm.base_fields if name != "website"]
    assert len(asked) <= 8


def test_e02_an_offer_waits_for_the_coordinator_and_no_round_uses_it(
    centre: Centre, client: Client
) -> None:
    assert offer(client, centre).status_code == 303
    a_connectee(centre)
    with house_of(centre) as house:
        row = Connector.objects.select_related("person__party", "organization__party").get()
        assert (row.state, row.capacity, row.circles) == (
            "applied",
            2,
            ["professional", "social"],
        )
        assert (row.town_roles, row.lived_experience, row.also_hiring) == (["employer"], True, True)
        assert (row.person.occupation_code, row.person.mode) == ("31301", "in_person")
        assert row.person.languages == {"en": None, "fr": None}
        assert row.organization is not None
        assert row.organization.party.name == "Regional Hospital"
        promise = Promise.objects.get(kind="answer_connector")
        assert promise.due_on == timezone.localdate(timezone=centre.zone) + timedelta(days=7)
        with pytest.raises(Refused, match="No Connector"):
            propose_round(centre=centre, name="Round", by=house)
        confirm_connector(connector=row, by=house)
        confirm_connector(connector=row, by=house)
        assert propose_round(centre=centre, name="Round", by=house).connectors == 1
        kinds = Event.objects.filter(party_id=row.pk).values_list("kind", flat=True)
        assert sorted(kinds) == ["became_connector", "offered_help"]
        promise.refresh_from_db()
        assert promise.state == "kept"
    deliver()
    assert [one.subject for one in mail.outbox if one.to == [ANSWERS["email"]]] == [
        "Thank you for offering to open doors",
        "Welcome: you open doors now",
    ]


def test_e02_the_same_form_twice_makes_one_and_a_known_address_makes_none(
    centre: Centre, client: Client
) -> None:
    key = "0b8f7f0e-5f0f-4d4c-9a55-0a8f4a0b1c2d"
    answers = [client.post(f"/connect/{centre.slug}/", {"key": key, **ANSWERS}) for _n in range(2)]
    again = offer(Client(), centre, email=str(ANSWERS["email"]).upper(), name="Other Name")
    assert {one.headers["Location"] for one in [*answers, again]} == {
        f"/connect/{centre.slug}/thank-you/"
    }
    with house_of(centre):
        assert Connector.objects.count() == 1
        assert Connector.objects.get().person.party.name == "Réjean Sample"


def test_e02_the_coordinator_says_yes_or_a_kind_no_from_the_page(
    centre: Centre, client: Client, signed_in: Callable[..., Client]
) -> None:
    offer(client, centre)
    with house_of(centre):
        row = Connector.objects.get()
    staff = signed_in(centre, Role.COORDINATOR)
    assert "offers to open doors" in staff.get("/today/").content.decode()
    page = staff.get(f"/connectors/{row.pk}/").content.decode()
    assert "Yes, welcome them" in page
    assert "Also hiring now" in page
    worker = signed_in(centre, Role.WORKER)
    assert worker.post(f"/connectors/{row.pk}/offer/").status_code == 404
    # Nobody slips past the answer by ending a pause that never was.
    staff.post(f"/connectors/{row.pk}/pause/", {"pause": "no"})
    with house_of(centre):
        assert Connector.objects.get().state == "applied"
    staff.post(f"/connectors/{row.pk}/offer/", {"no": "yes"})
    with house_of(centre):
        assert Connector.objects.get().state == "retired"
    deliver()
    assert "Your offer to open doors" in [one.subject for one in mail.outbox]


def test_e02_a_machine_and_a_half_filled_form_make_nobody(centre: Centre, client: Client) -> None:
    assert offer(client, centre, website="http://spam.example").status_code == 422
    assert offer(client, centre, talk=["in_person"]).status_code == 422
    assert offer(client, centre, circles=[]).status_code == 422
    with house_of(centre):
        assert not Connector.objects.exists()


def test_e05_connectors_are_filtered_by_what_they_are_and_by_hiring(
    centre: Centre, client: Client, signed_in: Callable[..., Client]
) -> None:
    offer(client, centre)
    offer(
        Client(),
        centre,
        name="Claire Specimen",
        email="claire@locals.example",
        about=["public_servant"],
    )
    staff = signed_in(centre, Role.COORDINATOR)

    def found(**query: str) -> tuple[bool, bool]:
        text = staff.get("/connectors/", query).content.decode()
        return "Réjean Sample" in text, "Claire Specimen" in text

    assert found() == (True, True)
    assert found(kind="employer") == (True, False)
    assert found(kind="public_servant") == (False, True)
    assert found(kind="hiring") == (True, False)


def test_e03_circles_are_asked_and_recorded_by_form_and_by_staff(
    centre: Centre, client: Client, signed_in: Callable[..., Client]
) -> None:
    offer(client, centre, circles=["cultural"])
    staff = signed_in(centre, Role.COORDINATOR)
    assert "Réjean Sample" in staff.get("/connectors/?circle=cultural").content.decode()
    assert "Réjean Sample" not in staff.get("/connectors/?circle=social").content.decode()


def test_e02_a_connector_changes_capacity_and_rests_until_a_day(centre: Centre) -> None:
    row = a_connector(centre)
    page = own_page(centre, row)
    assert page.post("suit/", capacity=1, rest="until", until="2020-01-01").status_code == 422
    day = timezone.localdate(timezone=centre.zone) + timedelta(days=30)
    assert page.post("suit/", capacity=1, rest="until", until=str(day)).status_code == 303
    with house_of(centre):
        row.refresh_from_db()
        assert (row.state, row.capacity, row.paused_until) == ("paused", 1, day)
        assert end_rests(centre=centre) == 0
    with time_machine.travel(timezone.now() + timedelta(days=32)), house_of(centre):
        assert end_rests(centre=centre) == 1
        assert end_rests(centre=centre) == 0
        row.refresh_from_db()
        assert (row.state, row.paused_until) == ("active", None)
        kinds = list(
            Event.objects.filter(party_id=row.pk)
            .order_by("created_at")
            .values_list("kind", flat=True)
        )
        assert kinds == ["became_connector", "rests", "came_back"]


def test_e02_not_now_lasts_until_they_say_otherwise(centre: Centre) -> None:
    row = a_connector(centre)
    page = own_page(centre, row)
    page.post("suit/", capacity=2, rest="now")
    with time_machine.travel(timezone.now() + timedelta(days=400)), house_of(centre):
        assert end_rests(centre=centre) == 0
        row.refresh_from_db()
        assert row.state == "paused"
    page.post("suit/", capacity=2, rest="no")
    with house_of(centre):
        row.refresh_from_db()
        assert row.state == "active"


def test_e02_a_connector_stops_and_may_offer_again(centre: Centre) -> None:
    row = a_connector(centre)
    page = own_page(centre, row)
    assert "Stop opening doors?" in page.text("stop/")
    page.post("stop/")
    with house_of(centre):
        row.refresh_from_db()
        assert row.state == "retired"
        stop_helping(connector=row)
    assert page.post("suit/", capacity=2, rest="no").status_code == 422
    page.post("stop/", again="yes")
    with house_of(centre):
        row.refresh_from_db()
        assert row.state == "applied"
        assert Promise.objects.filter(kind="answer_connector", state="open").count() == 1


def test_e17_what_came_of_it_reaches_the_connector_only_with_consent(centre: Centre) -> None:
    one, other = helpers_page(centre)
    assert "What came of it is theirs to tell" in other.text()
    one.post("agree/", outcome="yes")
    text = other.text()
    assert "Amina Example" in text
    assert "What came of it is theirs to tell" not in text
    with house_of(centre):
        key = one.party.consents.get(purpose="outcome").pk
    assert "Take it back" in one.text()
    one.post("agree/", back=str(key))
    # Withdrawn is withdrawn at the next look.
    assert "What came of it is theirs to tell" in other.text()


def test_e17_another_connector_sees_nothing_of_it(centre: Centre, other_centre: Centre) -> None:
    one, _other = helpers_page(centre)
    one.post("agree/", outcome="yes")
    stranger = own_page(centre, a_connector(centre, "Ruth Sample"))
    away = own_page(other_centre, a_connector(other_centre, "Ruth Sample"))
    for page in (stranger, away):
        assert "Nobody yet" in page.text()
        assert "Amina Example" not in page.text()


def test_e17_a_thank_you_is_read_by_staff_before_it_reaches_the_connector(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    one, other = helpers_page(centre)
    with house_of(centre):
        match = one.party.person.connectee.matches.get()
    sent = {"match": str(match.pk), "text": "You opened three doors. Thank you!"}
    assert one.post("thank/", **sent).status_code == 303
    one.post("thank/", **{**sent, "text": "again"})
    assert "three doors. Thank you" not in other.text()
    staff = signed_in(centre, Role.COORDINATOR)
    assert "thanks Paul Sample" in staff.get("/today/").content.decode()
    assert "three doors. Thank you" in staff.get(f"/thanks/{match.pk}/").content.decode()
    staff.post(f"/thanks/{match.pk}/")
    staff.post(f"/thanks/{match.pk}/")
    assert "three doors. Thank you" in other.text()
    deliver()
    letters = [message for message in mail.outbox if message.subject == "A thank-you for you"]
    assert len(letters) == 1
    assert "three doors. Thank you" in letters[0].body
    with house_of(centre):
        assert Promise.objects.get(kind="read_thanks").state == "kept"


def test_e17_words_that_are_kept_back_reach_nobody(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    one, other = helpers_page(centre)
    with house_of(centre):
        match = one.party.person.connectee.matches.get()
    one.post("thank/", match=str(match.pk), text="Call me, please")
    signed_in(centre, Role.COORDINATOR).post(f"/thanks/{match.pk}/", {"keep": "yes"})
    assert "Call me" not in other.text()
    with house_of(centre):
        assert Thanks.objects.get().state == ThanksState.KEPT_BACK
        assert Promise.objects.get(kind="read_thanks").state == "closed"


def test_e17_the_organizations_own_words_are_shown_to_newcomers_it_meets(centre: Centre) -> None:
    from tests.pages.links.stage import a_pair

    pair = a_pair(centre)
    assert "We look for nurses" not in pair.connectee.text()
    page = reader(
        centre, pair.connector.party.pk, LinkPurpose.CONNECTOR_PAGE, pair.connector.party.pk
    )
    assert page.post("organization/", profile="We look for nurses each spring.").status_code == 303
    assert "We look for nurses each spring." in pair.connectee.text()


def test_e17_alumni_are_asked_once_and_offer_with_what_is_known(
    centre: Centre, client: Client
) -> None:
    row = a_connectee(centre)
    page = reader(centre, row.pk, LinkPurpose.CONNECTEE_PAGE, row.pk)
    assert "Would you open doors" not in page.text()
    assert page.post("join/").status_code == 303
    with house_of(centre) as house:
        with pytest.raises(Refused, match="still on their own way"):
            invite_alumnus(connectee=row, by=house)
        Connectee.objects.update(state="complete")
        row = Connectee.objects.select_related("person__party", "centre").get()
        for _time in range(2):
            invite_alumnus(connectee=row, by=house)
    assert deliver() == 1
    assert "Would you open doors" in page.text()
    text = page.text("join/")
    assert re.search(r'value="lived"[^>]*checked', text)
    assert "nurses" in text.lower()
    filled = {k: v for k, v in ANSWERS.items() if k not in ("name", "email")}
    assert page.post("join/", **filled).status_code == 303
    page.post("join/", **filled)
    with house_of(centre):
        connector = Connector.objects.get()
        assert (connector.pk, connector.state, connector.lived_experience) == (
            row.pk,
            "applied",
            True,
        )


def test_e22_who_prefers_lived_experience_is_matched_with_it(centre: Centre) -> None:
    """Two Connectors alike but for that, and for a little that speaks for the other."""
    with house_of(centre):
        asks = a_connectee(centre, "Amina Example", interests=["choir", "chess"])
        a_connector(centre, "Plain Sample", interests=["choir"], organization=None)
        lived = a_connector(centre, "Lived Sample", organization=None)
        Connector.objects.filter(pk=lived.pk).update(lived_experience=True)

    def first_choice() -> str:
        with house_of(centre) as house:
            round_ = propose_round(centre=centre, name="Round", by=house)
            match = round_.matches.select_related("connector__person__party").get(state="proposed")
            name = match.connector.person.party.name
            round_.matches.all().delete()
            round_.delete()
            return str(name)

    assert first_choice() == "Plain Sample"
    with house_of(centre):
        Connectee.objects.filter(pk=asks.pk).update(prefers_lived=True)
    assert first_choice() == "Lived Sample"
