"""The one way in: choose the method that fits the problem, and give the answer its proof."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from ..flow import solver_name
from .conflicts import find_conflicts, rules_in_conflict, why_not_everybody
from .dual import Dual, Prices, find_prices
from .greedy import greedy_value, value_of
from .households import Search, repair
from .instance import FloatArray, Instance, IntArray, make_instance
from .persons import KEPT_WHOLE, solve_persons
from .problem import PlacementProblem
from .programme import part_solver, solve_whole
from .result import ROUNDING, Cause, Certificate, Conflict, Result, Status, Unplaced


@dataclass(frozen=True)
class Params:
    """Knobs. ``compare`` also computes what giving each agent in turn its best would be worth."""

    compare: bool = True


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a method found, before it is put in the problem's terms.

    arcs   chosen arcs, ascending; ``dual`` a bound of the sum of weights (penalties included)
    """

    arcs: IntArray
    prices: FloatArray
    rules: FloatArray
    dual: float
    by_prices: bool
    rounds: int
    solver: str
    timed_out: bool = False
    impossible: bool = False


def solve(
    problem: PlacementProblem,
    *,
    params: Params | None = None,
    time_limit: float | None = None,
    gap: float = 1e-4,
    seed: int = 0,
    method: Callable[..., Outcome] | None = None,
) -> Result:
    """The set of pairs with the greatest total score, with a proved bound.

    time_limit  seconds; when reached, the best so far stands with its bound ("timed_out")
    gap         an answer proved to be this near will do; one seat each is solved exactly anyway
                up to 8 million pairs
    seed        the same seed gives the same answer whenever the time limit is not reached
    method      finds the outcome in place of ``find_outcome``, with the same arguments
    """
    started = time.perf_counter()
    deadline = started + (np.inf if time_limit is None else time_limit)
    conflicts = find_conflicts(problem)
    if conflicts:
        return _impossible(problem, conflicts, started)
    instance = make_instance(problem)
    find = method or find_outcome
    outcome = find(instance, gap=gap, deadline=deadline, seed=seed)
    if outcome.impossible:
        return _impossible(problem, rules_in_conflict(problem), started)
    return make_result(problem, instance, outcome, gap=gap, started=started, params=params)


def find_outcome(
    instance: Instance, *, gap: float, deadline: float = np.inf, seed: int = 0
) -> Outcome:
    """The method that fits: exact flow, whole programme, or prices with repair."""
    if instance.unit:
        exact = 0.0 if len(instance.place) <= KEPT_WHOLE else gap
        done = solve_persons(instance, gap=exact, deadline=deadline, seed=seed)
        return Outcome(
            done.arcs, done.prices, done.rule_prices, done.dual, True, done.rounds,
            f"samples, prices, {solver_name()}", done.timed_out,
        )  # fmt: skip
    if (instance.most > 1).any():
        return _several_each(instance, gap, deadline)
    return _by_prices(instance, gap, deadline, seed)


def _several_each(instance: Instance, gap: float, deadline: float) -> Outcome:
    found, bound = solve_whole(instance, gap=gap, deadline=deadline)
    shape = instance.capacity.shape
    rules = np.zeros(len(instance.rows.limit))
    return Outcome(
        found.arcs, np.zeros(shape), rules, bound, False, 1, "HiGHS integer programme (scipy)",
        not found.complete, found.none,
    )  # fmt: skip


def _by_prices(instance: Instance, gap: float, deadline: float, seed: int) -> Outcome:
    dual = Dual(instance)
    now = time.perf_counter()
    half = now + (deadline - now) / 2
    prices = find_prices(dual, deadline=half)
    rules = len(instance.rows.limit)
    if rules:
        found, bound = solve_whole(instance, gap=gap, deadline=deadline)
        better = prices.bound <= bound
        return Outcome(
            found.arcs, prices.resources, prices.rules, min(bound, prices.bound), better, 1,
            "prices by smoothing, HiGHS integer programme (scipy)", not found.complete, found.none,
        )  # fmt: skip
    return household_outcome(instance, dual, prices, None, gap=gap, deadline=deadline, seed=seed)


def household_outcome(
    instance: Instance,
    dual: Dual,
    prices: Prices,
    arc: IntArray | None,
    *,
    gap: float,
    deadline: float,
    seed: int,
) -> Outcome:
    """Repair an answer (or a first one made from prices) until it is within the gap."""
    search = Search(dual, prices, seed, arc)
    everybody = int((instance.most > 0).sum())
    zero = instance.penalty * everybody - instance.base
    answer = repair(search, bound=prices.bound, gap=gap, worth_zero=zero, deadline=deadline)
    proved = prices.bound if answer.proved is None else min(prices.bound, answer.proved)
    return Outcome(
        arcs=np.sort(answer.arc[answer.arc >= 0]),
        prices=prices.resources,
        rules=prices.rules,
        dual=proved,
        by_prices=proved == prices.bound,
        rounds=answer.rounds,
        solver=f"prices by smoothing, repair by {part_solver()}",
        timed_out=time.perf_counter() > deadline,
    )


def make_result(
    problem: PlacementProblem,
    instance: Instance,
    outcome: Outcome,
    *,
    gap: float,
    started: float,
    params: Params | None = None,
) -> Result:
    """The outcome in the problem's terms: ids, value, bound, prices, who is left and why."""
    arcs = outcome.arcs
    owner = np.searchsorted(instance.start, arcs, side="right") - 1
    arc = np.full(instance.agents, -1, np.int64)
    arc[owner] = arcs
    left = np.flatnonzero((arc < 0) & (instance.most == problem.most))
    if problem.must_place and len(left):
        conflicts, proved = why_not_everybody(problem, instance, arc)
        status: Status = "infeasible" if proved else "timed_out"
        return _impossible(problem, conflicts, started, status)
    value = instance.worth(arcs)
    bound = instance.bound(outcome.dual)
    # A bound may not pass the value by rounding.
    bound = min(bound, value) if problem.minimize else max(bound, value)
    agent = np.concatenate([owner, instance.locked_agent])
    place = np.concatenate([instance.place[arcs], instance.locked_place])
    at_agent = instance.order_agents[agent]
    at_place = instance.order_places[place]
    order = np.lexsort((at_place, at_agent))
    total = abs(value - problem.unplaced_cost * len(left) * (1 if problem.minimize else -1))
    top = float(np.abs(problem.pairs.score).max(initial=0.0))
    width = abs(bound - value) / (max(total, top) or 1.0)
    return Result(
        agents=problem.agents,
        places=problem.places,
        agent=at_agent[order].astype(np.int32),
        place=at_place[order].astype(np.int32),
        value=value,
        bound=bound,
        gap=width,
        status=_status(width, gap, outcome.timed_out),
        certificate=_certificate(instance, outcome) if outcome.by_prices else None,
        unplaced=_unplaced(problem, instance, left),
        prices=_prices(problem, instance, outcome.prices),
        greedy=greedy_value(problem, instance) if _compares(instance, params) else None,
        previous=value_of(problem, problem.previous) if problem.previous else None,
        rounds=outcome.rounds,
        runtime=time.perf_counter() - started,
        memory=_memory(),
        solver=outcome.solver,
        versions=versions(),
    )


def _compares(instance: Instance, params: Params | None) -> bool:
    return (params or Params()).compare and not len(instance.rows.limit)


def _status(width: float, gap: float, timed_out: bool) -> Status:
    if width <= ROUNDING:
        return "optimal"
    if width <= gap:
        return "within_gap"
    return "timed_out" if timed_out else "feasible"


def _certificate(instance: Instance, outcome: Outcome) -> Certificate:
    prices = np.empty_like(outcome.prices)
    prices[instance.order_places] = outcome.prices
    return Certificate(prices, outcome.rules, instance.penalty)


def _prices(
    problem: PlacementProblem, instance: Instance, prices: FloatArray
) -> dict[str, dict[str, float]]:
    worth = {}
    for j in np.flatnonzero((prices > 0).any(1)).tolist():
        name = problem.places[int(instance.order_places[j])]
        worth[name] = {
            resource: float(prices[j, r])
            for r, resource in enumerate(problem.resources)
            if prices[j, r] > 0
        }
    return dict(sorted(worth.items()))


def _unplaced(
    problem: PlacementProblem, instance: Instance, left: IntArray
) -> tuple[Unplaced, ...]:
    """Each agent left out, by id, with the one cause that says most."""
    given = np.diff(problem.pairs.start)[instance.order_agents[left]]
    usable = np.diff(instance.start)[left]
    found = []
    for agent, pairs, arcs in zip(left.tolist(), given.tolist(), usable.tolist(), strict=True):
        position = int(instance.order_agents[agent])
        cause: Cause = "places_worth_more_to_others"
        if not pairs:
            cause = "no_allowed_pair"
        elif not arcs:
            cause = _why_unusable(problem, position)
        found.append(Unplaced(problem.agents[position], cause))
    return tuple(found)


def _why_unusable(problem: PlacementProblem, i: int) -> Cause:
    span = problem.pairs.of_agent(i)
    needs = problem.needs()[i] if problem.pairs.demand is None else problem.pairs.demand[span]
    fits = (needs <= problem.capacity[problem.pairs.place[span]]).all(axis=1)
    banned = {p for a, p in problem.forbidden if a == problem.agents[i]}
    allowed = [problem.places[j] not in banned for j in problem.pairs.place[span].tolist()]
    if not any(allowed):
        return "no_allowed_pair"
    return "worth_less_than_staying" if (fits & np.array(allowed)).any() else "none_fits"


def _impossible(
    problem: PlacementProblem,
    conflicts: tuple[Conflict, ...],
    started: float,
    status: Status = "infeasible",
) -> Result:
    nobody = np.empty(0, np.int32)
    return Result(
        agents=problem.agents,
        places=problem.places,
        agent=nobody,
        place=nobody,
        value=0.0,
        bound=0.0,
        gap=0.0,
        status=status,
        certificate=None,
        conflicts=conflicts,
        runtime=time.perf_counter() - started,
        memory=_memory(),
        versions=versions(),
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def versions() -> dict[str, str]:
    """Of the libraries that solve."""
    found = {}
    for name in ("numpy", "scipy", "ortools"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
