"""People in blocks: made where they are needed, and made again where they were lost.

A maker is a small object that can be pickled; ``maker(k)`` makes block ``k``, the same each time,
wherever it is called. So scores never travel: a worker reads them (``FromFolder``) or computes
them from profiles (``FromProfiles``), and when it dies another one makes its blocks again.

Blocks hold whole grains of ``GRAIN`` people, all but the last. Sums are taken grain by grain, so
that the temporary memory is that of a grain and no sum depends on how people lie in blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from .dual import Dual, Sums
from .instance import FloatArray, Instance, IntArray, Rows
from .problem import Floats, Ints, PlacementError

# People whose sums are taken at once.
GRAIN = 4096
# People scored against all places at once: 2,048 x 5,000 float32 are 40 MB.
SCORED = 2048
# Steps at which slacks are counted, as shares of what a best pair is worth: how near is near.
EDGES = np.concatenate([[0.0], np.geomspace(1e-7, 2.0, 300), [np.inf]])


@dataclass(frozen=True, eq=False)
class Block:
    """The arcs of some people, in canonical form (see ``Instance``), as small as they come.

    start   (people + 1,) where each one's arcs begin in the other arrays
    place   (arcs,) positions of places, rising for each person
    weight  (arcs,) what choosing the arc adds to the value, without any penalty
    need    (people, resources) or, if needs differ by pair (``by_pair``), (arcs, resources)
    """

    start: Ints
    place: Ints
    weight: Floats
    need: Floats
    by_pair: bool = False

    def __post_init__(self) -> None:
        arcs = len(self.place)
        rows = arcs if self.by_pair else self.people
        if self.people < 0 or int(self.start[0]) != 0 or int(self.start[-1]) != arcs:
            raise PlacementError("block: start must have one entry more than there are people")
        if len(self.weight) != arcs or self.need.ndim != 2 or len(self.need) != rows:
            raise PlacementError("block: place, weight and need do not fit together")
        if not np.isfinite(self.weight).all():
            raise PlacementError("block: weights must be finite numbers")
        if not (np.isfinite(self.need) & (self.need >= 0)).all():
            raise PlacementError("block: needs must be finite, 0 or more")

    @property
    def people(self) -> int:
        return len(self.start) - 1

    @property
    def bytes(self) -> int:
        """Of its arrays: what a worker holds for it between two steps."""
        arrays = (self.start, self.place, self.weight, self.need)
        return sum(array.nbytes for array in arrays)

    def grains(self, places: int, penalty: float) -> Iterator[tuple[int, Instance]]:
        """Instances of ``GRAIN`` people, each with the position of its first arc."""
        nothing = np.zeros((places, self.need.shape[1]))
        for first in range(0, self.people, GRAIN):
            last = min(first + GRAIN, self.people)
            span = slice(int(self.start[first]), int(self.start[last]))
            need = self.need[span] if self.by_pair else self.need[first:last]
            start = self.start[first : last + 1].astype(np.int64) - span.start
            part = Block(start, self.place[span], self.weight[span], need, self.by_pair)
            yield span.start, part.instance(nothing, penalty)

    def instance(self, capacity: FloatArray, penalty: float = 0.0, base: float = 0.0) -> Instance:
        """These people, at most one place each, beside nobody else."""
        nobody = np.zeros(0, np.int64)
        return Instance(
            order_agents=np.arange(self.people),
            order_places=np.arange(len(capacity)),
            start=self.start.astype(np.int64),
            place=self.place,
            weight=self.weight,
            need=self.need.astype(np.float64),
            by_pair=self.by_pair,
            capacity=capacity,
            most=np.ones(self.people, np.int64),
            penalty=penalty,
            base=base,
            sign=1,
            rows=Rows(np.zeros((0, len(self.place))), np.zeros(0)),
            locked_agent=nobody,
            locked_place=nobody,
        )


class BlockMaker(Protocol):
    """Makes block ``k``, always the same; it and its answer can be pickled."""

    def __call__(self, k: int, /) -> Block: ...


@dataclass(frozen=True)
class FromFolder:
    """Blocks from files ``block-00000.npz`` ... in a folder that every worker sees.

    The ids of a block's people may stand in its file; they are read at the end only (``ids``).
    """

    folder: Path

    def __call__(self, k: int, /) -> Block:
        with np.load(self._path(k)) as file:
            arrays = {name: file[name] for name in ("start", "place", "weight", "need")}
            return Block(**arrays, by_pair=bool(file["by_pair"]))

    def write(self, k: int, block: Block, ids: Sequence[str] = ()) -> None:
        """Put a block into the folder, where it is read as number ``k``."""
        if len(ids) not in (0, block.people):
            raise PlacementError(f"block {k}: {len(ids)} ids for {block.people} people")
        np.savez(
            self._path(k), start=block.start, place=block.place, weight=block.weight,
            need=block.need, by_pair=block.by_pair, ids=np.array(ids, np.str_),
        )  # fmt: skip

    def ids(self, k: int) -> list[str]:
        """Of the people of a block, as they were written."""
        with np.load(self._path(k)) as file:
            found: list[str] = file["ids"].tolist()
        return found

    def _path(self, k: int) -> Path:
        return self.folder / f"block-{k:05}.npz"


def cut(instance: Instance, people: int) -> Iterator[Block]:
    """An instance in blocks of about so many people each, arcs in the same order."""
    size = max(1, round(people / GRAIN)) * GRAIN
    for first in range(0, max(instance.agents, 1), size):
        last = min(first + size, instance.agents)
        span = slice(int(instance.start[first]), int(instance.start[last]))
        yield Block(
            instance.start[first : last + 1] - span.start,
            instance.place[span].astype(np.int32),
            instance.weight[span],
            instance.need[span] if instance.by_pair else instance.need[first:last],
            instance.by_pair,
        )


@dataclass(frozen=True, eq=False)
class FromProfiles:
    """Blocks scored where they are made: a score is the product of two profiles.

    people  makes for block ``k`` profiles (people, traits) and needs (people, resources)
    places  (places, traits); what is the same for everybody is a trait beside a column of ones
    keep    best places kept of each person; a score of 0 or less is never kept
    """

    people: Callable[[int], tuple[Floats, Floats]]
    places: Floats
    keep: int

    def __call__(self, k: int, /) -> Block:
        profiles, need = self.people(k)
        traits = self.places.astype(np.float32).T
        keep = min(self.keep, traits.shape[1])
        kept = [
            _best(profiles[first : first + SCORED].astype(np.float32) @ traits, keep)
            for first in range(0, len(profiles), SCORED)
        ]
        place = np.concatenate([np.zeros((0, keep), np.int32), *(best for best, _ in kept)])
        score = np.concatenate([np.zeros((0, keep), np.float32), *(value for _, value in kept)])
        good = score > 0
        start = np.concatenate([[0], np.cumsum(good.sum(1))])
        small = np.uint16 if traits.shape[1] <= 1 << 16 else np.int32
        return Block(start, place[good].astype(small), score[good], need.astype(np.float32))


def _best(scores: Floats, keep: int) -> tuple[IntArray, Floats]:
    """Places (people, keep), rising, and their scores."""
    best = np.argpartition(scores, scores.shape[1] - keep, axis=1)[:, scores.shape[1] - keep :]
    best.sort(axis=1)
    return best.astype(np.int32), np.take_along_axis(scores, best, axis=1)


# -- what is asked of a block, where it is ------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Facts:
    """Of one block, or of all: how many, and the largest of each kind."""

    people: int
    arcs: int
    able: int
    best: tuple[float, ...]
    weight: float
    need: FloatArray

    def quanta(self) -> tuple[FloatArray, float]:
        """Steps of what is used (resources,) and of values: as fine as lets all sums be exact.

        Parts are rounded to them, values upwards, so that a bound stays one. They are 2 to the -52
        of more than any sum can be: what a double carries anyway, and now in any order.
        """
        most = np.append(self.people * self.need, 4.0 * self.people * self.weight)
        steps: FloatArray = np.exp2(np.ceil(np.log2(np.maximum(most, 1e-200))) - 52)
        return steps[:-1], float(steps[-1])


def facts(block: Block, places: int, penalty: float) -> Facts:
    """What must be known before the first prices. Raises PlacementError for an unknown place."""
    if len(block.place) and not 0 <= int(block.place.min()) <= int(block.place.max()) < places:
        raise PlacementError(f"block: places lie between 0 and {places - 1}")
    best, able = [], 0
    for _, grain in block.grains(places, 0.0):
        heads = grain.start[:-1][np.diff(grain.start) > 0]
        able += len(heads)
        if len(heads):
            tops = np.maximum.reduceat(grain.weight, heads).astype(np.float64)
            best.append(float(np.abs(tops).sum()))
    return Facts(
        people=block.people,
        arcs=len(block.place),
        able=able,
        best=tuple(best),
        weight=float(np.abs(block.weight).max(initial=0.0)) + penalty,
        need=block.need.max(axis=0, initial=0.0).astype(np.float64),
    )


def sums(
    block: Block, places: int, penalty: float, whole: Facts, prices: FloatArray, temperature: float
) -> Sums:
    """What a block adds to D: the one thing asked at every step."""
    step, fine = whole.quanta()
    used, smooth, best = np.zeros((places, len(step))), 0.0, 0.0
    for _, grain in block.grains(places, penalty):
        found = Dual(grain).sums(prices, np.zeros(0), temperature)
        used += np.rint(found.used / step) * step
        smooth += round(found.smooth / fine) * fine
        best += float(np.ceil(found.best / fine)) * fine
    return Sums(smooth, used, np.zeros(0), best)


def counts(block: Block, places: int, penalty: float, prices: FloatArray, width: float) -> IntArray:
    """How many arcs lie within each of ``EDGES`` from their person's best."""
    found = np.zeros(len(EDGES), np.int64)
    for _, slack in _slacks(block, places, penalty, prices):
        found += np.bincount(np.searchsorted(EDGES * width, slack), minlength=len(EDGES))
    return np.cumsum(found)


def near(
    block: Block, places: int, penalty: float, prices: FloatArray, reach: float
) -> tuple[Block, IntArray]:
    """The arcs within reach of their person's best, and where they stand in the block."""
    found = [
        first + np.flatnonzero(slack <= reach)
        for first, slack in _slacks(block, places, penalty, prices)
    ]
    arcs: IntArray = np.concatenate([np.zeros(0, np.int64), *found])
    start = np.searchsorted(arcs, block.start)
    need = block.need[arcs] if block.by_pair else block.need
    return Block(start, block.place[arcs], block.weight[arcs], need, block.by_pair), arcs


def _slacks(
    block: Block, places: int, penalty: float, prices: FloatArray
) -> Iterator[tuple[int, FloatArray]]:
    for first, grain in block.grains(places, penalty):
        dual = Dual(grain)
        left = dual.left(prices, np.zeros(0))
        yield first, np.repeat(dual.best(left), dual.lengths[dual.able]) - left
