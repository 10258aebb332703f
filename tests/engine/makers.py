"""Problems for tests: small enough to enumerate, or large enough to matter."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from takeroot.engine.matching import ArcScores, AssignmentProblem, DenseScores


def problem(
    rows: list[list[int]],
    capacities: list[int] | None = None,
    waiting: list[int] | None = None,
    **more: object,
) -> AssignmentProblem:
    """Agents a0, a1, ... and places p0, p1, ...; a score below 0 is a pair not allowed."""
    values = np.array(rows, np.int32).reshape(len(rows), -1 if rows else 0)
    places = values.shape[1] if rows else len(capacities or [])
    values = values.reshape(len(rows), places)
    return AssignmentProblem(
        agents=tuple(f"a{i}" for i in range(len(rows))),
        places=tuple(f"p{j}" for j in range(places)),
        capacities=tuple(capacities if capacities is not None else [1] * places),
        scores=DenseScores(values, (values < 0).astype(np.uint8), ("refused",)),
        waiting=tuple(waiting or ()),
        **more,  # type: ignore[arg-type]
    )


def as_arcs(given: AssignmentProblem) -> AssignmentProblem:
    """The same problem with its allowed pairs listed."""
    scores = given.scores
    assert isinstance(scores, DenseScores)
    agent, place = np.nonzero(scores.causes == 0)
    arcs = ArcScores(agent, place, scores.values[agent, place], scores.shape)
    return AssignmentProblem(
        given.agents, given.places, given.capacities, arcs, given.waiting,
        given.locked, given.forbidden, given.least_quality,
    )  # fmt: skip


def best_by_enumeration(given: AssignmentProblem) -> tuple[int, int]:
    """Greatest total, and among those the greatest sum of ranks by waiting, then id."""
    n, m = len(given.agents), len(given.places)
    waiting = given.waiting or (0,) * n
    free = [i for i in range(n) if given.agents[i] not in {a for a, _ in given.locked}]
    order = sorted(free, key=lambda i: (waiting[i], [-ord(c) for c in given.agents[i]]))
    rank = {i: k + 1 for k, i in enumerate(order)}
    scores = given.scores
    assert isinstance(scores, DenseScores)
    fixed = {given.agent_index[a]: given.place_index[p] for a, p in given.locked}
    best = (-(10**9), 0)
    for choice in itertools.product(range(-1, m), repeat=n):
        if any(choice[i] != j for i, j in fixed.items()):
            continue
        if any(choice.count(j) > given.capacities[j] for j in range(m)):
            continue
        total, ranks = 0, 0
        for i, j in enumerate(choice):
            if j < 0:
                continue
            score = int(scores.values[i, j])
            pair = (given.agents[i], given.places[j])
            if i not in fixed and (score < max(1, given.least_quality) or pair in given.forbidden):
                break
            total, ranks = total + score, ranks + rank.get(i, 0)
        else:
            best = max(best, (total, ranks))
    return best


@st.composite
def small_problems(draw: st.DrawFn) -> AssignmentProblem:
    """Up to 4 agents and 3 places, few different scores, so that ties are common."""
    n, m = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    cell = st.integers(-1, 5) | st.integers(0, 1000)
    rows = [[draw(cell) for _ in range(m)] for _ in range(n)]
    capacities = [draw(st.integers(0, 3)) for _ in range(m)]
    waiting = [draw(st.integers(0, 2)) for _ in range(n)]
    pairs = st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(m - 1, 0)))
    forbidden = draw(st.lists(pairs, max_size=2)) if n and m else []
    locked = draw(st.lists(pairs, max_size=2)) if n and m else []
    name = lambda listed: frozenset((f"a{i}", f"p{j}") for i, j in listed)  # noqa: E731
    return problem(
        rows, capacities, waiting, forbidden=name(forbidden), locked=name(locked),
        least_quality=draw(st.sampled_from([0, 1, 3])),
    )  # fmt: skip


def town(n: int, m: int, seed: int = 0, most_seats: int = 3) -> AssignmentProblem:
    """People with occupations, languages and places in common: many ties, few good pairs."""
    rng = np.random.default_rng(seed)
    jobs, seats = rng.zipf(1.4, n) % 60, rng.zipf(1.4, m) % 60
    values = 350 * (jobs[:, None] == seats) + 100 * (jobs[:, None] % 7 == seats % 7)
    talk = (rng.random((n, 5)) < 0.4).astype(int) @ (rng.random((5, m)) < 0.4).astype(int)
    values = values + 60 * np.minimum(talk, 3)
    causes = ((talk == 0) | (rng.random((n, m)) < 0.1)).astype(np.uint8)
    return AssignmentProblem(
        agents=tuple(f"a{i:05}" for i in range(n)),
        places=tuple(f"p{j:05}" for j in range(m)),
        capacities=tuple(rng.integers(0, most_seats + 1, m).tolist()),
        scores=DenseScores(values.astype(np.int16), causes, ("no_common_language",)),
        waiting=tuple(rng.integers(0, 50, n).tolist()),
    )
