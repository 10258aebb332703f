"""A year of arrivals in batches, the places they go to, and last year's arrivals.

Everything is frozen and checks itself when it is made; an error names the field, the id and what
was expected. Ids are strings; households are sorted by batch and id, and a stream sorts its places
by id, so that the order in which they were given never changes an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class StreamError(ValueError):
    """A stream that contradicts itself; the message says where and what was expected."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where households can go: ids (m,), names of resources (r,), capacities (m, r).

    A capacity is 0 or more, ``inf`` for unlimited, in the resource's own unit.
    """

    ids: tuple[str, ...]
    resources: tuple[str, ...]
    capacities: Floats

    def __post_init__(self) -> None:
        _check_ids("places", self.ids)
        _check_ids("resources", self.resources)
        _floats(self, "capacities", (len(self.ids), len(self.resources)))
        if np.isnan(self.capacities).any() or (self.capacities < 0).any():
            at = np.argwhere(~(self.capacities >= 0))[0]
            raise StreamError(
                f"capacity of place {self.ids[at[0]]!r}, {self.resources[at[1]]}: "
                f"{self.capacities[at[0], at[1]]}, expected 0 or more"
            )
        object.__setattr__(self, "capacities", _frozen(self.capacities))

    def sorted(self) -> tuple[Places, Ints]:
        """The places by id, and where each stood before."""
        order = np.array(sorted(range(len(self.ids)), key=lambda j: self.ids[j]), np.int64)
        ids = tuple(self.ids[j] for j in order)
        return Places(ids, self.resources, self.capacities[order]), order


@dataclass(frozen=True, eq=False)
class Households:
    """Households that came, or come, in batches; sorted by batch, then id.

    ids       (n,) each once
    demand    (n, r) what each needs of each resource: 0 or more, finite; it cannot be split
    scores    (n, m) the worth of each pair, finite; NaN where the pair is not allowed
    batch     (n,) which batch it comes in, from 0; batches may be empty
    groups    (n,) a name, for floors and reports; "" for none
    batches   how many batches the whole year has (0: as many as are used)
    """

    ids: tuple[str, ...]
    demand: Floats
    scores: Floats
    batch: Ints
    groups: tuple[str, ...] = ()
    batches: int = 0

    def __post_init__(self) -> None:
        n = len(self.ids)
        _check_ids("households", self.ids)
        for name in ("demand", "scores"):
            array = np.asarray(getattr(self, name), np.float64)
            if array.ndim != 2 or len(array) != n:
                raise StreamError(f"{name}: expected {n} rows, found shape {array.shape}")
            object.__setattr__(self, name, array)
        for name, bad, wish in (
            ("demand", ~(np.isfinite(self.demand) & (self.demand >= 0)), "finite, 0 or more"),
            ("scores", np.isinf(self.scores), "finite, or NaN where the pair is not allowed"),
        ):
            if bad.any():
                row, column = np.argwhere(bad)[0]
                found = getattr(self, name)[row, column]
                raise StreamError(
                    f"{name} of household {self.ids[row]!r}, column {column}: {found}, "
                    f"expected {wish}"
                )
        batch = np.asarray(self.batch)
        if batch.shape != (n,) or (n and not np.issubdtype(batch.dtype, np.integer)):
            raise StreamError(f"batch: expected {n} whole numbers")
        if n and int(batch.min()) < 0:
            raise StreamError(f"batch: {int(batch.min())}, expected 0 or more")
        used = int(batch.max()) + 1 if n else 0
        if self.batches and self.batches < used:
            raise StreamError(f"batches: {self.batches}, but batch {used - 1} has households")
        if self.groups and len(self.groups) != n:
            raise StreamError(f"groups: expected one for each of {n} households, or none at all")
        order = np.array(sorted(range(n), key=lambda i: (int(batch[i]), self.ids[i])), np.intp)
        object.__setattr__(self, "ids", tuple(self.ids[i] for i in order))
        groups = tuple(self.groups[i] for i in order) if self.groups else ("",) * n
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "batch", _frozen(batch[order].astype(np.int64)))
        object.__setattr__(self, "demand", _frozen(self.demand[order]))
        object.__setattr__(self, "scores", _frozen(self.scores[order]))
        object.__setattr__(self, "batches", self.batches or used)

    def __len__(self) -> int:
        return len(self.ids)

    def taken(self, rows: slice | Ints) -> Households:
        """Some of these households, with the year's number of batches."""
        which = np.arange(len(self.ids))[rows]
        return Households(
            tuple(self.ids[i] for i in which),
            self.demand[which],
            self.scores[which],
            self.batch[which],
            tuple(self.groups[i] for i in which),
            self.batches,
        )

    def of_batch(self, number: int) -> Households:
        """Those who come in one batch."""
        begin, end = np.searchsorted(self.batch, [number, number + 1])
        return self.taken(slice(int(begin), int(end)))


@dataclass(frozen=True, eq=False)
class Stream:
    """A year: places, who comes, and what was known before it began.

    households   this year's; a policy is shown one batch after the other
    history      last year's, with scores at the same places
    expected     how many households were announced for the year; 0 if nobody said

    Scores' columns are in the order in which the places are given; the stream sorts both by id.
    """

    places: Places
    households: Households
    history: Households
    expected: int = 0

    def __post_init__(self) -> None:
        places, order = self.places.sorted()
        shape = places.capacities.shape
        for name in ("households", "history"):
            part: Households = getattr(self, name)
            found = (part.scores.shape[1], part.demand.shape[1])
            if found != shape:
                raise StreamError(
                    f"{name}: expected scores at {shape[0]} places and demand of {shape[1]} "
                    f"resources, found {found[0]} and {found[1]}"
                )
            object.__setattr__(self, name, _with_scores(part, part.scores[:, order]))
        if self.expected < 0:
            raise StreamError(f"expected: {self.expected}, expected 0 or more")
        object.__setattr__(self, "places", places)


def _with_scores(part: Households, scores: Floats) -> Households:
    return Households(part.ids, part.demand, scores, part.batch, part.groups, part.batches)


def _check_ids(name: str, ids: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for value in ids:
        if not isinstance(value, str) or not value:
            raise StreamError(f"{name}: ids must be non-empty strings, found {value!r}")
        if value in seen:
            raise StreamError(f"{name}: the id {value!r} stands twice")
        seen.add(value)


def _floats(owner: object, name: str, shape: tuple[int, int]) -> None:
    array = np.asarray(getattr(owner, name), np.float64)
    if array.shape != shape:
        raise StreamError(f"{name}: expected shape {shape}, found {array.shape}")
    object.__setattr__(owner, name, array)


def _frozen(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    copy = np.array(array)
    copy.setflags(write=False)
    return copy
