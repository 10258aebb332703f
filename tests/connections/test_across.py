"""D08: after two centres have introduced two people, the meeting and the doors are followed on both
sides, each by the person's own centre."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.models_shared import SharedAnswer, SharedAsk
from takeroot.connections.services.across import say_across, say_doors
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter, SignedLink
from takeroot.messaging.services import token_for
from takeroot.promises.climbing import climb_all
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.sharing import a_guest, a_shared_connector, answer, ask, offers, shares
from tests.keeping.test_erasing import forgotten

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        yield clock


def introduced(centre: Centre, other: Centre) -> tuple[SharedAsk, Connector, Connectee]:
    """A newcomer of `other` and a Connector of `centre`, who both said yes."""
    connector = a_shared_connector(centre)
    shares(centre, other)
    guest = a_guest(other)
    made = ask(guest, offers(other)[0])
    answer(connector, made)
    return made, connector, guest


def met(made: SharedAsk, who: Any, centre: Centre) -> SharedAsk:
    with house_of(centre):
        seen = SharedAsk.objects.get(pk=made.pk)
        return say_across(ask=seen, said_by=who, met=True, on=timezone.localdate())


def test_d08_the_newcomer_owes_word_of_the_meeting_and_the_connector_then_doors(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    made, connector, guest = introduced(centre, other_centre)
    with house_of(other_centre):
        owed = Promise.objects.get(kind="meet_across")
        assert (owed.debtor_id, owed.state) == (guest.pk, "open")
        assert "never as held" in Letter.objects.get(kind="shared_yes").body
    clock.shift(timedelta(days=3))
    met(made, connector.pk, centre)
    with house_of(other_centre):
        assert Promise.objects.get(kind="meet_across").state == "kept"
        assert Event.objects.filter(kind="met_elsewhere", party_id=guest.pk).count() == 1
    with house_of(centre):
        assert Promise.objects.get(kind="refer_across").debtor_id == connector.pk
        assert "bring the two together yourself" in Letter.objects.get(kind="doors_across").body
        seen = SharedAsk.objects.get(pk=made.pk)
        say_doors(ask=seen, doors=2)
        say_doors(ask=seen, doors=9)
        assert Promise.objects.get(kind="refer_across").state == "kept"
    with house_of(other_centre):
        assert SharedAnswer.objects.get().doors == 2
        assert Event.objects.filter(kind="door_elsewhere", party_id=guest.pk).count() == 2


def test_d08_nobody_says_how_it_went_and_it_counts_as_unknown(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    _made, _connector, guest = introduced(centre, other_centre)
    for _day in range(60):
        clock.shift(timedelta(days=1))
        climb_all(centre)
        climb_all(other_centre)
    with house_of(other_centre):
        assert Letter.objects.filter(kind="how_across").count() == 3
        assert Promise.objects.filter(kind="call", subject_id=guest.pk).count() == 1
        assert SharedAsk.objects.get().met == "unknown"
        assert Promise.objects.get(kind="meet_across").reason == "no_answer"
        assert not Event.objects.filter(kind="met_elsewhere").exists()
    # Whoever says so later is heard.
    met(_made, guest.pk, other_centre)
    with house_of(other_centre):
        assert SharedAsk.objects.get().met == "met"


def test_d08_the_connector_is_asked_for_doors_twice_more_and_then_left_in_peace(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    made, connector, _guest = introduced(centre, other_centre)
    met(made, connector.pk, centre)
    for _day in range(60):
        clock.shift(timedelta(days=1))
        climb_all(centre)
    with house_of(centre):
        assert Letter.objects.filter(kind="doors_across").count() == 3
        assert Promise.objects.get(kind="refer_across").reason == "no_answer"


def test_d08_who_will_not_meet_says_so_and_the_other_is_told_without_blame(
    centre: Centre, other_centre: Centre
) -> None:
    made, connector, guest = introduced(centre, other_centre)
    with house_of(other_centre):
        seen = SharedAsk.objects.get(pk=made.pk)
        say_across(ask=seen, said_by=guest.pk, met=False, on=None)
        assert not Promise.objects.filter(kind="meet_across", state="open").exists()
    with house_of(centre):
        letter = Letter.objects.get(kind="not_across")
        assert (letter.party_id, "nothing to do with" in letter.body) == (connector.pk, True)
        assert not Promise.objects.filter(kind="refer_across").exists()


@pytest.mark.parametrize("days", [1, -40])
def test_d08_a_day_that_cannot_be_is_refused(
    centre: Centre, other_centre: Centre, days: int
) -> None:
    made, _connector, guest = introduced(centre, other_centre)
    with house_of(other_centre):
        seen = SharedAsk.objects.get(pk=made.pk)
        day = timezone.localdate(timezone=other_centre.zone) + timedelta(days=days)
        with pytest.raises(Refused, match="Write the day you met"):
            say_across(ask=seen, said_by=guest.pk, met=True, on=day)


def test_d08_an_erasure_closes_what_is_asked_and_owed_for_the_newcomer_in_other_centres(
    centre: Centre, other_centre: Centre
) -> None:
    made, connector, guest = introduced(centre, other_centre)
    met(made, connector.pk, centre)
    second = a_shared_connector(centre, "Second Sample")
    with house_of(centre):
        place = second.shared_place.place
    offer = next(one for one in offers(other_centre) if one.place == place)
    ask(guest, offer)
    forgotten(other_centre, guest.pk)
    with house_of(centre):
        assert not Promise.objects.filter(state="open").exists()
        told = Letter.objects.filter(kind="shared_over").values_list("party_id", flat=True)
        assert {*told} == {connector.pk, second.pk}
        assert SharedAnswer.objects.get(ask__place=place).state == "withdrawn"
        assert not SignedLink.objects.filter(
            purpose__in=("across", "shared_ask"), revoked_at=None
        ).exists()


def test_d08_each_says_it_behind_their_own_link(
    centre: Centre, other_centre: Centre, client: Client
) -> None:
    _made, connector, guest = introduced(centre, other_centre)
    addresses = {}
    for place, party in ((centre, connector), (other_centre, guest)):
        with house_of(place):
            link = SignedLink.objects.get(purpose="across", party_id=party.pk)
        addresses[place.pk] = f"/l/{token_for(link)}/"
    page = client.get(addresses[other_centre.pk]).content.decode()
    assert "Have you met Paul Sample?" in page
    day = timezone.localdate(timezone=other_centre.zone).isoformat()
    done = client.post(f"{addresses[other_centre.pk]}across/", {"met": "yes", "on": day})
    assert done.status_code == 303
    assert "have met" in client.get(addresses[other_centre.pk]).content.decode()
    page = client.get(addresses[centre.pk]).content.decode()
    assert "Doors for Gita Guest" in page
    assert client.post(f"{addresses[centre.pk]}across/", {"doors": "1"}).status_code == 303
    with house_of(other_centre):
        assert SharedAnswer.objects.get().doors == 1


def test_d08_staff_write_down_what_their_own_person_says(
    centre: Centre, other_centre: Centre, signed_in: Any
) -> None:
    made, _connector, guest = introduced(centre, other_centre)
    theirs, mine = signed_in(other_centre), signed_in(centre)
    url = f"/sharing/across/{made.pk}/"
    page = theirs.get(url).content.decode()
    assert "Gita Guest" in page
    assert "Paul Sample" not in page
    day = timezone.localdate(timezone=other_centre.zone).isoformat()
    assert theirs.post(url, {"met": "yes", "on": day, "via": "phone"}).status_code == 302
    with house_of(other_centre):
        assert Event.objects.get(kind="met_elsewhere").via == "phone"
        assert Event.objects.get(kind="met_elsewhere").party_id == guest.pk
    assert mine.post(url, {"doors": "0", "via": "paper"}).status_code == 302
    with house_of(centre):
        assert SharedAnswer.objects.get().doors == 0
    assert "they met" in mine.get("/sharing/").content.decode()
