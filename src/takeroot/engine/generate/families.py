"""Families of 1 to 7 and places with three resources: a made-up instance that cannot be split."""

from __future__ import annotations

import numpy as np

from .arcs import Arcs, InstanceError, check_sizes, make_arcs
from .households import RESOURCES, households, shared_out
from .scores import ScoreModel, best_of_each


def families(
    n: int, m: int, k: int, load: float, seed: int, *, model: ScoreModel | None = None
) -> Arcs:
    """``n`` families, each with its ``k`` best of ``m`` places.

    load    total demand as a share of total capacity, the same for each of the three resources
            (persons, school seats, bedrooms); above 1 not everybody can be placed

    Places differ in size and in the mix of what they have. The same arguments give the same
    arrays. Raises InstanceError for sizes that make no instance.
    """
    check_sizes(n, m, k)
    if not load > 0:
        raise InstanceError(f"load: {load}, expected more than 0")
    rng = np.random.default_rng(seed)
    demand = households(rng, n)
    capacity = shared_out(rng, demand.sum(axis=0) / load, m)
    blocks = best_of_each(rng, n, m, k, model or ScoreModel())
    return make_arcs(blocks, n, k, demand, capacity, RESOURCES)
