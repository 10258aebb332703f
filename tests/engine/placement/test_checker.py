"""The checker finds every fault planted in a right answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from takeroot.engine.placement import Certificate, PlacementProblem, Result, Rule, check, solve
from takeroot.engine.placement.result import Conflict
from tests.engine.placement.makers import problem_of

SCORES = {
    ("Ana", "Truro"): 9, ("Ana", "Pictou"): 8, ("Ben", "Truro"): 7, ("Ben", "Pictou"): 2,
    ("Cy", "Truro"): 1,
}  # fmt: skip


@pytest.fixture
def problem() -> PlacementProblem:
    return problem_of(
        SCORES,
        {"Truro": 1, "Pictou": 1},
        groups=("first", "first", "second"),
        forbidden=frozenset({("Cy", "Pictou")}),
    )


def seats(result: Result, pairs: list[tuple[int, int]], value: float) -> Result:
    """The result with other pairs (positions of agents and places) and their value."""
    agent, place = np.array(pairs, int).reshape(len(pairs), 2).T
    return replace(result, agent=agent, place=place, value=value)


Fault = Callable[[PlacementProblem, Result], tuple[PlacementProblem, Result]]
FAULTS: dict[str, Fault] = {
    "over_capacity": lambda p, r: (p, seats(r, [(0, 0), (1, 0)], 16)),
    "not_allowed": lambda p, r: (p, seats(r, [(0, 0), (2, 1)], 9)),
    "forbidden": lambda p, r: (replace(p, forbidden=frozenset({("Ana", "Pictou")})), r),
    "too_many_places": lambda p, r: (p, seats(r, [(0, 0), (0, 1)], 17)),
    "lock": lambda p, r: (replace(p, locked=frozenset({("Ben", "Pictou")})), r),
    "must_place": lambda p, r: (replace(p, must_place=True), r),
    "below_least": lambda p, r: (replace(p, least_score=7.5), r),
    "value": lambda p, r: (p, replace(r, value=14.0)),
    "bound": lambda p, r: (p, replace(r, bound=14.0)),
    "gap": lambda p, r: (p, replace(r, gap=0.5)),
    "status": lambda p, r: (p, replace(seats(r, [(0, 0), (1, 1)], 11), gap=4 / 11)),
    "prices": lambda p, r: (p, replace(r, certificate=Certificate(np.full((2, 1), -1.0), NO))),
    "unplaced": lambda p, r: (p, replace(r, unplaced=())),
    "cause": lambda p, r: (
        p,
        replace(r, unplaced=(replace(r.unplaced[0], cause="no_allowed_pair"),)),
    ),
    "rule": lambda p, r: (
        replace(p, rules=(Rule("second", "placed", 1.0),)),
        replace(r, certificate=None),
    ),
    "conflict": lambda p, r: (p, replace(r, status="infeasible", conflicts=(Conflict("so"),))),
}
NO = np.zeros(0)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_the_checker_finds_a_planted_fault(problem: PlacementProblem, fault: str) -> None:
    right = solve(problem)
    assert check(problem, right) == []
    assert fault in {violation.code for violation in check(*FAULTS[fault](problem, right))}


def test_a_bound_that_the_prices_do_not_prove_is_found(problem: PlacementProblem) -> None:
    right = solve(problem)
    nothing = Certificate(np.zeros((2, 1)), NO)
    found = check(problem, replace(right, certificate=nothing))
    assert "The prices prove" in found[0].message
