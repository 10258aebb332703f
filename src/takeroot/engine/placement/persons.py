"""One seat each, a million at a time, exactly: prices found on samples, proved on every pair.

1. Solve a sample of the agents with its share of the seats (``flow``) and take the least prices at
   which nobody would rather sit elsewhere (Shapley, Shubik, 1971).
2. Near those prices most agents have one pair that could be theirs. Solve a larger sample over the
   near pairs only, and so on, until everybody is in.
3. Price every pair. Where an agent would rather have a pair that was left out, add it and solve
   again near the new prices; where nobody would, the prices prove the optimum; and in any case
   they bound it.

Weights are whole numbers here, so that sums are exact and the proof has no tolerance.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..flow import NOBODY, best_flow
from .exchange import best_exchanges, least_prices
from .instance import FloatArray, Instance, IntArray, all_arcs_of, spans
from .problem import Floats

# Arcs of the first sample, and how many times more agents each next one has.
FIRST_ARCS = 300_000
GROWTH = 5
# Up to so many arcs their whole weights are kept; beyond, made again for each block.
KEPT_WHOLE = 8_000_000
# Arcs kept per agent around the prices of the sample before, and around nearly right ones.
NEAR, NEARER = 1.4, 1.2
# Rounds near the prices, after which all pairs are taken at once.
PATIENCE = 30
# A number this near to a whole one is one, written with decimals.
ALMOST = 1e-9
# Arcs kept per seat of a place.
ENOUGH = 1.3


@dataclass(frozen=True, eq=False)
class Solved:
    """Chosen arcs, ascending; prices (places, resources); a bound of the sum of weights."""

    arcs: IntArray
    prices: FloatArray
    rule_prices: FloatArray
    dual: float
    rounds: int
    timed_out: bool = False


class Whole:
    """The weights of an instance as whole numbers: ``scale`` of them are 1 in the scores."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        weight = instance.weight
        widest = float(np.abs(weight).max(initial=0.0))
        self.scale, self.rounding = _scale(instance, widest)
        self.penalty = round(instance.penalty * self.scale)
        small = len(weight) <= KEPT_WHOLE
        self._all = self._rounded(weight) if small else None

    def _rounded(self, weight: Floats) -> IntArray:
        scaled = weight.astype(np.float64)
        scaled *= self.scale
        whole = np.rint(scaled, out=scaled).astype(np.int64)
        whole += self.penalty
        return whole

    def at(self, arcs: IntArray) -> IntArray:
        if self._all is not None:
            return self._all[arcs]
        return self._rounded(self.instance.weight[arcs])


def _scale(instance: Instance, widest: float) -> tuple[float, float]:
    """A power of ten that makes all decimals whole, if sums stay exact; else a power of two.

    The flow multiplies weights by its number of nodes, and sums must stay within 63 bits. Also
    returned: by how much rounding can change one weight, in whole units.
    """
    top = widest + instance.penalty
    room = 2.0**60 / (max(top, 1e-300) * (instance.agents + instance.places + 2))
    first = -int(np.floor(np.log10(widest))) if widest > 0 else 0
    for digits in range(first, first + 8):
        if 10.0**digits > room:
            break
        changes = [_rounding(instance.weight[span], 10.0**digits) for span in _slices(instance)]
        if max(changes, default=0.0) < ALMOST:
            return 10.0**digits, max(changes, default=0.0)
    wanted = 2.0**40 if instance.penalty else 2.0**30
    return float(2.0 ** np.floor(np.log2(min(room, wanted / max(top, 1e-300))))), 0.5


def _rounding(weight: Floats, scale: float) -> float:
    scaled = weight.astype(np.float64) * scale
    return float(np.abs(scaled - np.rint(scaled)).max(initial=0.0))


def _slices(instance: Instance) -> Iterator[slice]:
    for first, last in spans(instance.start):
        yield slice(int(instance.start[first]), int(instance.start[last]))


def solve_persons(instance: Instance, *, gap: float, deadline: float, seed: int) -> Solved:
    """The best assignment with its prices. ``deadline`` is on the clock of ``perf_counter``."""
    whole = Whole(instance)
    seats = np.minimum(instance.capacity[:, 0], instance.agents).astype(np.int64)
    able = np.flatnonzero(np.diff(instance.start) > 0)
    prices: IntArray | None = None
    for sample in _samples(instance, able, seed):
        if prices is not None and time.perf_counter() > deadline:
            break
        share = _share(seats, len(sample) / max(1, len(able)), seed)
        prices = _solve(whole, _contest(whole, share, sample, prices, NEAR), share)[1]
    return _prove(whole, seats, able, prices, gap, deadline)


def _samples(instance: Instance, able: IntArray, seed: int) -> Iterator[IntArray]:
    """Growing samples of the agents that have a pair; everybody is left to ``_prove``."""
    turn = np.random.default_rng(seed).permutation(able)
    degree = len(instance.place) / max(1, len(able))
    size = int(FIRST_ARCS / max(degree, 1.0))
    while size * 2 < len(able):
        yield np.sort(turn[:size])
        size *= GROWTH


def _share(seats: IntArray, share: float, seed: int) -> IntArray:
    """The sample's share of the seats; what is left of a seat goes by chance, by ``seed``."""
    chance = np.random.default_rng(seed + 1).random(len(seats))
    return np.floor(seats * share + chance).astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Contest:
    """Arcs of some agents that are close enough to their best one to be theirs.

    agents  how many
    agent   (arcs,) position of each arc's agent among them
    arcs    (arcs,) positions in the instance
    sure    (agents,) those who have one arc here, and would lose much without it
    """

    agents: int
    agent: IntArray
    arcs: IntArray
    sure: npt.NDArray[np.bool_]


def _reach(slack: IntArray, agents: int, per_agent: float) -> int:
    """The slack within which there are so many arcs per agent."""
    kept = min(len(slack) - 1, int(per_agent * agents))
    reach: int = np.partition(slack, kept)[kept].item()
    return reach


def _solve(whole: Whole, contest: _Contest, seats: IntArray) -> tuple[IntArray, IntArray]:
    """The arc that each agent gets (an index into the contest's, or -1), and the least prices.

    Who is sure of a seat takes it beforehand, unless more are sure of a place than it has seats.
    """
    place = whole.instance.place[contest.arcs].astype(np.int32)
    sure = contest.sure[contest.agent]
    taken = np.bincount(place[sure], minlength=len(seats))
    sure &= (taken <= seats)[place]
    chosen = np.full(contest.agents, NOBODY, np.int64)
    chosen[contest.agent[sure]] = np.flatnonzero(sure)
    open_ = np.flatnonzero(~sure)
    who, agent = np.unique(contest.agent[open_], return_inverse=True)
    left = seats - np.bincount(place[sure], minlength=len(seats))
    agent, place, weight = agent.astype(np.int32), place[open_], whole.at(contest.arcs[open_])
    found = best_flow(agent, place, weight, len(who), left)
    chosen[who[found >= 0]] = open_[found[found >= 0]]
    sits = np.where(found >= 0, place[found], NOBODY) if len(place) else found
    worth = np.where(found >= 0, weight[found], 0) if len(place) else found
    gain = best_exchanges(agent, place, weight, sits, worth, len(seats))
    return chosen, least_prices(gain)


def _prove(
    whole: Whole,
    seats: IntArray,
    able: IntArray,
    prices: IntArray | None,
    gap: float,
    deadline: float,
) -> Solved:
    """Solve near the prices, price every pair, until none is wanted (or the gap is small)."""
    instance = whole.instance
    contest = _contest(whole, seats, able, prices, NEAR)
    dual, proof = 2**62, np.zeros(instance.places, np.int64)
    value, best = -1, np.empty(0, np.int64)
    rounds = 0
    while True:
        rounds += 1
        chosen, prices = _solve(whole, contest, seats)
        seated = chosen >= 0
        mine = contest.arcs[chosen[seated]]
        total = int(whole.at(mine).sum())
        if total > value:
            value, best = total, mine
        utility = np.zeros(instance.agents, np.int64)
        utility[able[seated]] = whole.at(mine) - prices[instance.place[mine]]
        wanted, over = _wanted(whole, able, prices, utility)
        over += int((prices * seats).sum())
        if over < dual:
            dual, proof = over, prices
        late = time.perf_counter() > deadline
        if dual - value <= gap * max(1, abs(value)) or late:
            return Solved(
                arcs=best,
                prices=proof[:, None] / whole.scale,
                rule_prices=np.zeros(0),
                dual=(dual + whole.rounding * len(able)) / whole.scale,
                rounds=rounds,
                timed_out=late and dual - value > gap * max(1, abs(value)),
            )
        if rounds >= PATIENCE:
            prices = None  # every pair at once: slow, and always the end
        contest = _contest(whole, seats, able, prices, NEARER, np.union1d(wanted, mine))


def _contest(
    whole: Whole,
    seats: IntArray,
    agents: IntArray,
    prices: IntArray | None,
    per_agent: float,
    extra: IntArray | None = None,
) -> _Contest:
    """Arcs of these agents near these prices (all of them at no prices), and others beside."""
    instance = whole.instance
    found = [] if extra is None else [extra]
    reach = None if prices is not None else 2**62
    if prices is None:
        prices = np.zeros(instance.places, np.int64)
    bests = np.zeros(len(agents), np.int64)
    count = np.zeros(instance.places, np.int64)
    for block in _blocks(instance, agents):
        best, slack = _slack(whole, block, prices)
        bests[block.first : block.first + len(best)] = best
        if reach is None:
            reach = _reach(slack, len(best), per_agent)
        near = block.arcs[slack <= reach]
        count += np.bincount(instance.place[near], minlength=len(count))
        found.append(near)
    short = count < np.minimum(ENOUGH * seats, len(agents))
    if short.any() and reach != 2**62:
        found.append(_nearest(whole, agents, prices, seats, short))
    arcs = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    who = np.searchsorted(instance.start, arcs, side="right") - 1
    agent = np.searchsorted(agents, who)
    sure = (np.bincount(agent, minlength=len(agents)) == 1) & (bests > (reach or 0))
    return _Contest(len(agents), agent, arcs, sure)


@dataclass(frozen=True, eq=False)
class _Block:
    """Some agents' arcs. ``first`` is the position of the first in the list; ``lengths`` each's.

    Every agent of a block has an arc, so that none of ``heads`` falls together with the next.
    """

    first: int
    arcs: IntArray
    heads: IntArray
    lengths: IntArray


def _blocks(instance: Instance, agents: IntArray) -> Iterator[_Block]:
    """Blocks of agents that have arcs, about a million arcs at a time."""
    lengths = np.diff(instance.start)[agents]
    upto = np.concatenate([[0], np.cumsum(lengths)])
    for first, last in spans(upto):
        heads = upto[first:last] - upto[first]
        arcs = all_arcs_of(instance.start, agents[first:last])
        yield _Block(first, arcs, heads, lengths[first:last])


def _slack(whole: Whole, block: _Block, prices: IntArray) -> tuple[IntArray, IntArray]:
    """What each agent of a block is left with at best, and how far each arc is from that."""
    left = whole.at(block.arcs) - prices[whole.instance.place[block.arcs]]
    best = np.maximum(np.maximum.reduceat(left, block.heads), 0)
    return best, np.repeat(best, block.lengths) - left


def _nearest(
    whole: Whole,
    agents: IntArray,
    prices: IntArray,
    seats: IntArray,
    short: npt.NDArray[np.bool_],
) -> IntArray:
    """The nearest arcs of places that too few agents are near to fill.

    Without them such a place would look empty, and worth nothing, to the smaller problem.
    """
    found, slacks = [], []
    for block in _blocks(whole.instance, agents):
        _, slack = _slack(whole, block, prices)
        here = short[whole.instance.place[block.arcs]]
        found.append(block.arcs[here])
        slacks.append(slack[here])
    arcs, slack = np.concatenate(found), np.concatenate(slacks)
    place = whole.instance.place[arcs]
    order = np.lexsort((slack, place))
    heads = np.flatnonzero(np.diff(place[order], prepend=-1))
    turn = np.arange(len(order)) - np.repeat(heads, np.diff(np.append(heads, len(order))))
    nearest: IntArray = arcs[order[turn < np.ceil(ENOUGH * seats[place[order]])]]
    return nearest


def _wanted(
    whole: Whole, able: IntArray, prices: IntArray, utility: IntArray
) -> tuple[IntArray, int]:
    """Arcs that an agent would rather have, and the sum of what each is left with at best."""
    found, total = [], 0
    for block in _blocks(whole.instance, able):
        best, slack = _slack(whole, block, prices)
        total += int(best.sum())
        own = utility[able[block.first : block.first + len(best)]]
        found.append(block.arcs[slack < np.repeat(best - own, block.lengths)])
    return np.concatenate(found) if found else np.empty(0, np.int64), total
