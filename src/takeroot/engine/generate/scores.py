"""Scores like a predicted chance of work: a few shared traits, and noise of each pair's own.

The model is a logistic one: how good the place is for anybody, how employable the household is
anywhere, how well a few traits of the two go together (low rank), and what no trait explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCK = 4096  # agents scored at a time: bounds memory at a country's scale


@dataclass(frozen=True)
class ScoreModel:
    """Standard deviations of the parts of a score's log odds; all are parameters, not estimates.

    base       log odds of an average pair
    place      between places, the same for everybody
    agent      between agents, the same everywhere: changes no choice, but the value of placing
    traits     of the part explained by ``rank`` traits of agent and place
    noise      of the pair alone
    """

    base: float = -0.6
    place: float = 0.5
    agent: float = 0.6
    traits: float = 0.7
    noise: float = 0.4
    rank: int = 4


@dataclass(frozen=True, eq=False)
class PlaceTraits:
    """What is fixed of places: ``level`` (m,) and ``traits`` (m, rank), in log odds."""

    level: Floats
    traits: Floats


def place_traits(rng: np.random.Generator, places: int, model: ScoreModel) -> PlaceTraits:
    return PlaceTraits(
        rng.normal(0.0, model.place, places), rng.normal(0.0, 1.0, (places, model.rank))
    )


def chances(
    rng: np.random.Generator, traits: Floats, places: PlaceTraits, model: ScoreModel
) -> Floats:
    """Scores (agents, m) strictly between 0 and 1 of agents with these traits (agents, rank)."""
    count, rank = traits.shape
    odds = model.base + places.level[None, :] + rng.normal(0.0, model.agent, (count, 1))
    odds = odds + model.traits / np.sqrt(max(rank, 1)) * (traits @ places.traits.T)
    odds = odds + rng.normal(0.0, model.noise, odds.shape)
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def best_of_each(
    rng: np.random.Generator, agents: int, places: int, keep: int, model: ScoreModel
) -> Iterator[tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]]:
    """Each agent's ``keep`` best places, block by block: places (b, keep) rising, and scores."""
    fixed = place_traits(rng, places, model)
    for begin in range(0, agents, BLOCK):
        traits = rng.normal(0.0, 1.0, (min(BLOCK, agents - begin), model.rank))
        values = chances(rng, traits, fixed, model).astype(np.float32)
        if keep < places:
            best = np.argpartition(values, places - keep, axis=1)[:, places - keep :]
            best.sort(axis=1)
        else:
            best = np.broadcast_to(np.arange(places), values.shape)
        yield best.astype(np.int32), np.take_along_axis(values, best, axis=1)
