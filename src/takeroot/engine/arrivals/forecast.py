"""Who is still to come: last year's households and this year's, weighed by what each can tell.

Last year is known whole but may differ; this year is the right one but little has been seen of it.
How much they differ is estimated from the data, never given, in the manner of James and Stein
(1961; «empirical Bayes»): a difference counts only for what exceeds the noise expected of samples
of these sizes. Differences are measured where they matter, in the use of each place and resource
that a household would make at the present prices (``_uses``):

1. Last year's scores are moved, place by place, towards this year's means (a labour market that
   has turned).
2. If last year's mix moved with its weeks by more than chance, its weeks still ahead count more.
3. If this year's last weeks differ from its earlier ones by more than chance, they count more.
4. Last year and this year are mixed with the weights that make the expected squared error of the
   forecast use least.
5. How many are to come: as announced, unless what came so far speaks against it; then the rate
   so far, shrunk towards the announced one.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from .prices import Crowd, surplus, usable

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RECENT = 8  # batches that count as recent
AHEAD = 10  # fewest batches of last year that stand for those still ahead
PARTS = 6  # of a year, in which last year is looked at for seasons
SURE = 2.0  # standard deviations of chance beyond which a season is believed in
SPREAD = 0.12  # of the logarithm of a year's arrivals, if the announcement is not to be trusted
TINY = 1e-12


class Forecast:
    """Sees one batch after the other; ``mix`` is who may come, of total weight 1.

    last      last year's households; ``batch`` their batches, of ``batches`` a year
    announced households of the whole year
    """

    def __init__(
        self, last: Crowd, batch: Ints, batches: int, announced: int, seed: int = 0
    ) -> None:
        self.last, self.batch, self.batches, self.announced = last, batch, batches, announced
        self.now = Crowd(last.demand[:0], last.scores[:0], last.weight[:0])
        self.came: Ints = np.empty(0, np.int64)
        self.number = -1

    def see(self, number: int, crowd: Crowd) -> None:
        self.number = number
        self.now = self.now + crowd
        self.came = np.concatenate([self.came, np.full(len(crowd), number, np.int64)])

    def remaining(self) -> float:
        """How many households are expected after the batch just seen."""
        weeks, seen = self.batches - 1 - self.number, len(self.now)
        promised = float(max(self.announced - seen, 0))
        if weeks <= 0 or not seen or not self.announced:
            return promised if weeks > 0 else 0.0
        sizes = np.bincount(self.batch, minlength=self.batches)
        usual = self.announced / self.batches
        noise = (float(sizes.var()) / max(float(sizes.mean()) ** 2, TINY) + TINY) / (
            self.number + 1
        )
        ratio = math.log(seen / (self.number + 1) / usual)
        # If the announcement holds, the rate so far strays from it only as part of a whole.
        holds = _log_normal(ratio, noise * weeks / self.batches)
        fails = _log_normal(ratio, noise + SPREAD**2)
        trust = 1.0 / (1.0 + math.exp(min(max(fails - holds, -50.0), 50.0)))
        rate = usual * math.exp(ratio * SPREAD**2 / (SPREAD**2 + noise))
        return trust * promised + (1.0 - trust) * rate * weeks

    def mix(self, price: Floats, left: Floats) -> Crowd:
        """Households that may come, weights adding up to 1; the steps 1 to 4 above.

        price, left  (m, r) present prices, and capacities: a place that is full tells nothing
        """
        if not len(self.now):
            return self.last.scaled(1.0)
        if not len(self.last):
            return self.now.scaled(1.0)
        now = _uses(self.now.demand, self.now.scores, price, left)
        last = _uses(self.last.demand, self.last.scores, price, left)
        unit = np.sqrt(last.mean(axis=0) + 1e-6)
        now, last = now / unit, last / unit
        noise = float(last.var(axis=0).sum()) + TINY
        ahead, behind, turned = self._seasons(last, noise)
        recent = self._recent(now, noise, seasonal=turned > 0)
        scores = recentred(self.last.scores, behind, self.now.scores)
        last = _uses(self.last.demand, scores, price, left) / unit
        apart = _square(now.mean(axis=0) - behind @ last)
        differ = max(0.0, apart - noise / len(now) - noise * float((behind**2).sum()))
        of_last = differ + noise * float((ahead**2).sum())
        of_now = turned + noise * float((recent**2).sum())
        share = of_last / (of_last + of_now)
        mixed = Crowd(self.last.demand, scores, (1.0 - share) * ahead)
        return mixed + Crowd(self.now.demand, self.now.scores, share * recent)

    def _seasons(self, uses: Floats, noise: float) -> tuple[Floats, Floats, float]:
        """Weights of last year's households for the weeks ahead and for those behind us, and the
        squared distance between the two that is not chance."""
        n = len(uses)
        even = np.full(n, 1.0 / n)
        part = (self.batch * PARTS) // self.batches
        sizes = np.bincount(part, minlength=PARTS)
        middle = uses.mean(axis=0)
        used = [p for p in range(PARTS) if sizes[p]]
        spread = sum(sizes[p] / n * _square(uses[part == p].mean(axis=0) - middle) for p in used)
        chance = noise * (len(used) - 1) / n
        error = noise / n * math.sqrt(2.0 * (len(used) - 1) / uses.shape[1])
        ahead = self.batch > min(self.number, self.batches - 1 - AHEAD)
        behind = self.batch <= max(self.number, AHEAD - 1)
        if spread - chance <= SURE * error or ahead.all() or not (ahead.any() and behind.any()):
            return even, even, 0.0
        first, second = ahead / ahead.sum(), behind / behind.sum()
        less = noise * (1.0 / ahead.sum() - 1.0 / n)
        far = max(0.0, _square(first @ uses - middle) - less)
        trust = far / (far + less + TINY)
        apart = _square(first @ uses - second @ uses)
        turned = max(0.0, apart - noise / ahead.sum() - noise / behind.sum())
        return (
            (1.0 - trust) * even + trust * first,
            (1.0 - trust) * even + trust * second,
            trust * turned,
        )

    def _recent(self, uses: Floats, noise: float, *, seasonal: bool) -> Floats:
        """Weights of this year's households: even, unless the recent ones differ for good."""
        n = len(uses)
        if seasonal:
            return np.full(n, 1.0 / n)
        new: Flags = self.came > self.number - RECENT
        many, few = int(new.sum()), int(n - new.sum())
        if not many or not few:
            return np.full(n, 1.0 / n)
        apart = _square(uses[new].mean(axis=0) - uses[~new].mean(axis=0))
        moved = max(0.0, apart - noise / many - noise / few)
        old = (noise / many) / (noise / many + moved + noise / few)
        return np.where(new, (1.0 - old) / many, old / few)


def recentred(last: Floats, weight: Floats, now: Floats) -> Floats:
    """Last year's scores moved towards this year's mean of each place, as far as it is no chance.

    weight  of last year's households, by how far they stand for the same weeks as ``now``

    The common part of the move and each place's own are shrunk apart (a place's own is judged by
    scores less their household's mean, which vary less).
    """
    mean_last, count_last, spread = _moments(last, weight)
    mean_now, count_now, _ = _moments(now, np.ones(len(now)))
    both = (count_now > 0) & (count_last > 0)
    if not both.any():
        return last
    move = np.where(both, mean_now - mean_last, 0.0)
    sizes = 1.0 / np.maximum(count_now, 1.0) + 1.0 / np.maximum(count_last, 1.0)
    common = float(move[both].mean())
    chance = float((spread * sizes)[both].mean())
    real = max(0.0, common**2 - chance)
    own = np.where(both, move - common, 0.0)
    known = ~np.isnan(last)
    middle = np.where(known, last, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    error = _moments(last - middle[:, None], weight)[2] * sizes
    signal = max(0.0, float((own[both] ** 2 - error[both]).mean()))
    moved = common * real / (real + chance + TINY) + own * signal / (signal + error + TINY)
    return last + moved


def exchanged(crowd: Crowd, copies: int, rng: np.random.Generator) -> Crowd:
    """The crowd and ``copies`` - 1 more of it, in which each household has another's residuals.

    What of a household's scores no few traits explain is peculiar to who came, not to who is to
    come; prices should not be made for it (a smoothed bootstrap: Efron, 1979).
    Scores are split by a singular value decomposition, cut where Gavish and Donoho (2014, «The
    optimal hard threshold for singular values is 4/sqrt(3)») cut it when the noise is unknown.
    """
    n, m = crowd.scores.shape
    if copies < 2 or min(n, m) < 2:
        return crowd
    mean = _moments(crowd.scores, np.ones(n))[0]
    barred = np.isnan(crowd.scores)
    centred = np.where(barred, 0.0, crowd.scores - mean)
    left, size, right = np.linalg.svd(centred, full_matrices=False)
    ratio = min(n, m) / max(n, m)
    cut = (0.56 * ratio**3 - 0.95 * ratio**2 + 1.82 * ratio + 1.43) * float(np.median(size))
    rank = max(1, int((size > cut).sum()))
    shared = (left[:, :rank] * size[:rank]) @ right[:rank]
    rest = centred - shared
    chance = crowd.weight / crowd.weight.sum()
    whole = crowd
    for _ in range(copies - 1):
        scores = mean + shared + rest[rng.choice(n, n, p=chance)]
        whole = whole + Crowd(crowd.demand, np.where(barred, np.nan, scores), crowd.weight)
    return whole.scaled(1.0)


def _moments(scores: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, effective count and variance of each column, NaN left out."""
    known = ~np.isnan(scores)
    each = known * weight[:, None]
    whole = np.maximum(each.sum(axis=0), TINY)
    count = whole**2 / np.maximum((each**2).sum(axis=0), TINY**2)
    mean = (each * np.where(known, scores, 0.0)).sum(axis=0) / whole
    spread = (each * np.where(known, scores - mean, 0.0) ** 2).sum(axis=0) / whole
    return mean, np.where(known.any(axis=0), count, 0.0), spread


def _uses(demand: Floats, scores: Floats, price: Floats, left: Floats) -> Floats:
    """What each household would take of each place and resource at these prices, (n, m r)."""
    parts = surplus(demand, usable(demand, scores, left), price, 0.03)[1]
    return np.asarray((parts[:, :, None] * demand[:, None, :]).reshape(len(demand), -1))


def _square(vector: Floats) -> float:
    return float(vector @ vector)


def _log_normal(value: float, variance: float) -> float:
    """Logarithm of the normal density, but for the constant."""
    return -0.5 * (value**2 / max(variance, TINY) + math.log(max(variance, TINY)))
