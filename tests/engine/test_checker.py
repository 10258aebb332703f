"""The checker finds each fault that is planted in a right answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from takeroot.engine.matching import Certificate, Conflict, Result, Unplaced, check, solve
from tests.engine.makers import problem

GIVEN = problem(
    [[9, 5, -1], [8, 4, 2], [7, 3, 6], [6, -1, -1]],
    [1, 1, 2],
    waiting=[5, 4, 3, 9],
    locked=frozenset({("a2", "p2")}),
    forbidden=frozenset({("a1", "p2")}),
)
RIGHT = solve(GIVEN)


def with_pairs(*pairs: tuple[str, str]) -> Result:
    """Other pairs, everything that depends on them simply put right but the proof."""
    value = sum(int(GIVEN.scores.values[int(a[1]), int(p[1])]) for a, p in pairs)  # type: ignore[union-attr]
    left = tuple(one for one in RIGHT.unplaced if one.agent not in {a for a, _ in pairs})
    return replace(RIGHT, pairs=pairs, value=value, bound=max(value, RIGHT.bound), unplaced=left)


def test_a_right_answer_has_no_violation() -> None:
    assert RIGHT.pairs == (("a0", "p0"), ("a1", "p1"), ("a2", "p2"))
    assert check(GIVEN, RIGHT) == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("unknown", replace(RIGHT, pairs=(("a0", "p9"),))),
        ("agent_twice", with_pairs(("a0", "p0"), ("a0", "p1"), ("a2", "p2"))),
        ("over_capacity", with_pairs(("a0", "p0"), ("a1", "p0"), ("a2", "p2"))),
        ("not_allowed", with_pairs(("a0", "p2"), ("a1", "p0"), ("a2", "p2"))),
        ("not_allowed", with_pairs(("a0", "p0"), ("a1", "p2"), ("a2", "p2"))),
        ("lock_lost", with_pairs(("a0", "p0"), ("a1", "p1"))),
        ("value", replace(RIGHT, value=RIGHT.value + 1)),
        ("bound", replace(RIGHT, bound=RIGHT.value - 1)),
        ("gap", replace(RIGHT, gap=0.25)),
        ("not_proved", with_pairs(("a0", "p0"), ("a2", "p2"))),
        ("not_proved", replace(RIGHT, certificate=Certificate(RIGHT.certificate.scale, {}))),
        ("not_proved", replace(RIGHT, bound=RIGHT.bound + 1, gap=1 / RIGHT.value)),
        ("price", replace(RIGHT, prices={"p0": 1})),
        ("price", replace(RIGHT, certificate=Certificate(64, {"p0": -1}))),
        ("price", replace(RIGHT, certificate=Certificate(64, {"p2": 64}), prices={"p2": 1})),
        ("unplaced", replace(RIGHT, unplaced=())),
        ("unplaced", replace(RIGHT, unplaced=(Unplaced("a3", "no_allowed_pair", ()),))),
        ("infeasible_pairs", replace(RIGHT, status="infeasible")),
        ("false_conflict", replace(RIGHT, status="infeasible", pairs=())),
        (
            "false_conflict",
            replace(
                RIGHT,
                status="infeasible",
                pairs=(),
                conflicts=(Conflict("locked_twice", (("a2", "p2"), ("a2", "p1"))),),
            ),
        ),
    ],
)  # fmt: skip
def test_each_planted_fault_is_found(code: str, wrong: Result) -> None:
    assert code in {violation.code for violation in check(GIVEN, wrong)}


def test_a_tie_decided_against_who_waited_longer_is_found() -> None:
    given = problem([[7], [7]], waiting=[1, 2])
    right = solve(given)
    left = replace(right.unplaced[0], agent="a1")
    wrong = replace(right, pairs=(("a0", "p0"),), unplaced=(left,))
    assert [violation.code for violation in check(given, wrong)] == ["tie"]
