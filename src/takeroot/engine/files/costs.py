"""What rules cost, how groups fare, and whether an answer does harm beside an earlier one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..placement import Pair, Params, PlacementProblem, Result, Rule, solve

# Less than this part of a value is rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class RuleCost:
    """What one rule costs: the value without it less the value with it (``minimize``: the other
    way). ``rule`` None stands for all rules together.

    reached      what the answer gives the group, in the rule's own measure
    uncertainty  both values are proved to within their bounds; the cost is known to within this
    """

    rule: Rule
    members: int
    reached: float
    cost: float
    uncertainty: float


@dataclass(frozen=True)
class GroupFigures:
    """How a group fares: ``mean`` score, those without a place counting 0."""

    group: str
    members: int
    placed: int
    mean: float


@dataclass(frozen=True)
class Harm:
    """An answer beside what was decided before, at the same scores.

    difference    value now less value before (``minimize``: the other way); below 0 is worse
    worse         whether the value is worse than before
    keeps_limits  whether what was decided before would be allowed by today's limits
    moved         agents whose places differ; better or worse off by their own score
    loses_place   had a place before, has none now
    """

    value_before: float
    difference: float
    worse: bool
    keeps_limits: bool
    moved: int
    better_off: int
    worse_off: int
    loses_place: tuple[str, ...]


def costs_of_rules(
    problem: PlacementProblem,
    result: Result,
    *,
    gap: float,
    seed: int,
    time_limit: float | None,
) -> tuple[list[RuleCost], float | None]:
    """Each rule's cost, and that of all together; each needs a solve of its own."""
    if not problem.rules or result.conflicts:
        return [], None
    members = members_of(problem)
    score = scores_of(problem, result.pairs)

    def cost_without(rules: tuple[Rule, ...]) -> tuple[float, float]:
        free = solve(
            replace(problem, rules=rules, previous=()),
            params=Params(compare=False), gap=gap, seed=seed, time_limit=time_limit,
        )  # fmt: skip
        cost = free.value - result.value
        slack = abs(free.bound - free.value) + abs(result.bound - result.value)
        return (-cost if problem.minimize else cost), slack

    costs = []
    for k, rule in enumerate(problem.rules):
        cost, slack = cost_without(problem.rules[:k] + problem.rules[k + 1 :])
        reached = _reached(rule, members[rule.group], score)
        costs.append(RuleCost(rule, len(members[rule.group]), reached, cost, slack))
    whole = costs[0].cost if len(costs) == 1 else cost_without(())[0]
    return costs, whole


def group_figures(problem: PlacementProblem, result: Result) -> list[GroupFigures]:
    """Each named group, by name."""
    if not problem.groups or result.conflicts:
        return []
    score = scores_of(problem, result.pairs)
    by_agent: dict[str, float] = defaultdict(float)
    for (agent, _place), value in score.items():
        by_agent[agent] += value
    return [
        GroupFigures(
            group,
            len(agents),
            sum(agent in by_agent for agent in agents),
            sum(by_agent.get(agent, 0.0) for agent in agents) / len(agents),
        )
        for group, agents in sorted(members_of(problem).items())
    ]


def harm_check(problem: PlacementProblem, result: Result) -> Harm | None:
    """The answer beside ``problem.previous``; None without one."""
    if not problem.previous or result.previous is None or result.conflicts:
        return None
    difference = result.value - result.previous
    if problem.minimize:
        difference = -difference
    before, after = _by_agent(problem.previous), _by_agent(result.pairs)
    old, new = scores_of(problem, problem.previous), scores_of(problem, result.pairs)
    sign = -1 if problem.minimize else 1
    moved = [agent for agent in sorted({*before, *after}) if before[agent] != after[agent]]
    kept = [agent for agent in moved if before[agent] and after[agent]]
    gains = []
    for agent in kept:
        now = sum(new[agent, place] for place in after[agent])
        gains.append(sign * (now - sum(old[agent, place] for place in before[agent])))
    lost = tuple(agent for agent in moved if before[agent] and not after[agent])
    return Harm(
        value_before=result.previous,
        difference=difference,
        worse=difference < -ROUNDING * max(1.0, abs(result.value)),
        keeps_limits=_keeps_limits(problem),
        moved=len(moved),
        better_off=sum(gain > 0 for gain in gains) + sum(1 for agent in moved if not before[agent]),
        worse_off=sum(gain < 0 for gain in gains) + len(lost),
        loses_place=lost,
    )


def members_of(problem: PlacementProblem) -> dict[str, list[str]]:
    """Agents by group; those in none are left out."""
    members: dict[str, list[str]] = defaultdict(list)
    for agent, group in zip(problem.agents, problem.groups, strict=False):
        if group:
            members[group].append(agent)
    return members


def arcs_of_pairs(problem: PlacementProblem, pairs: Iterable[Pair]) -> dict[Pair, int | None]:
    """Where each pair stands among the problem's pairs; None where it is not listed."""
    found: dict[Pair, int | None] = {}
    for agent, place in pairs:
        span = problem.pairs.of_agent(problem.agent_index[agent])
        hit = np.flatnonzero(problem.pairs.place[span] == problem.place_index[place])
        found[agent, place] = span.start + int(hit[0]) if len(hit) else None
    return found


def scores_of(problem: PlacementProblem, pairs: Iterable[Pair]) -> dict[Pair, float]:
    """The score of each pair; 0 where it is not listed."""
    return {
        pair: 0.0 if arc is None else float(problem.pairs.score[arc])
        for pair, arc in arcs_of_pairs(problem, pairs).items()
    }


def _by_agent(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for agent, place in pairs:
        found[agent].add(place)
    return found


def _reached(rule: Rule, members: list[str], score: dict[Pair, float]) -> float:
    own = set(members)
    if rule.measure == "most_at":
        return float(sum(agent in own and place == rule.place for agent, place in score))
    if rule.measure == "placed":
        return len({agent for agent, _ in score} & own) / len(members)
    return sum(value for (agent, _), value in score.items() if agent in own) / len(members)


def _keeps_limits(problem: PlacementProblem) -> bool:
    """Whether what was decided before is allowed, fits, and has one place for each."""
    used = np.zeros(problem.capacity.shape)
    needs = problem.needs()
    arcs = arcs_of_pairs(problem, problem.previous)
    for (agent, place), arc in arcs.items():
        if (arc is None or (agent, place) in problem.forbidden) and (
            (agent, place) not in problem.locked
        ):
            return False
        own = needs[problem.agent_index[agent]]
        if problem.pairs.demand is not None and arc is not None:
            own = problem.pairs.demand[arc]
        used[problem.place_index[place]] += own
    several = any(len(places) > problem.most for places in _by_agent(arcs).values())
    return not several and bool((used <= problem.capacity * (1 + 1e-12) + 1e-9).all())
