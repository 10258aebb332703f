"""What simpler ways would be worth: each in turn its best free place; what was decided before."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .instance import Instance
from .problem import Pair, PlacementProblem


def greedy_value(problem: PlacementProblem, instance: Instance) -> float:
    """Value of giving each agent, by id, the best place that still has room; locks first."""
    room = instance.capacity.tolist()
    resources = range(instance.capacity.shape[1])
    place, weight = instance.place.tolist(), instance.weight
    start = instance.start.tolist()
    total, placed = 0.0, 0
    for agent in range(instance.agents):
        first, last = start[agent], start[agent + 1]
        taken = 0
        for k in np.argsort(-weight[first:last], kind="stable").tolist():
            if taken >= instance.most[agent]:
                break
            arc = first + k
            here = room[place[arc]]
            needs = instance.need[arc if instance.by_pair else agent].tolist()
            if all(needs[r] <= here[r] for r in resources):
                for r in resources:
                    here[r] -= needs[r]
                total += float(weight[arc])
                taken += 1
        placed += taken
    return instance.sign * (instance.base + total)


def value_of(problem: PlacementProblem, pairs: Iterable[Pair]) -> float:
    """Value of given pairs at this problem's scores; a pair that has none scores 0."""
    chosen = set(pairs)
    total, placed = 0.0, set()
    for agent, place in sorted(chosen):
        i, j = problem.agent_index.get(agent), problem.place_index.get(place)
        if i is None or j is None:
            continue
        placed.add(agent)
        span = problem.pairs.of_agent(i)
        hit = np.flatnonzero(problem.pairs.place[span] == j)
        total += float(problem.pairs.score[span][hit[0]]) if len(hit) else 0.0
    cost = problem.unplaced_cost * (len(problem.agents) - len(placed))
    return total + cost if problem.minimize else total - cost
