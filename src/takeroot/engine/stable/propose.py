"""Deferred acceptance (Gale and Shapley, 1962), all who are free proposing at once.

With strict lists the outcome does not depend on who proposes first, so whole rounds are done as
arrays; what is left when few are free is done one by one, on heaps.
"""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from .market import IntArray, Market

# With fewer free agents than this part of all, a round of arrays costs more than a heap.
FEW = 1 / 200


def agents_propose(market: Market, capacity: IntArray) -> tuple[IntArray, int]:
    """Arc of each agent in the stable matching that is best for every agent, and the rounds."""
    n, m = len(market.start) - 1, len(market.begin) - 1
    nothing = int(market.begin[-1])
    coming, end = market.start[:-1].copy(), market.start[1:]
    limit = np.where(capacity > 0, nothing, -1)  # the worst standing that still gets in
    held: npt.NDArray[np.integer] = np.empty(0, np.int64)  # standings, ascending
    free = np.arange(n)
    rounds = 0
    while len(free) > max(FEW * n, 1):
        rounds += 1
        free = free[coming[free] < end[free]]
        arcs = coming[free]
        coming[free] += 1
        hopeless = market.standing[arcs] > limit[market.place[arcs]]
        held = np.sort(np.concatenate([held, market.standing[arcs[~hopeless]]]))
        place = market.place[market.arc[held]]
        first = np.searchsorted(place, np.arange(m))
        kept = np.arange(len(held)) - first[place] < capacity[place]
        turned_down = market.agent[held[~kept]]
        held, place = held[kept], place[kept]
        counts = np.bincount(place, minlength=m)
        full = np.flatnonzero((counts >= capacity) & (counts > 0))
        limit[full] = held[np.cumsum(counts)[full] - 1]
        free = np.concatenate([free[hopeless], turned_down])
    return _one_by_one(market, capacity, coming, held, free), rounds


def _one_by_one(
    market: Market,
    capacity: IntArray,
    coming: IntArray,
    held: npt.NDArray[np.integer],
    free: npt.NDArray[np.integer],
) -> IntArray:
    cuts = np.searchsorted(held, market.begin[1:-1])
    worst_first = [(-part[::-1]).tolist() for part in np.split(held, cuts)]  # heaps already
    seats = capacity.tolist()
    lists: dict[int, list[tuple[int, int]]] = {}

    def open_to(agent: int) -> list[tuple[int, int]]:
        """The agent's places from here on, best last, each with the agent's standing there."""
        if agent not in lists:
            span = slice(int(coming[agent]), int(market.start[agent + 1]))
            both = zip(market.place[span].tolist(), market.standing[span].tolist(), strict=True)
            lists[agent] = list(both)[::-1]
        return lists[agent]

    waiting = free.tolist()
    while waiting:
        agent = waiting.pop()
        choices = open_to(agent)
        while choices:
            place, standing = choices.pop()
            heap = worst_first[place]
            if len(heap) < seats[place]:
                heapq.heappush(heap, -standing)
                break
            if heap and -heap[0] > standing:
                loser = int(market.agent[-heapq.heapreplace(heap, -standing)])
                waiting.append(loser)
                break
    arcs = np.full(len(coming), -1, np.int64)
    kept = np.array([-one for heap in worst_first for one in heap], np.int64)
    arcs[market.agent[kept]] = market.arc[kept]
    return arcs


def places_propose(market: Market, capacity: IntArray) -> tuple[IntArray, int]:
    """Arc of each agent in the stable matching that is best for every place, and the rounds.

    A place with free seats asks that many of its next best at once.
    """
    n = len(market.start) - 1
    nothing = int(market.start[-1])
    best = np.full(n, nothing, np.int64)  # the best arc that an agent was asked for
    coming = market.begin[:-1].copy()
    seats = np.minimum(capacity, np.diff(market.begin))
    asking = np.flatnonzero(seats > 0)
    rounds = 0
    while len(asking):
        rounds += 1
        ask = np.minimum(seats[asking], market.begin[asking + 1] - coming[asking])
        standings = np.repeat(coming[asking], ask) + _counted(ask)
        coming[asking] += ask
        seats[asking] -= ask
        arcs = market.arc[standings].astype(np.int64)
        agent = market.agent[standings].astype(np.int64)
        order = np.argsort(arcs)  # agent after agent, its best first
        arcs, agent = arcs[order], agent[order]
        head = np.append(True, np.diff(agent) != 0) if len(agent) else np.empty(0, bool)
        accepted = head & (arcs < best[agent])
        given_up = best[agent[accepted]]
        freed = np.concatenate([arcs[~accepted], given_up[given_up < nothing]])
        best[agent[accepted]] = arcs[accepted]
        np.add.at(seats, market.place[freed], 1)
        asking = np.unique(np.concatenate([asking, market.place[freed]]))
        asking = asking[(seats[asking] > 0) & (coming[asking] < market.begin[asking + 1])]
    return np.where(best < nothing, best, -1), rounds


def _counted(counts: IntArray) -> IntArray:
    """0, 1, ... for each count, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
