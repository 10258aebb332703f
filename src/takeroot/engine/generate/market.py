"""Two sides that rank one another: a made-up market of agents and places with seats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arcs import Ints, Ints32, check_sizes

BLOCK = 4096
GRADES = 1000


@dataclass(frozen=True, eq=False)
class Market:
    """An entry for each agent and place of its list, agent after agent.

    owner     (entries,) position of the agent; ``other`` (entries,) of the place
    rank      (entries,) 1 for the agent's best place, 2 for its second ...
    grade     (entries,) the place's rank of the agent, from 1; equal ones are ties
    capacity  (places,) seats; all together as many as agents, or a few more
    """

    agents: int
    places: int
    owner: Ints32
    other: Ints32
    rank: Ints
    grade: Ints
    capacity: Ints


def market(n: int, m: int, k: int, seed: int) -> Market:
    """``n`` agents who each rank ``k`` of ``m`` places, and are ranked by those.

    Places differ in popularity (normal, the same spread as an agent's own taste, Gumbel); places
    agree in part on who is good (a common grade and as much of their own), in ``GRADES`` classes.
    The same arguments give the same arrays. Raises InstanceError for sizes that make no instance.
    """
    check_sizes(n, m, k)
    rng = np.random.default_rng(seed)
    popular = rng.normal(size=m)
    other = np.empty(n * k, np.int32)
    for begin in range(0, n, BLOCK):
        end = min(n, begin + BLOCK)
        worth = popular + rng.gumbel(size=(end - begin, m))
        other[begin * k : end * k] = np.argsort(-worth, axis=1)[:, :k].ravel()
    owner = np.repeat(np.arange(n, dtype=np.int32), k)
    liked = rng.normal(size=n)[owner] + rng.normal(size=n * k)
    grade = 1 + np.floor(GRADES / (1.0 + np.exp(1.5 * liked))).astype(np.int64)
    rank = np.tile(np.arange(1, k + 1), n)
    return Market(n, m, owner, other, rank, grade, np.full(m, -(-n // m), np.int64))
