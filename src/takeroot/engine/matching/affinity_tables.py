"""Small helpers of ``affinity``: coding, tables of pairs, distances, levels."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

EARTH_KM = 6371.0088
# Share of the weight for occupations that share 0, 1, ... 5 digits of their NOC 2021 code: none,
# broad category, major group, sub-major group, minor group, unit group.
OCCUPATION_SHARE = (0, 20, 40, 60, 80, 100)

Key = TypeVar("Key", bound=Hashable)


def coded(values: Sequence[Key]) -> tuple[list[Key], npt.NDArray[np.int64]]:
    """The distinct values in order of appearance, and each value's position among them."""
    seen: dict[Key, int] = {}
    positions = [seen.setdefault(value, len(seen)) for value in values]
    return list(seen), np.array(positions, np.int64)


def table(one: list[Key], other: list[Key], points: Callable[[Key, Key], int]) -> Any:
    """points(a, b) for all pairs, int16."""
    cells = [[points(a, b) for b in other] for a in one]
    return np.array(cells, np.int16).reshape(len(one), len(other))


def union(sets: Iterable[frozenset[str]]) -> set[str]:
    return set().union(*sets)


def incidence(sets: Sequence[frozenset[str]], words: list[str]) -> Any:
    """One row a set, one column a word, 1 where the set holds it (csr, int16)."""
    column = {word: k for k, word in enumerate(words)}
    pairs = [(i, column[word]) for i, held in enumerate(sets) for word in held if word in column]
    return pairs_matrix(pairs, len(sets), len(words))


def pairs_matrix(pairs: Iterable[tuple[int, int]], rows: int, columns: int) -> Any:
    listed = sorted(set(pairs))
    ones = np.ones(len(listed), np.int16)
    where = ([i for i, _ in listed], [j for _, j in listed])
    # Loaded when a round is scored: it takes longer to import than all the rest of the house.
    from scipy.sparse import csr_matrix

    return csr_matrix((ones, where), shape=(rows, columns), dtype=np.int16)


def overlap(one: Any, other: Any) -> npt.NDArray[np.int16]:
    """How many words each row of ``one`` shares with each column of ``other``."""
    counts: npt.NDArray[np.int16] = (one @ other).toarray()
    return counts


def digits_in_common(one: str, other: str) -> int:
    """Leading digits that two NOC 2021 codes share, 0 to 5."""
    count = 0
    for a, b in zip(one, other, strict=True):
        if a != b:
            break
        count += 1
    return count


def teer_apart(one: str, other: str) -> int:
    """Levels between two occupations: the second digit of NOC 2021 is the TEER, 0 to 5."""
    return abs(int(one[1]) - int(other[1]))


def distances(
    one: list[tuple[float, float] | None], other: list[tuple[float, float] | None]
) -> npt.NDArray[np.float64]:
    """Great-circle kilometres by the haversine formula, NaN where a place is unknown."""
    a = np.radians(np.array([p or (np.nan, np.nan) for p in one], float).reshape(-1, 1, 2))
    b = np.radians(np.array([p or (np.nan, np.nan) for p in other], float).reshape(1, -1, 2))
    lat, lon = a[..., 0] - b[..., 0], a[..., 1] - b[..., 1]
    h = np.sin(lat / 2) ** 2 + np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin(lon / 2) ** 2
    km: npt.NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return km
