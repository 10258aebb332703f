"""Streams for tests: small enough to enumerate, or a short made-up year."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from takeroot.engine.arrivals import Households, Places, Stream
from takeroot.engine.arrivals.policies import POLICIES, Policy

NAN = float("nan")


def people(
    scores: list[list[float]],
    demand: list[list[float]] | None = None,
    batch: list[int] | None = None,
    name: str = "h",
    batches: int = 0,
    columns: int = 0,
) -> Households:
    """Households h0, h1, ..., by default of one unit each and one to a batch."""
    n = len(scores)
    width = len(scores[0]) if scores else columns
    return Households(
        ids=tuple(f"{name}{i}" for i in range(n)),
        demand=np.array(demand if demand is not None else [[1.0]] * n, float).reshape(n, -1)
        if n
        else np.empty((0, 1)),
        scores=np.array(scores, float).reshape(n, width),
        batch=np.array(batch if batch is not None else range(n), np.int64),
        batches=batches,
    )


def year(
    now: Households, last: Households, capacities: list[list[float]], expected: int = 0
) -> Stream:
    """Places p0, p1, ... with resources r0, r1, ..."""
    given = np.array(capacities, float)
    names = tuple(f"r{k}" for k in range(given.shape[1]))
    places = Places(tuple(f"p{j}" for j in range(len(given))), names, given)
    return Stream(places, now, last, expected)


def best_by_enumeration(stream: Stream) -> float:
    """The greatest value of any choice of all households."""
    now, capacities = stream.households, stream.places.capacities
    best = 0.0
    for choice in itertools.product(range(-1, len(capacities)), repeat=len(now)):
        used = np.zeros(capacities.shape)
        value = 0.0
        for i, j in enumerate(choice):
            if j >= 0:
                used[j] += now.demand[i]
                value += now.scores[i, j]
        if not np.isnan(value) and (used <= capacities).all():
            best = max(best, value)
    return best


@st.composite
def small_years(draw: st.DrawFn) -> Stream:
    """Up to 5 households, 3 places and 2 resources; ties, bans, zero and unlimited capacities."""
    n, m, r = draw(st.integers(0, 5)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    cell = st.sampled_from([NAN, -0.5, 0.0, 0.25, 0.5, 1.0, 0.7])
    unit = st.integers(0, 3).map(float)
    room = st.sampled_from([0.0, 1.0, 2.0, 4.0, 9.0, float("inf")])

    def some(count: int, name: str) -> Households:
        return Households(
            tuple(f"{name}{i}" for i in range(count)),
            np.array([[draw(unit) for _ in range(r)] for _ in range(count)]).reshape(count, r),
            np.array([[draw(cell) for _ in range(m)] for _ in range(count)]).reshape(count, m),
            np.array([draw(st.integers(0, 2)) for _ in range(count)], np.int64),
            batches=3,
        )

    now, last = some(n, "h"), some(draw(st.integers(0, 4)), "l")
    capacities = [[draw(room) for _ in range(r)] for _ in range(m)]
    return year(now, last, capacities, draw(st.integers(0, 8)))


def every_policy() -> list[tuple[str, Policy]]:
    return sorted(POLICIES.items())
