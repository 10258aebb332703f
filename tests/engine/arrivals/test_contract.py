"""What every policy must do, whatever it is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from takeroot.engine.arrivals import Households, Places, Stream, hindsight, simulate
from takeroot.engine.arrivals.policies import Policy
from takeroot.engine.generate.arrivals import arrivals

from .makers import every_policy, people, small_years, year

short = arrivals("drift", 7, places=5, weeks=10, batch=(3, 6))
each_policy = pytest.mark.parametrize(
    "policy", [p for _, p in every_policy()], ids=[name for name, _ in every_policy()]
)


def shuffled(given: Households, seed: int, columns: np.ndarray) -> Households:
    order = np.random.default_rng(seed).permutation(len(given))
    return Households(
        tuple(given.ids[i] for i in order),
        given.demand[order],
        given.scores[order][:, columns],
        given.batch[order],
        tuple(given.groups[i] for i in order),
        given.batches,
    )


@each_policy
def test_the_order_of_the_input_never_changes_the_answer(policy: Policy) -> None:
    columns = np.random.default_rng(3).permutation(len(short.places.ids))
    places = Places(
        tuple(short.places.ids[j] for j in columns),
        short.places.resources,
        short.places.capacities[columns],
    )
    other = Stream(
        places,
        shuffled(short.households, 1, columns),
        shuffled(short.history, 2, columns),
        short.expected,
    )
    assert simulate(short, policy, seed=5).placed == simulate(other, policy, seed=5).placed


@each_policy
def test_the_same_seed_gives_the_same_answer(policy: Policy) -> None:
    first, second = simulate(short, policy, seed=2), simulate(short, policy, seed=2)
    assert first.placed == second.placed
    assert first.value == second.value


@each_policy
def test_what_comes_later_changes_nothing_decided_before(policy: Policy) -> None:
    now = short.households
    late = now.batch >= 5
    scores = np.where(late[:, None], 1.0 - now.scores, now.scores)
    demand = np.where(late[:, None], now.demand[::-1] + 1.0, now.demand)
    changed = replace(short, households=replace(now, scores=scores, demand=demand))
    before = set(np.array(now.ids)[~late].tolist())
    one, two = simulate(short, policy, seed=1), simulate(changed, policy, seed=1)
    assert {i: p for i, p in one.placed.items() if i in before} == {
        i: p for i, p in two.placed.items() if i in before
    }


@each_policy
@pytest.mark.parametrize("factor", [1 / 1024, 1000.0])
def test_the_unit_of_scores_changes_nothing(policy: Policy, factor: float) -> None:
    scaled = replace(
        short,
        households=replace(short.households, scores=short.households.scores * factor),
        history=replace(short.history, scores=short.history.scores * factor),
    )
    one, two = simulate(short, policy), simulate(scaled, policy)
    assert one.placed == two.placed
    assert two.value == pytest.approx(one.value * factor)


@each_policy
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stream=small_years())
def test_no_limit_is_broken_and_hindsight_is_never_beaten(policy: Policy, stream: Stream) -> None:
    report = simulate(stream, policy, seed=0)
    now, places = stream.households, stream.places
    used = np.zeros(places.capacities.shape)
    value = 0.0
    for i, household in enumerate(now.ids):
        if household in report.placed:
            j = places.ids.index(report.placed[household])
            used[j] += now.demand[i]
            value += now.scores[i, j]
    assert (used <= places.capacities + 1e-9).all()
    np.testing.assert_allclose(report.taken.sum(axis=0), used)
    assert value == pytest.approx(report.value, abs=1e-9)
    assert sorted([*report.placed, *report.unplaced]) == sorted(now.ids)
    assert report.value <= hindsight(stream).bound + 1e-6


@each_policy
def test_a_year_without_anybody_is_a_year_without_decisions(policy: Policy) -> None:
    report = simulate(
        year(people([], columns=2), people([[1.0, 0.5]], name="l"), [[1], [1]]), policy
    )
    assert (report.placed, report.unplaced, report.value) == ({}, (), 0.0)


@each_policy
def test_batches_may_be_empty_and_last_year_unknown(policy: Policy) -> None:
    now = people([[1.0, 0.5], [1.0, 0.5]], batch=[0, 4], batches=7)
    report = simulate(year(now, people([], name="l", columns=2), [[1], [1]]), policy)
    assert report.placed == {"h0": "p0", "h1": "p1"}
    assert len(report.seconds) == 7


@each_policy
def test_where_nothing_is_scarce_everybody_gets_the_best_place(policy: Policy) -> None:
    roomy = replace(
        short, places=replace(short.places, capacities=short.places.capacities * 0 + np.inf)
    )
    report = simulate(roomy, policy)
    best = np.nanargmax(short.households.scores, axis=1)
    wanted = {h: short.places.ids[j] for h, j in zip(short.households.ids, best, strict=True)}
    if policy.name != "balance":
        assert report.placed == wanted
    assert not report.unplaced


@each_policy
def test_many_more_arrive_than_there_is_room_for(policy: Policy) -> None:
    tight = replace(
        short, places=replace(short.places, capacities=np.floor(short.places.capacities / 8))
    )
    report = simulate(tight, policy)
    assert 0 < len(report.placed) < len(short.households) / 2


@each_policy
def test_many_more_places_than_households(policy: Policy) -> None:
    now = people([[0.1 * j for j in range(12)]])
    report = simulate(year(now, people([[0.5] * 12], name="l"), [[1.0]] * 12), policy)
    assert report.value == pytest.approx(1.1)


@each_policy
def test_who_does_not_fit_or_may_go_nowhere_stays_out(policy: Policy) -> None:
    now = Households(
        ("large", "shut-out", "usual"),
        np.array([[1.0, 9.0], [1.0, 1.0], [1.0, 1.0]]),
        np.array([[0.5, 0.5], [np.nan, np.nan], [0.5, 0.4]]),
        np.array([0, 0, 0]),
    )
    last = Households((), np.empty((0, 2)), np.empty((0, 2)), np.empty(0, np.int64))
    report = simulate(year(now, last, [[5, 5], [5, 5]]), policy)
    assert report.placed == {"usual": "p0"}
    assert report.unplaced == ("large", "shut-out")


@each_policy
def test_more_came_than_were_announced(policy: Policy) -> None:
    surprised = replace(short, expected=3)
    report = simulate(surprised, policy)
    assert len(report.placed) > 0.8 * len(short.households)


@each_policy
def test_a_cost_of_staying_out_places_those_whose_score_is_below_0(policy: Policy) -> None:
    now = people([[-0.5], [-0.5]])
    stream = year(now, people([[0.2]], name="l"), [[5.0]])
    assert simulate(stream, policy).placed == {}
    report = simulate(stream, policy, unplaced_cost=0.75)
    assert set(report.placed) == {"h0", "h1"}
    assert report.value == pytest.approx(-1.0)
