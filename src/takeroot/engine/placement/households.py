"""Households that need several resources at once: prices, a first answer, repair where it loses.

At the prices of ``dual`` nearly every household has one clear choice. What an answer falls short
of the bound is, exactly, the sum over households of (their best left-over less that of what they
got) plus the sum over resources of (price times what is unused). So:

1. The surest households take their best choice that still fits, the others after them.
2. Take a place that loses much, the places whose households it competes for, and the households
   there that could most easily sit elsewhere; solve that part exactly by an integer programme, all
   else standing still (large neighbourhood search: Shaw, 1998). Again, until the gap is closed or
   nothing has been gained for long.
3. A small problem is solved whole at the end, if a gap is left.

The loss accounts say where to look, so that parts of 100 to 200 households suffice.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .dual import Dual, Prices, choices
from .instance import FloatArray, IntArray, all_arcs_of
from .programme import Part, solve_part

# A part: places, households, effort of its search (steps, not time), and a gap that will do.
PART_PLACES, PART_AGENTS = 8, 90
PART_EFFORT, PART_GAP = 0.2, 1e-5
# Arcs per household that a part may use, and parts in vain per place before giving up.
CLOSE, PATIENCE = 5.0, 3
# Arcs up to which a problem is solved whole at once, or at the end; and the effort of that.
TINY, WHOLE, WHOLE_EFFORT = 300, 4_000, 20.0


Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answer:
    """Arc of each agent (-1: none), its weight with penalties, the bound a search proved."""

    arc: IntArray
    value: float
    proved: float | None
    rounds: int


class Search:
    """An answer being repaired. ``improve`` gains or leaves it as it is."""

    def __init__(self, dual: Dual, prices: Prices, seed: int, arc: IntArray | None = None) -> None:
        self.dual, self.instance = dual, dual.instance
        self.left, wanted, self.sure = choices(dual, prices)
        self.prices = prices
        self.best = np.zeros(self.instance.agents)
        self.best[dual.able] = dual.best(self.left)
        self.chance = np.random.default_rng(seed)
        self.used = np.zeros_like(self.instance.capacity)
        self.arc = np.full(self.instance.agents, -1, np.int64)
        self._index_close()
        if arc is None:
            self._first_answer(wanted)
        else:
            self._put(np.flatnonzero(arc >= 0), arc[arc >= 0])
            self._make_room()
        self.value = float(dual.weight[self.arc[self.arc >= 0]].sum())

    # -- what stands where -------------------------------------------------------------------

    def _index_close(self) -> None:
        """Arcs that a part may use, listed by place."""
        slack = self.best[self.dual.agent] - self.left
        kept = min(len(slack) - 1, int(CLOSE * len(self.dual.able)))
        self.reach = float(np.partition(slack, kept)[kept]) if len(slack) else 0.0
        self.close = slack <= self.reach
        arcs = np.flatnonzero(self.close)
        order = np.argsort(self.dual.place[arcs], kind="stable")
        self.by_place = arcs[order]
        counts = np.bincount(self.dual.place[arcs], minlength=self.instance.places)
        self.place_start = np.concatenate([[0], np.cumsum(counts)])

    def _need(self, arcs: IntArray) -> FloatArray:
        return np.stack([take[arcs] for take in self.dual.take], 1)

    def _put(self, agents: IntArray, arcs: IntArray) -> None:
        """Give agents their arcs (-1: none), and account for what they use."""
        for who, sign in ((self.arc[agents], -1.0), (arcs, 1.0)):
            real = who[who >= 0]
            np.add.at(self.used, self.dual.place[real], sign * self._need(real))
        self.arc[agents] = arcs

    def _first_answer(self, wanted: IntArray) -> None:
        """The surest first; who finds no room is left to the repair."""
        room = self.instance.capacity.tolist()
        resources = range(self.instance.capacity.shape[1])
        order = np.argsort(-self.sure, kind="stable")
        start, place = self.instance.start, self.dual.place
        chosen = np.full(len(wanted), -1, np.int64)
        for agent in order[wanted[order] >= 0].tolist():
            span = np.arange(start[agent], start[agent + 1])
            span = span[self.left[span] > -self.reach]
            for arc in span[np.argsort(-self.left[span], kind="stable")].tolist():
                here = room[place[arc]]
                if all(self.dual.take[r][arc] <= here[r] for r in resources):
                    for r in resources:
                        here[r] -= self.dual.take[r][arc]
                    chosen[agent] = arc
                    break
        everyone = np.arange(len(wanted))
        self._put(everyone, chosen)

    def _make_room(self) -> None:
        """Where an old answer asks for more than there is now, those lose least who go first."""
        over = (self.used > self.instance.capacity + 1e-9).any(axis=1)
        for place in np.flatnonzero(over).tolist():
            here = np.flatnonzero(self.arc >= 0)
            here = here[self.dual.place[self.arc[here]] == place]
            for agent in here[np.argsort(self.left[self.arc[here]], kind="stable")]:
                if (self.used[place] <= self.instance.capacity[place] + 1e-9).all():
                    break
                self._put(np.array([agent]), np.array([-1]))

    def losses(self) -> FloatArray:
        """(places,) what each place loses against the bound."""
        unused = np.where(self.dual.limited, self.instance.capacity - self.used, 0.0)
        loss: FloatArray = (self.prices.resources * unused).sum(1)
        seated = np.flatnonzero(self.arc >= 0)
        arcs = self.arc[seated]
        short = self.best[seated] - self.left[arcs]
        loss += np.bincount(self.dual.place[arcs], short, len(loss))
        # Who has no place lost what its best place would have left it: look there.
        out = np.flatnonzero((self.arc < 0) & (self.best > 0))
        for agent in out[:10_000]:
            span = slice(int(self.instance.start[agent]), int(self.instance.start[agent + 1]))
            loss[self.dual.place[span][self.left[span].argmax()]] += self.best[agent]
        return np.maximum(loss, 0.0)

    # -- repair ------------------------------------------------------------------------------

    def improve(self, centre: int, loss: FloatArray, size: int = PART_AGENTS) -> bool:
        """Solve the part around one place; True if the answer is better now."""
        places = self._competitors(centre, loss)
        agents = self._movable(places, size)
        return self.solve_around(agents, places)

    def _competitors(self, centre: int, loss: FloatArray) -> Flags:
        """Places with many households that could as well be at ``centre``."""
        span = slice(int(self.place_start[centre]), int(self.place_start[centre + 1]))
        agents = np.unique(self.dual.agent[self.by_place[span]]).astype(np.int64)
        arcs = all_arcs_of(self.instance.start, agents)
        arcs = arcs[self.close[arcs]]
        tie = np.bincount(self.dual.place[arcs], minlength=self.instance.places).astype(float)
        tie *= 1.0 + loss / (loss.mean() + 1e-12)
        tie *= self.chance.uniform(0.5, 1.0, len(tie))
        tie[centre] = np.inf
        within = np.zeros(self.instance.places, bool)
        within[np.argsort(-tie, kind="stable")[:PART_PLACES]] = True
        return within

    def _movable(self, places: Flags, size: int) -> IntArray:
        """Households at these places, or without one, that lose least by sitting elsewhere here."""
        here = np.zeros(self.instance.agents, bool)
        seated = self.arc >= 0
        here[seated] = places[self.dual.place[self.arc[seated]]]
        ends = np.flatnonzero(places)
        near = np.concatenate(
            [self.by_place[self.place_start[j] : self.place_start[j + 1]] for j in ends]
        )
        near = near[here[self.dual.agent[near]] | ~seated[self.dual.agent[near]]]
        near = near[self.arc[self.dual.agent[near]] != near]
        cost = np.full(self.instance.agents, np.inf)
        who = self.dual.agent[near]
        np.minimum.at(cost, who, self.best[who] - self.left[near])
        cost[here] = np.minimum(cost[here], self.best[here])
        candidates = np.flatnonzero(np.isfinite(cost))
        chosen: IntArray = np.sort(candidates[np.argsort(cost[candidates], kind="stable")[:size]])
        return chosen

    def solve_around(self, agents: IntArray, places: Flags) -> bool:
        """Choose anew for these agents among these places, all else standing still."""
        arcs = all_arcs_of(self.instance.start, agents)
        held = self.arc[self.dual.agent[arcs]] == arcs
        usable = (self.close[arcs] & places[self.dual.place[arcs]]) | held
        arcs, held = arcs[usable], held[usable]
        if not len(arcs):
            return False
        old = self.arc[agents]
        before = float(self.dual.weight[old[old >= 0]].sum())
        part = self.part(agents, arcs)
        found = solve_part(part, effort=PART_EFFORT, gap=PART_GAP, hint=np.flatnonzero(held))
        if found.value <= before + 1e-9 * max(1.0, abs(self.value)):
            return False
        new = np.full(len(agents), -1, np.int64)
        new[part.agent[found.arcs]] = arcs[found.arcs]
        self._put(agents, new)
        self.value += found.value - before
        return True

    def part(self, agents: IntArray, arcs: IntArray) -> Part:
        """The programme of these agents over these arcs, beside what all others use."""
        ends, place = np.unique(self.dual.place[arcs], return_inverse=True)
        old = self.arc[agents]
        own = old[old >= 0]
        used = self.used.copy()
        np.subtract.at(used, self.dual.place[own], self._need(own))
        rows = self.instance.rows
        others = np.setdiff1d(self.arc[self.arc >= 0], own)
        return Part(
            agent=np.searchsorted(agents, self.dual.agent[arcs]),
            place=place,
            weight=self.dual.weight[arcs],
            need=self._need(arcs),
            most=np.ones(len(agents), np.int64),
            capacity=(self.instance.capacity - used)[ends],
            rows=rows.coefficient[:, arcs],
            limit=rows.limit - rows.coefficient[:, others].sum(1),
        )


def repair(
    search: Search, *, bound: float, gap: float, worth_zero: float, deadline: float
) -> Answer:
    """Improve until the gap is closed, nothing has been gained for long, or the time is up.

    bound       of the sum of weights; ``gap`` is relative to |value - worth_zero|, the value in
                the scores' own units
    """
    rounds = in_vain = 0
    patience = max(40, PATIENCE * search.instance.places)

    def closed() -> bool:
        return bound - search.value <= gap * max(abs(search.value - worth_zero), 1e-12)

    proved = _whole(search, deadline) if len(search.dual.weight) <= TINY else None
    while proved is None and not closed() and in_vain < patience and time.perf_counter() < deadline:
        loss = search.losses()
        if loss.sum() <= 0:
            break
        rounds += 1
        centre = int(search.chance.choice(len(loss), p=loss / loss.sum()))
        in_vain = 0 if search.improve(centre, loss) else in_vain + 1
    whole = proved is None and len(search.dual.weight) <= WHOLE
    if whole and not closed() and time.perf_counter() < deadline:
        proved = _whole(search, deadline)
    return Answer(search.arc, search.value, proved, rounds)


def _whole(search: Search, deadline: float) -> float:
    """Solve everything at once; returns the bound that the search proved."""
    agents = search.dual.able
    arcs = np.arange(len(search.dual.weight))
    part = search.part(agents, arcs)
    left = deadline - time.perf_counter()
    seconds = None if left > 1e6 else left
    found = solve_part(part, effort=WHOLE_EFFORT, seconds=seconds)
    if found.value > search.value:
        new = np.full(len(agents), -1, np.int64)
        new[part.agent[found.arcs]] = arcs[found.arcs]
        search._put(agents, new)
        search.value = found.value
    return max(found.bound, search.value)
