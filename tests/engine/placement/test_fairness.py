"""Floors for groups: the worst off as well off as can be, and what that costs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from takeroot.engine.placement import (
    PlacementError,
    PlacementProblem,
    check,
    max_min,
    proportional,
    solve,
)
from tests.engine.placement.makers import problem_of, problems

# Two with experience and two without want the two good seats; the other town is worth 2 to all.
SCORES = {
    ("old1", "Truro"): 9, ("old2", "Truro"): 8, ("new1", "Truro"): 6, ("new2", "Truro"): 5,
    ("old1", "Pictou"): 2, ("old2", "Pictou"): 2, ("new1", "Pictou"): 2, ("new2", "Pictou"): 2,
}  # fmt: skip


@pytest.fixture
def problem() -> PlacementProblem:
    groups = ("new", "new", "old", "old")
    return problem_of(SCORES, {"Truro": 2, "Pictou": 2}, groups=groups)


def test_the_group_worst_off_is_as_well_off_as_can_be_worked_by_hand(
    problem: PlacementProblem,
) -> None:
    """Without floors the old have both good seats: 17 + 4, and the new a mean of 2. With them one
    good seat each: the new have (6 + 2) / 2 = 4, and 4 points are lost."""
    assert solve(problem).value == 21
    fair = max_min(problem)
    assert fair.result.pairs == (
        ("new1", "Truro"), ("new2", "Pictou"), ("old1", "Truro"), ("old2", "Pictou"),
    )  # fmt: skip
    assert (fair.result.value, fair.price) == (19, 2)
    assert fair.limit >= 4
    assert fair.small == ("new", "old")


def test_a_share_of_everybodys_mean_is_a_floor(problem: PlacementProblem) -> None:
    fair = proportional(problem, 0.7)  # 0.7 x 21 / 4 = 3.675
    assert fair.level == pytest.approx(3.675)
    assert fair.result.value == 19
    assert check(fair.problem, fair.result) == []


def test_a_share_that_nobody_can_reach_is_answered_with_the_groups(
    problem: PlacementProblem,
) -> None:
    fair = proportional(problem, 1.0)  # 5.25 for both: at most (6 + 5) / 2 and (2 + 2) / 2
    assert "No answer keeps: a mean score of 5.25 for new" in str(fair.result.conflicts[0])


def test_without_groups_it_is_refused_in_words() -> None:
    with pytest.raises(PlacementError, match="no agent belongs to a group"):
        max_min(problem_of(SCORES, {"Truro": 2, "Pictou": 2}))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_no_floor_passes_the_limit_and_no_answer_under_floors_is_worth_more(
    problem: PlacementProblem,
) -> None:
    assume(not problem.minimize and not problem.rules and not solve(problem).conflicts)
    fair = max_min(problem)
    assert fair.level <= fair.limit + 1e-9
    if not fair.result.conflicts:
        assert check(fair.problem, fair.result) == []
        assert fair.price >= -2e-4 * max(1.0, abs(fair.result.value))
