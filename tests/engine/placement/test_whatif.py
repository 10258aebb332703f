"""The new answer from the old one is the answer to the changed problem."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeroot.engine.placement import Change, PlacementError, WhatIf, changed, check, solve
from takeroot.engine.placement.problem import PlacementProblem
from tests.engine.placement.makers import problem_of, problems

KINDS: Any = ("lock", "unlock", "forbid", "allow", "capacity", "add", "remove")


def a_change(problem: PlacementProblem, rng: np.random.Generator, turn: int) -> Change | None:
    """Some change that this problem allows, by chance."""
    kind: Any = KINDS[rng.integers(len(KINDS))]
    place = problem.places[rng.integers(len(problem.places))]
    if kind == "add":
        if problem.pairs.demand is not None:
            return None
        scores = {p: float(rng.integers(-2, 6)) for p in problem.places if rng.random() < 0.7}
        several = tuple(float(x) for x in rng.integers(0, 4, len(problem.resources)))
        demand = () if problem.demand is None else several
        return Change("add", f"new{turn}", scores=scores, demand=demand, group="a")
    if not problem.agents:
        return None
    agent = problem.agents[rng.integers(len(problem.agents))]
    own = problem.groups[problem.agent_index[agent]]
    if kind == "remove" and problem.rules and list(problem.groups).count(own) == 1:
        return None
    return Change(kind, agent, place, amount=float(rng.integers(0, 5)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.integers(0, 2**32 - 1))
def test_change_after_change_it_is_what_solving_again_gives(
    problem: PlacementProblem, seed: int
) -> None:
    result = solve(problem)
    if result.conflicts:
        return
    rng = np.random.default_rng(seed)
    what_if, value = WhatIf(problem, result), result.value
    for turn in range(5):
        change = a_change(problem, rng, turn)
        if change is None:
            continue
        after = changed(problem, [change])
        want, before = solve(after), what_if.result.places_of
        effect = what_if.apply([change])
        assert bool(effect.conflicts) == bool(want.conflicts)
        if effect.conflicts:
            assert what_if.result.places_of == before
            continue
        assert effect.value == pytest.approx(want.value, rel=1e-4, abs=1e-7)
        worse = effect.value - value if problem.minimize else value - effect.value
        assert effect.cost == pytest.approx(worse, abs=1e-6)
        assert check(after, what_if.result) == []
        now = what_if.result.places_of
        differ = {a for a in before.keys() | now.keys() if before.get(a) != now.get(a)}
        assert differ == {move.agent for move in effect.moved}
        problem, value = after, effect.value


def test_a_lock_tells_who_moves_and_what_it_costs() -> None:
    scores = {("Ana", "Truro"): 9, ("Ana", "Pictou"): 8, ("Ben", "Truro"): 7, ("Ben", "Pictou"): 2}
    problem = problem_of(scores, {"Truro": 1, "Pictou": 1})
    effect = WhatIf(problem, solve(problem)).apply([Change("lock", "Ana", "Truro")])
    assert (effect.value, effect.cost) == (11, 4)
    assert [(m.agent, m.before, m.after) for m in effect.moved] == [
        ("Ana", ("Pictou",), ("Truro",)),
        ("Ben", ("Truro",), ("Pictou",)),
    ]


def test_a_change_that_names_somebody_unknown_is_refused_and_nothing_is_lost() -> None:
    problem = problem_of({("Ana", "Truro"): 9}, {"Truro": 1})
    what_if = WhatIf(problem, solve(problem))
    with pytest.raises(PlacementError, match="unknown agent 'Zed'"):
        what_if.apply([Change("lock", "Zed", "Truro")])
    assert what_if.result.pairs == (("Ana", "Truro"),)


def test_a_change_without_an_answer_says_why_and_is_not_kept() -> None:
    problem = problem_of({("Ana", "Truro"): 9, ("Ben", "Truro"): 8}, {"Truro": 1})
    what_if = WhatIf(problem, solve(problem))
    effect = what_if.apply([Change("lock", "Ana", "Truro"), Change("lock", "Ben", "Truro")])
    assert "Truro has 1 seats; those locked there need 2" in str(effect.conflicts[0])
    assert what_if.result.pairs == (("Ana", "Truro"),)
