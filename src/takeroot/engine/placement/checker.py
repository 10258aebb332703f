"""Checks an answer without trusting the solver: shares no code with it and re-derives everything.

Proof of the bound. For prices L >= 0 of each unit of each resource at each place and multipliers
M >= 0 of the rules, any answer's weights sum to at most

    sum of capacity * L + sum of limit * M + sum_i (best left-over of agent i, at least 0)

where a pair's left-over is its weight less the prices of what it takes (weak duality). Locked
pairs are counted apart with what they use. The weight of a pair is its score (its cost, negated),
plus what staying out costs, plus a penalty where everybody must be placed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .problem import PlacementProblem, Rule
from .result import Certificate, Result

FloatArray = npt.NDArray[np.float64]

TOLERANCE = 1e-7
# Pairs up to which a bound without prices, or an impossibility, is proved again by a solver.
SMALL = 3_000


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with an answer."""

    code: str
    message: str


def check(problem: PlacementProblem, result: Result) -> list[Violation]:
    """Everything that is wrong with ``result`` as an answer to ``problem``; empty if nothing is."""
    if result.status == "infeasible" or result.conflicts:
        return _check_impossible(problem, result)
    known = [
        Violation("unknown", f"The pair ({a}, {p}) names somebody not in the problem.")
        for a, p in result.pairs
        if a not in problem.agent_index or p not in problem.place_index
    ]
    if known:
        return known
    table = _Table(problem)
    return [
        *_check_pairs(problem, result, table),
        *_check_capacity(problem, result, table),
        *_check_locks(problem, result),
        *[v for rule in problem.rules for v in _check_rule(problem, result, rule, table)],
        *_check_value(problem, result, table),
        *_check_bound(problem, result, table),
        *_check_unplaced(problem, result),
    ]


class _Table:
    """Scores and needs of pairs, looked up by positions."""

    def __init__(self, problem: PlacementProblem) -> None:
        self.problem = problem
        self.needs = problem.needs()

    def arc(self, agent: int, place: int) -> int | None:
        span = self.problem.pairs.of_agent(agent)
        for k in range(span.start, span.stop):
            if int(self.problem.pairs.place[k]) == place:
                return k
        return None

    def score(self, agent: int, place: int) -> float:
        arc = self.arc(agent, place)
        return 0.0 if arc is None else float(self.problem.pairs.score[arc])

    def need(self, agent: int, place: int) -> list[float]:
        arc = self.arc(agent, place)
        if arc is not None and self.problem.pairs.demand is not None:
            return [float(x) for x in self.problem.pairs.demand[arc]]
        return [float(x) for x in self.needs[agent]]


def _positions(problem: PlacementProblem, result: Result) -> list[tuple[int, int]]:
    return [(problem.agent_index[a], problem.place_index[p]) for a, p in result.pairs]


def _check_pairs(problem: PlacementProblem, result: Result, table: _Table) -> list[Violation]:
    found = []
    sign = -1 if problem.minimize else 1
    for (i, j), pair in zip(_positions(problem, result), result.pairs, strict=True):
        if pair in problem.locked:
            continue
        if pair in problem.forbidden:
            found.append(Violation("forbidden", f"{pair[0]} with {pair[1]} is forbidden."))
        if table.arc(i, j) is None:
            found.append(Violation("not_allowed", f"{pair[0]} with {pair[1]} is not allowed."))
        elif problem.least_score is not None:
            short = sign * (table.score(i, j) - problem.least_score) < 0
            if short:
                found.append(Violation("below_least", f"{pair[0]} with {pair[1]} scores less."))
    counts = Counter(agent for agent, _ in result.pairs)
    for agent, count in counts.items():
        if count > problem.most:
            found.append(Violation("too_many_places", f"{agent} has {count} places."))
    if len(set(result.pairs)) != len(result.pairs):
        found.append(Violation("twice", "A pair is chosen twice."))
    return found


def _check_capacity(problem: PlacementProblem, result: Result, table: _Table) -> list[Violation]:
    used = np.zeros_like(problem.capacity, dtype=float)
    for i, j in _positions(problem, result):
        used[j] += table.need(i, j)
    over = np.argwhere(used > problem.capacity * (1 + 1e-12) + 1e-9)
    return [
        Violation(
            "over_capacity",
            f"{problem.places[j]} has {problem.capacity[j, r]:g} {problem.resources[r]}, "
            f"{used[j, r]:g} are used.",
        )
        for j, r in over.tolist()
    ]


def _check_locks(problem: PlacementProblem, result: Result) -> list[Violation]:
    chosen = set(result.pairs)
    found = [
        Violation("lock", f"{agent} is locked to {place}.")
        for agent, place in sorted(problem.locked)
        if (agent, place) not in chosen
    ]
    if problem.must_place:
        placed = {agent for agent, _ in result.pairs}
        found += [
            Violation("must_place", f"{agent} has no place.")
            for agent in problem.agents
            if agent not in placed
        ]
    return found


def _check_rule(
    problem: PlacementProblem, result: Result, rule: Rule, table: _Table
) -> list[Violation]:
    members = {a for a, g in zip(problem.agents, problem.groups, strict=True) if g == rule.group}
    pairs = [(a, p) for a, p in result.pairs if a in members]
    sign = -1 if problem.minimize else 1
    if rule.measure == "most_at":
        got = float(sum(p == rule.place for _, p in pairs))
        wrong = got > rule.value + TOLERANCE
    elif rule.measure == "placed":
        got = len({a for a, _ in pairs}) / len(members)
        wrong = got < rule.value - TOLERANCE
    else:
        scores = [table.score(problem.agent_index[a], problem.place_index[p]) for a, p in pairs]
        got = sum(scores) / len(members)
        wrong = sign * (got - rule.value) < -TOLERANCE
    words = f"{rule.measure} of {rule.group} is {got:g}; the rule says {rule.value:g}."
    return [Violation("rule", words)] if wrong else []


def _value(problem: PlacementProblem, result: Result, table: _Table) -> tuple[float, float]:
    """Total of the scores, and the value."""
    total = sum(table.score(i, j) for i, j in _positions(problem, result))
    left = len(problem.agents) - len({agent for agent, _ in result.pairs})
    cost = problem.unplaced_cost * left
    return total, total + cost if problem.minimize else total - cost


def _check_value(problem: PlacementProblem, result: Result, table: _Table) -> list[Violation]:
    total, value = _value(problem, result, table)
    slack = TOLERANCE * max(1.0, abs(value))
    found = []
    if abs(value - result.value) > slack:
        found.append(Violation("value", f"The value is {value}, not {result.value}."))
    better = result.value - result.bound if problem.minimize else result.bound - result.value
    if better < -slack:
        found.append(Violation("bound", f"The bound {result.bound} is passed by the value."))
    top = float(np.abs(problem.pairs.score).max(initial=0.0))
    gap = abs(result.bound - result.value) / (max(abs(total), top) or 1.0)
    if abs(gap - result.gap) > TOLERANCE * max(1.0, gap):
        found.append(Violation("gap", f"The gap is {gap}, not {result.gap}."))
    if result.status == "optimal" and gap > 1e-6:
        found.append(Violation("status", f"Called optimal with a gap of {gap}."))
    return found


def _check_bound(problem: PlacementProblem, result: Result, table: _Table) -> list[Violation]:
    slack = TOLERANCE * max(1.0, abs(result.bound))
    if result.certificate is None:
        if len(problem.pairs.place) > SMALL:
            return []
        best = _solve_again(problem)
        short = result.bound - best if problem.minimize else best - result.bound
        words = f"An answer of {best} exists beyond the bound {result.bound}."
        return [Violation("bound", words)] if short > 1e-5 * max(1.0, abs(best)) else []
    prices = result.certificate
    if (prices.prices < 0).any() or (prices.rules < 0).any():
        return [Violation("prices", "A price is below 0.")]
    proved = _dual_value(problem, prices, table)
    short = result.bound - proved if problem.minimize else proved - result.bound
    words = f"The prices prove {proved}, not {result.bound}."
    return [Violation("bound", words)] if short > slack else []


def _dual_value(problem: PlacementProblem, proof: Certificate, table: _Table) -> float:
    sign = -1 if problem.minimize else 1
    room = problem.capacity.astype(float).copy()
    locked_agents: set[int] = set()
    total = 0.0
    for agent, place in problem.locked:
        i, j = problem.agent_index[agent], problem.place_index[place]
        room[j] -= table.need(i, j)
        locked_agents.add(i)
        total += sign * table.score(i, j)
    # Where everybody takes whole units, a part of a unit serves nobody.
    whole = _in_whole_units(problem)
    room[:, whole] = np.floor(room[:, whole] + TOLERANCE)
    if (proof.prices[~np.isfinite(room)] > 0).any():
        return np.inf if not problem.minimize else -np.inf
    total += float((np.where(np.isfinite(room), room, 0.0) * proof.prices).sum())
    limits = [_limit(problem, rule, table) for rule in problem.rules]
    total += float(np.dot(limits, proof.rules)) if limits else 0.0
    for i in range(len(problem.agents)):
        if i not in locked_agents:
            total += _left_over(problem, proof, room, i) - problem.unplaced_cost
            total -= proof.penalty if problem.must_place else 0.0
    return sign * total


def _in_whole_units(problem: PlacementProblem) -> npt.NDArray[np.bool_]:
    """(resources,) whether all needs of each are whole numbers."""
    whole: npt.NDArray[np.bool_] = (problem.needs() == np.rint(problem.needs())).all(axis=0)
    if problem.pairs.demand is not None:
        whole &= (problem.pairs.demand == np.rint(problem.pairs.demand)).all(axis=0)
    return whole


def _left_over(problem: PlacementProblem, proof: Certificate, room: FloatArray, i: int) -> float:
    """The most that one agent can add beside what it takes, at these prices."""
    sign = -1 if problem.minimize else 1
    span = problem.pairs.of_agent(i)
    place, score = problem.pairs.place[span], problem.pairs.score[span].astype(float)
    needs = problem.needs()[i] if problem.pairs.demand is None else problem.pairs.demand[span]
    left = sign * score + problem.unplaced_cost - (proof.prices[place] * needs).sum(axis=1)
    if problem.must_place:
        left += proof.penalty
    # A pair that does not fit beside the locks, even alone, is in no answer.
    usable = (needs <= room[place]).all(axis=1)
    usable &= np.array(
        [(problem.agents[i], problem.places[j]) not in problem.forbidden for j in place.tolist()],
        bool,
    )
    if problem.least_score is not None:
        usable &= sign * score >= sign * problem.least_score
    for rule, price in zip(problem.rules, proof.rules.tolist(), strict=True):
        if problem.groups[i] == rule.group:
            left -= price * _coefficients(problem, rule, place, sign * score)
    return max(0.0, float(left[usable].max(initial=0.0)))


def _coefficients(
    problem: PlacementProblem, rule: Rule, place: npt.NDArray[Any], score: FloatArray
) -> FloatArray:
    if rule.measure == "most_at":
        here: FloatArray = (place == problem.place_index[rule.place]).astype(float)
        return here
    shared: FloatArray = -np.ones(len(place)) if rule.measure == "placed" else -score
    return shared


def _limit(problem: PlacementProblem, rule: Rule, table: _Table) -> float:
    sign = -1 if problem.minimize else 1
    members = sum(group == rule.group for group in problem.groups)
    limit = {
        "most_at": rule.value,
        "placed": -rule.value * members,
        "mean": -sign * rule.value * members,
    }[rule.measure]
    for agent, place in problem.locked:
        i, j = problem.agent_index[agent], problem.place_index[place]
        if problem.groups[i] == rule.group:
            if rule.measure == "mean":
                limit += sign * table.score(i, j)
            elif rule.measure == "placed":
                limit += 1
            elif place == rule.place:
                limit -= 1
    return limit


def _check_unplaced(problem: PlacementProblem, result: Result) -> list[Violation]:
    placed = {agent for agent, _ in result.pairs}
    left = sorted(agent for agent in problem.agents if agent not in placed)
    if problem.most == 1 and left != sorted(one.agent for one in result.unplaced):
        return [Violation("unplaced", "Those without a place are not those listed.")]
    found = []
    for one in result.unplaced:
        span = problem.pairs.of_agent(problem.agent_index[one.agent])
        if (one.cause == "no_allowed_pair") and any(
            (one.agent, problem.places[j]) not in problem.forbidden
            for j in problem.pairs.place[span].tolist()
        ):
            found.append(Violation("cause", f"{one.agent} has an allowed pair."))
    return found


def _check_impossible(problem: PlacementProblem, result: Result) -> list[Violation]:
    found = []
    if not result.conflicts:
        found.append(Violation("conflict", "Nothing is said about why there is no answer."))
    if result.pairs:
        found.append(Violation("conflict", "There are pairs where there is no answer."))
    small = len(problem.pairs.place) <= SMALL
    if result.status == "infeasible" and small and np.isfinite(_solve_again(problem)):
        found.append(Violation("conflict", "There is an answer."))
    return found


def _solve_again(problem: PlacementProblem) -> float:
    """The best value, by a plain integer programme over all pairs and locks (scipy, HiGHS)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    sign = -1 if problem.minimize else 1
    table = _Table(problem)
    owner = np.repeat(np.arange(len(problem.agents)), np.diff(problem.pairs.start))
    arcs = [(int(i), int(j)) for i, j in zip(owner, problem.pairs.place, strict=True)]
    fixed = {(problem.agent_index[a], problem.place_index[p]) for a, p in problem.locked}
    arcs += sorted(fixed - set(arcs))
    low, high, weight = np.zeros(len(arcs)), np.ones(len(arcs)), np.zeros(len(arcs))
    agents = np.zeros((len(problem.agents), len(arcs)))
    rows: dict[tuple[int, int], FloatArray] = {}
    for k, (i, j) in enumerate(arcs):
        pair = (problem.agents[i], problem.places[j])
        weight[k] = sign * table.score(i, j) + problem.unplaced_cost
        low[k] = float((i, j) in fixed)
        least = problem.least_score
        banned = pair in problem.forbidden
        banned |= least is not None and sign * (table.score(i, j) - least) < 0
        high[k] = 1.0 if low[k] and pair not in problem.forbidden else float(not banned)
        if low[k] > high[k]:
            return np.inf if problem.minimize else -np.inf
        agents[i, k] = 1
        for r, need in enumerate(table.need(i, j)):
            rows.setdefault((j, r), np.zeros(len(arcs)))[k] = need
    matrix = [*agents, *rows.values()]
    least_row = [float(problem.must_place)] * len(agents) + [-np.inf] * len(rows)
    most_row = [float(problem.most)] * len(agents)
    most_row += [float(problem.capacity[j, r]) for j, r in rows]
    for rule in problem.rules:
        mine = np.array([problem.groups[i] == rule.group for i, _ in arcs], float)
        score = np.array([sign * table.score(i, j) for i, j in arcs])
        place = np.array([j for _, j in arcs], int)
        matrix.append(mine * _coefficients(problem, rule, place, score))
        members = sum(group == rule.group for group in problem.groups)
        shared = -sign * rule.value if rule.measure == "mean" else -rule.value
        most_row.append(rule.value if rule.measure == "most_at" else shared * members)
        least_row.append(-np.inf)
    if not arcs:
        possible = not problem.must_place and all(x >= 0 for x in most_row)
        nothing = -problem.unplaced_cost * len(problem.agents) * sign
        return sign * nothing * sign if possible else np.inf if problem.minimize else -np.inf
    done = milp(
        -weight,
        constraints=LinearConstraint(np.array(matrix), least_row, most_row),
        integrality=np.ones(len(arcs)),
        bounds=Bounds(low, high),
    )
    if done.x is None:
        return np.inf if problem.minimize else -np.inf
    return sign * (-float(done.fun) - problem.unplaced_cost * len(problem.agents))
