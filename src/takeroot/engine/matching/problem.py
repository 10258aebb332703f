"""What an assignment problem is: people, places with seats, scores of pairs, locks and bans.

Everything here is frozen and checks itself when it is made; an error names the id, the field and
what was expected. Ids are strings, and their order never changes an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.integer]

# Scores above this are refused: sums of them would no longer be exact (see ``solver.Scale``).
MAX_SCORE = 1_000_000


class ProblemError(ValueError):
    """A problem that contradicts itself; the message says where and what was expected."""


@dataclass(frozen=True, eq=False)
class DenseScores:
    """Scores of all pairs.

    ``values[i, j]`` is the integer score of agent ``i`` at place ``j``. ``causes[i, j]`` is 0 where
    the pair is allowed, else the (1-based) number of the name in ``cause_names`` that forbids it.
    Give the smallest integer type that holds the scores: 5,000 x 2,000 as int16 is 20 MB.
    """

    values: IntArray
    causes: npt.NDArray[np.uint8] | None = None
    cause_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or not np.issubdtype(self.values.dtype, np.integer):
            raise ProblemError("values: expected a matrix of integers, agents by places")
        if self.causes is not None and self.causes.shape != self.values.shape:
            raise ProblemError(
                f"causes: expected the shape of values {self.values.shape}, "
                f"found {self.causes.shape}"
            )
        if self.causes is not None and self.causes.size:
            top = int(self.causes.max())
            if top > len(self.cause_names):
                raise ProblemError(f"causes: number {top} has no name in cause_names")
        _check_range(self.values)

    @property
    def shape(self) -> tuple[int, int]:
        return self.values.shape[0], self.values.shape[1]


@dataclass(frozen=True, eq=False)
class ArcScores:
    """Scores of the listed pairs only; every other pair is not allowed.

    Three arrays of one length: positions of agents, positions of places, integer scores.
    """

    agent: IntArray
    place: IntArray
    score: IntArray
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        if not len(self.agent) == len(self.place) == len(self.score):
            raise ProblemError("arcs: agent, place and score must have one length")
        for name, array, size in (
            ("agent", self.agent, self.shape[0]),
            ("place", self.place, self.shape[1]),
        ):
            if len(array) and (int(array.min()) < 0 or int(array.max()) >= size):
                raise ProblemError(f"arcs: {name} positions must lie between 0 and {size - 1}")
        keys = self.agent.astype(np.int64) * max(self.shape[1], 1) + self.place
        if len(np.unique(keys)) != len(keys):
            raise ProblemError("arcs: a pair of agent and place is listed twice")
        _check_range(self.score)


Scores = DenseScores | ArcScores
Pair = tuple[str, str]
ChangeKind = Literal["lock", "unlock", "forbid", "allow", "capacity"]


@dataclass(frozen=True)
class Change:
    """One step of a what-if: lock, unlock, forbid or allow a pair, or set a place's capacity."""

    kind: ChangeKind
    place: str
    agent: str = ""
    capacity: int = 0


@dataclass(frozen=True, eq=False)
class AssignmentProblem:
    """Agents to places, each agent at most once, each place up to its capacity.

    agents, places   ids, each once; any order
    capacities       seats of each place, 0 or more, in the order of ``places``
    scores           integer scores of pairs, positions as in ``agents`` and ``places``
    waiting          how long each agent has waited, any unit, more is longer; decides ties
    locked           pairs that must be made, whatever their score
    forbidden        pairs that must not be made
    least_quality    a pair scoring less is not proposed; a pair of score 0 or less never is
    """

    agents: tuple[str, ...]
    places: tuple[str, ...]
    capacities: tuple[int, ...]
    scores: Scores
    waiting: tuple[int, ...] = ()
    locked: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()
    least_quality: int = 1
    agent_index: dict[str, int] = field(init=False, repr=False)
    place_index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check_ids("agents", self.agents)
        _check_ids("places", self.places)
        object.__setattr__(self, "agent_index", {a: i for i, a in enumerate(self.agents)})
        object.__setattr__(self, "place_index", {p: j for j, p in enumerate(self.places)})
        if len(self.capacities) != len(self.places):
            raise ProblemError("capacities: expected one for each place")
        for place, capacity in zip(self.places, self.capacities, strict=True):
            if capacity < 0:
                raise ProblemError(f"capacity of place {place!r}: {capacity}, expected 0 or more")
        if self.waiting and len(self.waiting) != len(self.agents):
            raise ProblemError("waiting: expected one for each agent, or none at all")
        if tuple(self.scores.shape) != (len(self.agents), len(self.places)):
            raise ProblemError(
                f"scores: expected {len(self.agents)} agents by {len(self.places)} places, "
                f"found {self.scores.shape[0]} by {self.scores.shape[1]}"
            )
        for name, pairs in (("locked", self.locked), ("forbidden", self.forbidden)):
            for agent, place in pairs:
                if agent not in self.agent_index or place not in self.place_index:
                    raise ProblemError(f"{name}: unknown pair ({agent!r}, {place!r})")

    def with_changes(self, changes: Iterable[Change]) -> AssignmentProblem:
        """This problem after the changes, applied in order; the original stays as it was."""
        locked, forbidden = set(self.locked), set(self.forbidden)
        capacities = list(self.capacities)
        for change in changes:
            pair = (change.agent, change.place)
            if change.kind == "lock":
                locked.add(pair)
            elif change.kind == "unlock":
                locked.discard(pair)
            elif change.kind == "forbid":
                forbidden.add(pair)
            elif change.kind == "allow":
                forbidden.discard(pair)
            elif change.place not in self.place_index:
                raise ProblemError(f"capacity: unknown place {change.place!r}")
            else:
                capacities[self.place_index[change.place]] = change.capacity
        return replace(
            self,
            capacities=tuple(capacities),
            locked=frozenset(locked),
            forbidden=frozenset(forbidden),
        )


def _check_ids(name: str, ids: tuple[str, ...]) -> None:
    for value in ids:
        if not isinstance(value, str) or not value:
            raise ProblemError(f"{name}: ids must be non-empty strings, found {value!r}")
    if len(set(ids)) != len(ids):
        twice = min(value for value, count in Counter(ids).items() if count > 1)
        raise ProblemError(f"{name}: the id {twice!r} stands twice")


def _check_range(values: IntArray) -> None:
    if values.size and max(abs(int(values.min())), abs(int(values.max()))) > MAX_SCORE:
        raise ProblemError(f"scores: expected between -{MAX_SCORE} and {MAX_SCORE}")
