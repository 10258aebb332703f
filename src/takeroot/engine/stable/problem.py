"""Two sides that rank one another: agents want one place each, places have seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]


class StableError(ValueError):
    """A problem that contradicts itself; the message says what was found and where."""


@dataclass(frozen=True, eq=False)
class Lists:
    """Who is ranked by whom, an entry a row, in any order.

    owner  (entries,) position of the one who ranks
    other  (entries,) position of the one who is ranked
    rank   (entries,) finite, lower is better; equal ranks are a tie
    tie    (entries,) decides a tie, lower first; equal or None: the lottery decides
    """

    owner: Ints
    other: Ints
    rank: Floats
    tie: Floats | None = None

    def __len__(self) -> int:
        return len(self.owner)


@dataclass(frozen=True, eq=False)
class StableProblem:
    """Hospitals and residents: a pair is acceptable if each ranks the other.

    agents, places  ids, each once, in any order: it changes no answer
    of_agents       what agents say about places; ``of_places`` what places say about agents
    capacity        (places,) seats, whole, 0 or more
    quota           (places,) seats that a place wants filled at least, 0 or more; None: none
    """

    agents: Sequence[str]
    places: Sequence[str]
    of_agents: Lists
    of_places: Lists
    capacity: Ints
    quota: Ints | None = None

    def __post_init__(self) -> None:
        n, m = len(self.agents), len(self.places)
        _check_ids("agents", self.agents)
        _check_ids("places", self.places)
        _check_lists("of_agents", self.of_agents, n, m)
        _check_lists("of_places", self.of_places, m, n)
        for name, seats in (("capacity", self.capacity), ("quota", self.quota)):
            if seats is None:
                continue
            if seats.shape != (m,) or not np.issubdtype(seats.dtype, np.integer):
                raise StableError(f"{name}: expected {m} whole numbers")
            if m and int(seats.min()) < 0:
                at = int(seats.argmin())
                raise StableError(f"{name} of {self.places[at]!r}: {seats[at]}, expected 0 or more")
        if self.quota is not None and (self.quota > self.capacity).any():
            at = int(np.flatnonzero(self.quota > self.capacity)[0])
            raise StableError(
                f"quota of {self.places[at]!r}: {self.quota[at]}, more than its capacity "
                f"{self.capacity[at]}"
            )


def _check_ids(name: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for value in ids:
        if not isinstance(value, str) or not value:
            raise StableError(f"{name}: ids must be non-empty strings, found {value!r}")
        if value in seen:
            raise StableError(f"{name}: the id {value!r} stands twice")
        seen.add(value)


def _check_lists(name: str, lists: Lists, owners: int, others: int) -> None:
    count = len(lists)
    numbers = [lists.rank, *([] if lists.tie is None else [lists.tie])]
    if any(len(column) != count for column in (lists.other, *numbers)):
        raise StableError(f"{name}: owner, other, rank and tie must have one length")
    for who, most in ((lists.owner, owners), (lists.other, others)):
        if count and not (int(who.min()) >= 0 and int(who.max()) < most):
            raise StableError(f"{name}: positions lie between 0 and {most - 1}")
    for column in numbers:
        if not np.isfinite(column).all():
            raise StableError(f"{name}: ranks must be finite numbers")
    key = np.sort(lists.owner.astype(np.int64) * max(others, 1) + lists.other)
    if (np.diff(key) == 0).any():
        raise StableError(f"{name}: somebody ranks the same one twice")
