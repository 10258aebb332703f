"""Checks an answer without trusting the solver: shares no code with it and re-derives everything.

Proof of the optimum. For any prices P >= 0 (whole numbers of 1/scale points) and any assignment,
scale * total = sum over pairs of (scale * s_ij - P_j) + sum over pairs of P_j, and the first sum is
at most sum_i max(0, max_j (scale * s_ij - P_j)), the second at most sum_j P_j * seats_j. What those
two add up to therefore bounds every assignment (weak duality); an answer that reaches it, rounded
down to whole points, is optimal.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .problem import AssignmentProblem, DenseScores
from .result import Result

_BLOCK = 512


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with an answer."""

    code: str
    message: str


def check(problem: AssignmentProblem, result: Result) -> list[Violation]:
    """Everything that is wrong with ``result`` as an answer to ``problem``; empty if nothing is."""
    if result.status == "infeasible":
        return _check_infeasible(problem, result)
    unknown = [
        Violation("unknown", f"The pair ({agent}, {place}) names somebody not in the problem.")
        for agent, place in result.pairs
        if agent not in problem.agent_index or place not in problem.place_index
    ]
    if unknown:
        return unknown
    table = _usable(problem)
    return [
        *_check_pairs(problem, result, table),
        *_check_locks(problem, result),
        *_check_value(problem, result),
        *_check_proof(problem, result, table),
        *_check_unplaced(problem, result, table),
        *_check_ties(problem, result, table),
    ]


def _scores(problem: AssignmentProblem) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """All scores (0 where none was given) and which pairs the scores allow."""
    given = problem.scores
    if isinstance(given, DenseScores):
        allowed = np.ones(given.shape, bool) if given.causes is None else given.causes == 0
        return given.values.astype(np.int64), allowed
    scores = np.zeros(given.shape, np.int64)
    allowed = np.zeros(given.shape, bool)
    scores[given.agent, given.place] = given.score
    allowed[given.agent, given.place] = True
    return scores, allowed


def _usable(problem: AssignmentProblem) -> npt.NDArray[np.int64]:
    """Scores of pairs that may be proposed, -1 elsewhere; positions as in the problem."""
    scores, allowed = _scores(problem)
    allowed = allowed & (scores > 0) & (scores >= problem.least_quality)
    for agent, place in problem.forbidden:
        allowed[problem.agent_index[agent], problem.place_index[place]] = False
    return np.where(allowed, scores, -1)


def _check_infeasible(problem: AssignmentProblem, result: Result) -> list[Violation]:
    """Each stated conflict must really be one."""
    found = []
    for conflict in result.conflicts:
        agents = {agent for agent, _ in conflict.pairs}
        places = {place for _, place in conflict.pairs}
        real = (
            set(conflict.pairs) <= problem.locked
            and {
                "locked_twice": len(agents) == 1 and len(conflict.pairs) > 1,
                "locked_and_forbidden": set(conflict.pairs) <= problem.forbidden,
                "over_capacity": len(places) == 1
                and len(conflict.pairs) > problem.capacities[problem.place_index[min(places)]],
            }[conflict.code]
        )
        if not real:
            found.append(Violation("false_conflict", f"Not a conflict: {conflict}"))
    if not result.conflicts:
        found.append(Violation("false_conflict", "Infeasible, but no conflict is given."))
    if result.pairs:
        found.append(Violation("infeasible_pairs", "Infeasible, yet pairs are given."))
    return found


def _check_pairs(
    problem: AssignmentProblem, result: Result, table: npt.NDArray[np.int64]
) -> list[Violation]:
    found = []
    for agent, count in Counter(agent for agent, _ in result.pairs).items():
        if count > 1:
            found.append(Violation("agent_twice", f"{agent} has {count} places."))
    for place, count in Counter(place for _, place in result.pairs).items():
        capacity = problem.capacities[problem.place_index[place]]
        if count > capacity:
            text = f"{place} has {capacity} seat(s) and {count} people."
            found.append(Violation("over_capacity", text))
    for agent, place in result.pairs:
        i, j = problem.agent_index[agent], problem.place_index[place]
        if (agent, place) not in problem.locked and table[i, j] < 0:
            found.append(Violation("not_allowed", f"{agent} may not be proposed for {place}."))
    return found


def _check_locks(problem: AssignmentProblem, result: Result) -> list[Violation]:
    lost = sorted(problem.locked - set(result.pairs))
    return [Violation("lock_lost", f"{a} is locked to {p}, but not there.") for a, p in lost]


def _total(problem: AssignmentProblem, pairs: list[tuple[str, str]]) -> int:
    scores, _ = _scores(problem)
    return sum(int(scores[problem.agent_index[a], problem.place_index[p]]) for a, p in pairs)


def _check_value(problem: AssignmentProblem, result: Result) -> list[Violation]:
    found = []
    value = _total(problem, list(result.pairs))
    if value != result.value:
        found.append(Violation("value", f"The pairs add up to {value}, not {result.value}."))
    if result.bound < value:
        found.append(Violation("bound", f"The bound {result.bound} is below the value {value}."))
    gap = (result.bound - result.value) / max(1, result.value)
    if abs(gap - result.gap) > 1e-12:
        found.append(Violation("gap", f"The gap is {gap}, not {result.gap}."))
    return found


def _free(problem: AssignmentProblem) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of agents without a lock, and seats left by the locks."""
    taken = {agent for agent, _ in problem.locked}
    seats = np.array(problem.capacities, np.int64)
    for _, place in problem.locked:
        seats[problem.place_index[place]] -= 1
    free = [i for i, agent in enumerate(problem.agents) if agent not in taken]
    return np.array(free, np.int64), seats


def _check_proof(
    problem: AssignmentProblem, result: Result, table: npt.NDArray[np.int64]
) -> list[Violation]:
    """The prices must prove the value if it is called optimal, and be worth what they claim."""
    scale, given = result.certificate.scale, result.certificate.prices
    free, seats = _free(problem)
    prices = np.zeros(len(problem.places), np.int64)
    for place, price in given.items():
        if place not in problem.place_index or price < 0:
            return [
                Violation("price", f"The price {price} of {place} is no price of this problem.")
            ]
        prices[problem.place_index[place]] = price
    found = []
    bound = int((prices * seats).sum())
    open_places = seats > 0
    for start in range(0, len(free), _BLOCK):
        block = table[free[start : start + _BLOCK]]
        worth = np.where((block >= 0) & open_places, block * scale - prices, 0)
        bound += int(worth.max(axis=1, initial=0).sum())
    locked = _total(problem, sorted(problem.locked))
    proved = bound // scale + locked
    if result.status == "optimal" and proved != result.value:
        text = f"Called optimal at {result.value}, but the prices prove only {proved}."
        found.append(Violation("not_proved", text))
    if result.status == "optimal" and result.bound != result.value:
        found.append(Violation("not_proved", "Called optimal, but bound and value differ."))
    shown = {p: round(price / scale) for p, price in given.items() if round(price / scale) > 0}
    if shown != result.prices:
        found.append(Violation("price", "The prices shown are not those of the certificate."))
    return found if result.status != "optimal" else found + _check_empty_seats(problem, result)


def _check_empty_seats(problem: AssignmentProblem, result: Result) -> list[Violation]:
    """Where a seat is empty, one more is worth nothing."""
    seated = Counter(place for _, place in result.pairs)
    return [
        Violation(
            "price", f"{place} has an empty seat, yet one more is said to be worth something."
        )
        for place, price in sorted(result.certificate.prices.items())
        if price and seated[place] < problem.capacities[problem.place_index[place]]
    ]


def _check_unplaced(
    problem: AssignmentProblem, result: Result, table: npt.NDArray[np.int64]
) -> list[Violation]:
    left = sorted(set(problem.agents) - {agent for agent, _ in result.pairs})
    if left != [one.agent for one in result.unplaced]:
        return [Violation("unplaced", "Those left out are not those listed as left out.")]
    found = []
    open_places = np.array(problem.capacities, np.int64) > 0
    for one in result.unplaced:
        suitable = int(((table[problem.agent_index[one.agent]] >= 0) & open_places).sum())
        counts = dict(one.counts)
        if sum(counts.values()) != len(problem.places) or counts.get("full", 0) != suitable:
            found.append(Violation("unplaced", f"The causes given for {one.agent} do not add up."))
        if (one.cause == "all_suitable_full") != (suitable > 0):
            found.append(Violation("unplaced", f"The cause given for {one.agent} is not true."))
    return found


def _check_ties(
    problem: AssignmentProblem, result: Result, table: npt.NDArray[np.int64]
) -> list[Violation]:
    """Nobody left out may have waited longer than somebody with the same score in a seat."""
    if result.status != "optimal" or not problem.waiting:
        return []
    found = []
    left = np.array([problem.agent_index[one.agent] for one in result.unplaced], np.int64)
    waiting = np.array(problem.waiting, np.int64)
    for agent, place in result.pairs:
        if (agent, place) in problem.locked or not len(left):
            continue
        i, j = problem.agent_index[agent], problem.place_index[place]
        longer = (table[left, j] == table[i, j]) & (waiting[left] > waiting[i])
        if longer.any() and result.certificate.scale > 1:
            other = problem.agents[left[int(np.argmax(longer))]]
            text = f"{other} waited longer than {agent} and scores the same for {place}."
            found.append(Violation("tie", text))
    return found
