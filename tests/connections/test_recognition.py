"""E21: the list of a year comes from a rule that everybody can read, by exact counts; and nobody is
named who has not agreed."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.utils import translation

from takeroot.access.actor import Actor, acting
from takeroot.access.models import Consent
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models import Connector
from takeroot.connections.models_recognition import Nominee, Recognition
from takeroot.connections.recognised import nominees_visible_to, told_years
from takeroot.connections.recognition import Rule, ranked
from takeroot.connections.recognition_words import rule_in_words
from takeroot.connections.services.deciding import decide
from takeroot.connections.services.enrolment import take_consent_back
from takeroot.connections.services.public import in_public
from takeroot.connections.services.recognition import (
    answer_nomination,
    draw_again,
    leave_out,
    publish_recognition,
    set_rules,
)
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from tests.cast import house_of
from tests.connections.chain import a_network
from tests.connections.people import a_connectee, a_connector
from tests.connections.recognising import (
    ACTIVE,
    MET,
    a_juror,
    agreed,
    asked,
    connectors_who_met,
    conversation,
    listed,
    nominee,
    prepared,
    today,
    voted,
)

pytestmark = pytest.mark.django_db


def test_e21_counts_are_exact_people_once_over_all_hops(centre: Centre) -> None:
    match = a_network(centre)
    rule = Rule("connector", {"met": 1, "named": 3, "doors": 3}, ("doors",), 1)
    (place,) = listed(centre, rule)
    assert (place.party, place.counts) == (
        match.connector_id,
        {"met": 1, "named": 3, "doors": 3},
    )
    # One more at the least, and nobody reaches it.
    for measure, n in (("met", 2), ("named", 4), ("doors", 4)):
        assert listed(centre, Rule("connector", {measure: n}, ("met",), 1)) == []


def test_e21_an_organization_counts_its_active_people_and_whom_they_met_once(
    centre: Centre,
) -> None:
    one, two, idle = (
        a_connector(centre, f"{name} Sample", organization="Mill") for name in ("Ann", "Bo", "Cy")
    )
    both = a_connectee(centre, "Both Sample", ready=False, consents=False)
    other = a_connectee(centre, "Other Sample", ready=False, consents=False)
    for connector, connectee in ((one, both), (two, both), (two, other)):
        conversation(connector, connectee)
    (place,) = listed(centre, ACTIVE)
    with house_of(centre):
        mill = Connector.objects.select_related("organization").get(pk=idle.pk).organization
    assert mill is not None
    assert (place.party, place.counts) == (mill.party_id, {"active": 2, "connectees": 2})


def test_e21_a_year_is_its_days_in_the_centres_own_zone_and_a_conversation_not_held_is_none(
    centre: Centre,
) -> None:
    with time_machine.travel(datetime(2027, 3, 2, 15, tzinfo=UTC), tick=False):
        row = a_connector(centre)
        for number, on in enumerate((date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31))):
            newcomer = a_connectee(centre, f"New{number} Sample", ready=False, consents=False)
            conversation(row, newcomer, on)
        missed = conversation(row, a_connectee(centre, "No Sample", ready=False, consents=False))
        with house_of(centre):
            type(missed).objects.filter(pk=missed.pk).update(state="missed")
        with house_of(centre) as house:
            made = set_rules(centre=centre, year=2026, rules=[MET], least_votes=1, by=house)
            assert made.through == date(2026, 12, 31)
            assert Nominee.objects.get().counts["met"] == 2
        assert listed(centre, MET, 2027) == []


def test_e21_equal_counts_share_a_place_and_a_shared_place_counts_whole() -> None:
    people = [UUID(int=n) for n in range(5)]
    counts = dict(zip(people, ({"met": n} for n in (3, 5, 3, 2, 0)), strict=True))
    places = ranked(Rule("connector", {"met": 1}, ("met",), 2), counts)
    assert [(place.party.int, place.rank) for place in places] == [(1, 1), (0, 2), (2, 2)]
    (first, *_rest, last) = ranked(Rule("connector", {"met": 1}, ("met",), 4), counts)
    assert (first.rank, last.rank, last.party.int) == (1, 4, 3)


def test_e21_the_same_records_give_the_same_list_in_any_order_of_reading() -> None:
    """Three hundred seeded lists, each put in order again from a shuffled start, and compared with
    a reference that knows only the rule's words."""
    dice = random.Random(21)
    for _step in range(300):
        rule = Rule("connector", {"met": dice.randint(1, 3)}, ("doors", "met"), dice.randint(1, 6))
        counted = {
            uuid4(): {"met": dice.randint(0, 4), "named": 0, "doors": dice.randint(0, 3)}
            for _n in range(dice.randint(0, 12))
        }
        mixed = list(counted.items())
        dice.shuffle(mixed)
        places = ranked(rule, counted)
        assert places == ranked(rule, dict(mixed))
        expected = set()
        for party, own in counted.items():
            better = sum(
                (c["doors"], c["met"]) > (own["doors"], own["met"])
                for c in counted.values()
                if c["met"] >= rule.least["met"]
            )
            if own["met"] >= rule.least["met"] and better < rule.most:
                expected.add((party, better + 1))
        assert {(place.party, place.rank) for place in places} == expected


def test_e21_drawn_again_the_list_is_the_same_until_something_happens(centre: Centre) -> None:
    people = connectors_who_met(centre, Ann=2, Bo=1)
    row = prepared(centre)

    def drawn() -> list[tuple[UUID, int]]:
        with house_of(centre) as house:
            draw_again(recognition=row, by=house)
            return list(Nominee.objects.order_by("rank", "pk").values_list("party_id", "rank"))

    before = drawn()
    assert before == drawn() == [(people["Ann"].pk, 1), (people["Bo"].pk, 2)]
    conversation(people["Bo"], a_connectee(centre, "Late Sample", ready=False, consents=False))
    assert {rank for _party, rank in drawn()} == {1}


def test_e21_the_rule_reads_plainly_in_both_languages(centre: Centre) -> None:
    rule = Rule("connector", {"met": 2, "doors": 1}, ("doors", "met"), 3)
    words = rule_in_words(rule, centre)
    assert words.conditions == ["at least 2 people met", "at least 1 door opened onward"]
    assert words.order == (
        "Most doors opened onward first, then most people met; equal counts share a place."
    )
    assert [label for label, _text in words.definitions] == ["people met", "doors opened onward"]
    with translation.override("fr"):
        assert rule_in_words(rule, centre).conditions[0] == "au moins 2 personnes rencontrées"


def test_e21_a_rule_needs_a_count_an_order_and_a_year_that_has_begun(centre: Centre) -> None:
    year = today(centre).year
    for rule in (
        Rule("connector", {}, ("met",), 1),
        Rule("connector", {"active": 1}, ("met",), 1),
        Rule("connector", {"met": 1}, (), 1),
        Rule("connector", {"met": 1}, ("met", "met"), 1),
        Rule("connector", {"met": 1}, ("met",), 0),
    ):
        with house_of(centre) as house, pytest.raises(Refused):
            set_rules(centre=centre, year=year, rules=[rule], least_votes=1, by=house)
    with house_of(centre) as house, pytest.raises(Refused, match="has not begun"):
        set_rules(centre=centre, year=year + 1, rules=[MET], least_votes=1, by=house)
    with house_of(centre) as house, pytest.raises(Refused, match="at least one category"):
        set_rules(centre=centre, year=year, rules=[], least_votes=1, by=house)
    with house_of(centre):
        assert not Recognition.objects.exists()


def test_e21_once_the_jury_is_asked_rule_and_list_stand(centre: Centre) -> None:
    connectors_who_met(centre, Ann=1)
    row = prepared(centre, least_votes=1)
    a_juror(row)
    asked(row)
    with house_of(centre) as house, pytest.raises(Refused, match="stand as they are"):
        draw_again(recognition=row, by=house)


def test_e21_who_is_left_out_is_left_out_with_a_reason_that_a_new_drawing_keeps(
    centre: Centre,
) -> None:
    people = connectors_who_met(centre, Ann=1, Bo=1)
    row = prepared(centre)
    one = nominee(row, people["Ann"].pk)
    with house_of(centre) as house, pytest.raises(Refused, match="Say why"):
        leave_out(nominee=one, reason="  ", by=house)
    with house_of(centre) as house:
        leave_out(nominee=one, reason="Asked not to be", by=house)
        draw_again(recognition=row, by=house)
    again = nominee(row, people["Ann"].pk)
    assert (again.outcome, again.reason) == ("left_out", "Asked not to be")


def won(centre: Centre, answer: str = "public") -> tuple[Recognition, Nominee]:
    """Ann was recognized by one vote."""
    people = connectors_who_met(centre, Ann=1)
    row = prepared(centre, least_votes=1)
    juror = a_juror(row)
    asked(row)
    one = agreed(row, people["Ann"].pk, answer)
    voted(juror, one)
    with house_of(centre) as house:
        decide(recognition=row, by=house)
        publish_recognition(recognition=row, publish=True, by=house)
    return row, nominee(row, people["Ann"].pk)


def names(centre: Centre) -> list[str]:
    return [
        name for year in in_public(centre).years for one in year.categories for name in one.names
    ]


def inside(centre: Centre) -> list[str]:
    with house_of(centre) as house:
        years = told_years(actor=house, centre=centre, public=False)
    return [name for year in years for one in year.categories for name in one.names]


def test_e21_a_name_is_told_only_with_a_yes_and_gone_everywhere_when_it_is_taken_back(
    centre: Centre,
) -> None:
    _row, one = won(centre)
    assert names(centre) == inside(centre) == ["Ann Sample"]
    with house_of(centre) as house:
        answer_nomination(nominee=one, answer="no", by=house)
    assert names(centre) == inside(centre) == []
    (told,) = in_public(centre).years
    assert told.categories[0].unnamed == 1
    with house_of(centre):
        kinds = Event.objects.filter(party_id=one.party_id).values_list("kind", flat=True)
        assert {"consented", "recognised", "withdrew"} <= set(kinds)
        assert Consent.objects.get(purpose="recognition").withdrawn_at is not None
    # Who changes their mind again is named again.
    with house_of(centre) as house:
        answer_nomination(nominee=one, answer="public", by=house)
    assert names(centre) == ["Ann Sample"]


def test_e21_a_consent_taken_back_anywhere_takes_the_name_away(centre: Centre) -> None:
    _row, one = won(centre)
    assert one.consent is not None
    with house_of(centre) as house:
        take_consent_back(consent=one.consent, by=house)
    assert names(centre) == inside(centre) == []


def test_e21_a_yes_runs_out_and_an_erased_name_is_nowhere(centre: Centre) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 15, tzinfo=UTC), tick=False) as clock:
        _row, one = won(centre)
        clock.shift(timedelta(days=3 * 365))
        assert names(centre) == ["Ann Sample"]
        clock.shift(timedelta(days=1))
        assert names(centre) == []
        clock.move_to(datetime(2026, 11, 3, 15, tzinfo=UTC))
        with house_of(centre):
            Party.objects.filter(pk=one.party_id).update(severed_at=datetime.now(UTC))
        assert names(centre) == inside(centre) == []


def test_e21_a_yes_for_the_jury_alone_names_nobody_to_others(centre: Centre) -> None:
    won(centre, "jury")
    assert names(centre) == inside(centre) == []


def test_e21_what_is_not_published_stands_on_no_public_page(centre: Centre) -> None:
    row, _one = won(centre)
    with house_of(centre) as house:
        publish_recognition(recognition=row, publish=False, by=house)
    assert in_public(centre).years == []
    assert inside(centre) == ["Ann Sample"]


def test_e21_a_year_without_anybody_above_the_rule_is_closed_with_an_answer(
    centre: Centre,
) -> None:
    row = prepared(centre)
    with house_of(centre) as house:
        decide(recognition=row, by=house)
        (told,) = told_years(actor=house, centre=centre, public=False)
    assert (told.decided, told.listed, told.anybody) == (True, 0, False)


def test_e21_everybody_on_the_list_is_asked_once_and_an_organization_through_its_people(
    centre: Centre,
) -> None:
    people = connectors_who_met(centre, Ann=1)
    row = prepared(centre, MET, Rule("organization", {"active": 1}, ("active",), 1), least_votes=1)
    a_juror(row)
    asked(asked(row))
    with house_of(centre):
        house_of_ann = Nominee.objects.get(category="organization")
        assert house_of_ann.speaks_id == people["Ann"].pk
        letters = Letter.objects.filter(kind="recognition_ask").order_by("subject")
        assert [letter.party_id for letter in letters] == [people["Ann"].pk] * 2
        assert "May we thank House of Ann in front of others?" in {one.subject for one in letters}


def test_e21_another_centre_and_a_link_of_somebody_else_see_nothing_of_it(
    centre: Centre, other_centre: Centre
) -> None:
    row, one = won(centre)
    with house_of(other_centre) as house:
        assert not nominees_visible_to(house).exists()
        assert not Recognition.objects.exists()
    stranger = a_connector(centre, "Stranger Sample")
    with house_of(centre):
        for party, n in ((stranger.pk, 0), (one.speaks_id, 1)):
            actor = Actor(role="link", party=party, centres=(row.centre_id,), purpose="link")
            with acting(actor):
                assert nominees_visible_to(actor).count() == Nominee.objects.count() == n
