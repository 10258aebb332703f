"""Stable matching with capacities and quotas, ties decided openly."""

from __future__ import annotations

import resource
import time

import numpy as np

from .market import IntArray, Market, make_market
from .problem import StableProblem
from .propose import agents_propose, places_propose
from .result import Cause, Matching, Shortfall, Side, Ties


def solve(
    problem: StableProblem,
    *,
    best_for: Side = "agents",
    seed: int = 0,
    close_short: bool = False,
) -> Matching:
    """The stable matching that is best for every member of one side.

    Stable: no agent and place would both rather have one another than what they have (with ties:
    both strictly). The same seed gives the same answer, whatever the order of the input.

    close_short  Quotas cannot be forced: with strict lists every stable matching fills a place that
                 has seats over with the same people (Roth, 1986), so a quota that is missed here is
                 missed in all of them. False: shortfalls are reported. True: the place that misses
                 the largest part of its quota is closed (then by id) and the rest matched anew,
                 until no open place is short (the model of Biro, Fleiner, Irving and Manlove, 2010,
                 in which finding out whether any choice of closed places works is NP-complete: this
                 is one way, not the best one). The answer is stable among open places.
    """
    started = time.perf_counter()
    market = make_market(problem, seed)
    capacity = np.array(problem.capacity, np.int64)
    closed: list[Shortfall] = []
    while True:
        run = agents_propose if best_for == "agents" else places_propose
        arcs, rounds = run(market, capacity)
        place = np.where(arcs >= 0, market.place[arcs], -1) if len(market.place) else arcs
        short = _shortfalls(problem, place, {one.place for one in closed})
        if not (close_short and short):
            break
        worst = min(short, key=lambda one: (one.filled / one.quota, one.place))
        closed.append(worst)
        capacity[list(problem.places).index(worst.place)] = 0
    return Matching(
        agents=problem.agents,
        places=problem.places,
        place=place.astype(np.int32),
        side=best_for,
        ties=_ties(problem, market, seed),
        unplaced=_unplaced(problem, market, arcs),
        shortfalls=tuple(short),
        closed=tuple(closed),
        first=int((arcs[arcs >= 0] == market.start[:-1][arcs >= 0]).sum()),
        one_sided=market.one_sided,
        rounds=rounds,
        runtime=time.perf_counter() - started,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _shortfalls(problem: StableProblem, place: IntArray, closed: set[str]) -> list[Shortfall]:
    if problem.quota is None:
        return []
    filled = np.bincount(place[place >= 0], minlength=len(problem.places))
    return sorted(
        (
            Shortfall(problem.places[j], int(problem.quota[j]), int(filled[j]))
            for j in np.flatnonzero(filled < problem.quota).tolist()
            if problem.places[j] not in closed
        ),
        key=lambda one: one.place,
    )


def _ties(problem: StableProblem, market: Market, seed: int) -> Ties:
    drawn: dict[str, int] = {}
    if market.left:
        drawn = dict(zip(problem.agents, market.lottery.tolist(), strict=True))
    return Ties(market.tied_agents, market.tied_places, market.left, seed, drawn)


def _unplaced(
    problem: StableProblem, market: Market, arcs: IntArray
) -> tuple[tuple[str, Cause], ...]:
    listed = np.diff(market.start)
    found: list[tuple[str, Cause]] = []
    for i in np.flatnonzero(arcs < 0).tolist():
        cause: Cause = "places_prefer_others" if listed[i] else "no_acceptable_pair"
        found.append((problem.agents[i], cause))
    return tuple(sorted(found))
