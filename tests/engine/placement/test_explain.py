"""Reasons for one agent: what it got, what stands against better, what a change would cost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from takeroot.engine.placement import (
    Change,
    PlacementError,
    PlacementProblem,
    changed,
    explain,
    solve,
)
from tests.engine.placement.makers import problem_of, problems

SCORES = {("Ana", "Truro"): 9, ("Ana", "Pictou"): 8, ("Ben", "Truro"): 7, ("Ben", "Pictou"): 2}


def test_a_better_place_is_full_of_others_to_whom_it_is_worth_more() -> None:
    problem = problem_of(SCORES, {"Truro": 1, "Pictou": 1})
    told = explain(problem, solve(problem), "Ana", exact=True)
    assert told.code == "better_places_worth_more_to_others"
    assert [one.place for one in told.here] == ["Pictou"]
    better = told.better[0]
    assert (better.place, better.score, better.held_by, better.holders) == ("Truro", 9, 1, ("Ben",))
    assert (better.limits[0].resource, better.limits[0].price) == ("seats", 1.0)
    assert (better.cost_at_least, better.cost) == (0.0, 4.0)


def test_who_is_left_out_is_told_why() -> None:
    problem = problem_of(SCORES | {("Cy", "Truro"): 1}, {"Truro": 1, "Pictou": 1})
    told = explain(problem, solve(problem), "Cy", exact=True)
    assert told.code == "places_worth_more_to_others"
    assert told.here == ()
    # Cy in Truro sends Ben to Pictou and Ana out: 1 + 8, or 1 + 2.
    assert told.better[0].cost == 15 - 9


def test_somebody_unknown_is_refused_by_name() -> None:
    problem = problem_of(SCORES, {"Truro": 1, "Pictou": 1})
    with pytest.raises(PlacementError, match="unknown agent 'Zed'"):
        explain(problem, solve(problem), "Zed")


def test_where_all_must_be_placed_a_change_is_held_against_the_next_best_place() -> None:
    costs = {("Ana", "Truro"): 1, ("Ana", "Pictou"): 4}
    problem = problem_of(costs, {"Truro": 3, "Pictou": 3}, minimize=True, must_place=True)
    told = explain(problem, solve(problem), "Ana", exact=True)
    assert (told.next_[0].cost_at_least, told.next_[0].cost) == (3.0, 3.0)


def test_a_place_that_locks_have_filled_is_no_yardstick_either() -> None:
    scores = {("Ana", "Truro"): 1, ("Ben", "Truro"): 9, ("Ben", "Pictou"): 3, ("Ben", "Gander"): 2}
    towns = {"Truro": 1, "Pictou": 1, "Gander": 1}
    problem = problem_of(scores, towns, locked=frozenset({("Ana", "Truro")}))
    told = explain(problem, solve(problem), "Ben", exact=True)
    gander = next(one for one in told.next_ if one.place == "Gander")
    assert (gander.cost_at_least, gander.cost) == (1.0, 1.0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_no_change_costs_less_than_was_said(problem: PlacementProblem) -> None:
    result = solve(problem)
    if result.conflicts or not problem.agents:
        return
    agent = problem.agents[0]
    for option in explain(problem, result, agent).next_:
        held = [Change("unlock", a, p) for a, p in problem.locked if a == agent]
        again = solve(changed(problem, [*held, Change("lock", agent, option.place)]))
        if option.cost_at_least is not None and not again.conflicts and not held:
            worse = result.value - again.value
            cost = -worse if problem.minimize else worse
            slack = 1e-4 * max(1.0, abs(result.value), abs(again.value))
            assert cost >= option.cost_at_least - slack
