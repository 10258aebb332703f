"""The pairs of a placement: agent, place, score, and what the pair takes where it differs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..placement.problem import Floats as AnyFloats
from ..words import words
from .cells import Floats, Ints32, amounts, positions, scores
from .faults import Faults
from .table import Table

if TYPE_CHECKING:
    from .placement import Inputs


@dataclass(frozen=True, eq=False)
class PairRows:
    """The pairs in the order of the file; ``needs`` (pairs,) by resource, NaN: the agent's own."""

    agent: Ints32
    place: Ints32
    score: AnyFloats
    needs: dict[str, Floats]

    def demand(self, own: Floats | None, resources: tuple[str, ...]) -> Floats | None:
        """(pairs, resources) what each pair takes, or None where it is the agent's own."""
        if not self.needs:
            return None
        table = np.ones((len(self.agent), len(resources)))
        if own is not None:
            table = own[self.agent].astype(np.float64)
        for name, values in self.needs.items():
            column = resources.index(name)
            given = ~np.isnan(values)
            table[given, column] = values[given]
        return table

    def keys(self, places: int) -> frozenset[int]:
        """Each pair as one number, agent by agent."""
        return frozenset((self.agent.astype(np.int64) * places + self.place).tolist())


def read_pairs(
    table: Table,
    agents: dict[str, int] | None,
    places: dict[str, int] | None,
    resources: tuple[str, ...],
    own: tuple[str, ...],
    inputs: Inputs,
    faults: Faults,
) -> PairRows:
    """Read all pairs; twice the same one is a fault.

    own  resources that agents have a column for: a pair's empty cell then means the agent's own
    """
    agent, place, rows = [], [], []
    score: list[AnyFloats] = []
    named = [name for name in table.others("agent", "place", "score") if name in resources]
    special: dict[str, list[Floats]] = {name: [] for name in named}
    for chunk in table.chunks():
        agent.append(positions(table, chunk, "agent", agents, faults, str(inputs.agents)))
        place.append(positions(table, chunk, "place", places, faults, str(inputs.places)))
        score.append(_narrow(scores(table, chunk, "score", faults)))
        rows.append(np.array(chunk.numbers, np.int32))
        for name in named:
            empty = math.nan if name in own else None
            special[name].append(amounts(table, chunk, name, faults, empty=empty))
    if not agent and not faults.of(table.name):
        what = words("the file has a header and no pair: nobody may go anywhere.")
        faults.whole(table.name, what)
    none = np.empty(0, np.int32)
    found = PairRows(
        np.concatenate([none, *agent]),
        np.concatenate([none, *place]),
        np.concatenate([none.astype(np.float32), *score]),
        {name: np.concatenate([np.empty(0), *parts]) for name, parts in special.items()},
    )
    if agents is not None and places is not None:
        numbers = np.concatenate([none, *rows])
        refuse_twice(table, found.agent, found.place, numbers, len(places), faults)
    return found


def _narrow(values: Floats) -> AnyFloats:
    """In half the memory, where nothing is lost by it."""
    with np.errstate(over="ignore"):
        small = values.astype(np.float32)
    return small if (small == values).all() else values


def refuse_twice(
    table: Table, one: Ints32, other: Ints32, rows: Ints32, others: int, faults: Faults
) -> None:
    """Tell each pair of positions that stands again; unknown ones (-1) are passed over."""
    known = (one >= 0) & (other >= 0)
    key = one.astype(np.int64) * others + other
    key[~known] = -1 - np.flatnonzero(~known)
    if len(key) < 2 or (np.diff(key) > 0).all():
        return
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    again = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    for k in np.sort(order[again]).tolist():
        first = order[np.searchsorted(ordered, key[k])]
        faults.row(
            table.name,
            int(rows[k]),
            words("a pair that stands in row %(row)d too", row=int(rows[first])),
            words("each pair once"),
        )
