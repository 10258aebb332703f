"""D08: Connectors whom several centres may ask: anonymous places, one request a month, a yes
before any name moves; and Connectors who were asked often enough rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee, Connector, Match
from takeroot.connections.models_shared import (
    ExtraRequest,
    Offer,
    SharedAnswer,
    SharedAsk,
    SharedPlace,
)
from takeroot.connections.resting import rests
from takeroot.connections.selectors import may_be_asked
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.resting import ask_all_the_same
from takeroot.connections.services.rounds import accept_round, add_by_hand, propose_round, set_aside
from takeroot.connections.services.sharing import end_sharing, share_connector
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.promises.climbing import climb_all
from takeroot.promises.enums import CloseReason
from takeroot.promises.models import Promise
from tests.cast import house_of, make_centre
from tests.connections.people import a_connectee, a_connector
from tests.connections.sharing import a_guest, a_shared_connector, answer, ask, offers, shares

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        yield clock


def test_d08_places_are_offered_without_a_name_once_both_centres_agreed(
    centre: Centre, other_centre: Centre
) -> None:
    a_shared_connector(centre)
    assert offers(other_centre) == []
    shares(centre, other_centre)
    (offer,) = offers(other_centre)
    assert (offer.occupation_code, offer.languages) == ("31301", ["en"])
    shown = {field.attname for field in Offer._meta.local_fields}
    assert not {"connector_id", "name", "organization_id"} & shown
    # What leads from the place to the person is behind the owner's wall, filters or not.
    with house_of(other_centre), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM connections_sharedplace")
        assert cursor.fetchone() == (0,)
        assert not Connector.objects.filter(centre=centre).exists()


def test_d08_either_side_ends_it_and_the_places_are_gone_on_both(
    centre: Centre, other_centre: Centre
) -> None:
    a_shared_connector(centre)
    a_shared_connector(other_centre, "Olga Other")
    shares(centre, other_centre)
    assert (len(offers(centre)), len(offers(other_centre))) == (1, 1)
    with house_of(other_centre) as house:
        end_sharing(centre=other_centre, other=centre, by=house)
    assert (offers(centre), offers(other_centre)) == ([], [])
    with house_of(centre):
        assert not Offer.objects.exists()


def test_d08_a_centre_cannot_write_what_belongs_to_another(
    centre: Centre, other_centre: Centre
) -> None:
    a_shared_connector(centre)
    shares(centre, other_centre)
    with house_of(other_centre):
        assert Offer.objects.filter(centre=centre).update(occupation_code="00000") == 0
        assert Offer.objects.filter(centre=centre).delete()[0] == 0


def test_d08_a_connector_is_not_asked_twice_in_a_month_by_two_agencies(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    third = make_centre("moncton", timezone="America/Moncton")
    connector = a_shared_connector(centre)
    shares(centre, other_centre)
    shares(centre, third)
    made = ask(a_guest(other_centre), offers(other_centre)[0])
    answer(connector, made, yes=False)
    with pytest.raises(Refused, match="within the last month"):
        ask(a_guest(third), offers(third)[0])
    clock.shift(timedelta(days=29))
    with pytest.raises(Refused, match="within the last month"):
        ask(a_guest(third, "Still Waiting"), offers(third)[0])
    clock.shift(timedelta(days=1))
    assert ask(a_guest(third, "Now Asking"), offers(third)[0]).pk


def test_d08_whom_another_agency_asked_is_not_proposed_at_home_within_the_month(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    connector = a_shared_connector(centre)
    shares(centre, other_centre)
    ask(a_guest(other_centre), offers(other_centre)[0])
    one = a_connectee(centre)
    a_connector(centre, "Second Sample")
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name="A round", by=house)
        assert Match.objects.get(round=round_).connector.person.party.name == "Second Sample"
        with pytest.raises(Refused, match="Another centre asked them"):
            add_by_hand(round_=round_, connectee=one, connector=connector, by=house)
        day = clock_day(centre) + timedelta(days=30)
        assert connector in may_be_asked(house, centre, day)


def clock_day(centre: Centre) -> Any:
    return timezone.localdate(timezone=centre.zone)


def test_d08_whom_we_asked_ourselves_no_other_agency_asks_within_the_month(
    centre: Centre, other_centre: Centre
) -> None:
    a_shared_connector(centre)
    shares(centre, other_centre)
    a_connectee(centre)
    match_all(centre)
    with pytest.raises(Refused, match="within the last month"):
        ask(a_guest(other_centre), offers(other_centre)[0])


def match_all(centre: Centre) -> list[Match]:
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name="A round", by=house)
        return accept_round(round_=round_, by=house)[0]


def test_d08_names_move_after_a_yes_and_by_grants_alone(
    centre: Centre, other_centre: Centre
) -> None:
    connector = a_shared_connector(centre)
    shares(centre, other_centre)
    guest = a_guest(other_centre)
    made = ask(guest, offers(other_centre)[0])
    with house_of(centre):
        letter = Letter.objects.get(kind="shared_ask").body
        assert "Gita" not in letter
        assert not Party.objects.filter(pk=guest.pk).exists()
    with house_of(other_centre):
        assert not SharedAnswer.objects.exists()
    answer(connector, made)
    for here, mine, theirs, said in (
        (centre, connector.pk, guest.pk, "gita.guest@people.example"),
        (other_centre, guest.pk, connector.pk, "paul.sample@people.example"),
    ):
        with house_of(here):
            assert said in Letter.objects.get(kind="shared_yes").body
            # Staff of one centre still read nothing of the other's person.
            assert not Party.objects.filter(pk=theirs).exists()
        actor = system_actor(here.pk, purpose="test", behalf=mine)
        with transaction.atomic(), acting(actor):
            assert Party.objects.filter(pk=theirs).exists()
    with house_of(other_centre):
        assert SharedAnswer.objects.get().state == "yes"
        assert Event.objects.filter(kind="introduced_elsewhere", party=guest.pk).count() == 1


def test_d08_a_no_tells_the_other_centre_no_and_not_who(
    centre: Centre, other_centre: Centre
) -> None:
    connector = a_shared_connector(centre)
    shares(centre, other_centre)
    made = ask(a_guest(other_centre), offers(other_centre)[0])
    answer(connector, made, yes=False)
    answer(connector, made, yes=True)
    with house_of(other_centre):
        said = SharedAnswer.objects.get()
        assert (said.state, said.connector_id) == ("no", None)
    with house_of(centre):
        assert not Letter.objects.filter(kind="shared_yes").exists()
        assert Promise.objects.get(kind="answer_shared").state == "kept"


def test_d08_without_the_newcomers_consent_nobody_is_asked(
    centre: Centre, other_centre: Centre
) -> None:
    a_shared_connector(centre)
    shares(centre, other_centre)
    with pytest.raises(Refused, match="has not yet agreed"):
        ask(a_connectee(other_centre, "Shy Example"), offers(other_centre)[0])
    with house_of(centre):
        assert not SharedAsk.objects.exists()


def test_d08_no_answer_is_no_and_the_asking_centre_reads_so(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    a_shared_connector(centre)
    shares(centre, other_centre)
    ask(a_guest(other_centre), offers(other_centre)[0])
    for _day in range(20):
        clock.shift(timedelta(days=1))
        climb_all(centre)
    with house_of(centre):
        assert Letter.objects.filter(kind="remind_shared").count() == 1
        assert Promise.objects.get(kind="answer_shared").reason == "no_answer"
    with house_of(other_centre):
        assert SharedAnswer.objects.get().state == "silent"


def test_d08_a_connector_who_is_no_longer_shared_is_not_asked(
    centre: Centre, other_centre: Centre
) -> None:
    connector = a_shared_connector(centre)
    shares(centre, other_centre)
    (old,) = offers(other_centre)
    with house_of(centre) as house:
        share_connector(connector=connector, share=False, by=house)
        assert SharedPlace.objects.get().ended_at is not None
    assert offers(other_centre) == []
    with pytest.raises(Refused, match="no longer offered"):
        ask(a_guest(other_centre), old)


def limit(centre: Centre, most: int) -> None:
    """The centre sets how often one Connector may be asked in a quarter."""
    centre.requests_most = most
    centre.save(update_fields=["requests_most"])


def end_all(centre: Centre) -> None:
    """Every match ends: the places are free again."""
    with house_of(centre) as house:
        for match in Match.objects.filter(state="accepted"):
            end_match(match=match, by=house, reason=CloseReason.WITHDRAWN)


def test_who_was_asked_as_often_as_agreed_rests_although_a_place_is_free_again(
    centre: Centre, clock: Any
) -> None:
    limit(centre, 1)
    connector = a_connector(centre, capacity=1)
    a_connectee(centre)
    match_all(centre)
    end_all(centre)
    with house_of(centre) as house:
        day = clock_day(centre)
        assert not may_be_asked(house, centre, day).exists()
        rest = rests([connector], centre=centre, day=day)[connector.pk]
        assert (rest.until, rest.asked) == (day + timedelta(days=91), 1)
        assert may_be_asked(house, centre, rest.until).exists()
        assert not may_be_asked(house, centre, rest.until - timedelta(days=1)).exists()
        assert rests([connector], centre=centre, day=rest.until) == {}


def test_a_reason_allows_one_more_request_and_is_kept(centre: Centre) -> None:
    limit(centre, 1)
    connector = a_connector(centre, capacity=1)
    a_connectee(centre)
    match_all(centre)
    end_all(centre)
    with house_of(centre) as house:
        with pytest.raises(Refused, match="Say why"):
            ask_all_the_same(connector=connector, reason="  ", by=house)
        ask_all_the_same(connector=connector, reason="They offered it themselves.", by=house)
        assert ExtraRequest.objects.get().reason == "They offered it themselves."
        assert may_be_asked(house, centre, clock_day(centre)).count() == 1
        with pytest.raises(Refused, match="does not rest"):
            ask_all_the_same(connector=connector, reason="Again.", by=house)


def test_a_round_proposes_no_more_than_the_requests_that_are_left(centre: Centre) -> None:
    limit(centre, 1)
    a_connector(centre, capacity=3)
    for name in ("One Example", "Two Example"):
        a_connectee(centre, name)
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name="A round", by=house)
        assert Match.objects.filter(round=round_).count() == 1
        set_aside(round_=round_, by=house)
        assert Connectee.objects.filter(state="ready").count() == 2
