"""A problem in canonical form, ready for arithmetic.

Ids are sorted, so that the order of the input changes no answer. Locked pairs are taken out with
what they use; pairs that can never be chosen are dropped; every score becomes a *weight*, what
choosing the pair adds to the value, so that solvers only ever maximize a sum of weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from .problem import Floats, Ints, Pairs, PlacementProblem, Rule

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rules as rows ``coefficient @ x <= limit`` over the arcs, at most 0 on the left if empty.

    coefficient  (rules, arcs), floats
    limit        (rules,)
    """

    coefficient: FloatArray
    limit: FloatArray


@dataclass(frozen=True, eq=False)
class Instance:
    """What solvers work on. Agents and places are positions in sorted order of their ids.

    order_agents  position in the problem of each agent here; ``order_places`` of each place
    start         (agents + 1,) arcs of each agent
    place         (arcs,) places
    weight        (arcs,) what choosing the arc adds to the value
    need          (agents, resources) or, if needs differ by pair, (arcs, resources)
    capacity      (places, resources) left beside the locks; inf where unlimited
    most          (agents,) places each may still have
    penalty       what a place is worth beside, where everybody must have one; else 0
    base          value of the locks, less what everybody would cost without a place
    sign          -1 where scores are costs
    """

    order_agents: IntArray
    order_places: IntArray
    start: IntArray
    place: npt.NDArray[np.integer[Any]]
    weight: Floats
    need: FloatArray
    by_pair: bool
    capacity: FloatArray
    most: IntArray
    penalty: float
    base: float
    sign: int
    rows: Rows
    locked_agent: IntArray
    locked_place: IntArray

    @property
    def agents(self) -> int:
        return len(self.order_agents)

    @property
    def places(self) -> int:
        return len(self.order_places)

    @property
    def unit(self) -> bool:
        """Whether each agent takes one seat of one resource, at most one, with no rules."""
        plain = self.capacity.shape[1] == 1 and not self.by_pair and not len(self.rows.limit)
        return plain and bool((self.need == 1).all()) and bool((self.most <= 1).all())

    def agent_of_arcs(self) -> npt.NDArray[np.int32]:
        return np.repeat(np.arange(self.agents, dtype=np.int32), np.diff(self.start))

    def need_of(self, arcs: IntArray, agent: Ints) -> FloatArray:
        """(arcs, resources) what some arcs take, given their agents."""
        return self.need[arcs] if self.by_pair else self.need[agent]

    def worth(self, arcs: IntArray) -> float:
        """Value of the answer that chooses these arcs, locks included, in the scores' units."""
        return self.sign * (self.base + float(self.weight[arcs].sum(dtype=np.float64)))

    def bound(self, dual: float) -> float:
        """A bound of the value, from a bound of the sum of weights."""
        if self.penalty:
            dual -= self.penalty * int((self.most > 0).sum())
        return self.sign * (self.base + dual)


def make_instance(problem: PlacementProblem) -> Instance:
    """The canonical form. The locks must not conflict with one another; see ``conflicts``."""
    order_a, order_p = _sorted_order(problem.agents), _sorted_order(problem.places)
    at_a, at_p = _inverse(order_a), _inverse(order_p)
    pairs = _in_order(problem.pairs, order_a, at_p)
    need = problem.needs().astype(np.float64)[order_a]
    locks = _take_locks(problem, pairs, need, at_a, at_p)
    capacity = problem.capacity.astype(np.float64)[order_p]
    np.subtract.at(capacity, locks.place, locks.need)
    most = np.full(len(order_a), problem.most, np.int64)
    np.subtract.at(most, locks.agent, 1)
    sign = -1 if problem.minimize else 1
    keep = np.ones(len(pairs.place), bool)
    keep[locks.arcs] = False
    keep[_arcs_of(pairs, problem.forbidden, problem, at_a, at_p)] = False
    for first, last in spans(pairs.start):
        _drop_unusable(problem, pairs, need, capacity, most, keep, first, last)
    if not keep.all():
        pairs = _kept(pairs, keep)
    weight: Floats = pairs.score
    if sign < 0 or problem.unplaced_cost:
        weight = sign * pairs.score.astype(np.float64) + problem.unplaced_cost
    penalty = _penalty(weight, len(order_p), problem.most) if problem.must_place else 0.0
    return Instance(
        order_agents=order_a,
        order_places=order_p,
        start=pairs.start.astype(np.int64),
        place=pairs.place,
        weight=weight,
        need=need if pairs.demand is None else pairs.demand.astype(np.float64),
        by_pair=pairs.demand is not None,
        capacity=capacity,
        most=most,
        penalty=penalty,
        base=sign * locks.score - problem.unplaced_cost * int((most == problem.most).sum()),
        sign=sign,
        rows=_rows(problem, order_a, at_p, pairs, sign),
        locked_agent=locks.agent,
        locked_place=locks.place,
    )


def spans(start: Ints, arcs: int = 1 << 19) -> list[tuple[int, int]]:
    """Ranges of agents with about so many arcs each: bounds the temporary memory."""
    cuts = [0]
    while cuts[-1] < len(start) - 1:
        upto = int(np.searchsorted(start, start[cuts[-1]] + arcs, side="right")) - 1
        cuts.append(min(max(upto, cuts[-1] + 1), len(start) - 1))
    return list(pairwise(cuts))


def all_arcs_of(start: Ints, agents: Ints) -> IntArray:
    """Positions of all arcs of some agents, agent after agent."""
    lengths = start[agents + 1] - start[agents]
    first = np.cumsum(lengths) - lengths
    arcs: IntArray = np.arange(int(lengths.sum())) + np.repeat(start[agents] - first, lengths)
    return arcs


@dataclass(frozen=True, eq=False)
class _Locks:
    """Locked pairs in canonical positions, what they score and need, and their arcs if listed."""

    agent: IntArray
    place: IntArray
    need: FloatArray
    score: float
    arcs: IntArray


def _take_locks(
    problem: PlacementProblem, pairs: Pairs, need: FloatArray, at_a: IntArray, at_p: IntArray
) -> _Locks:
    chosen = sorted(problem.locked)
    agent = np.array([at_a[problem.agent_index[a]] for a, _ in chosen], np.int64)
    place = np.array([at_p[problem.place_index[p]] for _, p in chosen], np.int64)
    arcs, score, needs = [], 0.0, need[agent].copy()
    for k, (i, j) in enumerate(zip(agent, place, strict=True)):
        span = pairs.of_agent(int(i))
        hit = np.flatnonzero(pairs.place[span] == j)
        if len(hit):
            arcs.append(span.start + int(hit[0]))
            score += float(pairs.score[arcs[-1]])
            if pairs.demand is not None:
                needs[k] = pairs.demand[arcs[-1]]
    return _Locks(agent, place, needs, score, np.array(arcs, np.int64))


def _arcs_of(
    pairs: Pairs,
    wanted: frozenset[tuple[str, str]],
    problem: PlacementProblem,
    at_a: IntArray,
    at_p: IntArray,
) -> IntArray:
    found = []
    for a, p in sorted(wanted):
        span = pairs.of_agent(int(at_a[problem.agent_index[a]]))
        hit = np.flatnonzero(pairs.place[span] == at_p[problem.place_index[p]])
        found.extend(span.start + hit)
    return np.array(found, np.int64)


def _drop_unusable(
    problem: PlacementProblem,
    pairs: Pairs,
    need: FloatArray,
    capacity: FloatArray,
    most: IntArray,
    keep: npt.NDArray[np.bool_],
    first: int,
    last: int,
) -> None:
    """Clear ``keep`` for pairs of some agents that no answer can hold or would want."""
    span = slice(int(pairs.start[first]), int(pairs.start[last]))
    agent = np.repeat(np.arange(first, last), np.diff(pairs.start[first : last + 1]))
    place, score = pairs.place[span], pairs.score[span]
    sign = -1 if problem.minimize else 1
    kept = keep[span]
    kept &= most[agent] > 0
    if problem.least_score is not None:
        kept &= sign * score >= sign * problem.least_score
    # A pair worth less than staying out serves only where somebody is owed a place.
    owed = problem.must_place or any(rule.measure == "placed" for rule in problem.rules)
    if not owed:
        kept &= sign * score + problem.unplaced_cost > 0
    for r in range(capacity.shape[1]):
        takes = need[agent, r] if pairs.demand is None else pairs.demand[span, r]
        kept &= takes <= capacity[place, r]


def _kept(pairs: Pairs, keep: npt.NDArray[np.bool_]) -> Pairs:
    before = np.concatenate([[0], np.cumsum(keep)])
    demand = None if pairs.demand is None else pairs.demand[keep]
    return Pairs(before[pairs.start], pairs.place[keep], pairs.score[keep], demand)


def _sorted_order(ids: object) -> IntArray:
    names: list[str] = list(ids)  # type: ignore[call-overload]
    if all(a < b for a, b in pairwise(names)):
        return np.arange(len(names))
    return np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)


def _inverse(order: IntArray) -> IntArray:
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    return position


def _in_order(pairs: Pairs, order_a: IntArray, at_p: IntArray) -> Pairs:
    """Pairs by canonical agent, then canonical place; the given ones if they stand so already."""
    same_places = bool((at_p == np.arange(len(at_p))).all())
    same_agents = bool((order_a == np.arange(len(order_a))).all())
    place = pairs.place if same_places else at_p.astype(np.int32)[pairs.place]
    if same_agents and _ascending(pairs.start, place):
        return Pairs(pairs.start, place, pairs.score, pairs.demand)
    lengths = np.diff(pairs.start)[order_a]
    start = np.concatenate([[0], np.cumsum(lengths)])
    arcs = all_arcs_of(pairs.start, order_a)
    agent = np.repeat(np.arange(len(order_a), dtype=np.int32), lengths)
    arcs = arcs[np.lexsort((place[arcs], agent))]
    demand = None if pairs.demand is None else pairs.demand[arcs]
    return Pairs(start, place[arcs], pairs.score[arcs], demand)


def _ascending(start: Ints, place: Ints) -> bool:
    for first, last in spans(start):
        span = slice(int(start[first]), int(start[last]))
        rising = np.diff(place[span]) > 0
        heads = (start[first + 1 : last] - start[first]).astype(np.int64) - 1
        rising[heads[(heads >= 0) & (heads < len(rising))]] = True
        if not rising.all():
            return False
    return True


def _penalty(weight: Floats, places: int, most: int) -> float:
    """More than any chain of exchanges can lose, so that a place for everyone comes first."""
    if not len(weight):
        return 1.0
    width = max(0.0, float(weight.max())) - min(0.0, float(weight.min())) or 1.0
    return width * (2 * places + 2) * most


def _rows(
    problem: PlacementProblem, order_a: IntArray, at_p: IntArray, pairs: Pairs, sign: int
) -> Rows:
    rows, limits = [], []
    for rule in problem.rules:
        group = np.array([problem.groups[i] == rule.group for i in order_a])
        agent = np.repeat(np.arange(len(order_a)), np.diff(pairs.start))
        row, limit = _row(rule, group, agent, pairs, sign)
        if rule.measure == "most_at":
            row = np.where(pairs.place == at_p[problem.place_index[rule.place]], row, 0.0)
        held = _held(problem, rule)
        rows.append(row)
        limits.append(limit - held if rule.measure == "most_at" else limit + held)
    shape = (len(rows), len(pairs.place))
    return Rows(np.array(rows, np.float64).reshape(shape), np.array(limits, np.float64))


def _row(
    rule: Rule, group: npt.NDArray[np.bool_], agent: IntArray, pairs: Pairs, sign: int
) -> tuple[FloatArray, float]:
    mine = group[agent].astype(np.float64)
    if rule.measure == "most_at":
        return mine, rule.value
    if rule.measure == "placed":
        return -mine, -rule.value * float(group.sum())
    return -sign * mine * pairs.score, -sign * rule.value * float(group.sum())


def _held(problem: PlacementProblem, rule: Rule) -> float:
    """What the locked pairs contribute to a rule."""
    held = 0.0
    sign = -1 if problem.minimize else 1
    for agent, place in sorted(problem.locked):
        i, j = problem.agent_index[agent], problem.place_index[place]
        if problem.groups[i] != rule.group:
            continue
        if rule.measure == "mean":
            span = problem.pairs.of_agent(i)
            hit = np.flatnonzero(problem.pairs.place[span] == j)
            held += sign * float(problem.pairs.score[span][hit[0]]) if len(hit) else 0.0
        elif rule.measure == "placed" or place == rule.place:
            held += 1.0
    return held
