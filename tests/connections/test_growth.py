"""How networks grow: different people by hop, second doors for each first, where chains end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from takeroot.accounts.models import Centre, Party
from takeroot.connections.growth import Growth, Share, growth_of
from takeroot.connections.models import Connector, Contact, Match, Referral
from takeroot.connections.services.referrals import Door, log_referral_meeting, refer, say_no
from tests.cast import house_of
from tests.connections.chain import a_network, agreed, asked, met

pytestmark = pytest.mark.django_db


def growth(centre: Centre) -> Growth:
    with house_of(centre) as house:
        return growth_of(actor=house, centre=centre)


def name(centre: Centre, match: Match, *doors: Door) -> list[Referral]:
    with house_of(centre):
        return refer(
            match=Match.objects.get(pk=match.pk),
            referrer=Party.objects.get(pk=match.connector_id),
            doors=list(doors),
        )


def test_e15_different_people_by_hop_stand_beside_the_ideal_of_thirteen(centre: Centre) -> None:
    a_network(centre)
    found = growth(centre)
    assert [month.reached for month in found.months] == [(1, 2, 1)]
    assert (found.people, found.ideal, found.again) == (4, 13, 0)


def test_e15_the_curve_goes_on_month_by_month_without_gaps(centre: Centre) -> None:
    with time_machine.travel(datetime(2026, 1, 15, 15, tzinfo=UTC)):
        match = met(centre)
        first = asked(centre, match, "Ana One", "Ben Two")
        agreed(centre, first[0])
    with time_machine.travel(datetime(2026, 3, 20, 15, tzinfo=UTC)):
        agreed(centre, first[1])
    found = growth(centre)
    assert [(str(m.month), m.reached) for m in found.months] == [
        ("2026-01-01", (1, 1, 0)), ("2026-02-01", (1, 1, 0)), ("2026-03-01", (1, 2, 0)),
    ]  # fmt: skip


def test_e15_somebody_reached_twice_counts_once(centre: Centre) -> None:
    match = a_network(centre)
    with house_of(centre):
        # The two files of Dee (second hop) and Ana (first) turn out to be one person's.
        ana, dee = (Contact.objects.get(party__name=n) for n in ("Ana One", "Dee Four"))
        Party.objects.filter(pk=dee.party_id).update(merged_into=ana.party_id)
    found = growth(centre)
    assert (found.people, found.doors, found.again) == (3, 4, 1)
    assert match.centre_id == centre.pk


def test_where_chains_end_counts_each_person_at_one_place(centre: Centre) -> None:
    match = met(centre)
    first = asked(centre, match, "Ana One", "Ben Two", "Cy Three")
    agreed(centre, *first[:2])
    with house_of(centre):
        say_no(referral=first[2])
    (second,) = asked(centre, match, "Dee Four", through=first[0])
    ends = growth(centre).ends
    assert (ends.declined, ends.named_nobody, ends.none_agreed, ends.went_on) == (1, 1, 1, 0)
    agreed(centre, second)
    ends = growth(centre).ends
    assert (ends.none_agreed, ends.went_on, ends.asked) == (0, 1, 3)


def test_the_reproduction_rate_needs_ten_people(centre: Centre) -> None:
    a_network(centre)
    rate = growth(centre).reproduction
    assert (rate.some, rate.n, rate.mean) == (1, 2, None)
    assert Share(15, 10).mean == 1.5


def test_e16_the_funnel_goes_by_type_to_what_came_of_it(centre: Centre) -> None:
    match = met(centre)
    rows = name(
        centre,
        match,
        Door("Ana One", "ana@contacts.example", type="employer"),
        Door("Ben Two", "ben@contacts.example", type="employer"),
        Door("Cy Three", "cy@contacts.example", type="made-up"),
    )
    agreed(centre, rows[0])
    with house_of(centre):
        day = datetime.now(tz=centre.zone).date()
        row = Referral.objects.get(pk=rows[0].pk)
        log_referral_meeting(referral=row, on=day, outcome="interview")
    found = {funnel.type: funnel for funnel in growth(centre).funnels}
    employer = found["employer"]
    assert (employer.asked, employer.agreed, employer.met) == (2, 1, 1)
    # advice, an interview, a job, something else
    assert employer.outcomes == (0, 1, 0, 0)
    assert (found["industry"].asked, found[""].asked) == (0, 1)


def test_e03_a_door_crosses_when_the_contact_is_of_another_circle(centre: Centre) -> None:
    match = met(centre)
    with house_of(centre):
        Connector.objects.filter(pk=match.connector_id).update(circles=["professional"])
    rows = name(
        centre,
        match,
        Door("Ana One", "ana@contacts.example", circle="professional"),
        Door("Ben Two", "ben@contacts.example", circle="cultural"),
        Door("Cy Three", "cy@contacts.example"),
    )
    agreed(centre, *rows)
    crossing = growth(centre).crossing
    # Of whom nobody said the circle counts on neither side.
    assert (crossing.some, crossing.n, crossing.percent) == (1, 2, None)


def test_a_second_referrer_fills_what_the_first_left_open(centre: Centre) -> None:
    match = met(centre)
    name(centre, match, Door("Ana One", "ana@contacts.example", type="employer"))
    with house_of(centre):
        from takeroot.connections.services.doors import learn

        contact = Contact.objects.get()
        learn(contact, Door("Ana", "ana@contacts.example", type="other", circle="social"))
        contact.refresh_from_db()
    assert (contact.type, contact.circle) == ("employer", "social")


def test_figures_stay_in_their_centre(centre: Centre, other_centre: Centre) -> None:
    a_network(centre)
    found = growth(other_centre)
    assert (found.months, found.people, found.ends.asked) == ((), 0, 0)
    with house_of(other_centre) as house:
        assert growth_of(actor=house, centre=centre).people == 0


def test_five_queries_whatever_the_rows(centre: Centre, django_assert_num_queries: Any) -> None:
    a_network(centre)
    with house_of(centre) as house, django_assert_num_queries(5):
        growth_of(actor=house, centre=centre)
