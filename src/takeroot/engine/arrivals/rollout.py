"""The last weeks played through many times: what a decision leaves behind, household by household.

Near the end few households are left for each place, prices say little about what fits together,
and a decision is better judged by what happens after it: drawn futures are placed one household
after the other by the prices, within whole capacities (a rollout: Bertsekas, Tsitsiklis, Wu, 1997,
«Rollout algorithms for combinatorial optimization»). All decisions compared meet the same futures,
so that chance cancels, and one replaces another only if it is better by more than its error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .batch import ROOM, use_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OTHERS = 3  # best other places tried for each household
CLOSE = 0.1  # of a usual score: pairs are exchanged if prices say that it costs no more
MOST = 150  # decisions compared at once
ROUNDS = 4
SURE = 1.0  # standard errors by which a decision must be better
NEVER = -9.0  # below every gain


@dataclass(frozen=True, eq=False)
class Futures:
    """S drawn futures of L households each, in the order in which they come.

    demand (S, L, r); gains (S, L, m) score less price of what is taken, ``NEVER`` where the pair
    is not allowed; worth (S, L, m) what counts if placed.
    """

    demand: Floats
    gains: Floats
    worth: Floats


def play(left: Floats, futures: Futures) -> Floats:
    """What each future brings (C, S) from each of the capacities left, (C, m, r)."""
    count, _, resources = left.shape
    samples, length, _ = futures.demand.shape
    rows = np.arange(count * samples)
    which = np.tile(np.arange(samples), count)
    room = [
        np.repeat(np.ascontiguousarray(left[:, :, k]), samples, axis=0).astype(np.float32)
        for k in range(resources)
    ]
    demand = futures.demand.astype(np.float32)
    gains, worth = futures.gains.astype(np.float32), futures.worth.astype(np.float32)
    value = np.zeros(len(rows))
    for at in range(length):
        need = demand[which, at]
        fits = room[0] >= need[:, :1]
        for k in range(1, resources):
            fits &= room[k] >= need[:, k : k + 1]
        gain = np.where(fits, gains[which, at], np.float32(NEVER))
        place = gain.argmax(axis=1)
        goes = gain[rows, place] > 0
        value += np.where(goes, worth[which, at, place], 0.0)
        taken = need * goes[:, None]
        for k in range(resources):
            room[k][rows, place] -= taken[:, k]
    return value.reshape(count, samples)


def improved(
    choice: Ints, worth: Floats, gains: Floats, demand: Floats, left: Floats, futures: Futures
) -> Ints:
    """The choice (n,) for this batch after changes that the futures say are better.

    worth, gains   (n, m) of this batch: what counts, and the same less prices; -inf: not allowed
    left           (m, r) before the batch
    """
    for _ in range(ROUNDS):
        tried = _neighbours(choice, gains, demand, left)
        remaining = np.array([left - use_of(one, demand, len(left)) for one in tried])
        at_once = np.array([_total(one, worth) for one in tried])
        later = play(remaining, futures)
        better = later - later[0]
        error = better.std(axis=1) / np.sqrt(later.shape[1])
        margin = better.mean(axis=1) + at_once - at_once[0] - SURE * error
        margin[0] = 0.0
        best = int(margin.argmax())
        if best == 0:
            break
        choice = tried[best]
    return choice


def _total(choice: Ints, worth: Floats) -> float:
    placed = np.nonzero(choice >= 0)[0]
    return float(worth[placed, choice[placed]].sum())


def _neighbours(choice: Ints, gains: Floats, demand: Floats, left: Floats) -> list[Ints]:
    """The choice itself, then those that move one household or exchange two, within what is
    left; if they are many, those that prices like best."""
    found: list[tuple[float, Ints]] = []
    room = left - use_of(choice, demand, len(left))

    def add(change: dict[int, int]) -> None:
        other = choice.copy()
        for row, place in change.items():
            other[row] = place
        use = use_of(other, demand, len(left)) if len(change) > 1 else None
        if use is not None and not (use <= left + ROOM).all():
            return
        found.append((_total(other, gains), other))

    for row, place in enumerate(choice.tolist()):
        for other in np.argsort(-gains[row], kind="stable")[:OTHERS].tolist():
            fits = (demand[row] <= room[other] + ROOM).all()
            if other != place and np.isfinite(gains[row, other]) and fits:
                add({row: other})
        if place >= 0:
            add({row: -1})
    placed = np.nonzero(choice >= 0)[0].tolist()
    for index, first in enumerate(placed):
        for second in placed[:index]:
            here, there = int(choice[first]), int(choice[second])
            swapped = gains[first, there] + gains[second, here]
            if here != there and swapped > gains[first, here] + gains[second, there] - CLOSE:
                add({first: there, second: here})
    found.sort(key=lambda pair: -pair[0])
    return [choice, *(other for _, other in found[: MOST - 1])]
