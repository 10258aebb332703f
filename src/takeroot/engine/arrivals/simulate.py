"""A year played through: each batch is decided before the next is read.

A policy gets what was known before the year and then one batch at a time, as arrays of its own;
nothing it holds leads to the batches to come.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .batch import NOWHERE, ROOM, use_of
from .hindsight import Hindsight
from .policies.base import Batch, Known, Policy
from .stream import Households, Places, Stream

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class PolicyError(ValueError):
    """A policy decided what is not allowed; the message says which household, where and why."""


@dataclass(frozen=True, eq=False)
class Report:
    """What a policy made of a year.

    policy    its name
    value     sum of scores of those placed, less ``unplaced_cost`` for each left out
    placed    place id of each household placed, by household id
    unplaced  ids of those left out
    taken     (batches, m, r) what each batch took of each place and resource
    seconds   (batches,) to decide
    floors    for each group: how many, and their mean score, those left out counted as 0
    uneven    mean over places and weeks of how far a place's used part of its year (the scarcest
              resource's) is from that at an even pace to the same end; 0 is perfectly even
    """

    policy: str
    value: float
    placed: dict[str, str]
    unplaced: tuple[str, ...]
    taken: Floats
    seconds: Floats
    floors: dict[str, tuple[int, float]]
    uneven: float

    def share(self, best: Hindsight) -> float:
        """Part of the hindsight optimum that was reached (of its value, not of its bound)."""
        return self.value / best.value if best.value else 1.0

    def loss(self, best: Hindsight) -> float:
        return 1.0 - self.share(best)

    def more_unplaced(self, best: Hindsight) -> int:
        """Households left out beyond those that hindsight leaves out."""
        return len(self.unplaced) - best.unplaced


def simulate(
    stream: Stream, policy: Policy, *, seed: int = 0, unplaced_cost: float = 0.0
) -> Report:
    """The policy's year. The same stream, policy and seed give the same decisions.

    unplaced_cost  what each household left out costs, in the unit of scores, 0 or more

    Raises PolicyError when a decision breaks a limit; nothing is repaired silently.
    """
    places, history = stream.places, stream.history
    known = Known(places, history, stream.households.batches, stream.expected, unplaced_cost)
    decider = policy.begin(known, seed)
    left = np.array(places.capacities)
    choices, taken, seconds = [], [], []
    for number, households in batches(stream.households):
        shown = np.array(left)
        begun = time.perf_counter()
        choice = np.asarray(decider.decide(Batch(number, households, shown)))
        seconds.append(time.perf_counter() - begun)
        _check(choice, households, places, left)
        used = use_of(choice, households.demand, len(places.ids))
        left = np.maximum(left - used, 0.0)
        choices.append(choice)
        taken.append(used)
    whole = np.concatenate([np.empty(0, np.int64), *choices])
    shape = (stream.households.batches, *places.capacities.shape)
    return _report(
        policy.name, stream, whole, np.array(taken).reshape(shape), seconds, unplaced_cost
    )


def batches(households: Households) -> Iterator[tuple[int, Households]]:
    """The year's batches in turn, empty ones too; each is a copy that shares no memory."""
    for number in range(households.batches):
        yield number, households.of_batch(number)


def _check(choice: Ints, households: Households, places: Places, left: Floats) -> None:
    if choice.shape != (len(households),) or not np.issubdtype(choice.dtype, np.integer):
        raise PolicyError(f"decision: expected {len(households)} whole numbers, one a household")
    if len(choice) and not (choice.min() >= NOWHERE and choice.max() < len(places.ids)):
        raise PolicyError(f"decision: expected positions from -1 to {len(places.ids) - 1}")
    for row, place in enumerate(choice):
        if place >= 0 and np.isnan(households.scores[row, place]):
            raise PolicyError(
                f"household {households.ids[row]!r} at place {places.ids[place]!r}: not allowed"
            )
    over = use_of(choice, households.demand, len(places.ids)) > left + 10 * ROOM
    if over.any():
        place, resource = np.argwhere(over)[0]
        raise PolicyError(
            f"place {places.ids[place]!r}: more {places.resources[resource]} given than were left"
        )


def _report(
    name: str, stream: Stream, choice: Ints, taken: Floats, seconds: list[float], cost: float
) -> Report:
    people, places = stream.households, stream.places
    put = choice >= 0
    scores = np.zeros(len(people))
    scores[put] = people.scores[put, choice[put]]
    groups = np.array(people.groups, dtype=object)
    return Report(
        policy=name,
        value=float(scores.sum()) - cost * int((~put).sum()),
        placed={people.ids[i]: places.ids[choice[i]] for i in np.nonzero(put)[0]},
        unplaced=tuple(people.ids[i] for i in np.nonzero(~put)[0]),
        taken=taken,
        seconds=np.array(seconds),
        floors={
            str(group): (int((groups == group).sum()), float(scores[groups == group].mean()))
            for group in sorted(set(people.groups))
        },
        uneven=_unevenness(taken, places.capacities),
    )


def _unevenness(taken: Floats, capacities: Floats) -> float:
    if not taken.size:
        return 0.0
    real = np.isfinite(capacities) & (capacities > 0)
    part = np.where(real, 1.0 / np.where(real, capacities, 1.0), 0.0)
    used = (np.cumsum(taken, axis=0) * part).max(axis=2)
    even = used[-1][None] * (np.arange(1, len(used) + 1) / len(used))[:, None]
    return float(np.abs(used - even).mean())
