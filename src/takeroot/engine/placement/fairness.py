"""Floors for named groups: the highest that all can have alike, or a share of everybody's mean.

Each floor is an ordinary rule of the problem, so that the answer keeps it, the checker sees it and
its price is the difference of two values. A floor for few people says little: groups under
``SMALL`` are named beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from .instance import make_instance
from .problem import PlacementError, PlacementProblem, Rule
from .programme import constraints, whole_part
from .result import Result
from .solver import Params, solve

SMALL = 10
# By how much less than the linear programme's level whole answers may have to do with.
STEPS = (0.0, 1e-4, 1e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True, eq=False)
class Fair:
    """The best answer under floors.

    level   the floor of every group
    limit   no answer gives every group more than this (a linear programme's level)
    price   what the floors cost: the value without them less the value with them
    small   groups of fewer than ten, for whom a mean says little
    """

    problem: PlacementProblem
    result: Result
    rules: tuple[Rule, ...]
    level: float
    limit: float
    price: float
    small: tuple[str, ...]


def max_min(
    problem: PlacementProblem,
    *,
    measure: Literal["mean", "placed"] = "mean",
    gap: float = 1e-4,
    time_limit: float | None = None,
) -> Fair:
    """The answer in which the group worst off is as well off as can be (Rawls' rule; to 0.01 %).

    Among those answers, up to the steps of STEPS, the one of the greatest value. Raises
    PlacementError without groups, and where scores are costs.
    """
    groups = _groups(problem)
    limit = _level(problem, groups, measure)
    for less in STEPS:
        level = limit * (1 - less)
        fair = _under(problem, _floors(groups, measure, level), level, limit, gap, time_limit)
        if not fair.result.conflicts:
            return fair
    return fair


def proportional(
    problem: PlacementProblem,
    share: float,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
) -> Fair:
    """Every group's mean is at least ``share`` (0 to 1) of the mean of everybody without floors.

    The result's conflicts name the groups where that cannot be.
    """
    if not 0 <= share <= 1:
        raise PlacementError(f"share: found {share}, expected 0 to 1")
    groups = _groups(problem)
    free = solve(problem.without_rules(), gap=gap, time_limit=time_limit)
    level = share * free.value / max(1, len(problem.agents))
    limit = _level(problem, groups, "mean")
    return _under(problem, _floors(groups, "mean", level), level, limit, gap, time_limit)


def _groups(problem: PlacementProblem) -> dict[str, int]:
    """How many agents each named group has."""
    if problem.minimize:
        raise PlacementError("floors: scores must be worth something, not costs")
    names = sorted({group for group in problem.groups if group})
    if not names:
        raise PlacementError("floors: no agent belongs to a group")
    return {name: sum(group == name for group in problem.groups) for name in names}


def _floors(
    groups: dict[str, int], measure: Literal["mean", "placed"], level: float
) -> tuple[Rule, ...]:
    # A hair below, so that rounding does not refuse what the programme allows.
    value = level - 1e-9 * max(1.0, abs(level))
    value = min(1.0, max(0.0, value)) if measure == "placed" else value
    return tuple(Rule(name, measure, value) for name in groups)


def _under(
    problem: PlacementProblem,
    rules: tuple[Rule, ...],
    level: float,
    limit: float,
    gap: float,
    time_limit: float | None,
) -> Fair:
    ruled = replace(problem, rules=(*problem.rules, *rules))
    result = solve(ruled, gap=gap, time_limit=time_limit, params=Params(compare=False))
    free = solve(problem, gap=gap, time_limit=time_limit, params=Params(compare=False))
    sizes = _groups(problem)
    small = tuple(name for name, size in sizes.items() if size < SMALL)
    return Fair(ruled, result, rules, level, limit, free.value - result.value, small)


def _level(
    problem: PlacementProblem, groups: dict[str, int], measure: Literal["mean", "placed"]
) -> float:
    """The highest level of a linear programme that gives every group as much."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, hstack, vstack

    # With a floor of 0 for each, the rows of the instance are minus what each group gets, and on
    # the right what its locked pairs get.
    zero = replace(problem, rules=tuple(Rule(name, measure, 0.0) for name in groups))
    instance = make_instance(zero)
    matrix, ceiling = constraints(whole_part(instance))
    count, names = len(instance.place), list(groups)
    of_rules = len(names)
    above = matrix[: matrix.shape[0] - of_rules]
    got = matrix[matrix.shape[0] - of_rules :]
    sizes = np.array([[float(groups[name])] for name in names])
    rows = vstack(
        [
            hstack([above, csr_matrix((above.shape[0], 1))]),
            hstack([got, csr_matrix(sizes)]),
        ]
    )
    done = linprog(
        np.concatenate([np.zeros(count), [-1.0]]),
        A_ub=rows,
        b_ub=ceiling,
        bounds=[(0, 1)] * count + [(None, 1.0 if measure == "placed" else None)],
        method="highs",
    )
    return float(-done.fun) if done.status == 0 else 0.0
