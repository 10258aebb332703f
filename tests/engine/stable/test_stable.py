"""Stable matching: nobody would rather have each other; best for one side; ties in the open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from takeroot.engine.stable import Lists, StableError, StableProblem, check, solve
from tests.engine.stable.makers import all_stable, drawn, orders, problem_of


def test_an_instance_worked_by_hand() -> None:
    """Two hospitals, one with two seats. Best for agents: ana and ben get what they wish; best for
    places: each place gets its own first wish."""
    likes = {"ana": orders("H", "M"), "ben": orders("M", "H"), "cleo": orders("H", "M")}
    wants = {"H": orders("ben", "ana", "cleo"), "M": orders("ana", "ben", "cleo")}
    problem = problem_of(likes, wants, {"H": 1, "M": 1})
    ours = solve(problem)
    assert ours.pairs == (("ana", "H"), ("ben", "M"))
    assert (ours.first, ours.unplaced) == (2, (("cleo", "places_prefer_others"),))
    theirs = solve(problem, best_for="places")
    assert theirs.pairs == (("ana", "M"), ("ben", "H"))
    assert check(problem, ours) == check(problem, theirs) == []


@pytest.mark.parametrize("seed", range(120))
def test_strict_lists_give_the_best_stable_matching_for_each_side(seed: int) -> None:
    likes, wants, seats = drawn(seed, ties=False)
    every = all_stable(likes, wants, seats)
    problem = problem_of(likes, wants, seats)
    ours, theirs = solve(problem), solve(problem, best_for="places")
    for matching in (ours, theirs):
        assert check(problem, matching) == []
        assert dict(matching.pairs) in every
    for agent in likes:
        ranks = [likes[agent][at[agent]] if agent in at else np.inf for at in every]
        mine, other = dict(ours.pairs).get(agent), dict(theirs.pairs).get(agent)
        assert (np.inf if mine is None else likes[agent][mine]) == min(ranks)
        assert (np.inf if other is None else likes[agent][other]) == max(ranks)


@pytest.mark.parametrize("seed", range(60))
def test_with_ties_the_answer_is_one_of_the_weakly_stable_ones(seed: int) -> None:
    likes, wants, seats = drawn(seed, ties=True)
    problem = problem_of(likes, wants, seats)
    for side in ("agents", "places"):
        matching = solve(problem, best_for=side, seed=seed)  # type: ignore[arg-type]
        assert check(problem, matching) == []
        assert dict(matching.pairs) in all_stable(likes, wants, seats)


@pytest.mark.parametrize("side", ["agents", "places"])
def test_a_larger_market_is_stable_and_both_ways_of_proposing_place_the_same_people(
    side: str,
) -> None:
    rng = np.random.default_rng(3)
    n, m, k = 1500, 30, 8
    own = np.repeat(np.arange(n), k)
    other = np.concatenate([rng.permutation(m)[:k] for _ in range(n)])
    problem = StableProblem(
        [f"a{i}" for i in range(n)],
        [f"p{j}" for j in range(m)],
        Lists(own, other, np.tile(np.arange(k), n).astype(float)),
        Lists(other, own, rng.integers(0, 40, n * k).astype(float)),
        np.full(m, 45),
    )
    matching = solve(problem, best_for=side)  # type: ignore[arg-type]
    assert check(problem, matching) == []
    placed = {agent for agent, _ in matching.pairs}
    assert placed == {agent for agent, _ in solve(problem).pairs}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_input_changes_no_answer(seed: int) -> None:
    likes, wants, seats = drawn(seed, ties=True)
    first = solve(problem_of(likes, wants, seats), seed=7)
    back = problem_of(
        dict(reversed(likes.items())), dict(reversed(wants.items())), dict(reversed(seats.items()))
    )
    again = solve(back, seed=7)
    assert again.pairs == first.pairs
    assert dict(again.ties.lottery) == dict(first.ties.lottery)


def test_a_tie_is_decided_by_the_given_number_then_by_a_lottery_that_is_told() -> None:
    agents, places = [f"a{i}" for i in range(6)], ["H"]
    own = np.zeros(6, int)
    other = np.arange(6)
    problem = StableProblem(
        agents,
        places,
        Lists(other, own, np.zeros(6)),
        Lists(own, other, np.zeros(6)),
        np.array([2]),
    )
    drawn_by = {solve(problem, seed=seed).pairs for seed in range(20)}
    assert len(drawn_by) > 1
    told = solve(problem, seed=5)
    assert (told.ties.of_places, told.ties.left, told.ties.seed) == (6, 6, 5)
    winners = sorted(told.ties.lottery, key=lambda agent: told.ties.lottery[agent])[:2]
    assert {agent for agent, _ in told.pairs} == set(winners)
    given = replace(problem, of_places=replace(problem.of_places, tie=np.arange(6.0)[::-1]))
    settled = solve(given, seed=5)
    assert {agent for agent, _ in settled.pairs} == {"a4", "a5"}
    assert (settled.ties.of_places, settled.ties.left, settled.ties.lottery) == (6, 0, {})


def test_a_quota_that_is_missed_is_told_or_the_place_is_closed() -> None:
    likes = {"ana": orders("M", "H"), "ben": orders("M", "H"), "cleo": orders("H", "M")}
    wants = {p: orders("ana", "ben", "cleo") for p in ("H", "M")}
    problem = problem_of(likes, wants, {"H": 2, "M": 3}, {"H": 2, "M": 1})
    told = solve(problem)
    assert [(s.place, s.quota, s.filled) for s in told.shortfalls] == [("H", 2, 1)]
    assert check(problem, told) == []
    shut = solve(problem, close_short=True)
    assert [s.place for s in shut.closed] == ["H"]
    assert shut.shortfalls == ()
    assert shut.pairs == (("ana", "M"), ("ben", "M"), ("cleo", "M"))
    assert check(problem, shut) == []


@pytest.mark.parametrize("seed", range(40))
def test_a_place_with_a_seat_over_has_the_same_people_in_every_stable_matching(seed: int) -> None:
    """Roth (1986): so a missed quota is missed in all of them."""
    likes, wants, seats = drawn(seed, ties=False)
    every = all_stable(likes, wants, seats)
    for place, has in seats.items():
        there = [{a for a, p in at.items() if p == place} for at in every]
        if min(map(len, there)) < has:
            assert all(one == there[0] for one in there)


@pytest.mark.parametrize("side", ["agents", "places"])
def test_nobody_nowhere_no_seat_and_one_sided_lists_are_answered(side: str) -> None:
    nobody = problem_of({}, {"H": {}}, {"H": 1})
    assert solve(nobody, best_for=side).pairs == ()  # type: ignore[arg-type]
    nowhere = problem_of({"ana": {}}, {}, {})
    assert solve(nowhere, best_for=side).unplaced == (  # type: ignore[arg-type]
        ("ana", "no_acceptable_pair"),
    )
    none = problem_of({"ana": {"H": 1}}, {"H": {"ana": 1}}, {"H": 0})
    assert solve(none, best_for=side).pairs == ()  # type: ignore[arg-type]
    alone = problem_of({"ana": {"H": 1}}, {"H": {}}, {"H": 1})
    answer = solve(alone, best_for=side)  # type: ignore[arg-type]
    assert (answer.pairs, answer.one_sided) == ((), 1)


def planted() -> tuple[StableProblem, object]:
    likes = {"ana": orders("H", "M"), "ben": orders("H", "M")}
    wants = {"H": orders("ana", "ben"), "M": orders("ana", "ben")}
    problem = problem_of(likes, wants, {"H": 1, "M": 1}, {"H": 1})
    return problem, solve(problem)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("blocking", {"place": np.array([1, 0])}),
        ("over_capacity", {"place": np.array([0, 0])}),
        ("unplaced", {"unplaced": (("ana", "no_acceptable_pair"),)}),
        ("shortfalls", {"shortfalls": (object(),)}),
    ],
)
def test_the_checker_finds_a_planted_fault(code: str, fault: dict[str, object]) -> None:
    problem, matching = planted()
    if code == "shortfalls":
        from takeroot.engine.stable import Shortfall

        fault = {"shortfalls": (Shortfall("M", 1, 0),)}
    found = check(problem, replace(matching, **fault))  # type: ignore[type-var]
    assert code in {one.code for one in found}


def test_the_checker_finds_a_pair_that_does_not_rank_back() -> None:
    problem = problem_of({"ana": {"H": 1}}, {"H": {}}, {"H": 1})
    wrong = replace(solve(problem), place=np.array([0]), unplaced=())
    assert [one.code for one in check(problem, wrong)] == ["not_acceptable"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"capacity": np.array([-1, 1])}, "capacity of 'H': -1"),
        ({"capacity": np.array([1.5, 1])}, "whole numbers"),
        ({"quota": np.array([2, 0])}, "more than its capacity"),
        ({"agents": ["ana", "ana"]}, "stands twice"),
        ({"of_agents": Lists(np.array([0]), np.array([5]), np.array([1.0]))}, "between 0 and 1"),
        ({"of_agents": Lists(np.array([0]), np.array([1]), np.array([np.nan]))}, "finite"),
        ({"of_agents": Lists(np.array([0, 0]), np.array([1, 1]), np.array([1.0, 2]))}, "twice"),
        ({"of_agents": Lists(np.array([0]), np.array([1, 1]), np.array([1.0]))}, "one length"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(
    change: dict[str, object], words: str
) -> None:
    problem, _ = planted()
    with pytest.raises(StableError, match=words):
        replace(problem, **change)  # type: ignore[arg-type]
