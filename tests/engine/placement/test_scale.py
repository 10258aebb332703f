"""Problems too large for one step: samples, blocks and repair must still prove what they say."""

from __future__ import annotations

import numpy as np
import pytest

from takeroot.engine.generate import families, persons
from takeroot.engine.generate.arcs import Arcs
from takeroot.engine.placement import Pairs, Params, PlacementProblem, check, solve
from takeroot.engine.placement import instance as instances
from takeroot.engine.placement import persons as many


def as_problem(arcs: Arcs) -> PlacementProblem:
    n, m = arcs.shape
    return PlacementProblem(
        agents=[f"a{i:06}" for i in range(n)],
        places=[f"p{j:04}" for j in range(m)],
        capacity=arcs.capacity.astype(float),
        demand=arcs.demand.astype(float),
        resources=arcs.resources,
        pairs=Pairs(arcs.start, arcs.place, arcs.score.astype(float)),
    )


def by_linear_programme(arcs: Arcs) -> float:
    """The value without whole numbers: for one seat each it is the optimum (scipy)."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, vstack

    n, m = arcs.shape
    at = np.arange(len(arcs.place))
    rows = [csr_matrix((np.ones(len(at)), (arcs.agent, at)), shape=(n, len(at)))]
    for r in range(arcs.demand.shape[1]):
        takes = arcs.demand[arcs.agent, r].astype(float)
        rows.append(csr_matrix((takes, (arcs.place, at)), shape=(m, len(at))))
    limit = np.concatenate([np.ones(n), arcs.capacity.T.ravel()])
    done = linprog(-arcs.score.astype(float), A_ub=vstack(rows), b_ub=limit, bounds=(0, 1))
    return -float(done.fun)


def test_samples_and_blocks_find_the_optimum_of_one_seat_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(many, "FIRST_ARCS", 800)
    monkeypatch.setattr(many, "KEPT_WHOLE", 0)
    monkeypatch.setattr(instances.spans, "__defaults__", (1_500,))
    arcs = persons(1_500, 40, 12, seed=4)
    problem = as_problem(arcs)
    result = solve(problem, gap=0.0)
    assert result.status == "optimal"
    assert result.value == pytest.approx(by_linear_programme(arcs), rel=1e-7)
    assert check(problem, result) == []


@pytest.mark.parametrize("load", [0.9, 1.05])
def test_households_come_within_their_proved_gap(load: float) -> None:
    problem = as_problem(families(600, 20, 8, load, seed=2))
    result = solve(problem, gap=1e-3, params=Params(compare=False))
    assert result.status in ("optimal", "within_gap")
    assert result.gap <= 1e-3
    assert check(problem, result) == []


def test_the_bound_of_households_is_near_the_linear_programme() -> None:
    arcs = families(600, 20, 8, 0.95, seed=5)
    result = solve(as_problem(arcs), gap=2e-3, params=Params(compare=False))
    best = by_linear_programme(arcs)
    assert best <= result.bound * (1 + 1e-9)
    assert result.bound <= best * (1 + 1e-4)


def test_at_the_time_limit_the_best_so_far_stands_with_its_bound() -> None:
    problem = as_problem(families(600, 20, 8, 0.97, seed=2))
    result = solve(problem, gap=0.0, time_limit=0.5)
    assert result.status == "timed_out"
    assert check(problem, result) == []
