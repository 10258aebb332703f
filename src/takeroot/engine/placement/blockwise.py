"""People in blocks, wherever the blocks are: prices over all of them, the answer from what is near.

1. D of ``dual`` is a sum over people. At each step the prices go out to the blocks, and from each
   block come back two numbers and what its people would take (Dantzig, Wolfe, 1960, have it so
   that only prices travel). L-BFGS-B moves the prices as ever.
2. Around the prices found, each block gives up its near arcs only, as many as the settings allow,
   and they make one problem that is solved here as any other.
3. Its answer is held against D over *all* arcs: the gap is proved over everything, whatever was
   left out. One seat each: the small problem's own prices are tried on all arcs too, and it is
   made anew around them while that helps.

Sums are exact (``Facts.quanta``), so that neither the number of workers nor the size of the blocks
changes the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any, Protocol, TypeVar

import numpy as np

from ..flow import solver_name
from .blocks import EDGES, Block, Facts, counts, facts, near, sums
from .dual import COOLING, Dual, Prices, find_prices
from .instance import FloatArray, Instance, IntArray
from .persons import solve_persons
from .problem import PlacementError
from .solver import Outcome, household_outcome

T = TypeVar("T")
# Times that one seat each is solved anew around its own prices.
ROUNDS = 4


class Runner(Protocol):
    """Where the blocks are. ``each`` runs ``task(block, *given)`` on every one of them and gives
    the results in the order of the blocks."""

    def each(self, task: Callable[..., T], *given: Any) -> Iterator[T]: ...


@dataclass(frozen=True)
class Settings:
    """How much the coordinator takes in, and how far it looks for prices.

    near       near arcs for each person, on average, that the answer is made from
    near_most  of all together, at most: beyond, fewer each, down to everybody's best one alone
    cooling    temperatures and steps of the prices, see ``find_prices``
    """

    near: float = 5.0
    near_most: int = 50_000_000
    cooling: tuple[tuple[float, int], ...] = COOLING


@dataclass(frozen=True, eq=False)
class BlockAnswer:
    """Who goes where, people numbered through all blocks.

    first    (blocks + 1,) number of the first person of each block
    place    (people,) positions of places, -1 for none
    outcome  arcs numbered through all blocks, prices, the bound of the sum of weights
    value    of the answer: the sum of weights, penalties included
    near     arcs that the answer was made from, of ``arcs`` in all; ``steps`` of the prices
    """

    first: IntArray
    place: IntArray
    outcome: Outcome
    value: float
    near: int
    arcs: int
    steps: int

    @property
    def gap(self) -> float:
        """Proved over all arcs, relative to the value."""
        return (self.outcome.dual - self.value) / (abs(self.value) or 1.0)

    def by_id(
        self, ids: Callable[[int], Sequence[str]], places: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Who goes where, block after block; ``ids(k)`` names the people of one block."""
        for k in range(len(self.first) - 1):
            names, chosen = ids(k), self.place[self.first[k] : self.first[k + 1]]
            for i in np.flatnonzero(chosen >= 0).tolist():
                yield names[i], places[int(chosen[i])]


class BlockDual:
    """D of people in blocks, to ``find_prices`` like that of one instance."""

    def __init__(self, runner: Runner, capacity: FloatArray, penalty: float = 0.0) -> None:
        self.runner, self.places, self.penalty = runner, len(capacity), penalty
        self.limited = np.isfinite(capacity)
        self.capacity = np.where(self.limited, capacity, 0.0)
        self.limit = np.zeros(0)
        self.steps = 0
        blocks = list(runner.each(facts, self.places, penalty))
        if not blocks:
            raise PlacementError("blocks: expected one or more")
        if any(len(one.need) != capacity.shape[1] for one in blocks):
            raise PlacementError("block: needs and capacity must have the same resources")
        self.first = np.cumsum([0, *(one.people for one in blocks)])
        self.arcs_before = np.cumsum([0, *(one.arcs for one in blocks)])
        able = sum(one.able for one in blocks)
        self.width = fsum(best for one in blocks for best in one.best) / max(able, 1) or 1.0
        self.whole = Facts(
            people=sum(one.people for one in blocks),
            arcs=int(self.arcs_before[-1]),
            able=able,
            best=(),
            weight=max(one.weight for one in blocks),
            need=np.max([one.need for one in blocks], axis=0),
        )

    def at(self, resources: FloatArray, rules: FloatArray) -> float:
        return self.smoothed(resources, rules, self.width)[3]

    def smoothed(
        self, resources: FloatArray, rules: FloatArray, temperature: float
    ) -> tuple[float, FloatArray, FloatArray, float]:
        self.steps += 1
        smooth = best = float((self.capacity * resources).sum())
        parts_smooth = parts_best = 0.0
        used = np.zeros_like(self.capacity)
        given = (self.places, self.penalty, self.whole, resources, temperature)
        for part in self.runner.each(sums, *given):
            used += part.used
            parts_smooth += part.smooth
            parts_best += part.best
        slope = np.where(self.limited, self.capacity - used, 0.0)
        return smooth + parts_smooth, slope, self.limit, best + parts_best

    def gather(
        self, prices: FloatArray, capacity: FloatArray, base: float, settings: Settings
    ) -> tuple[Instance, IntArray]:
        """The near arcs as one instance, and their numbers through all blocks."""
        given = (self.places, self.penalty, prices)
        within = sum(self.runner.each(counts, *given, self.width), np.zeros(len(EDGES), np.int64))
        allowed = min(int(settings.near * max(self.whole.people, 1)), settings.near_most)
        if within[0] > allowed:
            raise PlacementError(
                f"near arcs: {within[0]} are anybody's best, and only {allowed} are allowed"
            )
        reach = float(EDGES[np.flatnonzero(within <= allowed)[-1]]) * self.width
        parts, arcs = [], []
        for k, (part, at) in enumerate(self.runner.each(near, *given, reach)):
            parts.append(part)
            arcs.append(at + self.arcs_before[k])
        return _joined(parts).instance(capacity, self.penalty, base), np.concatenate(arcs)


def _joined(parts: list[Block]) -> Block:
    lengths = np.concatenate([np.diff(part.start) for part in parts])
    return Block(
        np.concatenate([[0], np.cumsum(lengths)]),
        np.concatenate([part.place for part in parts]),
        np.concatenate([part.weight for part in parts]),
        np.concatenate([part.need for part in parts]),
        parts[0].by_pair,
    )


def solve_blocks(
    runner: Runner,
    capacity: FloatArray,
    *,
    penalty: float = 0.0,
    base: float = 0.0,
    settings: Settings | None = None,
    gap: float = 1e-4,
    deadline: float = np.inf,
    seed: int = 0,
) -> BlockAnswer:
    """Place the people of all blocks, at most one place each, with a bound proved over all arcs.

    capacity  (places, resources), inf where unlimited
    penalty, base  as in ``Instance``; ``deadline`` is on the clock of ``perf_counter``
    Raises PlacementError for blocks that contradict themselves, or where not even the best arc of
    everybody is allowed here (``Settings.near_most``).
    """
    settings = settings or Settings()
    dual = BlockDual(runner, capacity, penalty)
    now = time.perf_counter()
    half = now + (deadline - now) / 2
    prices = find_prices(dual, deadline=half, cooling=settings.cooling)
    best: tuple[float, Outcome, IntArray, Instance, IntArray] | None = None
    for _ in range(ROUNDS):
        small, arcs = dual.gather(prices.resources, capacity, base, settings)
        found, prices, tried = _small(dual, small, prices, gap, deadline, seed)
        value = float(small.weight[found.arcs].sum(dtype=np.float64)) + penalty * len(found.arcs)
        gained = best is None or value > best[0]
        if best is None or gained:
            best = (value, found, found.arcs, small, arcs)
        zero = penalty * small.agents - base
        closed = prices.bound - best[0] <= gap * max(abs(best[0] - zero), 1e-12)
        late = time.perf_counter() > deadline
        if closed or late or not tried or not gained:
            break
    assert best is not None
    value, found, chosen, small, arcs = best
    place = np.full(small.agents, -1, np.int64)
    place[np.searchsorted(small.start, chosen, side="right") - 1] = small.place[chosen]
    bound = prices.bound if len(arcs) < dual.whole.arcs else min(prices.bound, found.dual)
    outcome = replace(
        found,
        arcs=arcs[chosen],
        prices=prices.resources,
        dual=bound,
        by_prices=bound == prices.bound,
        timed_out=time.perf_counter() > deadline,
    )
    return BlockAnswer(dual.first, place, outcome, value, len(arcs), dual.whole.arcs, dual.steps)


def _small(
    dual: BlockDual, small: Instance, prices: Prices, gap: float, deadline: float, seed: int
) -> tuple[Outcome, Prices, bool]:
    """The near problem solved; the best prices over all arcs; whether its own were tried."""
    if not small.unit:
        own = Dual(small)
        found = household_outcome(small, own, prices, None, gap=gap, deadline=deadline, seed=seed)
        return found, prices, False
    done = solve_persons(small, gap=gap / 4, deadline=deadline, seed=seed)
    bound = dual.at(done.prices, done.rule_prices)
    if bound < prices.bound:
        prices = Prices(done.prices, done.rule_prices, bound)
    outcome = Outcome(
        done.arcs, done.prices, done.rule_prices, done.dual, True, done.rounds,
        f"prices by smoothing, {solver_name()} near them", done.timed_out,
    )  # fmt: skip
    return outcome, prices, True


def outcome_in_blocks(
    runner: Runner,
    instance: Instance,
    *,
    settings: Settings | None = None,
    gap: float,
    deadline: float,
    seed: int,
) -> Outcome:
    """The outcome of an instance whose arcs ``runner`` has in blocks, in the same order.

    Raises PlacementError where there are rules for groups, which the repair near the prices does
    not keep, or several places each.
    """
    if len(instance.rows.limit) or (instance.most > 1).any():
        raise PlacementError("in blocks: no rules for groups, and one place each")
    # Whoever is locked has no arcs, and owes no penalty.
    settled = instance.penalty * int((instance.most <= 0).sum())
    return solve_blocks(
        runner,
        instance.capacity,
        penalty=instance.penalty,
        base=instance.base + settled,
        settings=settings,
        gap=gap,
        deadline=deadline,
        seed=seed,
    ).outcome
