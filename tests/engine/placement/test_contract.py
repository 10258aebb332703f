"""What every solver of placements owes, whatever the problem."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeroot.engine import flow as flows
from takeroot.engine.placement import Pairs, PlacementProblem, check, solve
from takeroot.engine.placement import programme as programmes
from tests.engine.placement.makers import problem_of, problems

BRIEF = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(params=["ortools", "scipy alone"])
def libraries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to the same answers: with OR-Tools, and where it is not installed."""
    if request.param == "scipy alone":
        monkeypatch.setattr(flows, "has_ortools", lambda: False)
        monkeypatch.setattr(programmes, "has_ortools", lambda: False)
    return str(request.param)


def by_trying_everything(problem: PlacementProblem) -> float | None:
    """The best value over all arrangements of a tiny problem with one place each; None if none."""
    needs, best = problem.needs(), None
    options = []
    for i in range(len(problem.agents)):
        span = problem.pairs.of_agent(i)
        options.append([None, *range(span.start, span.stop)])
    for chosen in product(*options):
        arcs = [arc for arc in chosen if arc is not None]
        if problem.must_place and len(arcs) < len(problem.agents):
            continue
        used = np.zeros_like(problem.capacity)
        for i, arc in enumerate(chosen):
            if arc is not None:
                own = needs[i] if problem.pairs.demand is None else problem.pairs.demand[arc]
                used[problem.pairs.place[arc]] += own
        if (used > problem.capacity).any():
            continue
        cost = problem.unplaced_cost * (len(problem.agents) - len(arcs))
        total = float(problem.pairs.score[arcs].sum()) if arcs else 0.0
        value = total + cost if problem.minimize else total - cost
        worse = best is not None and (value >= best if problem.minimize else value <= best)
        best = best if worse else value
    return best


def plain(problem: PlacementProblem) -> PlacementProblem:
    """Without what ``by_trying_everything`` does not know."""
    return replace(problem, locked=frozenset(), forbidden=frozenset(), rules=(), least_score=None)


@BRIEF
@given(problems())
def test_every_answer_passes_the_checker(problem: PlacementProblem) -> None:
    assert check(problem, solve(problem)) == []


@BRIEF
@given(problems())
def test_no_arrangement_is_worth_more(problem: PlacementProblem) -> None:
    problem = plain(problem)
    best, result = by_trying_everything(problem), solve(problem)
    if best is None:
        assert result.status == "infeasible"
        assert result.conflicts
    else:
        assert result.value == pytest.approx(best, rel=1e-4, abs=1e-9)


@BRIEF
@given(problems(), st.integers(0, 2**32 - 1))
def test_the_order_of_the_input_changes_no_answer(problem: PlacementProblem, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = len(problem.agents), len(problem.places)
    agents, places = rng.permutation(n), rng.permutation(m)
    where = np.argsort(places)
    owner = np.repeat(np.arange(n), np.diff(problem.pairs.start))
    pairs = Pairs.of(
        np.argsort(agents)[owner],
        where[problem.pairs.place],
        problem.pairs.score,
        n,
        problem.pairs.demand,
    )
    turned = replace(
        problem,
        agents=tuple(problem.agents[i] for i in agents),
        places=tuple(problem.places[j] for j in places),
        capacity=problem.capacity[places],
        demand=None if problem.demand is None else problem.demand[agents],
        groups=tuple(problem.groups[i] for i in agents),
        pairs=pairs,
    )
    one, other = solve(problem), solve(turned)
    assert one.pairs == other.pairs
    assert one.value == pytest.approx(other.value, abs=1e-12)


@BRIEF
@given(problems())
def test_the_same_seed_gives_the_same_answer(problem: PlacementProblem) -> None:
    assert solve(problem, seed=3).pairs == solve(problem, seed=3).pairs


@BRIEF
@given(problems(), st.sampled_from([1e-6, 1e6]))
def test_the_scale_of_the_scores_changes_no_answer(problem: PlacementProblem, scale: float) -> None:
    problem = plain(problem)
    larger = replace(
        problem,
        pairs=replace(problem.pairs, score=problem.pairs.score * scale),
        unplaced_cost=problem.unplaced_cost * scale,
    )
    one, other = solve(problem), solve(larger)
    assert one.status == other.status
    assert other.value == pytest.approx(one.value * scale, rel=1e-4, abs=1e-9 * scale)


@settings(BRIEF, max_examples=40)
@given(problems())
def test_without_ortools_the_value_is_the_same(problem: PlacementProblem) -> None:
    one = solve(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows, "has_ortools", lambda: False)
        patch.setattr(programmes, "has_ortools", lambda: False)
        other = solve(problem)
    assert bool(one.conflicts) == bool(other.conflicts)
    assert other.value == pytest.approx(one.value, rel=1e-4, abs=1e-9)


def test_two_towns_worked_by_hand(libraries: str) -> None:
    """Ana is worth 9 in Truro and 8 in Pictou, Ben 7 and 2; each town has one seat: 8 + 7."""
    scores = {("Ana", "Truro"): 9, ("Ana", "Pictou"): 8, ("Ben", "Truro"): 7, ("Ben", "Pictou"): 2}
    result = solve(problem_of(scores, {"Truro": 1, "Pictou": 1}))
    assert result.pairs == (("Ana", "Pictou"), ("Ben", "Truro"))
    assert (result.value, result.status) == (15, "optimal")
    # One more seat in Truro would let Ana have it: 9 + 7.
    assert result.prices == {"Truro": {"seats": 1.0}}
    assert result.greedy == 9 + 2


def test_a_household_is_not_split_worked_by_hand(libraries: str) -> None:
    """Five in Truro's four beds do not fit; the family of three with two children does."""
    scores = {("five", "Truro"): 10, ("three", "Truro"): 6, ("one", "Truro"): 3}
    demand = {"five": (5, 3), "three": (3, 2), "one": (1, 0)}
    result = solve(
        problem_of(scores, {"Truro": (4, 2)}, demand=demand, resources=("beds", "school"))
    )
    assert result.pairs == (("one", "Truro"), ("three", "Truro"))
    assert result.value == 9
    assert [(one.agent, one.cause) for one in result.unplaced] == [("five", "none_fits")]


def test_where_everybody_must_be_placed_and_cannot_the_smallest_conflict_is_named() -> None:
    scores = {(name, "Truro"): 5 for name in ("Ana", "Ben", "Cy")} | {("Dee", "Pictou"): 1}
    result = solve(problem_of(scores, {"Truro": 2, "Pictou": 1}, must_place=True))
    assert result.status == "infeasible"
    assert result.conflicts[0].agents == ("Ana", "Ben", "Cy")
    assert result.conflicts[0].places == ("Truro",)
    assert "3 people can only go to 1 place(s) with 2 seat(s) left" in str(result.conflicts[0])


def test_each_may_have_several_places() -> None:
    scores = {("mentor", p): s for p, s in (("Ana", 5), ("Ben", 4), ("Cy", 3))}
    result = solve(problem_of(scores, {"Ana": 1, "Ben": 1, "Cy": 1}, most=2))
    assert result.pairs == (("mentor", "Ana"), ("mentor", "Ben"))
    assert result.value == 9


def test_an_empty_problem_has_an_empty_answer() -> None:
    empty = PlacementProblem((), (), np.zeros((0, 1)), Pairs.of(*[np.zeros(0, int)] * 3, 0))
    assert (solve(empty).pairs, solve(empty).value) == ((), 0)
