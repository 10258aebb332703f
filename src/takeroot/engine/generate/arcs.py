"""A made-up problem as arrays: who, where, how well, how much is needed and how much there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints32 = npt.NDArray[np.int32]
Floats32 = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class InstanceError(ValueError):
    """Sizes that make no instance; the message says which and what was expected."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """The allowed pairs, sorted by agent, then place; each agent has equally many.

    start       (n + 1,) where each agent's pairs begin: agent i has start[i] to start[i + 1]
    agent       (pairs,) position of the agent, from 0
    place       (pairs,) position of the place, from 0
    score       (pairs,) between 0 and 1
    demand      (n, r) what each agent needs of each resource, whole numbers
    capacity    (m, r) what each place has of it, whole numbers
    resources   (r,) names
    """

    start: Ints
    agent: Ints32
    place: Ints32
    score: Floats32
    demand: Ints
    capacity: Ints
    resources: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Agents and places."""
        return len(self.demand), len(self.capacity)


def check_sizes(n: int, m: int, k: int) -> None:
    """Raises InstanceError unless there are agents and places, and 1 <= k <= m."""
    for name, value in (("n", n), ("m", m)):
        if value < 1:
            raise InstanceError(f"{name}: {value}, expected 1 or more")
    if not 1 <= k <= m:
        raise InstanceError(f"k: {k}, expected 1 to {m}, the number of places")


def make_arcs(
    blocks: Iterable[tuple[Ints32, Floats32]],
    n: int,
    k: int,
    demand: Ints,
    capacity: Ints,
    resources: tuple[str, ...],
) -> Arcs:
    """Blocks of each agent's places and scores put into one set of arrays."""
    place = np.empty(n * k, np.int32)
    score = np.empty(n * k, np.float32)
    at = 0
    for places, scores in blocks:
        place[at : at + places.size] = places.ravel()
        score[at : at + places.size] = scores.ravel()
        at += places.size
    return Arcs(
        start=np.arange(n + 1, dtype=np.int64) * k,
        agent=np.repeat(np.arange(n, dtype=np.int32), k),
        place=place,
        score=score,
        demand=demand,
        capacity=capacity,
        resources=resources,
    )
