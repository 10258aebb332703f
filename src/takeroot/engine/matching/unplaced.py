"""Why somebody was left out: for each of the places, one cause."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .problem import AssignmentProblem, DenseScores
from .result import Cause, Unplaced

FORBIDDEN = "forbidden"
NO_CAPACITY = "no_capacity"
NOT_ALLOWED = "not_allowed"
BELOW = "below_least_quality"
FULL = "full"
_OWN = (FORBIDDEN, NO_CAPACITY, NOT_ALLOWED, BELOW)

# Rows looked at together: bounds the temporary memory.
_BLOCK = 512


def cause_names(problem: AssignmentProblem) -> tuple[str, ...]:
    """Names of the numbers that ``rows_of`` gives: 0 is a pair that may be proposed."""
    named = problem.scores.cause_names if isinstance(problem.scores, DenseScores) else ()
    return (FULL, *named, *_OWN)


def rows_of(
    problem: AssignmentProblem, rows: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Scores of some agents (by position) at all places, and the number of each pair's cause."""
    names = cause_names(problem)
    own = {name: len(names) - len(_OWN) + k for k, name in enumerate(_OWN)}
    places = len(problem.places)
    scores = np.zeros((len(rows), places), np.int64)
    causes = np.zeros((len(rows), places), np.int64)
    if isinstance(problem.scores, DenseScores):
        scores[:] = problem.scores.values[rows]
        if problem.scores.causes is not None:
            causes[:] = problem.scores.causes[rows]
    else:
        causes[:] = own[NOT_ALLOWED]
        at = np.full(len(problem.agents), -1)
        at[rows] = np.arange(len(rows))
        mine = at[problem.scores.agent] >= 0
        where = at[problem.scores.agent[mine]], problem.scores.place[mine]
        scores[where], causes[where] = problem.scores.score[mine], 0
    causes[(causes == 0) & (scores < max(1, problem.least_quality))] = own[BELOW]
    empty = np.array(problem.capacities, np.int64) == 0
    causes[:, empty] = np.where(causes[:, empty] == 0, own[NO_CAPACITY], causes[:, empty])
    position = {int(row): k for k, row in enumerate(rows)}
    for agent, place in problem.forbidden:
        k, j = position.get(problem.agent_index[agent]), problem.place_index[place]
        if k is not None and causes[k, j] in (0, own[BELOW], own[NO_CAPACITY]):
            causes[k, j] = own[FORBIDDEN]
    return scores, causes


def tally(names: tuple[str, ...], counts: list[int]) -> dict[str, int]:
    """Counts by name; a cause given with the scores may bear the name of one of ours."""
    found = dict.fromkeys(names, 0)
    for name, count in zip(names, counts, strict=True):
        found[name] += count
    return found


def find_unplaced(problem: AssignmentProblem, placed: set[str]) -> tuple[Unplaced, ...]:
    """Everyone not in ``placed``, by id, with counts of places by cause."""
    left = sorted(set(problem.agents) - placed)
    names = cause_names(problem)
    found = []
    for start in range(0, len(left), _BLOCK):
        block = left[start : start + _BLOCK]
        rows = np.array([problem.agent_index[agent] for agent in block], np.int64)
        _, causes = rows_of(problem, rows)
        cells = causes + np.arange(len(block))[:, None] * len(names)
        counts = np.bincount(cells.ravel(), minlength=len(block) * len(names))
        for agent, row in zip(block, counts.reshape(len(block), -1).tolist(), strict=True):
            found.append(_unplaced(agent, tally(names, row)))
    return tuple(found)


def _unplaced(agent: str, counts: dict[str, int]) -> Unplaced:
    main: Cause = "no_allowed_pair"
    if counts[FULL]:
        main = "all_suitable_full"
    elif counts[BELOW]:
        main = "below_least_quality"
    return Unplaced(agent, main, tuple(sorted((k, v) for k, v in counts.items() if v)))
