"""What a stable matching answers: who is where, how ties were decided, who is short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Side = Literal["agents", "places"]
Cause = Literal["no_acceptable_pair", "places_prefer_others"]


@dataclass(frozen=True)
class Ties:
    """How ties were decided: openly, so that anybody can do it again.

    of_agents, of_places  entries that share their rank with another of the same list
    left                  of them, those that no given number decided and the lottery did
    seed                  of the lottery: agents (and places) sorted by id, shuffled by
                          ``numpy.random.default_rng(seed)``; the earlier wins, at every place
    lottery               the number that each agent drew, from 0, if the lottery decided anything
    """

    of_agents: int
    of_places: int
    left: int
    seed: int
    lottery: Mapping[str, int] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Shortfall:
    """A place that has fewer people than its quota."""

    place: str
    quota: int
    filled: int


@dataclass(frozen=True, eq=False)
class Matching:
    """A stable matching, the best one for the side that proposed.

    place       (agents,) position of each agent's place, -1 for none
    side        which side it is best for: each of its members does at least as well here as in
                any other stable matching (Gale and Shapley, 1962)
    unplaced    agents without a place, and why, by id
    shortfalls  places below their quota. With these ties every stable matching fills them to the
                same number, with the same people (Roth, 1986): none is better for them.
    closed      places that were closed for their shortfall, in order
    first       agents who have their first acceptable choice
    one_sided   entries that were set aside, as the other side does not rank back
    """

    agents: Sequence[str] = field(repr=False)
    places: Sequence[str] = field(repr=False)
    place: npt.NDArray[np.integer[Any]] = field(repr=False)
    side: Side
    ties: Ties
    unplaced: tuple[tuple[str, Cause], ...] = field(default=(), repr=False)
    shortfalls: tuple[Shortfall, ...] = ()
    closed: tuple[Shortfall, ...] = ()
    first: int = 0
    one_sided: int = 0
    rounds: int = 0
    runtime: float = 0.0
    memory: float = 0.0

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Agent and place as ids, by agent."""
        return tuple(
            sorted(
                (agent, self.places[j])
                for agent, j in zip(self.agents, self.place.tolist(), strict=True)
                if j >= 0
            )
        )
