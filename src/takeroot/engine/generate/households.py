"""Households: how many persons, who goes to school, how many bedrooms.

All shares here are plain parameters of made-up instances, chosen so that every size from 1 to 7
occurs and the three resources do not move together. They are not statistics of any country.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RESOURCES = ("persons", "school seats", "bedrooms")

# Share of households of 1, 2, ... 7 persons.
SIZE_SHARES = np.array([0.30, 0.18, 0.16, 0.17, 0.10, 0.06, 0.03])
TWO_ADULTS = 0.75  # of households of 3 persons or more; of 2 persons, half are two adults
SCHOOL_AGE = 0.65  # of children; the others are younger


def households(rng: np.random.Generator, count: int, tilt: Floats | float = 0.0) -> Ints:
    """Demand of ``count`` households, shape (count, 3): persons, school seats, bedrooms.

    tilt    one number, or one for each household: above 0 makes large households commoner,
            below 0 rarer (the share of size s is multiplied by exp(tilt * (s - 1)))

    Two adults share a bedroom; so do two children, rounded up.
    """
    sizes = np.arange(1, 8)
    weights = SIZE_SHARES * np.exp(np.broadcast_to(tilt, count)[:, None] * (sizes - 1))
    cumulated = np.cumsum(weights, axis=1)
    drawn = rng.random(count) * cumulated[:, -1]
    persons = 1 + (drawn[:, None] > cumulated[:, :-1]).sum(axis=1)
    chance = np.where(persons >= 3, TWO_ADULTS, np.where(persons == 2, 0.5, 0.0))
    adults = 1 + (rng.random(count) < chance)
    children = persons - adults
    seats = rng.binomial(children, SCHOOL_AGE)
    bedrooms = 1 + (children + 1) // 2
    return np.stack([persons, seats, bedrooms], axis=1).astype(np.int64)


def shared_out(
    rng: np.random.Generator, total: Floats, places: int, spread: float = 0.5, mix: float = 0.15
) -> Ints:
    """Whole capacities (places, resources) that add up to about ``total`` of each resource.

    spread  how unequal places are (standard deviation of the logarithm of their share)
    mix     how much a place's share differs from one resource to the next (the same unit)

    Each capacity is rounded; none is below 0.
    """
    size = rng.normal(0.0, spread, (places, 1))
    share = np.exp(size + rng.normal(0.0, mix, (places, len(total))))
    capacity: Ints = np.rint(share / share.sum(axis=0) * total).astype(np.int64)
    return capacity
