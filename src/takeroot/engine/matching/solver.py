"""Exact assignment: a sparse problem solved by a library, proved on all pairs by prices.

1. Keep each agent's best pairs and each place's best agents, and solve that sparse problem with
   OR-Tools' minimum-cost flow where it is installed, else with scipy's
   ``min_weight_full_bipartite_matching`` (LAPJVsp: Jonker, Volgenant, 1987), where a place has one
   column per seat, an agent one column of its own for staying out.
2. Find the least prices of seats under which nobody would rather sit elsewhere, by Bellman-Ford on
   the exchange graph (the seller's minimum of Shapley, Shubik, 1971).
3. Price all pairs. If some agent would rather have a pair that was left out, add it and go to 1;
   pairs far from being wanted are set aside in the first rounds, which keeps the problem small.
   If none, the prices prove that no assignment is worth more.
4. Of what is still tied, give the better score to who waited longer, then the first id.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..flow import best_flow, has_ortools
from .instance import EXACT, Instance, Ints, find_conflicts, make_instance
from .problem import AssignmentProblem, Change
from .result import Certificate, Conflict, Params, Result, Status
from .unplaced import find_unplaced

NOBODY = -1


@dataclass(frozen=True, eq=False)
class _State:
    """A best assignment of the arcs looked at so far."""

    keys: Ints
    place: Ints  # of each agent, -1 for none
    worth: Ints  # weight of each agent's pair, 0 for none
    prices: Ints
    utility: Ints  # worth less the price paid


def solve(
    problem: AssignmentProblem,
    *,
    params: Params | None = None,
    time_limit: float | None = None,
    gap: float = 0.0,
    seed: int = 0,
    warm: Result | None = None,
) -> Result:
    """The assignment with the greatest total score, exactly unless a limit stops it.

    time_limit  seconds; when reached, the best so far with its proved bound (status "timed_out")
    gap         stop as soon as (bound - value) / max(1, value) is at most this
    warm        an earlier result of the same agents and places: its pairs are a good start
    """
    started = time.perf_counter()
    conflicts = find_conflicts(problem)
    if conflicts:
        return _infeasible(conflicts, started)
    instance = make_instance(problem)
    knobs = params or Params()
    keys = _first_arcs(instance, knobs, seed, warm)
    state, bound, status, rounds = _improve(instance, knobs, keys, gap, time_limit, started)
    if status == "optimal":
        state = _settle_ties(instance, state)
    return _result(problem, instance, state, bound, status, rounds, started, knobs.kept_within)


def resolve(
    problem: AssignmentProblem,
    result: Result,
    changes: Iterable[Change],
    *,
    params: Params | None = None,
    time_limit: float | None = None,
    gap: float = 0.0,
    seed: int = 0,
) -> Result:
    """The new optimum after the changes, started from the old answer.

    The problem it belongs to is ``problem.with_changes(changes)``.
    """
    changed = problem.with_changes(changes)
    return solve(changed, params=params, time_limit=time_limit, gap=gap, seed=seed, warm=result)


def _first_arcs(instance: Instance, knobs: Params, seed: int, warm: Result | None) -> Ints:
    seats = np.maximum(instance.seats, 1)
    everything = instance.usable.all_arcs(int(knobs.full_below / seats.mean()) if len(seats) else 0)
    if everything is not None:
        return everything
    if warm is not None and warm.warm is not None:
        return warm.warm[instance.usable.scores_of(warm.warm) > 0]
    return instance.usable.best_arcs(knobs.arcs_per_agent, knobs.arcs_per_seat, seats, seed)


def _improve(
    instance: Instance,
    knobs: Params,
    keys: Ints,
    gap: float,
    time_limit: float | None,
    started: float,
) -> tuple[_State, int, Status, int]:
    """Rounds of solving and pricing. Returns the state, its bound, the status and the rounds."""
    best_bound: int | None = None
    rounds = 0
    while True:
        rounds += 1
        state = _solve_arcs(instance, keys)
        wanted, bound = _price_out(instance, state, knobs.added_per_round)
        best_bound = bound if best_bound is None else min(best_bound, bound)
        if not len(wanted):
            return state, best_bound, "optimal", rounds
        value = int(state.worth.sum())
        if best_bound - value <= gap * max(instance.scale, value):
            return state, best_bound, "within_gap", rounds
        if time_limit is not None and time.perf_counter() - started > time_limit:
            return state, best_bound, "timed_out", rounds
        if rounds <= knobs.pruned_rounds:
            keys = _within(instance, state, knobs.kept_within)
        keys = np.union1d(keys, wanted)


def _within(instance: Instance, state: _State, points: int) -> Ints:
    """Pairs looked at that an agent would want if they were worth ``points`` more.

    The sparse solver's time grows with its pairs; what is set aside here pricing brings back.
    """
    agent, place = state.keys // len(instance.places), state.keys % len(instance.places)
    slack = state.utility[agent] + state.prices[place] - instance.weights(state.keys)
    return state.keys[slack <= points * instance.scale]


def _solve_arcs(instance: Instance, keys: Ints) -> _State:
    if not len(keys):
        nothing, free = np.full(len(instance.agents), NOBODY, np.int64), len(instance.places)
        none = np.zeros(len(instance.agents), np.int64)
        return _State(keys, nothing, none, np.zeros(free, np.int64), none)
    weights = instance.weights(keys)
    place = best_assignment(keys, weights, instance.seats, len(instance.agents))
    worth = np.zeros(len(place), np.int64)
    seated = np.flatnonzero(place != NOBODY)
    worth[seated] = instance.weights(seated * len(instance.places) + place[seated])
    prices = least_prices(keys, weights, place, worth, len(instance.places))
    utility = np.where(place != NOBODY, worth - prices[place], 0)
    return _State(keys, place, worth, prices, utility)


def best_assignment(keys: Ints, weights: Ints, seats: Ints, agents: int) -> Ints:
    """Place of each agent (-1 for none) with the greatest total weight over these pairs.

    A place that has a seat for everyone who could come needs no columns of its own: an agent's
    best such place is what it gets when it stays out of the contest.
    """
    if has_ortools():
        chosen = best_flow(keys // len(seats), keys % len(seats), weights, agents, seats)
        return np.where(chosen >= 0, keys[chosen] % len(seats), NOBODY)
    # Loaded when a round is solved: it takes longer to import than all the rest of the house.
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    places = len(seats)
    agent, place = keys // places, keys % places
    open_to_all = np.bincount(place, minlength=places) <= seats
    aside, aside_weight = _best_open_place(agent, place, weights, open_to_all[place], agents)
    contest = ~open_to_all[place]
    agent, place, weights = agent[contest], place[contest], weights[contest]
    rows = np.unique(agent)
    if not len(rows):
        return aside
    columns_of = np.where(open_to_all, 0, seats)
    first = np.cumsum(columns_of) - columns_of
    total = int(columns_of.sum())
    each = columns_of[place]
    copy = np.repeat(np.arange(len(place)), each)
    column = first[place[copy]] + np.arange(len(copy)) - np.repeat(np.cumsum(each) - each, each)
    row = np.searchsorted(rows, agent)
    # Costs from 1 up: csgraph reads a stored zero as no edge.
    ceiling = int(max(weights.max(), aside_weight.max())) + 1
    graph = csr_matrix(
        (
            np.concatenate([ceiling - weights[copy], ceiling - aside_weight[rows]]).astype(float),
            (
                np.concatenate([row[copy], np.arange(len(rows))]).astype(np.int32),
                np.concatenate([column, total + np.arange(len(rows))]).astype(np.int32),
            ),
        ),
        shape=(len(rows), total + len(rows)),
    )
    matched_row, matched_column = min_weight_full_bipartite_matching(graph)
    owner = np.repeat(np.arange(places), columns_of)
    chosen = aside.copy()
    seated = matched_column < total
    chosen[rows[matched_row[seated]]] = owner[matched_column[seated]]
    return chosen


def _best_open_place(
    agent: Ints, place: Ints, weights: Ints, is_open: npt.NDArray[np.bool_], agents: int
) -> tuple[Ints, Ints]:
    """Each agent's best place among those with room for all, and its weight (-1 and 0: none)."""
    aside, weight = np.full(agents, NOBODY, np.int64), np.zeros(agents, np.int64)
    a, p, w = agent[is_open], place[is_open], weights[is_open]
    order = np.lexsort((p, -w, a))
    who, first = np.unique(a[order], return_index=True)
    better = w[order][first] > 0
    aside[who[better]], weight[who[better]] = p[order][first][better], w[order][first][better]
    return aside, weight


def least_prices(keys: Ints, weights: Ints, place: Ints, worth: Ints, places: int) -> Ints:
    """The least seat prices under which every agent is content with its place, on these pairs.

    p_k >= w_ik for everyone unplaced, and p_k >= p_j + w_ik - w_ij for everyone who sits at j: the
    longest paths from "free". No cycle gains anything, because the assignment is the best one on
    these pairs, so at most ``places`` passes are needed; in practice a dozen.
    """
    agent, target = keys // places, keys % places
    order = np.argsort(target, kind="stable")
    agent, target, weights = agent[order], target[order], weights[order]
    prices = np.zeros(places, np.int64)
    if not len(keys):
        return prices
    out = place[agent] == NOBODY
    np.maximum.at(prices, target[out], weights[out])
    agent, target, weights = agent[~out], target[~out], weights[~out]
    if not len(agent):
        return prices
    source, gain = place[agent], weights - worth[agent]
    targets, starts = np.unique(target, return_index=True)
    for _ in range(places + 2):
        offered = np.maximum.reduceat(prices[source] + gain, starts)
        if (offered <= prices[targets]).all():
            return prices
        prices[targets] = np.maximum(prices[targets], offered)
    raise ArithmeticError("the sparse assignment was not optimal: prices did not settle")


def _price_out(instance: Instance, state: _State, per_agent: int) -> tuple[Ints, int]:
    """Pairs that an agent would rather have at these prices (a few each), and the proved bound."""
    near = _near_pairs(instance, state)
    agent = near // len(instance.places)
    gain = instance.weights(near) - state.prices[near % len(instance.places)] - state.utility[agent]
    wanted = gain > 0
    near, agent, gain = near[wanted], agent[wanted], gain[wanted]
    order = np.lexsort((near, -gain, agent))
    starts = np.flatnonzero(np.diff(agent[order], prepend=-1))
    bound = int((state.prices * instance.seats).sum() + state.utility.sum())
    bound += int(gain[order][starts].sum())
    lengths = np.diff(np.append(starts, len(order)))
    within = np.arange(len(order)) - np.repeat(starts, lengths)
    return near[order][within < per_agent], bound


def _near_pairs(instance: Instance, state: _State) -> Ints:
    """Pairs worth at least the agent's utility plus the price, give or take a point.

    scale * s + r >= u + P implies s >= floor((u - r) / scale) + floor(P / scale): a comparison of
    small numbers leaves few pairs for the exact one.
    """
    floor = (state.utility - instance.ranks) // instance.scale
    return instance.usable.close_pairs(state.prices // instance.scale, floor)


def _settle_ties(instance: Instance, state: _State) -> _State:
    """Of all optimal assignments, one that gives better scores to those who waited longer.

    By complementary slackness the optimal assignments are exactly those that use only tight pairs
    (worth = utility + price), place everyone with utility, and fill every seat with a price. Among
    them maximize the sum of rank * score, then of order of agent * order of place.
    """
    places = len(instance.places)
    near = _near_pairs(instance, state)
    slack = state.utility[near // places] + state.prices[near % places] - instance.weights(near)
    keys = near[slack == 0]
    seated = int((state.place != NOBODY).sum())
    if len(keys) <= seated or not seated or len(keys) * instance.seats.mean() > 4_000_000:
        return state
    agent, place = keys // places, keys % places
    by_waiting = instance.ranks[agent] * instance.usable.scores_of(keys)
    turn = np.argsort(np.argsort(instance.ranks, kind="stable"), kind="stable") + 1
    by_id = turn[agent] * (places - place)
    unit = int(by_id.max()) * seated + 1
    if (int(by_waiting.max()) * unit) * seated * 4 < EXACT:
        preference = by_waiting * unit + by_id
    else:
        preference = by_waiting + 1
    must = int(preference.max()) * seated + 1
    if must * 8 * seated > 2**62:
        return state
    preference = preference + must * ((state.utility[agent] > 0).astype(np.int64))
    preference += must * (state.prices[place] > 0)
    settled = best_assignment(keys, preference, instance.seats, len(instance.agents))
    worth = np.zeros(len(settled), np.int64)
    who = np.flatnonzero(settled != NOBODY)
    worth[who] = instance.weights(who * places + settled[who])
    if int(worth.sum()) != int(state.worth.sum()):
        return state  # sums too large for doubles: the first optimum stands
    return _State(state.keys, settled, worth, state.prices, state.utility)


def _result(
    problem: AssignmentProblem,
    instance: Instance,
    state: _State,
    bound: int,
    status: Status,
    rounds: int,
    started: float,
    kept_within: int,
) -> Result:
    scale, places = instance.scale, len(instance.places)
    seated = np.flatnonzero(state.place != NOBODY)
    free = [(instance.agents[i], instance.places[state.place[i]]) for i in seated]
    value = int(instance.usable.scores_of(seated * places + state.place[seated]).sum())
    value += instance.locked_value
    proved = max(value, bound // scale + instance.locked_value)
    prices = {instance.places[j]: int(state.prices[j]) for j in np.flatnonzero(state.prices)}
    worth = {place: (price + scale // 2) // scale for place, price in prices.items()}
    pairs = tuple(sorted([*free, *instance.locked]))
    return Result(
        pairs=pairs,
        value=value,
        bound=proved,
        gap=(proved - value) / max(1, value),
        status=status,
        unplaced=find_unplaced(problem, {agent for agent, _ in pairs}),
        prices={place: points for place, points in worth.items() if points > 0},
        certificate=Certificate(scale, prices),
        conflicts=(),
        rounds=rounds,
        runtime=time.perf_counter() - started,
        solver=_name(),
        versions=_versions(),
        warm=_within(instance, state, kept_within),
    )


def _infeasible(conflicts: tuple[Conflict, ...], started: float) -> Result:
    return Result(
        pairs=(),
        value=0,
        bound=0,
        gap=0.0,
        status="infeasible",
        unplaced=(),
        prices={},
        certificate=Certificate(1, {}),
        conflicts=conflicts,
        rounds=0,
        runtime=time.perf_counter() - started,
        solver=_name(),
        versions=_versions(),
    )


def _name() -> str:
    library = "OR-Tools minimum-cost flow" if has_ortools() else "scipy LAPJVsp"
    return f"sparse assignment with pricing ({library})"


def _versions() -> dict[str, str]:
    import scipy

    return {"numpy": np.__version__, "scipy": scipy.__version__}
