"""Small years whose answers can be worked out by hand, and all small years by enumeration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from takeroot.engine.arrivals import (
    Adaptive,
    Batch,
    DualPrices,
    Greedy,
    Known,
    Policy,
    PolicyError,
    Stream,
    hindsight,
    simulate,
)
from takeroot.engine.arrivals.policies.dual_prices import exact_prices
from takeroot.engine.arrivals.prices import Crowd, prices
from takeroot.engine.generate.arrivals import arrivals

from .makers import NAN, best_by_enumeration, people, small_years, year

# One seat at each of two places. Who comes first gets 1.0 or 0.9, who comes second 1.0 or 0.0.
TEMPTED = year(
    people([[1.0, 0.9], [1.0, 0.0]]), people([[1.0, 0.0]] * 4, name="l"), [[1.0], [1.0]], 2
)


@settings(max_examples=150, deadline=None)
@given(stream=small_years())
def test_hindsight_is_the_best_of_all_choices(stream: Stream) -> None:
    best = hindsight(stream)
    assert best.value == pytest.approx(best_by_enumeration(stream), abs=1e-9)
    assert best.bound >= best.value - 1e-9
    assert best.gap <= 1e-4 + 1e-9


def test_greedy_takes_the_last_seat_that_another_needs_more() -> None:
    report, best = simulate(TEMPTED, Greedy()), hindsight(TEMPTED)
    assert report.placed == {"h0": "p0", "h1": "p1"}
    assert report.value == pytest.approx(1.0)
    assert best.value == pytest.approx(1.9)
    assert report.loss(best) == pytest.approx(0.9 / 1.9)


@pytest.mark.parametrize("policy", [DualPrices(), DualPrices(rolling=False), Adaptive()])
def test_prices_leave_the_seat_to_those_whom_last_year_expects(policy: Policy) -> None:
    report = simulate(TEMPTED, policy)
    assert report.placed == {"h0": "p1", "h1": "p0"}
    assert report.more_unplaced(hindsight(TEMPTED)) == 0


def test_where_the_announcement_is_wrong_capacities_can_be_trusted_instead() -> None:
    """One is announced, so nobody is waited for; two seats are 10/11 x 2, rounded: one more."""
    surprised = replace(TEMPTED, expected=1)
    assert simulate(surprised, DualPrices()).placed == {"h0": "p0", "h1": "p1"}
    assert simulate(surprised, DualPrices(by_room=True)).placed == {"h0": "p1", "h1": "p0"}


def test_exact_and_smoothed_prices_are_worth_about_the_same() -> None:
    stream = arrivals("alike", 3, places=5, weeks=10, batch=(3, 6))
    best = hindsight(stream)
    sharp, smooth = simulate(stream, DualPrices(exact=True)), simulate(stream, DualPrices())
    assert abs(sharp.share(best) - smooth.share(best)) < 0.03


def test_a_year_unlike_the_last_is_noticed() -> None:
    """Last year nobody wanted p0; this year half do, alone: waiting for them pays."""
    rng = np.random.default_rng(0)
    special = np.arange(80) % 2 == 1
    scores = np.where(special[:, None], [[0.9, 0.0]], [[0.5, 0.45]]) + rng.random((80, 2)) / 50
    now = people(scores.tolist(), batch=[i // 4 for i in range(80)])
    last = people([[0.5, 0.45]] * 80, batch=[i // 4 for i in range(80)], name="l")
    stream = year(now, last, [[40.0], [40.0]], 80)
    best = hindsight(stream)
    told = DualPrices(rolling=False)
    assert simulate(stream, Adaptive()).share(best) > 0.95
    assert simulate(stream, Adaptive()).value > simulate(stream, told).value
    assert simulate(stream, Adaptive()).value > simulate(stream, Greedy()).value


def test_a_household_that_needs_two_seats_is_worth_two_prices() -> None:
    """Two seats, three still to come of one seat and 0.6: a pair of 1.0 has to give way."""
    now = people([[1.0], [0.6], [0.6]], [[2], [1], [1]])
    stream = year(now, people([[0.6]] * 3, name="l"), [[2.0]], 3)
    assert set(simulate(stream, DualPrices()).placed) == {"h1", "h2"}
    assert simulate(stream, Greedy()).value == pytest.approx(1.0)


def test_a_batch_is_decided_jointly() -> None:
    """One by one, h0 would take p0 and h1 be left with nothing."""
    now = people([[1.0, 0.9], [1.0, NAN]], batch=[0, 0])
    stream = year(now, people([[0.1, 0.1]], name="l"), [[1.0], [1.0]])
    assert simulate(stream, Greedy()).placed == {"h0": "p1", "h1": "p0"}


def test_a_price_is_what_one_more_seat_is_worth() -> None:
    crowd = Crowd(np.ones((3, 1)), np.array([[0.9], [0.5], [0.2]]), np.ones(3))
    for seats, low, high in ((1.0, 0.5, 0.9), (2.0, 0.2, 0.5), (4.0, 0.0, 0.0)):
        room = np.array([[seats]])
        sharp = prices(crowd, room, np.zeros((1, 1)), (0.03, 0.003))
        assert low - 0.02 <= sharp[0, 0] <= high + 0.02
        assert low - 1e-6 <= exact_prices(crowd, room)[0, 0] <= high + 1e-6


def test_smoothed_prices_bound_the_exact_programme_closely() -> None:
    rng = np.random.default_rng(0)
    crowd = Crowd(rng.integers(1, 5, (80, 2)) * 1.0, rng.random((80, 6)), rng.random(80) + 0.5)
    room = rng.integers(10, 30, (6, 2)) * 1.0

    def bound(price: np.ndarray) -> float:
        best = np.maximum((crowd.scores - crowd.demand @ price.T).max(axis=1), 0.0)
        return float((room * price).sum() + crowd.weight @ best)

    exact = bound(exact_prices(crowd, room))
    smooth = bound(prices(crowd, room, np.full(room.shape, 0.03), (0.03, 0.01, 0.003)))
    assert exact <= smooth + 1e-9
    assert smooth <= exact * 1.002


def test_unlimited_and_useless_places_have_no_price() -> None:
    crowd = Crowd(np.ones((4, 1)), np.array([[0.9, NAN, 0.9]] * 4), np.ones(4))
    found = prices(crowd, np.array([[np.inf], [1.0], [0.0]]), np.full((3, 1), 0.5), (0.01,))
    assert found.ravel().tolist() == [0.0, 0.0, 0.0]


def test_groups_and_unevenness_are_reported() -> None:
    now = people([[1.0], [0.5], [0.25], [0.25]])
    grouped = year(
        type(now)(now.ids, now.demand, now.scores, now.batch, ("a", "a", "b", "b")),
        people([], name="l", columns=1),
        [[3.0]],
    )
    report = simulate(grouped, Greedy())
    assert report.floors == {"a": (2, 0.75), "b": (2, 0.125)}
    # Used after each batch 1/3, 2/3, 1, 1; an even pace to the end would be 1/4, 1/2, 3/4, 1.
    assert report.uneven == pytest.approx((1 / 12 + 1 / 6 + 1 / 4 + 0) / 4)


class Fixed:
    """Decides what it was told to."""

    name = "fixed"

    def __init__(self, *choices: list[int]) -> None:
        self.choices = list(choices)

    def begin(self, known: Known, seed: int) -> Fixed:
        return self

    def decide(self, batch: Batch) -> np.ndarray:
        return np.array(self.choices[batch.number])


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([[0], [0]], "place 'p0': more r0 given than were left"),
        ([[1], [-1]], "household 'h0' at place 'p1': not allowed"),
        ([[2], [0]], "expected positions from -1 to 1"),
        ([[0, 0], [0]], "expected 1 whole numbers"),
        ([[0.5], [0]], "expected 1 whole numbers"),
    ],
)
def test_a_policy_that_breaks_a_limit_is_told_which(choices: list[list[int]], words: str) -> None:
    stream = year(people([[1.0, NAN], [1.0, 1.0]]), people([], name="l", columns=2), [[1.0], [1.0]])
    with pytest.raises(PolicyError, match=words):
        simulate(stream, Fixed(*choices))


def test_a_policy_is_shown_one_batch_and_nothing_leads_to_the_next() -> None:
    shown: list[Batch] = []

    class Curious(Fixed):
        def decide(self, batch: Batch) -> np.ndarray:
            shown.append(batch)
            batch.left[:] = 99.0  # its own copy: the simulator is not fooled
            return np.full(len(batch.households), -1)

    simulate(TEMPTED, Curious())
    assert [batch.households.ids for batch in shown] == [("h0",), ("h1",)]
    whole = TEMPTED.households
    for batch in shown:
        for array in (batch.households.scores, batch.households.demand, batch.left):
            assert array.base is None
            assert not np.shares_memory(array, whole.scores)
            assert not np.shares_memory(array, whole.demand)
