"""The pages of a round: propose, look, lock, replace, refuse, accept."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.enums import MatchState, RoundState
from takeroot.connections.models import Connector, Introduction, Match, Round
from tests.cast import house_of
from tests.connections.people import WELDER, a_connectee, a_connector
from tests.connections.table import change, match_of, pairs, proposed, with_settings
from tests.pages.coordinator.reading import MOST_QUERIES, address, post, queries, said, text

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
PAGES_OF_A_ROUND = ("round", "round_set_aside")


def on_the_table(centre: Centre, people: int = 1) -> Round:
    for number in range(people):
        a_connectee(centre, f"Amina {'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef'[number]}")
    a_connector(centre, capacity=people)
    return proposed(centre, "Round of May")


def test_an_empty_centre_is_told_what_a_round_needs(centre: Centre, signed_in: SignedIn) -> None:
    client = signed_in(centre)
    page = text(client, "rounds")
    assert "A round needs people who are ready." in page
    a_connectee(centre)
    assert "No Connector has a free place in this period." in text(client, "rounds")
    a_connector(centre)
    page = text(client, "rounds")
    assert "One person is ready for a Connector." in page
    assert "Propose matches" in page


def test_e06_a_double_click_on_propose_makes_one_round(centre: Centre, signed_in: SignedIn) -> None:
    a_connectee(centre)
    a_connector(centre)
    client = signed_in(centre)
    first = post(client, "rounds", name="Round of May")
    second = post(client, "rounds", name="Round of May")
    assert (first.status_code, second.status_code) == (302, 422)
    with house_of(centre):
        round_ = Round.objects.get()
    assert first["Location"] == address("round", round_.pk)
    assert "“Round of May” waits for your decision." in text(client, "rounds")


def test_e06_each_proposal_says_why_with_three_named_reasons_and_waits_for_a_decision(
    centre: Centre, signed_in: SignedIn
) -> None:
    amina = a_connectee(centre, interests=["hiking"], part={"target_organizations": ["ACME"]})
    a_connector(centre, organization="ACME", interests=["hiking"])
    round_ = proposed(centre, "Round of May")
    client = signed_in(centre)
    page = text(client, "round", round_.pk)
    for sentence in (
        "Same occupation: registered nurses and registered psychiatric nurses (31301).",
        "Wants to meet ACME, where Paul Sample works.",
        "An interest in common: hiking.",
        "Both speak English (CLB 8).",
        "of 1000",
    ):
        assert sentence in page, sentence
    # Looking decides nothing.
    assert match_of(round_, amina).state == MatchState.PROPOSED
    done = post(client, "round_accept", round_.pk)
    assert done["Location"] == address("introductions")
    assert "One match is accepted" in said(client, done)
    with house_of(centre):
        match = Match.objects.get()
        assert (match.state, match.decided_by is None) == (MatchState.ACCEPTED, False)


def test_b24_the_same_round_reads_in_french(centre: Centre, signed_in: SignedIn) -> None:
    round_ = on_the_table(centre)
    client = signed_in(centre)
    client.cookies["django_language"] = "fr"
    page = text(client, "round", round_.pk)
    assert "anglais (CLB 8)" in page
    assert "Both speak" not in page
    assert "Same occupation" not in page


def test_lowering_the_least_quality_and_solving_again_does_what_the_page_advises(
    centre: Centre, signed_in: SignedIn
) -> None:
    a_connectee(centre)
    a_connector(centre, occupation=WELDER)
    with_settings(centre, least_quality=900)
    round_ = proposed(centre)
    client = signed_in(centre)
    assert "lower the least quality in the settings and solve again" in text(
        client, "round", round_.pk
    )
    with_settings(centre, least_quality=0)
    assert "one proposal is new" in said(client, post(client, "round_solve", round_.pk))
    assert pairs(round_) == {("Amina Example", "Paul Sample")}


def test_accepting_twice_accepts_once_and_says_so(centre: Centre, signed_in: SignedIn) -> None:
    round_ = on_the_table(centre, people=2)
    client = signed_in(centre)
    first, second = (post(client, "round_accept", round_.pk) for _click in range(2))
    assert first["Location"] == address("introductions")
    assert "This round has been decided already; nothing was changed." in said(client, second)
    with house_of(centre):
        assert Match.objects.filter(state=MatchState.ACCEPTED).count() == 2
        assert Introduction.objects.count() == 2


def test_accepting_names_the_one_whose_place_has_gone(centre: Centre, signed_in: SignedIn) -> None:
    round_ = on_the_table(centre, people=2)
    with house_of(centre):
        change(Connector.objects.get(), capacity=1)
    client = signed_in(centre)
    page = said(client, post(client, "round_accept", round_.pk))
    assert "Paul Sample has no place left in this period" in page
    assert "One match is accepted" in page


def test_locking_keeps_the_page_and_the_place_and_a_second_click_changes_nothing(
    centre: Centre, signed_in: SignedIn
) -> None:
    round_ = on_the_table(centre, people=26)
    client = signed_in(centre)
    shown = client.get(address("round", round_.pk), {"page": 2}).content.decode()
    assert 'name="page" value="2"' in shown
    with house_of(centre):
        match = Match.objects.first()
    assert match is not None
    for _click in range(2):
        answer = post(client, "match_lock", match.pk, locked="1", page="2")
        assert answer["Location"] == f"{address('round', round_.pk)}?page=2#m-{match.pk}"
        with house_of(centre):
            assert Match.objects.get(pk=match.pk).locked
    answer = post(client, "match_lock", match.pk, locked="0", page="<2")
    assert answer["Location"] == f"{address('round', round_.pk)}#m-{match.pk}"
    with house_of(centre):
        assert not Match.objects.get(pk=match.pk).locked


def test_solving_twice_settles_on_the_same_pairs(centre: Centre, signed_in: SignedIn) -> None:
    round_ = on_the_table(centre, people=3)
    client = signed_in(centre)
    before = pairs(round_)
    for _click in range(2):
        page = said(client, post(client, "round_solve", round_.pk))
        assert "nothing better was found; all stays" in page
    assert pairs(round_) == before


def test_e06_a_refusal_asks_why_keeps_the_words_and_solves_around_it(
    centre: Centre, signed_in: SignedIn
) -> None:
    amina = a_connectee(centre)
    a_connector(centre)
    a_connector(centre, "Second Sample", occupation=WELDER)
    with_settings(centre, least_quality=0)
    round_ = proposed(centre, "Round of May")
    client = signed_in(centre)
    match = match_of(round_, amina)
    unsaid = post(client, "match_refuse", match.pk, note="They worked together")
    assert unsaid.status_code == 422
    assert "They worked together" in unsaid.content.decode()
    page = said(
        client, post(client, "match_refuse", match.pk, reason="known", note="Worked together")
    )
    assert "Refused. Solve again, and somebody else is proposed for Amina Example." in page
    assert "they know each other already (Worked together)" in page
    assert "one proposal is new" in said(client, post(client, "round_solve", round_.pk))
    assert pairs(round_) == {("Amina Example", "Second Sample")}
    again = post(client, "match_refuse", match.pk, reason="fit")
    assert again.status_code == 422
    assert "This proposal has changed since you opened the page" in again.content.decode()


def test_choosing_by_hand_shows_everybody_and_why_not(centre: Centre, signed_in: SignedIn) -> None:
    amina = a_connectee(centre)
    a_connector(centre)
    mute = a_connector(centre, "Mute Sample", languages={"fr": None})
    welder = a_connector(centre, "Welder Sample", occupation=WELDER)
    round_ = proposed(centre, "Round of May")
    client = signed_in(centre)
    page = text(client, "round_choose", round_.pk, amina.pk)
    order = [page.index(name) for name in ("Paul Sample", "Welder Sample", "Mute Sample")]
    assert order == sorted(order)
    assert "They share no language at a usable level." in page
    assert f'value="{mute.pk}"' not in page
    refused = post(client, "round_choose", round_.pk, amina.pk, connector=str(mute.pk))
    assert "They share no language at a usable level." in refused.content.decode()
    assert pairs(round_) == {("Amina Example", "Paul Sample")}
    answer = post(client, "round_choose", round_.pk, amina.pk, connector=str(welder.pk))
    assert "Your choice is locked." in said(client, answer)
    assert pairs(round_) == {("Amina Example", "Welder Sample")}
    assert post(client, "round_choose", round_.pk, amina.pk, connector="nobody").status_code == 404


def test_who_is_left_without_stands_at_the_head_with_what_is_scarce(
    centre: Centre, signed_in: SignedIn
) -> None:
    for name in ("Amina Example", "Bea Example"):
        a_connectee(centre, name)
    a_connector(centre, capacity=1)
    page = text(signed_in(centre), "round", proposed(centre).pk)
    assert "One person is left without a proposal." in page
    assert "One more place with Paul Sample would add" in page
    assert "Every suitable Connector is taken by matches that count for more." in page


def test_setting_aside_asks_first_and_twice_is_once(centre: Centre, signed_in: SignedIn) -> None:
    round_ = on_the_table(centre)
    client = signed_in(centre)
    assert "Set “Round of May” aside?" in text(client, "round_set_aside", round_.pk)
    with house_of(centre):
        assert Round.objects.get().state == RoundState.PROPOSED
    assert "Nobody had been told" in said(client, post(client, "round_set_aside", round_.pk))
    assert "decided already" in said(client, post(client, "round_set_aside", round_.pk))
    assert "One person is ready for a Connector." in text(client, "rounds")


def test_e20_a_round_of_another_centre_is_the_same_404_as_a_missing_one(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    ours, theirs = on_the_table(centre), on_the_table(other_centre)
    client = signed_in(centre)
    with house_of(other_centre):
        match = Match.objects.get()
    with house_of(centre):
        mine = Match.objects.get()
    for page in PAGES_OF_A_ROUND:
        assert client.get(address(page, ours.pk)).status_code == 200
        for key in (theirs.pk, uuid.uuid4()):
            assert client.get(address(page, key)).status_code == 404
    choose = client.get(address("round_choose", ours.pk, match.connectee_id))
    assert choose.status_code == 404
    assert client.get(address("round_choose", ours.pk, mine.connectee_id)).status_code == 200
    for key in (match.pk, uuid.uuid4()):
        assert client.get(address("match_refuse", key)).status_code == 404
        assert post(client, "match_lock", key, locked="1").status_code == 404
    for page in ("round_solve", "round_accept", "round_set_aside"):
        assert post(client, page, theirs.pk).status_code == 404
    assert client.get(address("match_refuse", mine.pk)).status_code == 200
    with house_of(other_centre):
        assert Round.objects.get().state == RoundState.PROPOSED
        assert not Match.objects.get().locked


def test_what_decides_is_a_post_and_a_coordinators(centre: Centre, signed_in: SignedIn) -> None:
    round_ = on_the_table(centre)
    client, worker = signed_in(centre), signed_in(centre, Role.WORKER)
    for page in ("round_solve", "round_accept"):
        assert client.get(address(page, round_.pk)).status_code == 405
        assert post(worker, page, round_.pk).status_code == 404
    assert worker.get(address("round", round_.pk)).status_code == 404
    with house_of(centre):
        assert Round.objects.get().state == RoundState.PROPOSED
    assert post(client, "round_solve", round_.pk).status_code == 302


def test_a_round_asks_the_database_as_often_for_four_proposals_as_for_one(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    counts = []
    for where, people in ((centre, 1), (other_centre, 4)):
        round_ = on_the_table(where, people)
        client = signed_in(where)
        with house_of(where):
            someone = Match.objects.values_list("connectee_id", flat=True)[0]
        counts.append(
            [
                queries(client, "rounds"),
                queries(client, "round", round_.pk),
                queries(client, "round_choose", round_.pk, someone),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST_QUERIES
