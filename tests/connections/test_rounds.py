"""Rounds: the best set of pairs under the rules, decided by a person."""

from __future__ import annotations

import numpy as np
import pytest
import time_machine
from scipy.optimize import linear_sum_assignment

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnecteeState, ConnectorState, MatchState
from takeroot.connections.models import Connectee, Connector, Introduction, Match, Round
from takeroot.connections.round_words import left_out, reasons_of_match, scarce
from takeroot.connections.selectors import connectors_visible_to, matches_visible_to
from takeroot.connections.services.enrolment import pause_connector
from takeroot.connections.services.introductions import end_match
from takeroot.connections.services.rounds import (
    accept_match,
    accept_round,
    add_by_hand,
    candidates_for,
    lock_match,
    propose_round,
    refuse_match,
    set_aside,
    solve_round,
)
from takeroot.facts.places import resolve
from takeroot.places.models import Place
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.people import NURSE, WELDER, a_connectee, a_connector
from tests.connections.table import (
    accepted,
    change,
    match_of,
    pairs,
    proposed,
    with_settings,
)

pytestmark = pytest.mark.django_db
AIDE, DEVELOPER, ENGINEER = "33102", "21232", "21301"


def a_pool(centre: Centre) -> tuple[list[Connectee], list[Connector]]:
    """Seven people and four Connectors with five places, most of them wanted twice."""
    people = [
        a_connectee(centre, f"Person {letter}", occupation=code, languages=languages)
        for letter, code, languages in (
            ("A", NURSE, {"en": 8}), ("B", NURSE, {"en": 5}), ("C", AIDE, {"en": 9, "fr": 5}),
            ("D", WELDER, {"en": 6}), ("E", DEVELOPER, {"en": 8}), ("F", ENGINEER, {"fr": 8}),
            ("G", WELDER, {"fr": 6}),
        )
    ]  # fmt: skip
    connectors = [
        a_connector(centre, f"Local {letter}", occupation=code, capacity=n, languages=languages)
        for letter, code, n, languages in (
            ("W", NURSE, 2, {"en": None}), ("X", WELDER, 1, {"en": None, "fr": None}),
            ("Y", DEVELOPER, 1, {"en": 9, "fr": 6}), ("Z", NURSE, 1, {"fr": None}),
        )
    ]  # fmt: skip
    return people, connectors


def best_total(round_: Round, people: list[Connectee], connectors: list[Connector]) -> int:
    """The optimum by another solver, from the candidates that the page shows: one column a seat,
    nothing for a pair that may not be made."""
    column = {c.pk: j for j, c in enumerate(connectors)}
    seats = np.repeat(np.arange(len(connectors)), [c.capacity for c in connectors])
    scores = np.zeros((len(people), len(connectors)), int)
    with house_of(round_.centre) as house:
        for i, person in enumerate(people):
            for pair in candidates_for(round_=round_, connectee_id=person.pk, by=house):
                if not pair.forbidden and pair.score >= round_.least_quality:
                    scores[i, column[pair.connector]] = pair.score
    table = scores[:, seats]
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


@pytest.mark.parametrize("least_quality", [0, 300, 520])
def test_e06_the_proposals_add_up_to_the_greatest_total_there_is(
    centre: Centre, least_quality: int
) -> None:
    with_settings(centre, least_quality=least_quality)
    people, connectors = a_pool(centre)
    round_ = proposed(centre)
    with house_of(centre):
        scores = list(Match.objects.filter(round=round_).values_list("score", flat=True))
    assert round_.value == sum(scores) == best_total(round_, people, connectors)
    assert round_.bound == round_.value
    assert all(score >= least_quality for score in scores)
    assert len(scores) + len(round_.findings["unplaced"]) == len(people)


def test_e06_every_proposal_has_three_named_reasons_that_make_its_score(centre: Centre) -> None:
    a_pool(centre)
    round_ = proposed(centre)
    with house_of(centre) as house:
        for match in matches_visible_to(house).filter(round=round_):
            why = reasons_of_match(match)
            assert len(why.strong) >= 3, why
            assert len({part for part, n in match.parts["points"].items() if n}) >= 3
            assert sum(match.parts["points"].values()) == match.score


def test_e06_who_wants_to_meet_acme_is_proposed_acmes_connector(centre: Centre) -> None:
    amina = a_connectee(centre, part={"target_organizations": ["Acme"]})
    for name, organization in (("Ann Sample", "Elsewhere"), ("Bob Sample", "ACME")):
        a_connector(centre, name, organization=organization)
    a_connector(centre, "Cat Sample", organization="Sample Mill")
    round_ = proposed(centre)
    assert pairs(round_) == {("Amina Example", "Bob Sample")}
    with house_of(centre) as house:
        match = matches_visible_to(house).get(round=round_, connectee=amina)
        assert "Wants to meet ACME, where Bob Sample works." in reasons_of_match(match).strong


def test_e06_a_locked_pair_survives_solving_again(centre: Centre) -> None:
    people, connectors = a_pool(centre)
    round_ = proposed(centre)
    with house_of(centre) as house:
        # The welder with the nurse: nothing a solver would choose.
        mine = add_by_hand(round_=round_, connectee=people[3], connector=connectors[0], by=house)
        solve_round(round_=round_, by=house)
        kept = Match.objects.get(pk=mine.pk)
        assert (kept.state, kept.locked, kept.by_hand) == (MatchState.PROPOSED, True, True)
        assert kept.connector_id == connectors[0].pk
        lock_match(match=kept, locked=False, by=house)
        solve_round(round_=round_, by=house)
        assert not Match.objects.filter(pk=mine.pk).exists()


def test_a_locked_pair_of_which_one_left_meanwhile_is_said_not_stumbled_over(
    centre: Centre,
) -> None:
    amina = a_connectee(centre)
    paul = a_connector(centre)
    a_connector(centre, "Ann Sample")
    round_ = proposed(centre)
    with house_of(centre) as house:
        match = add_by_hand(round_=round_, connectee=amina, connector=paul, by=house)
        pause_connector(connector=paul, pause=True, by=house)
        with pytest.raises(Refused, match="Amina Example and Paul Sample are locked, but one"):
            solve_round(round_=round_, by=house)
        lock_match(match=match, locked=False, by=house)
        solve_round(round_=round_, by=house)
    assert pairs(round_) == {("Amina Example", "Ann Sample")}


def test_two_locks_on_one_place_are_named_and_nothing_changes(centre: Centre) -> None:
    one, other = a_connectee(centre, "Amina Example"), a_connectee(centre, "Bea Example")
    paul = a_connector(centre, capacity=1)
    round_ = proposed(centre)
    with house_of(centre) as house:
        for person in (one, other):
            add_by_hand(round_=round_, connectee=person, connector=paul, by=house)
        with pytest.raises(Refused, match=r"cannot all stand together.*Paul Sample"):
            solve_round(round_=round_, by=house)
        assert Match.objects.filter(round=round_, locked=True).count() == 2


@pytest.mark.parametrize(
    ("reason", "later"),
    [("conflict", False), ("known", False), ("fit", True), ("not_now", True), ("other", True)],
)
def test_e06_a_refused_pair_comes_back_only_in_a_later_round_and_never_for_a_conflict(
    centre: Centre, reason: str, later: bool
) -> None:
    amina, paul = a_connectee(centre), a_connector(centre)
    round_ = proposed(centre)
    with house_of(centre) as house:
        refuse_match(match=match_of(round_, amina), reason=reason, note="As told", by=house)
        solve_round(round_=round_, by=house)
        assert pairs(round_) == set()
        with pytest.raises(Refused, match="brought together before, or the pair was refused"):
            add_by_hand(round_=round_, connectee=amina, connector=paul, by=house)
        set_aside(round_=round_, by=house)
    expected = {("Amina Example", "Paul Sample")} if later else set()
    assert pairs(proposed(centre, "Next")) == expected


def test_a_refusal_needs_one_of_the_reasons(centre: Centre) -> None:
    amina, _paul = a_connectee(centre), a_connector(centre)
    round_ = proposed(centre)
    with house_of(centre) as house, pytest.raises(Refused, match="Say why"):
        refuse_match(match=match_of(round_, amina), reason="because", by=house)
    assert pairs(round_) == {("Amina Example", "Paul Sample")}


def test_e06_the_same_pair_is_never_brought_together_twice(centre: Centre) -> None:
    amina, paul = a_connectee(centre), a_connector(centre)
    first = accepted(centre)
    with house_of(centre) as house:
        end_match(match=first, by=house)
    again = proposed(centre, "Again")
    assert pairs(again) == set()
    with house_of(centre) as house:
        with pytest.raises(Refused, match="brought together before"):
            add_by_hand(round_=again, connectee=amina, connector=paul, by=house)
        # The database has the last word, whatever a proposal says.
        forced = Match(
            centre=centre, round=again, connectee=amina, connector=paul, score=1, parts={}
        )
        forced.save(force_insert=True)
        with pytest.raises(Refused, match="Amina Example and Paul Sample have been brought"):
            accept_match(match=forced, by=house)
        assert Connectee.objects.get().state == ConnecteeState.READY


def test_by_hand_takes_the_place_of_the_proposal_and_is_locked(centre: Centre) -> None:
    amina = a_connectee(centre)
    a_connector(centre, "Near Sample")
    far = a_connector(centre, "Far Sample", occupation=WELDER)
    round_ = proposed(centre)
    assert pairs(round_) == {("Amina Example", "Near Sample")}
    with house_of(centre) as house:
        match = add_by_hand(round_=round_, connectee=amina, connector=far, by=house)
    assert (match.locked, match.by_hand) == (True, True)
    assert pairs(round_) == {("Amina Example", "Far Sample")}
    assert pairs(round_, MatchState.REPLACED) == {("Amina Example", "Near Sample")}


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        ({"languages": {"fr": 8}}, {"languages": {"en": 9}}, "share no language"),
        ({"mode": "in_person"}, {"mode": "video"}, "One meets in person only"),
        ({"part": {"not_with": ["Paul Sample"]}}, {}, "A conflict was stated"),
    ],
)
def test_by_hand_a_forbidden_pair_is_refused_with_the_rule(
    centre: Centre, one: dict, other: dict, sentence: str
) -> None:
    amina, paul = a_connectee(centre, **one), a_connector(centre, **other)
    round_ = proposed(centre)
    assert pairs(round_) == set()
    with house_of(centre) as house, pytest.raises(Refused, match=sentence):
        add_by_hand(round_=round_, connectee=amina, connector=paul, by=house)
    assert pairs(round_) == set()


def test_by_hand_nobody_who_takes_no_part(centre: Centre) -> None:
    a_connectee(centre)
    late = a_connectee(centre, "Late Example", ready=False)
    paul = a_connector(centre)
    round_ = proposed(centre)
    with house_of(centre) as house, pytest.raises(Refused, match="takes no part in this round"):
        add_by_hand(round_=round_, connectee=late, connector=paul, by=house)


def test_not_with_keeps_a_reference_apart_and_nobody_else(centre: Centre) -> None:
    a_connectee(centre, part={"not_with": ["K-1"]})
    paul = a_connector(centre)
    change(paul, reference="K-1")
    worse = a_connector(centre, "Second Sample", occupation=WELDER)
    change(worse, reference="K-11")
    assert pairs(proposed(centre)) <= {("Amina Example", "Second Sample")}
    with_settings(centre, least_quality=0)
    with house_of(centre) as house:
        set_aside(round_=Round.objects.get(), by=house)
    assert pairs(proposed(centre)) == {("Amina Example", "Second Sample")}


def test_distance_and_language_follow_the_centres_settings(centre: Centre) -> None:
    with house_of(centre):
        truro, halifax = (
            Place.objects.get(pk=resolve(words).place.id) for words in ("Truro, NS", "Halifax, NS")
        )
    a_connectee(centre, mode="in_person", place=truro, languages={"en": 5})
    a_connector(centre, mode="either", place=halifax)

    def found(**settings: int) -> set[tuple[str, str]]:
        with_settings(centre, **settings)
        round_ = proposed(centre)
        with house_of(centre) as house:
            set_aside(round_=round_, by=house)
        return pairs(round_, MatchState.REPLACED)

    both = {("Amina Example", "Paul Sample")}
    assert found(radius_km=60) == set()
    assert found(radius_km=150) == both
    assert found(language_floor=6) == set()
    assert found(language_floor=5) == both


def test_e02_places_are_counted_in_a_period_and_free_again_in_the_next(centre: Centre) -> None:
    with time_machine.travel("2026-02-10 15:00Z", tick=True):
        a_connectee(centre)
        a_connector(centre, capacity=1)
        match = accepted(centre)
        assert (str(match.period), match.seat) == ("2026-01-01", 1)
        a_connectee(centre, "Bea Example")
        with pytest.raises(Refused, match="No Connector has a free place in this period"):
            proposed(centre)
    with time_machine.travel("2026-04-01 15:00Z", tick=True):
        assert pairs(proposed(centre)) == {("Bea Example", "Paul Sample")}


def test_an_ended_match_gives_its_place_back_within_the_period(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre, capacity=1)
    match = accepted(centre)
    a_connectee(centre, "Bea Example")
    with house_of(centre) as house:
        end_match(match=match, by=house)
    assert pairs(proposed(centre)) == {("Bea Example", "Paul Sample")}


def test_a_second_round_waits_for_the_first(centre: Centre, other_centre: Centre) -> None:
    for where in (centre, other_centre):
        a_connectee(where)
        a_connector(where)
    first = proposed(centre)
    with pytest.raises(Refused, match="A round is open already"):
        proposed(centre, "Second")
    assert pairs(proposed(other_centre)), "another centre's round is its own"
    with house_of(centre) as house:
        set_aside(round_=first, by=house)
    assert proposed(centre, "Second").name == "Second"


def test_e06_who_is_left_without_is_told_why_and_what_is_scarce(centre: Centre) -> None:
    people = [a_connectee(centre, "Amina Example"), a_connectee(centre, "Bea Example")]
    alone = a_connectee(centre, "Cy Example", languages={"uk": None})
    paul = a_connector(centre, capacity=1)
    round_ = proposed(centre)
    with house_of(centre) as house:
        rows = Connectee.objects.select_related("person__party").in_bulk(
            [
                *(p.pk for p in people),
                alone.pk,
            ]
        )
        found = {left.connectee.pk: left for left in left_out(round_, rows)}
        assert len(found) == 2
        assert found[alone.pk].main == "No Connector in this round can be proposed."
        assert "1 Connector shares no language at a usable level." in found[alone.pk].more
        (full,) = (left for key, left in found.items() if key != alone.pk)
        assert full.main == "Every suitable Connector is taken by matches that count for more."
        assert full.more == ["1 Connector would suit, but has no place left."]
        ((busy, sentence),) = scarce(round_, connectors_visible_to(house).in_bulk([paul.pk]))
        worth = round_.value  # the other nurse counts exactly as much
        assert busy.pk == paul.pk
        assert sentence == (
            f"One more place with Paul Sample would add {worth} points to the round."
        )


def test_accepting_with_the_last_place_gone_says_so_once_and_accepts_the_others(
    centre: Centre,
) -> None:
    for name in ("Amina Example", "Bea Example", "Cy Example"):
        a_connectee(centre, name)
    paul = a_connector(centre, capacity=2)
    a_connector(centre, "Ann Sample", capacity=1)
    round_ = proposed(centre)
    assert len(pairs(round_)) == 3
    change(paul, capacity=1)
    with house_of(centre) as house:
        done, problems = accept_round(round_=round_, by=house)
        assert len(done) == 2
        (sentence,) = problems
        assert "Paul Sample has no place left in this period" in sentence
        assert Introduction.objects.count() == 2
        assert Connectee.objects.filter(state=ConnecteeState.READY).count() == 1
        assert Match.objects.filter(state=MatchState.REPLACED).count() == 1


def test_a_lowered_capacity_is_kept_even_where_a_low_place_is_free(centre: Centre) -> None:
    for name in ("Amina Example", "Bea Example"):
        a_connectee(centre, name)
    paul = a_connector(centre, capacity=2)
    first = proposed(centre)
    with house_of(centre) as house:
        accept_round(round_=first, by=house)
        end_match(match=Match.objects.get(seat=1, state=MatchState.ACCEPTED), by=house)
    cy = a_connectee(centre, "Cy Example")
    match = match_of(proposed(centre, "Next"), cy)
    change(paul, capacity=1)
    with house_of(centre) as house, pytest.raises(Refused, match="has no place left"):
        accept_match(match=match, by=house)


def test_a_connector_who_paused_meanwhile_is_not_given_anybody(centre: Centre) -> None:
    a_connectee(centre)
    paul = a_connector(centre)
    round_ = proposed(centre)
    change(paul, state=ConnectorState.PAUSED)
    with house_of(centre) as house:
        done, problems = accept_round(round_=round_, by=house)
        assert done == []
        assert problems == [
            "Paul Sample takes nobody at the moment. Choose somebody else for Amina Example."
        ]
        assert Connectee.objects.get().state == ConnecteeState.READY


def test_a_round_set_aside_owes_nothing_and_can_no_longer_be_decided(centre: Centre) -> None:
    amina, paul = a_connectee(centre), a_connector(centre)
    round_ = proposed(centre)
    match = match_of(round_, amina)
    with house_of(centre) as house:
        assert Promise.objects.filter(subject_id=round_.pk, state="open").count() == 1
        set_aside(round_=round_, by=house)
        promise = Promise.objects.get(subject_id=round_.pk)
        assert (promise.state, promise.reason) == ("closed", "replaced")
        for step in (
            lambda: solve_round(round_=round_, by=house),
            lambda: accept_round(round_=round_, by=house),
            lambda: set_aside(round_=round_, by=house),
            lambda: lock_match(match=match, locked=True, by=house),
            lambda: refuse_match(match=match, reason="fit", by=house),
            lambda: add_by_hand(round_=round_, connectee=amina, connector=paul, by=house),
        ):
            with pytest.raises(Refused, match="decided already"):
                step()
        with pytest.raises(Refused, match="decided already"):
            accept_match(match=match, by=house)
    assert pairs(round_, MatchState.ACCEPTED) == set()


def test_accepting_twice_accepts_once(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre)
    round_ = proposed(centre)
    with house_of(centre) as house:
        accept_round(round_=round_, by=house)
        with pytest.raises(Refused, match="decided already"):
            accept_round(round_=round_, by=house)
        assert Match.objects.filter(state=MatchState.ACCEPTED).count() == 1
        assert Introduction.objects.count() == 1


def test_a_round_needs_somebody_with_a_free_place(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre, capacity=0)
    with house_of(centre) as house, pytest.raises(Refused, match="No Connector has a free place"):
        propose_round(centre=centre, name="Round", by=house)
    with house_of(centre):
        assert not Round.objects.exists()
