"""What one more unit of each resource in each place is worth, given who is still to come.

The fluid problem of future arrivals gives household ``i``, of weight ``w_i``, to places in parts:

    maximize  sum_ij w_i s_ij x_ij   with  sum_j x_ij <= 1,  sum_i w_i d_ir x_ij <= c_jr,  x >= 0

and its dual asks for prices ``p >= 0`` (places by resources) that minimize

    F(p) = sum_jr c_jr p_jr + sum_i w_i max(0, max_j (s_ij - d_i . p_j)).

We minimize F with the inner maximum smoothed to ``T log(1 + sum_j exp(. / T))`` (Nesterov, 2005,
«Smooth minimization of non-smooth functions»), by Newton's method on the prices that are not held
at 0 (Bertsekas, 1982, «Projected Newton methods»). There are m r prices, some sixty, whatever the
number of households; from the prices of the batch before it takes a few steps of a millisecond.
Smoothing moves F by at most T log(1 + m) for each household, and in practice by much less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEPS = 60  # of Newton at one temperature; two to twenty are usual
HALVINGS = 20
CLOSE = 1e-3  # units of a resource by which demand may miss capacity


@dataclass(frozen=True, eq=False)
class Crowd:
    """Households that may come: demand (n, r), scores (n, m; NaN: not allowed), weights (n,)."""

    demand: Floats
    scores: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.weight)

    def __add__(self, other: Crowd) -> Crowd:
        return Crowd(
            np.concatenate([self.demand, other.demand]),
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.weight, other.weight]),
        )

    def scaled(self, total: float) -> Crowd:
        """The same mix, of this total weight."""
        now = self.weight.sum()
        return Crowd(self.demand, self.scores, self.weight * (total / now if now > 0 else 0.0))


def usable(demand: Floats, scores: Floats, capacities: Floats) -> Floats:
    """Scores with -inf where a pair is not allowed or the household no longer fits in the place."""
    fits = (demand[:, None, :] <= capacities[None] + 1e-9).all(axis=2)
    return np.where(np.isnan(scores) | ~fits, -np.inf, scores)


def prices(
    crowd: Crowd, capacities: Floats, start: Floats, temperatures: tuple[float, ...]
) -> Floats:
    """Prices (m, r) of the capacities (m, r) for these households, worth for each unit.

    start         prices of the batch before, or any guess: the answer depends on it only within
                  the tolerance
    temperatures  falling, in the unit of scores; the last decides how sharp prices are

    A place or resource that nobody can use, or that is unlimited, has the price 0.
    """
    scores = usable(crowd.demand, crowd.scores, capacities)
    real = np.isfinite(scores).any(axis=1) & (crowd.weight > 0)
    if not real.any():
        return np.zeros_like(capacities)
    demand, weight = crowd.demand[real], crowd.weight[real]
    wanted = np.isfinite(scores[real]).T.astype(np.float64) @ (demand > 0) > 0
    found = np.where(np.isfinite(capacities) & wanted, start, 0.0)
    for temperature in temperatures:
        found = _newton(demand, scores[real], weight, capacities, found, temperature)
    return found


def surplus(
    demand: Floats, scores: Floats, price: Floats, temperature: float
) -> tuple[Floats, Floats]:
    """Smoothed best worth less price of each household (n,), and its parts by place (n, m)."""
    worth = (scores - demand @ price.T) / temperature
    top = np.maximum(worth.max(axis=1), 0.0)
    parts = np.exp(worth - top[:, None])
    whole = parts.sum(axis=1) + np.exp(-top)
    return temperature * (top + np.log(whole)), parts / whole[:, None]


def _newton(
    demand: Floats,
    scores: Floats,
    weight: Floats,
    capacities: Floats,
    price: Floats,
    temperature: float,
) -> Floats:
    limited = np.isfinite(capacities)
    given = np.where(limited, capacities, 0.0)
    best, parts = surplus(demand, scores, price, temperature)
    total = float((given * price).sum() + weight @ best)
    for _ in range(STEPS):
        weighted = weight[:, None] * parts
        slope = (given - weighted.T @ demand).ravel()
        active = limited.ravel() & ~((price.ravel() <= 1e-12) & (slope >= 0))
        if not active.any() or np.abs(slope[active]).max() < CLOSE:
            break
        step = np.zeros(slope.size)
        step[active] = _direction(demand, weighted, parts, slope, active, temperature)
        size = 1.0
        for _ in range(HALVINGS):
            moved = np.maximum(price + size * step.reshape(price.shape), 0.0)
            best, parts = surplus(demand, scores, moved, temperature)
            new = float((given * moved).sum() + weight @ best)
            if new <= total + 1e-4 * float(slope @ (moved - price).ravel()):
                break
            size /= 2
        else:
            break
        price, total = moved, new
    return price


def _direction(
    demand: Floats,
    weighted: Floats,
    parts: Floats,
    slope: Floats,
    active: npt.NDArray[np.bool_],
    temperature: float,
) -> Floats:
    """Newton's step for the active prices; a little is added to the diagonal for stability."""
    n, m = parts.shape
    r = demand.shape[1]
    spread = (parts[:, :, None] * demand[:, None, :]).reshape(n, m * r)
    curve = -(spread.T @ (weighted[:, :, None] * demand[:, None, :]).reshape(n, m * r))
    squares = (demand[:, :, None] * demand[:, None, :]).reshape(n, r * r)
    blocks = (weighted.T @ squares).reshape(m, r, r)
    for j in range(m):
        curve[j * r : (j + 1) * r, j * r : (j + 1) * r] += blocks[j]
    which = np.nonzero(active)[0]
    curve = curve[np.ix_(which, which)] / temperature
    curve[np.diag_indices(len(which))] += 1e-3 + 1e-6 * np.diag(curve)
    return np.asarray(-np.linalg.solve(curve, slope[which]))
