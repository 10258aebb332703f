"""What every solver of assignments owes: exact, proved, blind to order, the same every time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linear_sum_assignment

from takeroot.engine.matching import (
    AssignmentProblem,
    Change,
    DenseScores,
    Params,
    ProblemError,
    check,
    moves,
    resolve,
    solve,
)
from takeroot.engine.matching import solver as solvers
from tests.engine.makers import as_arcs, best_by_enumeration, problem, small_problems, town

# Leaves most pairs out of the first sparse problem, so that pricing has to bring them in.
STINGY = Params(arcs_per_agent=2, arcs_per_seat=1, full_below=0, added_per_round=1)


@pytest.fixture(params=["OR-Tools", "scipy alone"], autouse=True, scope="module")
def libraries(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both libraries owe the same, and give it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "scipy alone":
            patch.setattr(solvers, "has_ortools", lambda: False)
        yield request.param


def dense_optimum(given: AssignmentProblem) -> int:
    """The peer: scipy's dense solver on one column per seat; a pair not allowed is worth 0."""
    scores = given.scores
    assert isinstance(scores, DenseScores)
    worth = np.where(scores.causes == 0, np.maximum(scores.values, 0), 0)
    seats = np.repeat(worth, given.capacities, axis=1)
    rows, columns = linear_sum_assignment(seats, maximize=True)
    return int(seats[rows, columns].sum())


@given(small_problems())
@settings(max_examples=250, deadline=None)
def test_tiny_problems_have_the_value_that_enumeration_finds(small: AssignmentProblem) -> None:
    result = solve(small)
    assert check(small, result) == []
    if result.status == "infeasible":
        return
    total, ranks = best_by_enumeration(small)
    assert (result.status, result.value, result.bound) == ("optimal", total, total)
    assert solve(small, params=STINGY).value == total
    assert solve(as_arcs(small)).value == total or small.locked
    waiting = small.waiting or (0,) * len(small.agents)
    held = {agent for agent, _ in small.locked}
    free = [i for i, agent in enumerate(small.agents) if agent not in held]
    order = sorted(free, key=lambda i: (waiting[i], [-ord(c) for c in small.agents[i]]))
    rank = {small.agents[i]: k + 1 for k, i in enumerate(order)}
    assert sum(rank.get(agent, 0) for agent, _ in result.pairs) == ranks


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("params", [None, STINGY])
def test_medium_problems_equal_the_dense_solver(seed: int, params: Params | None) -> None:
    medium = town(300, 120, seed)
    result = solve(medium, params=params)
    assert check(medium, result) == []
    assert (result.status, result.value) == ("optimal", dense_optimum(medium))
    assert solve(as_arcs(medium), params=params).value == result.value


@pytest.mark.parametrize("shape", [(400, 3), (3, 400), (1, 1), (200, 200)])
def test_lopsided_problems_are_solved(shape: tuple[int, int]) -> None:
    given = town(*shape, seed=5)
    result = solve(given, params=STINGY)
    assert check(given, result) == []
    assert result.value == dense_optimum(given)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_input_changes_nothing(seed: int) -> None:
    given = town(60, 25, seed)
    scores = given.scores
    assert isinstance(scores, DenseScores)
    assert scores.causes is not None
    rng = np.random.default_rng(seed)
    a, p = rng.permutation(60), rng.permutation(25)
    shuffled = AssignmentProblem(
        agents=tuple(given.agents[i] for i in a),
        places=tuple(given.places[j] for j in p),
        capacities=tuple(given.capacities[j] for j in p),
        scores=DenseScores(scores.values[a][:, p], scores.causes[a][:, p], scores.cause_names),
        waiting=tuple(given.waiting[i] for i in a),
    )
    one, other = solve(given), solve(shuffled)
    assert (one.pairs, one.prices, one.unplaced) == (other.pairs, other.prices, other.unplaced)


def test_the_same_seed_gives_the_same_answer() -> None:
    given = town(300, 100, 3)
    one, other = solve(given, seed=7, params=STINGY), solve(given, seed=7, params=STINGY)
    assert (one.pairs, one.prices) == (other.pairs, other.prices)


def test_another_seed_gives_the_same_value() -> None:
    given = town(300, 100, 3)
    values = {solve(given, seed=seed, params=STINGY).value for seed in range(3)}
    assert len(values) == 1


@pytest.mark.parametrize(
    "given",
    [
        problem([]),
        problem([], [1, 2]),
        problem([[], []]),
        problem([[-1], [0]]),
        problem([[5]], [0]),
    ],
    ids=["nothing", "no agents", "no places", "no usable pair", "no seats"],
)
def test_empty_problems_have_empty_answers(given: AssignmentProblem) -> None:
    result = solve(given)
    assert (result.status, result.pairs, result.value, result.bound) == ("optimal", (), 0, 0)
    assert check(given, result) == []
    assert [one.agent for one in result.unplaced] == list(given.agents)


def test_of_two_with_one_score_the_one_who_waited_longer_is_placed() -> None:
    assert solve(problem([[7], [7]], waiting=[3, 9])).pairs == (("a1", "p0"),)


def test_of_two_who_waited_alike_the_first_id_is_placed() -> None:
    assert solve(problem([[7], [7]], waiting=[3, 3])).pairs == (("a0", "p0"),)


def test_a_point_outweighs_any_waiting() -> None:
    rows = [[7], *[[6]] * 40]
    assert solve(problem(rows, waiting=[0, *[10_000] * 40])).pairs == (("a0", "p0"),)


def test_of_equal_totals_the_better_score_goes_to_who_waited_longer() -> None:
    result = solve(problem([[500, 300], [500, 300]], waiting=[1, 2]))
    assert result.pairs == (("a0", "p1"), ("a1", "p0"))


def test_what_is_still_tied_is_paired_in_order_of_id() -> None:
    result = solve(problem([[5, 5, 5]] * 3))
    assert result.pairs == (("a0", "p0"), ("a1", "p1"), ("a2", "p2"))


def test_more_matches_do_not_outrank_a_better_total() -> None:
    result = solve(problem([[900, 100], [100, -1]]))
    assert (result.pairs, result.value) == ((("a0", "p0"),), 900)


def test_a_pair_of_score_zero_is_made_only_when_locked() -> None:
    assert solve(problem([[0]])).pairs == ()
    assert solve(problem([[0]], locked=frozenset({("a0", "p0")}))).pairs == (("a0", "p0"),)


def test_a_pair_below_the_least_quality_is_not_proposed() -> None:
    result = solve(problem([[49, 50]], least_quality=50))
    assert result.pairs == (("a0", "p1"),)


@pytest.mark.parametrize("scale", [1, 1000, 100_000])
def test_large_scores_stay_exact(scale: int) -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(0, 10, (80, 40)).astype(np.int32) * scale
    values += rng.integers(0, 2, values.shape, dtype=np.int32)
    given = problem(values.tolist(), [2] * 40, rng.integers(0, 9, 80).tolist())
    result = solve(given, params=STINGY)
    assert check(given, result) == []
    assert result.value == dense_optimum(given)


def test_a_place_with_room_for_everyone_is_no_burden() -> None:
    given = problem([[5, 9], [6, 1], [7, 8]] * 50, [10**6, 2])
    result = solve(given)
    assert check(given, result) == []
    assert result.value == 150 * 6 + 2 * 4


@pytest.mark.parametrize("seed", range(3))
def test_a_lock_solved_again_equals_a_fresh_solution(seed: int) -> None:
    given = town(250, 90, seed)
    first = solve(given, params=STINGY)
    agent = first.unplaced[0].agent
    place = max(given.places, key=lambda p: given.capacities[given.place_index[p]])
    gone = first.pairs[0]
    changes = [Change("lock", place, agent), Change("forbid", gone[1], gone[0])]
    changed = given.with_changes(changes)
    again = resolve(given, first, changes)
    assert check(changed, again) == []
    assert again.value == solve(changed).value
    assert (agent, place) in again.pairs
    assert gone not in again.pairs
    assert agent in {move.agent for move in moves(first, again)}


def test_a_capacity_can_be_changed() -> None:
    given = problem([[5], [4]], [1])
    first = solve(given)
    again = resolve(given, first, [Change("capacity", "p0", capacity=2)])
    assert again.value - first.value == first.prices["p0"] == 4


@pytest.mark.parametrize("seed", range(3))
def test_a_price_is_what_one_more_seat_adds(seed: int) -> None:
    given = town(40, 12, seed)
    first = solve(given)
    for place in given.places:
        seats = given.capacities[given.place_index[place]] + 1
        more = resolve(given, first, [Change("capacity", place, capacity=seats)])
        if seats > 1:
            assert more.value - first.value == first.prices.get(place, 0)


@pytest.mark.parametrize(
    ("locked", "forbidden", "words"),
    [
        ({("a0", "p0"), ("a0", "p1")}, set(), "One agent is locked to several places"),
        ({("a0", "p0"), ("a1", "p0")}, set(), "A place with 1 seat(s) has more locks than seats"),
        ({("a0", "p0")}, {("a0", "p0")}, "A pair is both locked and forbidden"),
    ],
)
def test_locks_that_cannot_hold_are_answered_in_words(
    locked: set[tuple[str, str]], forbidden: set[tuple[str, str]], words: str
) -> None:
    given = problem([[1, 2], [3, 4]], locked=frozenset(locked), forbidden=frozenset(forbidden))
    result = solve(given)
    assert result.status == "infeasible"
    assert words in str(result.conflicts[0])
    assert "a0" in str(result.conflicts[0])
    assert check(given, result) == []


def test_a_time_limit_gives_a_feasible_answer_with_a_proved_bound() -> None:
    given = town(300, 100, 2)
    params = Params(arcs_per_agent=1, arcs_per_seat=1, full_below=0, added_per_round=1)
    result = solve(given, params=params, time_limit=0.0)
    assert result.status == "timed_out"
    assert check(given, result) == []
    assert result.value <= solve(given).value <= result.bound


def test_a_gap_that_is_allowed_ends_the_search() -> None:
    given = town(300, 100, 2)
    params = Params(arcs_per_agent=1, arcs_per_seat=1, full_below=0, added_per_round=1)
    result = solve(given, params=params, gap=0.5)
    assert result.status == "within_gap"
    assert result.gap <= 0.5
    assert check(given, result) == []


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: problem([[1]], [-1]), "capacity of place 'p0'"),
        (lambda: problem([[1]], [1, 1]), "capacities"),
        (lambda: problem([[1]], waiting=[1, 2]), "waiting"),
        (lambda: problem([[1]], locked=frozenset({("a9", "p0")})), "'a9'"),
        (lambda: problem([[10**7]]), "scores: expected between"),
        (lambda: AssignmentProblem(("a", "a"), (), (), DenseScores(np.zeros((2, 0), int))), "'a'"),
        (lambda: AssignmentProblem(("",), (), (), DenseScores(np.zeros((1, 0), int))), "agents"),
        (lambda: DenseScores(np.zeros((2, 2))), "integers"),
    ],
)  # fmt: skip
def test_a_problem_that_contradicts_itself_is_refused_in_words(make: object, words: str) -> None:
    with pytest.raises(ProblemError) as refused:
        make()  # type: ignore[operator]
    assert words in str(refused.value)
