"""Persons and places with seats: a made-up instance of plain assignment, at any scale."""

from __future__ import annotations

import numpy as np

from .arcs import Arcs, InstanceError, check_sizes, make_arcs
from .households import shared_out
from .scores import ScoreModel, best_of_each

LOAD = 0.95


def persons(
    n: int, m: int, k: int, seed: int, *, load: float = LOAD, model: ScoreModel | None = None
) -> Arcs:
    """``n`` persons, each with its ``k`` best of ``m`` places, one seat each.

    load    persons for each seat, all places together (0.95: one seat in twenty stays free)

    Scores are low-rank with noise (``scores.ScoreModel``). Memory is that of the answer and of
    one block of 4,096 persons by ``m`` places. The same arguments give the same arrays. Raises
    InstanceError for sizes that make no instance.
    """
    check_sizes(n, m, k)
    if not load > 0:
        raise InstanceError(f"load: {load}, expected more than 0")
    rng = np.random.default_rng(seed)
    capacity = shared_out(rng, np.array([n / load]), m)
    blocks = best_of_each(rng, n, m, k, model or ScoreModel())
    return make_arcs(blocks, n, k, np.ones((n, 1), np.int64), capacity, ("seats",))
