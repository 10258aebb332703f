"""Exchanges between places: what the best agent to move from one place to another would gain.

Node 0 stands for having no place, node j + 1 for place j. ``gain[a, b]`` is the most that the
total changes when one agent at ``a`` moves to ``b`` (usually below 0). In a best assignment no
round trip gains anything, and the dearest chain that ends at a place is what its seat is worth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .instance import IntArray

# Less than any sum of gains; two of them still fit in 64 bits.
NEVER = -(2**61)


def best_exchanges(
    agent: npt.NDArray[np.integer[Any]],
    place: npt.NDArray[np.integer[Any]],
    weight: IntArray,
    sits: IntArray,
    worth: IntArray,
    places: int,
) -> IntArray:
    """(places + 1, places + 1) gains, NEVER where nobody could move.

    agent, place, weight  (arcs,)
    sits, worth           (agents,) where each sits (-1: nowhere) and the weight of that arc (or 0)
    """
    size = places + 1
    key = (sits[agent] + 1) * size + (place + 1)
    value = weight - worth[agent]
    gain = np.full(size * size, NEVER, np.int64)
    if len(key):
        order = np.argsort(key, kind="stable")
        key, value = key[order], value[order]
        heads = np.flatnonzero(np.diff(key, prepend=-1))
        gain[key[heads]] = np.maximum.reduceat(value, heads)
    table = gain.reshape(size, size)
    leaving = np.full(size, NEVER, np.int64)
    np.maximum.at(leaving, sits[sits >= 0] + 1, -worth[sits >= 0])
    table[:, 0] = leaving
    np.fill_diagonal(table, NEVER)
    return table


def least_prices(gain: IntArray) -> IntArray:
    """(places,) the least prices of seats at which nobody would rather sit elsewhere.

    p[b] >= p[a] + gain[a, b], with p = 0 for having no place: the dearest chains from there, by
    Bellman-Ford. The assignment must be a best one on its arcs; no chain is longer than places.
    """
    price = np.zeros(len(gain), np.int64)
    source, target = np.nonzero(gain[:, 1:] > NEVER)
    if not len(source):
        return price[1:]
    by_target = np.argsort(target, kind="stable")
    source, target = source[by_target], target[by_target] + 1
    value = gain[source, target]
    heads = np.flatnonzero(np.diff(target, prepend=-1))
    targets = target[heads]
    for _ in range(len(gain) + 1):
        offered = np.maximum.reduceat(price[source] + value, heads)
        if (offered <= price[targets]).all():
            return price[1:]
        price[targets] = np.maximum(price[targets], offered)
    raise ArithmeticError("the assignment was not a best one: prices did not settle")
