"""What a solver answers: who goes where, its value, the proof, what a seat is worth, who is left.

Values stand in the units of the scores. With ``minimize`` values, bounds and costs are costs: the
bound is then below the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..words import Words
from .problem import Pair

Status = Literal["optimal", "within_gap", "feasible", "timed_out", "infeasible"]
Cause = Literal[
    "no_allowed_pair", "none_fits", "worth_less_than_staying", "places_worth_more_to_others"
]

# A gap at most this is rounding of doubles, and is called optimal.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Unplaced:
    """An agent without a place, and why.

    no_allowed_pair              no pair is allowed
    none_fits                    no allowed place is large enough, even if it were empty
    worth_less_than_staying      every allowed place is worth less than staying without one
    places_worth_more_to_others  every allowed place is full of others to whom it is worth more
    """

    agent: str
    cause: Cause


@dataclass(frozen=True)
class Conflict:
    """Demands that cannot all be met: a smallest set of them, in words."""

    words: Words
    pairs: tuple[Pair, ...] = ()
    agents: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True, eq=False)
class Certificate:
    """Multipliers that prove the bound; see ``checker``.

    prices  (places, resources) what one more unit of a resource at a place is worth, 0 or more
    rules   one for each rule of the problem, 0 or more
    penalty what a place is worth beside its score where everybody must have one
    """

    prices: npt.NDArray[np.float64]
    rules: npt.NDArray[np.float64]
    penalty: float = 0.0


@dataclass(frozen=True, eq=False)
class Result:
    """The answer to one problem.

    agent, place positions of the chosen pairs in the problem's ids, by agent then place, locked
                 pairs included; ``pairs`` gives them as ids
    value        total of the scores, less what those without a place cost
    bound        no answer is worth more (with ``minimize``: costs less)
    gap          |bound - value| / |total of the scores|, that is with unplaced agents at 0 (or by
                 the largest single score, should that be more)
    certificate  multipliers that prove the bound; None where a search proved it
    prices       what one more unit of each resource at each place is worth, above 0 only
    greedy       value of giving each agent in turn its best place that is free
    previous     value of what was decided before, if that was given
    runtime      seconds; ``memory`` the greatest size of the process so far, in megabytes
    """

    agents: Sequence[str] = field(repr=False)
    places: Sequence[str] = field(repr=False)
    agent: npt.NDArray[np.integer[Any]] = field(repr=False)
    place: npt.NDArray[np.integer[Any]] = field(repr=False)
    value: float
    bound: float
    gap: float
    status: Status
    certificate: Certificate | None
    conflicts: tuple[Conflict, ...] = ()
    unplaced: tuple[Unplaced, ...] = field(default=(), repr=False)
    prices: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)
    greedy: float | None = None
    previous: float | None = None
    rounds: int = 0
    runtime: float = 0.0
    memory: float = 0.0
    solver: str = ""
    versions: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The chosen pairs as ids, by agent id, then place id."""
        return tuple(
            sorted(
                (self.agents[i], self.places[j])
                for i, j in zip(self.agent.tolist(), self.place.tolist(), strict=True)
            )
        )

    @cached_property
    def places_of(self) -> dict[str, tuple[str, ...]]:
        """The places of each agent that has one."""
        found: dict[str, tuple[str, ...]] = {}
        for agent, place in self.pairs:
            found[agent] = (*found.get(agent, ()), place)
        return found


@dataclass(frozen=True)
class Move:
    """Somebody whose places differ between two answers."""

    agent: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def moves(before: Result, after: Result) -> tuple[Move, ...]:
    """Who moves from one answer to the other, by id."""
    old, new = before.places_of, after.places_of
    return tuple(
        Move(agent, old.get(agent, ()), new.get(agent, ()))
        for agent in sorted(old.keys() | new.keys())
        if old.get(agent) != new.get(agent)
    )
