"""Who may go where: agents, places, what each agent needs and each place has, scores of pairs.

One shape for persons (each needs one seat), for households (persons by age, school seats,
bedrooms ...) and for people to people. Arrays, because a country has millions of pairs; frozen,
and checked when made: an error names what was found, where, and what was expected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Pair = tuple[str, str]
Measure = Literal["placed", "mean", "most_at"]


class PlacementError(ValueError):
    """A problem that contradicts itself; the message says what was found and where."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """The allowed pairs, agent after agent; a pair that is not listed is not allowed.

    start   (agents + 1,) where the pairs of each agent begin in the other arrays
    place   (pairs,) positions of places
    score   (pairs,) what the pair is worth, finite; whole numbers or not
    demand  (pairs, resources) what the pair takes, in place of the agent's own; or None
    """

    start: Ints
    place: Ints
    score: Floats
    demand: Floats | None = None

    @classmethod
    def of(
        cls,
        agent: Ints,
        place: Ints,
        score: Floats,
        agents: int,
        demand: Floats | None = None,
    ) -> Pairs:
        """From a list of pairs in any order: three arrays of one length."""
        if not len(agent) == len(place) == len(score):
            raise PlacementError("pairs: agent, place and score must have one length")
        if len(agent) and (int(agent.min()) < 0 or int(agent.max()) >= agents):
            raise PlacementError(f"pairs: agents lie between 0 and {agents - 1}")
        order = np.argsort(agent, kind="stable")
        start = np.zeros(agents + 1, np.int64)
        np.cumsum(np.bincount(agent, minlength=agents), out=start[1:])
        return cls(start, place[order], score[order], None if demand is None else demand[order])

    def of_agent(self, position: int) -> slice:
        """Where one agent's pairs stand."""
        return slice(int(self.start[position]), int(self.start[position + 1]))


@dataclass(frozen=True)
class Rule:
    """What a named group is owed.

    placed   at least this share (0 to 1) of the group's agents has a place
    mean     the mean score of the group is at least this, those without a place counting 0
    most_at  at most so many agents of the group at ``place``
    """

    group: str
    measure: Measure
    value: float
    place: str = ""


@dataclass(frozen=True, eq=False)
class PlacementProblem:
    """Find the set of pairs with the greatest total score.

    agents, places  ids, each once, in any order: it changes no answer
    demand          (agents, resources) what each agent takes, 0 or more; None is one seat each
    capacity        (places, resources) what each place has, 0 or more, inf where unlimited
    resources       their names
    groups          the group of each agent, "" for none; or nothing at all
    most            places that one agent may have at once (one household has one home: 1)
    least_score     pairs that score less are not proposed (with ``minimize``: more)
    minimize        scores are costs
    must_place      every agent must have a place
    unplaced_cost   what it costs to leave an agent without a place
    previous        what was decided before, for the harm check: pairs by id
    """

    agents: Sequence[str]
    places: Sequence[str]
    capacity: Floats
    pairs: Pairs
    demand: Floats | None = None
    resources: tuple[str, ...] = ("seats",)
    groups: Sequence[str] = ()
    locked: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()
    rules: tuple[Rule, ...] = ()
    most: int = 1
    least_score: float | None = None
    minimize: bool = False
    must_place: bool = False
    unplaced_cost: float = 0.0
    previous: tuple[Pair, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        _check_ids("agents", self.agents)
        _check_ids("places", self.places)
        self._check_shapes()
        _check_pairs(self)
        if self.most < 1:
            raise PlacementError(f"most: {self.most}, expected 1 or more")
        if self.most > 1 and (self.must_place or self.unplaced_cost):
            raise PlacementError("most: with several places each, nobody counts as unplaced")
        if not np.isfinite(self.unplaced_cost):
            raise PlacementError("unplaced_cost: expected a finite number")
        for name, pairs in (("locked", self.locked), ("forbidden", self.forbidden)):
            for agent, place in sorted(pairs):
                if agent not in self.agent_index or place not in self.place_index:
                    raise PlacementError(f"{name}: unknown pair ({agent!r}, {place!r})")
        for rule in self.rules:
            self._check_rule(rule)

    @cached_property
    def agent_index(self) -> dict[str, int]:
        """Position of each agent."""
        return {agent: i for i, agent in enumerate(self.agents)}

    @cached_property
    def place_index(self) -> dict[str, int]:
        """Position of each place."""
        return {place: j for j, place in enumerate(self.places)}

    def needs(self) -> Floats:
        """(agents, resources) what each agent takes."""
        if self.demand is None:
            return np.ones((len(self.agents), 1), np.float32)
        return self.demand

    def _check_shapes(self) -> None:
        n, m, r = len(self.agents), len(self.places), len(self.resources)
        if r == 0 or len(set(self.resources)) != r:
            raise PlacementError("resources: expected one name or more, each once")
        if self.capacity.shape != (m, r):
            raise PlacementError(f"capacity: expected {m} by {r}, found {self.capacity.shape}")
        if self.demand is None and r != 1:
            raise PlacementError("demand: with several resources every agent's need must be given")
        if self.demand is not None and self.demand.shape != (n, r):
            raise PlacementError(f"demand: expected {n} by {r}, found {self.demand.shape}")
        if self.groups and len(self.groups) != n:
            raise PlacementError("groups: expected one for each agent, or none at all")
        _check_amounts("capacity", self.capacity, self.places, self.resources, finite=False)
        if self.demand is not None:
            _check_amounts("demand", self.demand, self.agents, self.resources, finite=True)

    def _check_rule(self, rule: Rule) -> None:
        if rule.group not in set(self.groups):
            raise PlacementError(f"rules: no agent is in the group {rule.group!r}")
        if rule.measure == "most_at" and rule.place not in self.place_index:
            raise PlacementError(f"rules: unknown place {rule.place!r}")
        if not np.isfinite(rule.value) or (rule.measure == "placed" and not 0 <= rule.value <= 1):
            raise PlacementError(f"rules: {rule.measure} of {rule.group!r}: found {rule.value}")

    def without_rules(self) -> PlacementProblem:
        """The same problem with no rules: what the rules cost is the difference of the two."""
        return replace(self, rules=())


def _check_ids(name: str, ids: Sequence[str]) -> None:
    rising = all(a < b for a, b in pairwise(ids)) if all(map(_is_id, ids)) else False
    if rising:
        return  # a million ids in order need no set beside them
    if len(set(ids)) != len(ids):
        twice = min(value for value, count in Counter(ids).items() if count > 1)
        raise PlacementError(f"{name}: the id {twice!r} stands twice")
    for value in ids:
        if not _is_id(value):
            raise PlacementError(f"{name}: ids must be non-empty strings, found {value!r}")


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _check_amounts(
    name: str, table: Floats, ids: Sequence[str], resources: tuple[str, ...], *, finite: bool
) -> None:
    wrong = ~(table >= 0)
    if finite:
        wrong |= np.isinf(table)
    if wrong.any():
        i, r = np.argwhere(wrong)[0]
        raise PlacementError(
            f"{name} of {ids[i]!r}, {resources[r]!r}: found {table[i, r]}, expected 0 or more"
        )


def _check_pairs(problem: PlacementProblem) -> None:
    pairs, n, m = problem.pairs, len(problem.agents), len(problem.places)
    k = len(pairs.place)
    if len(pairs.start) != n + 1 or int(pairs.start[0]) != 0 or int(pairs.start[-1]) != k:
        raise PlacementError("pairs: start must have one entry more than there are agents")
    if (np.diff(pairs.start) < 0).any() or len(pairs.score) != k:
        raise PlacementError("pairs: start must not fall, place and score must have one length")
    if k and (int(pairs.place.min()) < 0 or int(pairs.place.max()) >= m):
        raise PlacementError(f"pairs: places lie between 0 and {m - 1}")
    if k and not np.isfinite([pairs.score.min(), pairs.score.max()]).all():
        raise PlacementError("pairs: scores must be finite numbers")
    if pairs.demand is not None:
        if pairs.demand.shape != (k, len(problem.resources)):
            raise PlacementError("pairs: demand must have a row for each pair")
        if not (pairs.demand >= 0).all() or np.isinf(pairs.demand).any():
            raise PlacementError("pairs: demand must be 0 or more")
    twice = _first_listed_twice(pairs)
    if twice is not None:
        agent, place = twice
        raise PlacementError(
            f"pairs: {problem.agents[agent]!r} with {problem.places[place]!r} is listed twice"
        )


def _first_listed_twice(pairs: Pairs, block: int = 10_000) -> tuple[int, int] | None:
    """Agents are looked at in blocks, so that a million of them need little memory."""
    agents = len(pairs.start) - 1
    for first in range(0, agents, block):
        last = min(first + block, agents)
        span = slice(int(pairs.start[first]), int(pairs.start[last]))
        place = pairs.place[span]
        agent = np.repeat(np.arange(last - first), np.diff(pairs.start[first : last + 1]))
        if len(place) > 1 and ((np.diff(place) > 0) | (np.diff(agent) > 0)).all():
            continue
        order = np.lexsort((place, agent))
        same = (np.diff(agent[order]) == 0) & (np.diff(place[order]) == 0)
        if same.any():
            at = order[np.flatnonzero(same)[0]]
            return first + int(agent[at]), int(place[at])
    return None
