"""Small problems by chance, and a few with known answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from takeroot.engine.placement import Pairs, PlacementProblem, Rule

RESOURCES = ("persons", "school seats", "bedrooms")


def problem_of(
    scores: dict[tuple[str, str], float],
    capacity: dict[str, Any],
    *,
    demand: dict[str, Any] | None = None,
    **more: Any,
) -> PlacementProblem:
    """A problem from dictionaries: scores by pair, capacity by place, demand by agent."""
    agents = sorted({a for a, _ in scores} | set(demand or {}))
    places = list(capacity)
    pairs = sorted(scores, key=lambda pair: (agents.index(pair[0]), places.index(pair[1])))
    table = np.array([np.atleast_1d(capacity[p]) for p in places], float)
    names = RESOURCES[: table.shape[1]] if table.shape[1] > 1 else ("seats",)
    return PlacementProblem(
        agents=agents,
        places=places,
        capacity=table,
        pairs=Pairs.of(
            np.array([agents.index(a) for a, _ in pairs], int),
            np.array([places.index(p) for _, p in pairs], int),
            np.array([scores[pair] for pair in pairs], float),
            len(agents),
        ),
        demand=None if demand is None else np.array([demand[a] for a in agents], float),
        resources=more.pop("resources", names),
        **more,
    )


@st.composite
def problems(draw: st.DrawFn, *, unit: bool | None = None) -> PlacementProblem:
    """Up to 7 agents and 4 places: ties, zeros, negatives, locks, bans, rules, costs, groups."""
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    one_seat = draw(st.booleans()) if unit is None else unit
    r = 1 if one_seat else draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    allowed = rng.random((n, m)) < draw(st.sampled_from([0.3, 0.7, 1.0]))
    agent, place = np.nonzero(allowed)
    kinds = [rng.integers(-2, 6, len(agent)) * 1.0, rng.random(len(agent)).round(3)]
    score = kinds[draw(st.integers(0, 1))] * draw(st.sampled_from([1.0, 1000.0, 0.001]))
    demand = None if one_seat else rng.integers(0, 4, (n, r)).astype(float)
    capacity = rng.integers(0, 4 if one_seat else 9, (m, r)).astype(float)
    capacity[rng.random((m, r)) < 0.1] = np.inf
    by_pair = None
    if not one_seat and draw(st.booleans()):
        by_pair = rng.integers(0, 4, (len(agent), r)).astype(float)
    agents = tuple(f"a{i}" for i in rng.permutation(n))
    places = tuple(f"p{j}" for j in rng.permutation(m))
    chance = rng.random((n, m))
    everyone = [(agents[i], places[j]) for i in range(n) for j in range(m)]
    locks = draw(st.sampled_from([0.0, 0.0, 0.08]))
    cost = draw(st.sampled_from(["free", "cost", "must"]))
    groups = tuple("ab"[k] for k in rng.integers(0, 2, n))
    rules: tuple[Rule, ...] = ()
    if draw(st.integers(0, 4)) == 0:
        measure = draw(st.sampled_from(["placed", "mean", "most_at"]))
        value = {"placed": 0.5, "mean": float(np.abs(score).mean() if len(score) else 0) / 3}
        rules = (Rule(groups[0], measure, value.get(measure, 1.0), places[0]),)
    return PlacementProblem(
        agents=agents,
        places=places,
        capacity=capacity,
        pairs=Pairs.of(agent, place, score, n, by_pair),
        demand=demand,
        resources=("seats",) if one_seat else RESOURCES[:r],
        groups=groups,
        rules=rules,
        locked=frozenset(p for p, c in zip(everyone, chance.ravel(), strict=True) if c < locks),
        forbidden=frozenset(p for p, c in zip(everyone, chance.ravel(), strict=True) if c > 0.93),
        minimize=draw(st.booleans()),
        must_place=cost == "must",
        unplaced_cost=float(np.abs(score).max(initial=1.0)) / 2 if cost == "cost" else 0.0,
        least_score=draw(
            st.sampled_from([None, None, float(np.median(score)) if len(score) else 0.0])
        ),
    )
