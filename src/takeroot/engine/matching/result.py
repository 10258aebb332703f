"""What a solver answers: pairs, value, proved bound, prices, who is left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Status = Literal["optimal", "within_gap", "timed_out", "infeasible"]
Cause = Literal["no_allowed_pair", "below_least_quality", "all_suitable_full"]


@dataclass(frozen=True)
class Params:
    """Knobs of the solver; the defaults suit 100 to 10,000 agents.

    arcs_per_agent   best places kept per agent in the first sparse problem
    arcs_per_seat    best agents kept per seat of each place
    full_below       below this many arcs (seats counted) nothing is left out
    added_per_round  violated pairs added per agent and round
    kept_within      points: pairs further than this from being wanted are set aside after a round
    pruned_rounds    rounds that set pairs aside; later rounds only add, so that they come to an end
    """

    arcs_per_agent: int = 16
    arcs_per_seat: int = 4
    full_below: int = 60_000
    added_per_round: int = 8
    kept_within: int = 20
    pruned_rounds: int = 4


@dataclass(frozen=True)
class Unplaced:
    """An agent left out. ``counts`` says how many places fall to each cause for this agent."""

    agent: str
    cause: Cause
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Conflict:
    """Locks that cannot all hold: a smallest set of them, and the code of what they break."""

    code: Literal["locked_twice", "over_capacity", "locked_and_forbidden"]
    pairs: tuple[tuple[str, str], ...]
    capacity: int | None = None

    def __str__(self) -> str:
        pairs = ", ".join(f"{agent} with {place}" for agent, place in self.pairs)
        if self.code == "locked_twice":
            return f"One agent is locked to several places: {pairs}."
        if self.code == "over_capacity":
            return f"A place with {self.capacity} seat(s) has more locks than seats: {pairs}."
        return f"A pair is both locked and forbidden: {pairs}."


@dataclass(frozen=True, eq=False)
class Certificate:
    """Prices that prove the optimum, as whole numbers of 1/scale score points.

    For any prices P >= 0 no assignment is worth more than
    sum_j P_j * seats_j + sum_i max(0, max_j (scale * score_ij - P_j)); see ``checker``.
    """

    scale: int
    prices: dict[str, int]


@dataclass(frozen=True, eq=False)
class Result:
    """The answer to one problem.

    pairs      (agent, place), by agent id, locked pairs included
    value      total score of ``pairs``; ``bound`` no assignment is worth more
    gap        (bound - value) / max(1, value)
    prices     what one more seat at a place would add to the total, places above 0 only
    runtime    seconds
    """

    pairs: tuple[tuple[str, str], ...]
    value: int
    bound: int
    gap: float
    status: Status
    unplaced: tuple[Unplaced, ...]
    prices: dict[str, int]
    certificate: Certificate
    conflicts: tuple[Conflict, ...]
    rounds: int
    runtime: float
    solver: str
    versions: dict[str, str]
    warm: npt.NDArray[np.int64] | None = field(default=None, repr=False)

    @property
    def place_of(self) -> dict[str, str]:
        return dict(self.pairs)


@dataclass(frozen=True)
class Move:
    """Somebody whose place differs between two answers; None means unplaced."""

    agent: str
    before: str | None
    after: str | None


def moves(before: Result, after: Result) -> tuple[Move, ...]:
    """Who moves from one answer to the other, by agent id."""
    old, new = before.place_of, after.place_of
    return tuple(
        Move(agent, old.get(agent), new.get(agent))
        for agent in sorted(old.keys() | new.keys())
        if old.get(agent) != new.get(agent)
    )
