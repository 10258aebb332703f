"""One door for problems of every kind."""

from __future__ import annotations

import pytest

from takeroot import engine
from tests.engine.makers import town
from tests.engine.placement.makers import problem_of


def test_each_kind_of_problem_is_solved_checked_and_explained_by_its_own_room() -> None:
    one, other = town(8, 5, 1), problem_of({("Ana", "Truro"): 3}, {"Truro": 1})
    for problem, agent in ((one, one.agents[0]), (other, "Ana")):
        result = engine.solve(problem)
        assert engine.check(problem, result) == []
        assert engine.explain(problem, result, agent).agent == agent


def test_something_else_is_refused_in_words() -> None:
    with pytest.raises(TypeError, match="expected a problem, found str"):
        engine.solve("a problem")
