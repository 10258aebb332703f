"""What every unit of every resource is worth, found on a smoothed bound.

For prices L >= 0 of resources and M >= 0 of rules no answer is worth more than

    D(L, M) = capacity . L + limit . M + sum_i max(0, max_j (w_ij - need_ij . L_j - row_ij . M))

(weak duality, Geoffrion 1974). D has kinks; with each inner maximum replaced by
T log(1 + sum_j exp(. / T)) it is smooth (Nesterov, 2005) and L-BFGS-B (Byrd, Lu, Nocedal, Zhu,
1995; scipy) finds its least value, for T falling step by step. D itself is computed beside at
every step, and the least D seen is the bound: it is valid whatever the smoothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .instance import FloatArray, Instance, IntArray

# Temperatures, as shares of what an agent's best pair is worth, and steps of L-BFGS-B at each.
COOLING = ((4e-2, 30), (1.2e-2, 40), (4e-3, 60), (1.2e-3, 60), (4e-4, 40))


@dataclass(frozen=True, eq=False)
class Prices:
    """The best multipliers found: of resources (places, resources), of rules; and D there."""

    resources: FloatArray
    rules: FloatArray
    bound: float


@dataclass(frozen=True, eq=False)
class Sums:
    """What some agents add to D at given prices; of several parts, the parts add up.

    smooth  their part of smoothed D; ``best`` of D itself
    used    (places, resources) what they would take; ``held`` (rules,) what they give each rule
    """

    smooth: float
    used: FloatArray
    held: FloatArray
    best: float


class Priced(Protocol):
    """What ``find_prices`` asks for: one instance here, or people in blocks (``blockwise``).

    capacity  (places, resources), 0 where unlimited; ``limited`` says where it is not
    limit     (rules,)
    width     what an agent's best pair is worth, on average
    """

    capacity: FloatArray
    limited: npt.NDArray[np.bool_]
    limit: FloatArray
    width: float

    def at(self, resources: FloatArray, rules: FloatArray) -> float:
        """D, a bound of the sum of weights."""
        ...

    def smoothed(
        self, resources: FloatArray, rules: FloatArray, temperature: float
    ) -> tuple[float, FloatArray, FloatArray, float]:
        """Smoothed D, its slopes by resources and by rules, and D itself."""
        ...


class Dual:
    """D of one instance. Agents without arcs do not enter."""

    def __init__(self, instance: Instance) -> None:
        if (instance.most > 1).any():
            raise ValueError("several places each: see ``programme``")
        self.instance = instance
        self.lengths = np.diff(instance.start)
        self.able = np.flatnonzero(self.lengths > 0)
        self.heads = instance.start[self.able]
        self.agent = instance.agent_of_arcs()
        self.place = instance.place.astype(np.int64)
        self.weight = instance.weight.astype(np.float64) + instance.penalty
        self.limited = np.isfinite(instance.capacity)
        self.capacity = np.where(self.limited, instance.capacity, 0.0)
        self.limit = instance.rows.limit
        self.take = [
            instance.need[:, r] if instance.by_pair else instance.need[self.agent, r]
            for r in range(instance.capacity.shape[1])
        ]
        best = np.maximum.reduceat(instance.weight, self.heads) if len(self.heads) else np.ones(1)
        self.width = float(np.abs(best).mean()) or 1.0

    def left(self, resources: FloatArray, rules: FloatArray) -> FloatArray:
        """(arcs,) what is left of each arc's weight after its resources are paid."""
        left = self.weight.copy()
        for r, take in enumerate(self.take):
            if resources[:, r].any():
                left -= take * resources[self.place, r]
        if len(rules):
            left -= rules @ self.instance.rows.coefficient
        return left

    def at(self, resources: FloatArray, rules: FloatArray) -> float:
        """D, a bound of the sum of weights."""
        best = self.best(self.left(resources, rules))
        return self._fixed(resources, rules) + float(best.sum())

    def best(self, left: FloatArray) -> FloatArray:
        """(able,) what each agent that has arcs is left with at best, 0 or more."""
        if not len(self.heads):
            return np.zeros(0)
        best: FloatArray = np.maximum(np.maximum.reduceat(left, self.heads), 0.0)
        return best

    def _fixed(self, resources: FloatArray, rules: FloatArray) -> float:
        return float((self.capacity * resources).sum() + self.limit @ rules)

    def smoothed(
        self, resources: FloatArray, rules: FloatArray, temperature: float
    ) -> tuple[float, FloatArray, FloatArray, float]:
        """Smoothed D, its slopes by resources and by rules, and D itself."""
        found, fixed = self.sums(resources, rules, temperature), self._fixed(resources, rules)
        slope = np.where(self.limited, self.capacity - found.used, 0.0)
        return fixed + found.smooth, slope, self.limit - found.held, fixed + found.best

    def sums(self, resources: FloatArray, rules: FloatArray, temperature: float) -> Sums:
        """What the agents add to D, smoothed and not."""
        left = self.left(resources, rules)
        best = self.best(left)
        lengths = self.lengths[self.able]
        left -= np.repeat(best, lengths)
        left /= temperature
        share = np.exp(left, out=left)
        total = np.add.reduceat(share, self.heads) if len(self.heads) else np.zeros(0)
        total += np.exp(-best / temperature)
        share /= np.repeat(total, lengths)
        used: FloatArray = np.stack(
            [np.bincount(self.place, share * take, len(self.capacity)) for take in self.take], 1
        )
        smooth = float((best + temperature * np.log(total)).sum())
        held = self.instance.rows.coefficient @ share
        return Sums(smooth, used, held, float(best.sum()))


def find_prices(
    dual: Priced,
    *,
    deadline: float,
    start: Prices | None = None,
    cooling: tuple[tuple[float, int], ...] = COOLING,
) -> Prices:
    """Multipliers with a small D. ``start``: from an earlier answer, to begin there."""
    from scipy.optimize import minimize

    shape, rules = dual.capacity.shape, len(dual.limit)
    ends = dual.capacity.size
    # Steps of one size for all: a unit matters more where there are few.
    unit = np.ones(ends + rules)
    unit[:ends] = 1.0 / np.sqrt(np.maximum(dual.capacity.ravel(), 1.0))
    limits = [(0.0, None if open_ else 0.0) for open_ in dual.limited.ravel()]
    limits += [(0.0, None)] * rules
    best = start or Prices(np.zeros(shape), np.zeros(rules), np.inf)
    if start is None:
        best = Prices(best.resources, best.rules, dual.at(best.resources, best.rules))
    point = np.concatenate([best.resources.ravel(), best.rules]) / unit

    def value(scaled: FloatArray, temperature: float) -> tuple[float, FloatArray]:
        nonlocal best
        resources, mu = (scaled * unit)[:ends].reshape(shape), (scaled * unit)[ends:]
        smooth, slope, slope_rules, bound = dual.smoothed(resources, mu, temperature)
        if bound < best.bound:
            best = Prices(resources.copy(), mu.copy(), bound)
        if time.perf_counter() > deadline:
            raise _Late
        return smooth, np.concatenate([slope.ravel(), slope_rules]) * unit

    try:
        for share, steps in cooling:
            done = minimize(
                value,
                point,
                args=(share * dual.width,),
                jac=True,
                method="L-BFGS-B",
                bounds=limits,
                options={"maxiter": steps, "maxfun": 2 * steps, "maxcor": 30},
            )
            point = done.x
    except _Late:
        pass
    return best


class _Late(Exception):
    """The time is up: the best multipliers so far stand."""


def choices(dual: Dual, prices: Prices) -> tuple[FloatArray, IntArray, FloatArray]:
    """What is left of each arc; each agent's best arc (-1: none); how sure that choice is."""
    left = dual.left(prices.resources, prices.rules)
    best = np.zeros(dual.instance.agents)
    best[dual.able] = dual.best(left)
    arc = np.full(dual.instance.agents, -1, np.int64)
    top = np.flatnonzero((left >= best[dual.agent]) & (left > 0))
    arc[dual.agent[top[::-1]]] = top[::-1]
    rest = left.copy()
    rest[arc[arc >= 0]] = -np.inf
    second = np.zeros(dual.instance.agents)
    second[dual.able] = dual.best(rest)
    return left, arc, best - second
