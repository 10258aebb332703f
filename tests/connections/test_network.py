"""A Connectee's network: one, three, nine, and how many of them are real."""

from __future__ import annotations

import pytest
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.connections.figures import ideal_network
from takeroot.connections.models import Connectee, Match, Referral
from takeroot.connections.network import Network, network_of
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.referrals import log_referral_meeting, say_no
from tests.cast import house_of
from tests.connections.chain import a_network, agreed, asked, met
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.connections.table import accepted, with_settings

pytestmark = pytest.mark.django_db


def network(centre: Centre, **who: object) -> Network:
    with house_of(centre) as house:
        row = Connectee.objects.select_related("person__party").get(**who)
        return network_of(actor=house, connectee=row, centre=centre)


def hops(found: Network) -> list[tuple[int, int]]:
    return [(hop.reached, hop.ideal) for hop in found.hops]


@pytest.mark.parametrize(
    ("referrals", "steps", "ideal"), [(3, 2, 13), (3, 1, 4), (2, 2, 7), (1, 3, 4), (3, 3, 40)]
)
def test_e15_the_ideal_is_everybody_if_each_door_opens(
    centre: Centre, referrals: int, steps: int, ideal: int
) -> None:
    assert ideal_network(with_settings(centre, referrals_asked=referrals, hops=steps)) == ideal


def test_e15_the_real_number_stands_beside_the_ideal_thirteen(centre: Centre) -> None:
    a_network(centre)
    found = network(centre)
    assert (found.people, found.ideal) == (4, 13)
    assert hops(found) == [(1, 1), (2, 3), (1, 9)]
    assert found.people == sum(hop.reached for hop in found.hops)
    assert len(found.nodes) == 7, "who was asked is in the picture too, as a door not yet open"


def test_e15_thirteen_of_thirteen_when_everybody_opens_every_door(centre: Centre) -> None:
    match = met(centre)
    first = asked(centre, match, "Ana One", "Ben Two", "Cy Three")
    agreed(centre, *first)
    for number, row in enumerate(first):
        names = [f"Second {letter}{number}" for letter in "ABC"]
        agreed(centre, *asked(centre, match, *names, through=row))
    found = network(centre)
    assert (found.people, found.ideal) == (13, 13)
    assert hops(found) == [(1, 1), (3, 3), (9, 9)]
    places = [(node.x, node.y) for node in found.nodes]
    assert len(set(places)) == 13, "no two people stand on one another"
    assert all(0 < y < found.height for _x, y in places)


def test_a_connector_counts_once_they_met_and_a_contact_once_they_said_yes(
    centre: Centre,
) -> None:
    an_introduced_pair(centre)
    found = network(centre)
    assert (found.people, len(found.nodes)) == (0, 1)


def test_a_no_leaves_the_count_and_a_meeting_counts_once(centre: Centre) -> None:
    match = met(centre)
    yes, no = asked(centre, match, "Ana One", "Ben Two")
    agreed(centre, yes)
    with house_of(centre):
        say_no(referral=no)
        row = Referral.objects.get(pk=yes.pk)
        for _click in range(2):
            log_referral_meeting(
                referral=row, on=timezone.localdate(timezone=centre.zone), outcome="advice"
            )
    found = network(centre)
    assert found.people == 2
    details = {node.name: (str(node.detail), node.reached) for node in found.nodes}
    assert details["Ana One"] == ("advice", True)
    assert details["Ben Two"] == ("said no", False)


def test_an_ended_match_keeps_the_people_met_and_a_second_one_adds_its_own(
    centre: Centre,
) -> None:
    a_network(centre)
    with house_of(centre) as house:
        end_match(match=Match.objects.get(), by=house)
    found = network(centre)
    assert (found.people, [root.ended for root in found.roots]) == (4, [True])


def test_a_match_that_ended_before_its_letters_introduced_nobody(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre)
    match = accepted(centre)
    with house_of(centre) as house:
        end_match(match=match, by=house)
    assert network(centre).roots == []


def test_a_network_is_read_in_two_queries_however_large(
    centre: Centre, django_assert_num_queries: object
) -> None:
    a_network(centre)
    with house_of(centre) as house:
        row = Connectee.objects.select_related("person__party").get()
        with django_assert_num_queries(2):  # type: ignore[operator]
            found = network_of(actor=house, connectee=row, centre=centre)
            assert [node.name for node in found.nodes]


def test_another_centres_house_sees_no_network(centre: Centre, other_centre: Centre) -> None:
    a_network(centre)
    with house_of(centre):
        row = Connectee.objects.select_related("person__party").get()
    with house_of(other_centre) as house:
        assert network_of(actor=house, connectee=row, centre=other_centre).roots == []
