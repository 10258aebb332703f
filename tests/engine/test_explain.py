"""Reasons by prices: what stands in the way, and what a change would truly cost."""

from __future__ import annotations

import numpy as np
import pytest

from takeroot.engine.matching import (
    AssignmentProblem,
    Change,
    DenseScores,
    check,
    cost_of,
    explain,
    resolve,
    solve,
)
from tests.engine.makers import problem, town


def test_the_best_place_is_called_the_best() -> None:
    given = problem([[9, 5]])
    assert explain(given, solve(given), "a0").code == "best_place"


def test_a_better_place_that_is_full_is_named_with_its_price_and_holder() -> None:
    given = problem([[9, 5], [8, 1]])
    told = explain(given, solve(given), "a0", exact=True)
    assert (told.code, told.place) == ("better_places_full", "p1")
    better = told.better[0]
    assert (better.place, better.score, better.price) == ("p0", 9, 17 - 13)
    assert better.held_by == ("a1",)
    assert better.cost == 13 - 10


def test_a_lock_is_called_a_lock() -> None:
    given = problem([[1, 9]], locked=frozenset({("a0", "p0")}))
    assert explain(given, solve(given), "a0").code == "locked"


@pytest.mark.parametrize(
    ("rows", "code", "counts"),
    [
        ([[-1, -1]], "no_allowed_pair", (("refused", 2),)),
        ([[0, -1]], "below_least_quality", (("below_least_quality", 1), ("refused", 1))),
    ],
)
def test_somebody_left_out_is_told_why(
    rows: list[list[int]], code: str, counts: tuple[tuple[str, int], ...]
) -> None:
    given = problem(rows)
    told = explain(given, solve(given), "a0")
    assert (told.place, told.code, told.counts) == (None, code, counts)


def test_somebody_whose_places_are_full_is_told_what_it_would_cost() -> None:
    given = problem([[9], [6]])
    told = explain(given, solve(given), "a1", exact=True)
    assert told.code == "all_suitable_full"
    assert [(a.place, a.price, a.cost) for a in told.alternatives] == [("p0", 6, 3)]


@pytest.mark.parametrize("seed", range(3))
def test_the_cost_is_what_a_lock_really_costs_and_never_below_its_bound(seed: int) -> None:
    given = town(60, 20, seed)
    result = solve(given)
    for agent in given.agents[::7]:
        for other in explain(given, result, agent, most=5, exact=True).alternatives:
            locked = resolve(given, result, [Change("lock", other.place, agent)])
            assert other.cost == result.value - locked.value
            assert other.cost is not None
            assert other.cost >= other.cost_at_least >= 0


def test_a_place_without_seats_cannot_be_had() -> None:
    given = problem([[5]], [0])
    assert cost_of(given, solve(given), "a0", "p0") is None


def test_a_cause_given_with_the_scores_may_bear_a_name_of_ours() -> None:
    scores = DenseScores(np.array([[5, 5]]), np.array([[1, 0]], np.uint8), ("no_capacity",))
    given = AssignmentProblem(("a0",), ("p0", "p1"), (1, 0), scores)
    result = solve(given)
    assert result.unplaced[0].counts == (("no_capacity", 2),)
    assert explain(given, result, "a0").counts == (("no_capacity", 2),)
    assert check(given, result) == []
