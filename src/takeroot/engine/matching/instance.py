"""A problem put in canonical order, locks taken out, made ready for arithmetic.

Agents and places are sorted by id, so that the order of the input cannot change an answer. What
remains is a matrix (or arcs) of usable scores: -1 where a pair must not be proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .problem import ArcScores, AssignmentProblem, DenseScores
from .result import Conflict

Ints = npt.NDArray[np.int64]

# Rows of a dense matrix looked at together: bounds the temporary memory.
BLOCK = 512
# One row or column in so many is looked at to find a threshold.
SAMPLED = 8
# Doubles hold whole numbers exactly up to here, and scipy's solver computes in doubles.
EXACT = 2**53


class Usable(Protocol):
    """Usable scores by pair; positions are canonical, ``key`` is agent * places + place."""

    def best_arcs(self, per_agent: int, per_seat: int, seats: Ints, seed: int) -> Ints:
        """Keys of the best places of each agent and the best agents of each seat."""

    def all_arcs(self, limit: int) -> Ints | None:
        """Keys of every usable pair, or None when they are more than ``limit``."""

    def scores_of(self, keys: Ints) -> Ints:
        """Scores of pairs, -1 where not usable."""

    def close_pairs(self, prices: Ints, least: Ints) -> Ints:
        """Keys with score >= least[agent] + prices[place], in whole score points."""


class DenseUsable:
    """Usable scores as a matrix."""

    def __init__(self, matrix: npt.NDArray[Any]) -> None:
        self.matrix = matrix  # int16 where scores fit, else int32

    def all_arcs(self, limit: int) -> Ints | None:
        n, m = self.matrix.shape
        if n * m > limit * 20 or np.count_nonzero(self.matrix > 0) > limit:
            return None
        return np.flatnonzero(self.matrix.ravel() > 0).astype(np.int64)

    def best_arcs(self, per_agent: int, per_seat: int, seats: Ints, seed: int) -> Ints:
        n, m = self.matrix.shape
        per_place = min(per_seat * max(1, int(np.ceil(seats.mean()))), n)
        found = self._above_thresholds(min(per_agent, m), per_place, seed)
        if found is None:
            found = self._exactly_best(min(per_agent, m), per_place, seed)
        return found

    def _above_thresholds(self, per_agent: int, per_place: int, seed: int) -> Ints | None:
        """About so many, by thresholds read off a sample; None where ties make it far too many.

        To compare with a threshold takes a tenth of the time of picking the best exactly, and
        pricing adds what was missed.
        """
        n, m = self.matrix.shape
        if min(n, m) < 64 * SAMPLED:
            return None
        chance = np.random.default_rng(seed)
        columns = chance.permutation(m)[: m // SAMPLED]
        rows = chance.permutation(n)[: n // SAMPLED]
        k = max(1, round(per_agent / SAMPLED))
        low = -np.partition(-self.matrix[:, columns], k - 1, axis=1)[:, k - 1]
        k = max(1, round(per_place / SAMPLED))
        low_p = -np.partition(-self.matrix[rows].T, k - 1, axis=1)[:, k - 1]
        parts = []
        for start in range(0, n, BLOCK):
            block = self.matrix[start : start + BLOCK]
            near = (block >= low[start : start + BLOCK, None]) | (block >= low_p)
            parts.append(np.flatnonzero(near.ravel()).astype(np.int64) + start * m)
        keys = np.concatenate(parts)
        if len(keys) > 3 * (n * per_agent + m * per_place):
            return None
        return keys[self.scores_of(keys) > 0]

    def _exactly_best(self, per_agent: int, per_place: int, seed: int) -> Ints:
        n, m = self.matrix.shape
        # Whole scores tie often. A seeded jitter below one point spreads the arcs kept over the
        # tied places, else everybody would keep the same few.
        jitter = np.random.default_rng(seed).integers(0, 16, (n, m), dtype=np.int8)
        wide = self.matrix.max(initial=0) > 2000
        ranked: npt.NDArray[Any] = self.matrix.astype(np.int32 if wide else np.int16)
        ranked = ranked * -16 - jitter
        rows = np.arange(n, dtype=np.int64)[:, None] * m
        keys = [(rows + np.argpartition(ranked, per_agent - 1, axis=1)[:, :per_agent]).ravel()]
        columns = np.ascontiguousarray(ranked.T)
        best = np.argpartition(columns, per_place - 1, axis=1)[:, :per_place].astype(np.int64)
        keys.append((best * m + np.arange(m, dtype=np.int64)[:, None]).ravel())
        found = np.unique(np.concatenate(keys))
        return found[self.scores_of(found) > 0]

    def scores_of(self, keys: Ints) -> Ints:
        return self.matrix.ravel()[keys].astype(np.int64)

    def close_pairs(self, prices: Ints, least: Ints) -> Ints:
        n, m = self.matrix.shape
        found = []
        kind = np.int32 if max(prices.max(initial=0), least.max(initial=0)) > 8000 else np.int16
        price: npt.NDArray[Any] = prices.astype(kind)
        floor: npt.NDArray[Any] = least.astype(kind)
        for start in range(0, n, BLOCK):
            block = self.matrix[start : start + BLOCK]
            near = block - price >= floor[start : start + BLOCK, None]
            near &= block > 0
            found.append(np.flatnonzero(near.ravel()).astype(np.int64) + start * m)
        return np.concatenate(found) if found else np.empty(0, np.int64)


class SparseUsable:
    """Usable scores as sorted keys."""

    def __init__(self, keys: Ints, scores: Ints, places: int) -> None:
        order = np.argsort(keys, kind="stable")
        usable = scores[order] > 0
        self.keys, self.scores, self.places = keys[order][usable], scores[order][usable], places

    def all_arcs(self, limit: int) -> Ints | None:
        return self.keys if len(self.keys) <= limit else None

    def best_arcs(self, per_agent: int, per_seat: int, seats: Ints, seed: int) -> Ints:
        jitter = np.random.default_rng(seed).random(len(self.keys))
        agent, place = self.keys // self.places, self.keys % self.places
        kept = [
            _first_of_each(agent, self.scores + jitter, np.full(len(agent), per_agent)),
            _first_of_each(place, self.scores + jitter, per_seat * seats[place]),
        ]
        return self.keys[np.unique(np.concatenate(kept))]

    def scores_of(self, keys: Ints) -> Ints:
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        return np.where(self.keys[at] == keys, self.scores[at], -1)

    def close_pairs(self, prices: Ints, least: Ints) -> Ints:
        agent, place = self.keys // self.places, self.keys % self.places
        return self.keys[self.scores - prices[place] >= least[agent]]


def _first_of_each(group: Ints, value: npt.NDArray[np.float64], count: Ints) -> Ints:
    """Positions of the ``count`` largest values in each group."""
    order = np.lexsort((-value, group))
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    within = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return order[within < count[order]]


@dataclass(frozen=True, eq=False)
class Instance:
    """The canonical form: ids sorted, locked pairs and their seats taken out."""

    agents: tuple[str, ...]
    places: tuple[str, ...]
    seats: Ints  # left after locks
    usable: Usable
    ranks: Ints  # 0 for locked agents; longest waiting highest
    scale: int  # one score point in the solver's units
    locked: tuple[tuple[str, str], ...]
    locked_value: int

    def weights(self, keys: Ints) -> Ints:
        """Weights the solver maximizes: scale * score + rank of the agent.

        Exactness. With k free agents the ranks of any assignment sum to less than scale / 2 (see
        ``scale_and_ranks``), so a total greater by one point outweighs all ranks together, and of
        equal totals the one whose agents waited longest weighs most. Every sum the solver forms
        lies below ``EXACT``, so doubles lose nothing; and the certificate is checked in integers.
        """
        return self.usable.scores_of(keys) * self.scale + self.ranks[keys // len(self.places)]


def find_conflicts(problem: AssignmentProblem) -> tuple[Conflict, ...]:
    """Smallest sets of locks that cannot hold together, sorted."""
    found: list[Conflict] = []
    by_agent: dict[str, list[tuple[str, str]]] = {}
    by_place: dict[str, list[tuple[str, str]]] = {}
    for pair in sorted(problem.locked):
        by_agent.setdefault(pair[0], []).append(pair)
        by_place.setdefault(pair[1], []).append(pair)
        if pair in problem.forbidden:
            found.append(Conflict("locked_and_forbidden", (pair,)))
    for pairs in by_agent.values():
        if len(pairs) > 1:
            found.append(Conflict("locked_twice", tuple(pairs[:2])))
    for place, pairs in by_place.items():
        capacity = problem.capacities[problem.place_index[place]]
        if len(pairs) > capacity:
            found.append(Conflict("over_capacity", tuple(pairs[: capacity + 1]), capacity))
    return tuple(found)


def score_of(problem: AssignmentProblem, agent: str, place: str) -> int:
    """The score of one pair, allowed or not; 0 where no score was given."""
    i, j = problem.agent_index[agent], problem.place_index[place]
    scores = problem.scores
    if isinstance(scores, DenseScores):
        return int(scores.values[i, j])
    at = np.flatnonzero((scores.agent == i) & (scores.place == j))
    return int(scores.score[at[0]]) if len(at) else 0


def make_instance(problem: AssignmentProblem) -> Instance:
    """Sort, take locks out, mark what must not be proposed. The locks must not conflict."""
    order_a = np.array(sorted(range(len(problem.agents)), key=problem.agents.__getitem__), int)
    order_p = np.array(sorted(range(len(problem.places)), key=problem.places.__getitem__), int)
    seats = np.array(problem.capacities, np.int64)[order_p]
    position_a = np.empty(len(order_a), np.int64)
    position_a[order_a] = np.arange(len(order_a))
    position_p = np.empty(len(order_p), np.int64)
    position_p[order_p] = np.arange(len(order_p))

    locked = tuple(sorted(problem.locked))
    taken = np.zeros(len(order_a), bool)
    for agent, place in locked:
        taken[position_a[problem.agent_index[agent]]] = True
        seats[position_p[problem.place_index[place]]] -= 1
    banned = [
        (int(position_a[problem.agent_index[a]]), int(position_p[problem.place_index[p]]))
        for a, p in problem.forbidden
    ]
    if isinstance(problem.scores, DenseScores):
        usable: Usable = _dense(problem, problem.scores, order_a, order_p, seats, taken, banned)
    else:
        usable = _sparse(problem, problem.scores, position_a, position_p, seats, taken, banned)
    top = _largest(problem)
    scale, ranks = scale_and_ranks(problem, order_a, taken, int(seats.sum()), top)
    return Instance(
        agents=tuple(problem.agents[i] for i in order_a),
        places=tuple(problem.places[j] for j in order_p),
        seats=seats,
        usable=usable,
        ranks=ranks,
        scale=scale,
        locked=locked,
        locked_value=sum(score_of(problem, a, p) for a, p in locked),
    )


def _largest(problem: AssignmentProblem) -> int:
    scores = problem.scores
    values = scores.values if isinstance(scores, DenseScores) else scores.score
    return max(1, int(values.max())) if values.size else 1


def _dense(
    problem: AssignmentProblem,
    scores: DenseScores,
    order_a: Ints,
    order_p: Ints,
    seats: Ints,
    taken: npt.NDArray[np.bool_],
    banned: list[tuple[int, int]],
) -> DenseUsable:
    values, causes = scores.values, scores.causes
    if not _is_sorted(order_a) or not _is_sorted(order_p):
        values = values[order_a][:, order_p]
        causes = None if causes is None else causes[order_a][:, order_p]
    wide = _largest(problem) > 2000
    matrix: npt.NDArray[Any] = values.astype(np.int32 if wide else np.int16)
    np.putmask(matrix, values < max(1, problem.least_quality), -1)
    if causes is not None:
        np.putmask(matrix, causes != 0, -1)
    matrix[taken, :] = -1
    matrix[:, seats <= 0] = -1
    for i, j in banned:
        matrix[i, j] = -1
    return DenseUsable(matrix)


def _sparse(
    problem: AssignmentProblem,
    scores: ArcScores,
    position_a: Ints,
    position_p: Ints,
    seats: Ints,
    taken: npt.NDArray[np.bool_],
    banned: list[tuple[int, int]],
) -> SparseUsable:
    places = len(problem.places)
    agent, place = position_a[scores.agent], position_p[scores.place]
    value = scores.score.astype(np.int64)
    keys = agent * places + place
    usable = (value >= max(1, problem.least_quality)) & ~taken[agent] & (seats[place] > 0)
    usable &= ~np.isin(keys, np.array([i * places + j for i, j in banned], np.int64))
    return SparseUsable(keys[usable], value[usable], places)


def _is_sorted(order: Ints) -> bool:
    return bool((np.diff(order) > 0).all())


def scale_and_ranks(
    problem: AssignmentProblem,
    order_a: Ints,
    taken: npt.NDArray[np.bool_],
    seats: int,
    top: int,
) -> tuple[int, Ints]:
    """One score point in solver units, and each free agent's rank by waiting, then id.

    Ranks run from 1 to L, and scale is a power of two above twice the sum of k ranks. A path of
    the solver changes at most 2 * min(k, seats) + 2 weights, each at most top * scale + L; L is k
    where that stays below EXACT, else fewer levels (neighbours in waiting then share one), down to
    none.
    """
    free = np.flatnonzero(~taken)
    k = len(free)
    waiting = np.array(problem.waiting or [0] * len(order_a), np.int64)[order_a]
    order = free[np.lexsort((-free, waiting[free]))]  # shortest first; of equals, the last id
    path = 2 * min(k, max(seats, 0)) + 2
    levels = k
    while levels:
        scale = 1 << (2 * k * levels).bit_length()
        if path * (top * scale + levels) < EXACT:
            break
        levels //= 2
    ranks = np.zeros(len(order_a), np.int64)
    if not levels:
        return 1, ranks
    ranks[order] = 1 + np.arange(k, dtype=np.int64) * levels // max(k, 1)
    return scale, ranks
