"""Made-up years of arrivals, each with the year before: what differs between them is the kind.

Households are of a few origins. An origin has a share of the arrivals, traits that go better with
some places than with others, a tilt towards large or small households, and a group. Last year is
drawn from the same model with other shares (``KINDS`` says how). All figures are parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrivals.stream import Households, Places, Stream
from .arcs import InstanceError
from .households import RESOURCES, households, shared_out
from .scores import PlaceTraits, ScoreModel, chances, place_traits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ORIGINS = 8


@dataclass(frozen=True)
class Kind:
    """How this year differs from last year, and weeks from one another.

    drift      spread of the change in an origin's share (logarithm) from last year to this
    creep      spread of a further change, from this year's first week to its last
    season     height of each origin's yearly wave (logarithm); its phase is the same both years
    late       how much later this year's waves come, at most, as a part of the year
    shock      logarithm by which two origins' shares jump in a random week, and stay; they are
               also farther from the usual traits
    volume     spread of this year's number of arrivals against last year's (logarithm); what is
               announced is last year's number
    load       demand as a share of capacity: drawn between the two
    trait      how far an origin's traits move from last year to this
    market     how far a place's level moves from last year to this (its labour market), log odds
    gap        what one group (half of the origins) is scored below the other, in log odds
    refused    part of origin-place pairs that are not allowed (a language nobody speaks there)
    """

    drift: float = 0.15
    creep: float = 0.0
    season: float = 0.0
    late: float = 0.0
    shock: float = 0.0
    volume: float = 0.0
    load: tuple[float, float] = (0.95, 0.95)
    trait: float = 0.1
    market: float = 0.05
    gap: float = 0.0
    refused: float = 0.0


KINDS = {
    "alike": Kind(),
    "drift": Kind(drift=0.8, creep=0.5, trait=0.3, market=0.2),
    "season": Kind(season=1.2, late=0.1),
    "shock": Kind(shock=1.8),
    "load": Kind(volume=0.15, load=(0.85, 1.05)),
    "gap": Kind(drift=0.4, gap=0.8),
    "refused": Kind(drift=0.4, refused=0.35),
}


@dataclass(frozen=True, eq=False)
class _Year:
    """All that a year is drawn from; two draws of one year differ by chance alone."""

    kind: Kind
    model: ScoreModel
    places: PlaceTraits
    traits: Floats  # (origins, rank)
    tilt: Floats  # (origins,)
    odds: Floats  # (weeks, origins) logarithm of each origin's share
    jumped: npt.NDArray[np.bool_]  # (weeks, origins) since the shock
    refused: npt.NDArray[np.bool_]  # (origins, m)
    sizes: Ints  # (weeks,) households in each batch


def arrivals(
    kind: str,
    seed: int,
    *,
    places: int = 20,
    weeks: int = 50,
    batch: tuple[int, int] = (6, 10),
    model: ScoreModel | None = None,
) -> Stream:
    """A year of the kind (a name of ``KINDS``), with the year before it as history.

    weeks   batches a year
    batch   fewest and most households of a usual batch, drawn evenly

    Capacities of all resources are this year's demand divided by the load, shared out among
    places at random. ``expected`` is this year's number of households, except where the kind has
    a ``volume``: there it is last year's. The same arguments give the same stream. Raises
    InstanceError for an unknown kind or sizes that make no stream.
    """
    rng, last, this = _years(kind, seed, places, weeks, batch, model or ScoreModel())
    history, now = _draw(rng, last), _draw(rng, this)
    total = now.demand.sum(axis=0) / rng.uniform(*this.kind.load)
    capacities = shared_out(rng, total, places).astype(np.float64)
    return Stream(
        Places(tuple(f"place-{j:03}" for j in range(places)), RESOURCES, capacities),
        now,
        history,
        expected=len(history) if this.kind.volume else len(now),
    )


def same_year_again(kind: str, seed: int, copies: int, **sizes: Any) -> list[Households]:
    """Other draws of this year of ``arrivals(kind, seed, **sizes)``: the truth, never a policy's.

    Who knows them knows everything but chance; what is still lost then nobody could have saved by
    knowing the mix of arrivals better. Batches have the same sizes as this year's.
    """
    shape = {"places": 20, "weeks": 50, "batch": (6, 10), "model": ScoreModel(), **sizes}
    this = _years(kind, seed, **shape)[2]
    return [_draw(np.random.default_rng([seed, copy, 1]), this) for copy in range(copies)]


def _years(
    kind: str, seed: int, places: int, weeks: int, batch: tuple[int, int], model: ScoreModel
) -> tuple[np.random.Generator, _Year, _Year]:
    """What last year and this year are drawn from."""
    if kind not in KINDS:
        raise InstanceError(f"kind: {kind!r}, expected one of {', '.join(KINDS)}")
    for name, value in (("places", places), ("weeks", weeks), ("batch", batch[0])):
        if value < 1:
            raise InstanceError(f"{name}: {value}, expected 1 or more")
    if batch[1] < batch[0]:
        raise InstanceError(f"batch: {batch}, expected the fewest first")
    rng = np.random.default_rng([seed, *kind.encode()])
    what = KINDS[kind]
    share, phase = rng.normal(0.0, 0.6, ORIGINS), rng.uniform(0.0, 1.0, ORIGINS)
    when = np.arange(weeks)[:, None] / weeks
    fixed = place_traits(rng, places, model)
    last = _Year(
        kind=what,
        model=model,
        places=fixed,
        traits=rng.normal(0.0, 0.8, (ORIGINS, model.rank)),
        tilt=rng.normal(0.0, 0.3, ORIGINS),
        odds=share + what.season * np.sin(2 * np.pi * (when + phase)),
        jumped=np.zeros((weeks, ORIGINS), np.bool_),
        refused=rng.random((ORIGINS, places)) < what.refused,
        sizes=rng.integers(batch[0], batch[1] + 1, weeks),
    )
    wave = np.sin(2 * np.pi * (when - rng.uniform(0.0, what.late) + phase))
    jump = rng.uniform(0.2, 0.6)
    jumped = (when >= jump) & np.isin(np.arange(ORIGINS), rng.choice(ORIGINS, 2, replace=False))
    odds = share + rng.normal(0.0, what.drift, ORIGINS) + what.season * wave
    many = rng.integers(batch[0], batch[1] + 1, weeks) * np.exp(rng.normal(0.0, what.volume))
    this = replace(
        last,
        places=replace(fixed, level=fixed.level + rng.normal(0.0, what.market, places)),
        traits=last.traits + rng.normal(0.0, what.trait, last.traits.shape),
        odds=odds + rng.normal(0.0, what.creep, ORIGINS) * when + what.shock * jumped,
        jumped=jumped,
        sizes=np.maximum(np.rint(many), 1).astype(np.int64),
    )
    return rng, last, this


def _draw(rng: np.random.Generator, year: _Year) -> Households:
    """The households of one year."""
    kind, weeks = year.kind, len(year.sizes)
    batch = np.repeat(np.arange(weeks), year.sizes)
    origin = np.argmax(year.odds[batch] + rng.gumbel(size=(len(batch), ORIGINS)), axis=1)
    traits = year.traits[origin] + rng.normal(0.0, 0.6, (len(origin), year.model.rank))
    jumped = year.jumped[batch, origin]
    traits = traits * (1.0 + 0.25 * kind.shock * jumped)[:, None]
    scores = chances(rng, traits, year.places, year.model)
    second = origin >= ORIGINS // 2
    if kind.gap:
        below = np.exp(-kind.gap * second)[:, None]
        scores = scores * below / (1.0 - scores + scores * below)
    scores[year.refused[origin]] = np.nan
    return Households(
        ids=tuple(f"household-{i:05}" for i in range(len(origin))),
        demand=households(rng, len(origin), year.tilt[origin]).astype(np.float64),
        scores=scores,
        batch=batch,
        groups=tuple(np.where(second, "second", "first").tolist()),
        batches=weeks,
    )
