"""Pure engines over well-kept solvers: numpy and scipy in, plain dataclasses out, no Django.

    matching     people to people with reasons: all pairs scored, whole points, ties by waiting
    placement    persons and households to places, millions of pairs, several resources
    arrivals     placement week by week, the future unknown
    stable       preferences on both sides, and best places above a floor
    disclosure   which figures a release may tell
    generate     made-up instances with seeds

``solve``, ``check`` and ``explain`` take a problem of matching or of placement, and call its room.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from . import matching, placement

__all__ = ["check", "explain", "solve"]


@singledispatch
def solve(problem: Any, **options: Any) -> Any:
    """The best answer with its proof; see the ``solve`` of the problem's room for the options."""
    raise TypeError(f"solve: expected a problem, found {type(problem).__name__}")


@singledispatch
def check(problem: Any, result: Any) -> Any:
    """Everything that is wrong with an answer, derived apart from the solvers."""
    raise TypeError(f"check: expected a problem, found {type(problem).__name__}")


@singledispatch
def explain(problem: Any, result: Any, agent: str, **options: Any) -> Any:
    """Why an agent got what it got, what stands against better, what a change would cost."""
    raise TypeError(f"explain: expected a problem, found {type(problem).__name__}")


solve.register(matching.AssignmentProblem)(matching.solve)
solve.register(placement.PlacementProblem)(placement.solve)
check.register(matching.AssignmentProblem)(matching.check)
check.register(placement.PlacementProblem)(placement.check)
explain.register(matching.AssignmentProblem)(matching.explain)
explain.register(placement.PlacementProblem)(placement.explain)
