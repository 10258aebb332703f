"""Small markets, made up, and every stable matching of a tiny one by trying everything."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from takeroot.engine.stable import Lists, StableProblem

Ranks = Mapping[str, Mapping[str, float]]


def lists_of(ranks: Ranks, owners: Sequence[str], others: Sequence[str]) -> Lists:
    entries = [
        (owners.index(a), others.index(b), value)
        for a, row in ranks.items()
        for b, value in row.items()
    ]
    table = np.array(entries, float).reshape(len(entries), 3)
    return Lists(table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2])


def problem_of(
    likes: Ranks,
    wants: Ranks,
    seats: Mapping[str, int],
    quota: Mapping[str, int] | None = None,
    agents: Sequence[str] = (),
) -> StableProblem:
    agents, places = list(agents) or list(likes), list(seats)
    return StableProblem(
        agents,
        places,
        lists_of(likes, agents, places),
        lists_of(wants, places, agents),
        np.array([seats[p] for p in places], int),
        None if quota is None else np.array([quota.get(p, 0) for p in places], int),
    )


def orders(*names: str) -> dict[str, float]:
    """Ranks 1, 2, 3 ... in the order given."""
    return {name: float(k) for k, name in enumerate(names, 1)}


def drawn(seed: int, *, ties: bool) -> tuple[Ranks, Ranks, dict[str, int]]:
    """Up to five agents and three places, incomplete lists, with ties or strict."""
    draw = random.Random(seed)
    agents = [f"a{i}" for i in range(draw.randint(1, 5))]
    places = [f"p{j}" for j in range(draw.randint(1, 3))]

    def some(names: list[str]) -> dict[str, float]:
        kept = [name for name in names if draw.random() < 0.85]
        draw.shuffle(kept)
        return {name: draw.randint(1, 2) if ties else k for k, name in enumerate(kept)}

    likes = {a: some(places) for a in agents}
    wants = {p: some(agents) for p in places}
    return likes, wants, {p: draw.randint(0, 2) for p in places}


def all_stable(likes: Ranks, wants: Ranks, seats: Mapping[str, int]) -> list[dict[str, str]]:
    """Every (weakly) stable matching, by the definition."""
    found = []
    for choice in product([None, *seats], repeat=len(likes)):
        at = {a: p for a, p in zip(likes, choice, strict=True) if p is not None}
        if any(p not in likes[a] or a not in wants[p] for a, p in at.items()):
            continue
        if any(sum(q == p for q in at.values()) > has for p, has in seats.items()):
            continue
        if not any(_blocks(a, p, at, likes, wants, seats) for a in likes for p in likes[a]):
            found.append(at)
    return found


def _blocks(
    a: str, p: str, at: Mapping[str, str], likes: Ranks, wants: Ranks, seats: Mapping[str, int]
) -> bool:
    if a not in wants[p] or (a in at and likes[a][at[a]] <= likes[a][p]):
        return False
    there = [b for b, q in at.items() if q == p]
    if len(there) < seats[p]:
        return True
    return any(wants[p][b] > wants[p][a] for b in there)
