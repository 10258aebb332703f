"""Ranked lists of both sides as one table of acceptable pairs, every tie decided.

Each acceptable pair has two numbers: its *arc*, counted agent after agent from the agent's best
to its worst, and its *standing*, counted place after place from the place's best to its worst.
Comparing two choices of somebody is then comparing two whole numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .problem import Floats, Ints, Lists, StableProblem

IntArray = npt.NDArray[np.int64]
Int32Array = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Market:
    """Agents and places are positions of the problem.

    start      (agents + 1,) arcs of each agent, its best first
    place      (arcs,) places
    standing   (arcs,) the pair's standing
    begin      (places + 1,) standings of each place, its best first
    arc        (standings,) the pair's arc; ``agent`` (standings,) its agent
    lottery    (agents,) numbers drawn
    """

    start: IntArray
    place: Int32Array
    standing: Int32Array
    begin: IntArray
    arc: Int32Array
    agent: Int32Array
    lottery: IntArray
    tied_agents: int
    tied_places: int
    left: int
    one_sided: int


def make_market(problem: StableProblem, seed: int) -> Market:
    """Pairs that both sides rank, in both orders."""
    n, m = len(problem.agents), len(problem.places)
    rng = np.random.default_rng(seed)
    draw_agents, draw_places = _lottery(problem.agents, rng), _lottery(problem.places, rng)
    ours, theirs = problem.of_agents, problem.of_places
    own, entry = _mutual(ours, theirs, m)  # both sides' entries for each acceptable pair
    one_sided = len(ours) + len(theirs) - 2 * len(own)
    agent, place = ours.owner[own], ours.other[own]
    rank, tie = ours.rank[own], None if ours.tie is None else ours.tie[own]
    del own
    mine, tied_agents, left_agents = _ordered(agent, rank, tie, draw_places[place])
    agent, place, entry = agent[mine], place[mine], entry[mine]
    tie = None if theirs.tie is None else theirs.tie[entry]
    yours, tied_places, left_places = _ordered(place, theirs.rank[entry], tie, draw_agents[agent])
    standing = np.empty(len(yours), np.int32)
    standing[yours] = np.arange(len(yours), dtype=np.int32)
    return Market(
        start=_starts(agent, n),
        place=place.astype(np.int32),
        standing=standing,
        begin=_starts(place, m),
        arc=yours.astype(np.int32),
        agent=agent[yours].astype(np.int32),
        lottery=draw_agents,
        tied_agents=tied_agents,
        tied_places=tied_places,
        left=left_agents + left_places,
        one_sided=one_sided,
    )


def _lottery(ids: object, rng: np.random.Generator) -> IntArray:
    """A number for each, drawn in the order of the ids, so that the input's order is no matter."""
    names = np.array(ids, dtype=object)
    order = np.argsort(names, kind="stable") if len(names) else np.empty(0, np.int64)
    drawn = np.empty(len(names), np.int64)
    drawn[order] = rng.permutation(len(names))
    return drawn


def _mutual(ours: Lists, theirs: Lists, places: int) -> tuple[IntArray, IntArray]:
    """Entries of the agents and of the places that are about the same pair."""
    key = ours.owner.astype(np.int64) * places + ours.other
    back = theirs.other.astype(np.int64) * places + theirs.owner
    own, order = np.argsort(key), np.argsort(back)
    key, back = key[own], back[order]
    spot = np.searchsorted(back, key)
    there = spot < len(back)
    there[there] = back[spot[there]] == key[there]
    return own[there], order[spot[there]]


def _ordered(owner: Ints, rank: Floats, tie: Floats | None, drawn: Ints) -> tuple[Ints, int, int]:
    """Entries by owner, rank, tie, lottery; how many share a rank; how many the lottery split."""
    order = _sorted([owner, _codes(rank), *([] if tie is None else [_codes(tie)]), drawn])
    same = (np.diff(owner[order]) == 0) & (np.diff(rank[order]) == 0)
    tied = _in_groups(same)
    if tie is not None:
        same = same & (np.diff(tie[order]) == 0)
    return order, tied, _in_groups(same)


def _codes(values: Floats) -> IntArray:
    """Whole numbers from 0 in the order of the values, equal for equal ones."""
    if not len(values):
        return np.empty(0, np.int64)
    least, most = float(values.min()), float(values.max())
    if most - least < 2**20 and (values == np.rint(values)).all():
        return (values - least).astype(np.int64)
    order = np.argsort(values)
    codes = np.empty(len(values), np.int64)
    codes[order] = np.cumsum(np.diff(values[order], prepend=values[order[0]]) > 0)
    return codes


def _sorted(keys: list[Ints]) -> Ints:
    """Order by the first key, then the next ones: as one number where it fits, many times as
    fast as key by key. The last key differs wherever the others agree."""
    widths = [int(key.max(initial=0)) + 1 for key in keys]
    if math.prod(widths) >= 2**62:
        return np.lexsort(keys[::-1])
    one = keys[0].astype(np.int64)
    for key, width in zip(keys[1:], widths[1:], strict=True):
        one *= width
        one += key
    return np.argsort(one)


def _in_groups(same: npt.NDArray[np.bool_]) -> int:
    """How many stand beside one that equals them."""
    if not len(same):
        return 0
    return int((np.append(same, False) | np.insert(same, 0, False)).sum())


def _starts(owner: Ints, owners: int) -> IntArray:
    start = np.zeros(owners + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=owners), out=start[1:])
    return start
