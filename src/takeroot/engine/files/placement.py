"""Agents, places and pairs from three files, locks, floors and an earlier answer from others.

agents   ``agent``, optional ``group``, then a column for each resource: what the agent takes
places   ``place``, the same columns: what the place has (empty: unlimited)
pairs    ``agent,place,score``; optional resource columns replace the agent's own for that pair
locks    ``agent,place``: settled before
floors   ``group,measure,value,place``: what a group is owed, see ``placement.Rule``
previous ``agent,place``: what was decided before

Every fault of every file is told at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..placement import Pair, Pairs, PlacementError, PlacementProblem, Rule
from ..words import Words, words
from .cells import Floats, amounts, identity, new_ids
from .faults import Faults, FilesError
from .pairs import PairRows, read_pairs
from .rules import read_chosen, read_rules
from .source import Source
from .table import Table, open_table


@dataclass(frozen=True)
class Inputs:
    """Paths as the person gave them."""

    agents: Path
    places: Path
    pairs: Path
    locks: Path | None = None
    floors: Path | None = None
    previous: Path | None = None

    def named(self) -> dict[str, Path]:
        """The files that were given, by role."""
        return {role: path for role, path in vars(self).items() if path is not None}


@dataclass(frozen=True)
class Goal:
    """What is wanted beside the files; see ``PlacementProblem``."""

    minimize: bool = False
    must_place: bool = False
    unplaced_cost: float = 0.0
    least_score: float | None = None


@dataclass(frozen=True, eq=False)
class Read:
    """The problem, the files it was read from by role, and what is worth knowing about them."""

    problem: PlacementProblem
    sources: Mapping[str, Source]
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, eq=False)
class _Side:
    """Agents or places: ids with positions, amounts (ids, resources), groups of agents."""

    index: dict[str, int]
    amounts: Floats
    groups: list[str] = field(default_factory=list)


def read_problem(inputs: Inputs, goal: Goal | None = None) -> Read:
    """Read and check everything. Raises FilesError with every fault found."""
    faults = Faults()
    agents = open_table(inputs.agents, faults, "agent")
    places = open_table(inputs.places, faults, "place")
    pairs = open_table(inputs.pairs, faults, "agent", "place", "score")
    resources = _resources(agents, places, pairs, faults)
    here = _side(agents, "agent", resources, faults)
    there = _side(places, "place", resources, faults)
    found = None
    if pairs is not None:
        own = resources if agents is None else agents.others("agent", "group")
        found = read_pairs(pairs, _index(here), _index(there), resources, own, inputs, faults)
    locks, lock_source = read_chosen(inputs.locks, _index(here), _index(there), inputs, faults)
    groups = None if here is None else set(here.groups)
    rules, floor_source = read_rules(inputs.floors, groups, _index(there), inputs, faults)
    previous, old = read_chosen(inputs.previous, _index(here), _index(there), inputs, faults)
    if here is not None and found is not None and agents is not None:
        _locks_have_needs(agents, locks, here, there, found, inputs, faults)
    faults.raise_if_any()
    assert here is not None
    assert there is not None
    assert found is not None
    problem = _problem(here, there, found, resources, locks, rules, previous, goal or Goal())
    tables = {"agents": agents, "places": places, "pairs": pairs}
    sources = {role: table.source for role, table in tables.items() if table is not None}
    more = {"locks": lock_source, "floors": floor_source, "previous": old}
    sources |= {role: source for role, source in more.items() if source is not None}
    return Read(problem, sources, _notes(problem))


def _index(side: _Side | None) -> dict[str, int] | None:
    return None if side is None else side.index


def _resources(
    agents: Table | None, places: Table | None, pairs: Table | None, faults: Faults
) -> tuple[str, ...]:
    """The resources' names, in the order of the agents' columns, else of the places'."""
    if agents is None or places is None:
        return ()
    needs, has = agents.others("agent", "group"), places.others("place")
    special = () if pairs is None else pairs.others("agent", "place", "score")
    for name in special:
        if name not in has:
            _not_there(faults, pairs, name, places)
    for name in needs:
        if name not in has:
            _not_there(faults, agents, name, places)
    if not has:
        what = words("there is no column that says what each place has, such as “seats”.")
        faults.whole(places.name, what)
        return ()
    if needs:
        for name in has:
            if name not in needs:
                _not_there(faults, places, name, agents)
    elif len(has) > 1 and set(special) != set(has):
        what = words(
            "the places have %(names)s; the same columns are needed here, to say what each "
            "agent takes.",
            names=", ".join(has),
        )
        faults.whole(agents.name, what)
    return needs or has


def _not_there(faults: Faults, table: Table | None, column: str, other: Table) -> None:
    if table is not None:
        what = words(
            "the column “%(column)s” does not stand in %(file)s; resources have the same "
            "columns in both.",
            column=column, file=other.name,
        )  # fmt: skip
        faults.whole(table.name, what)


def _side(
    table: Table | None, column: str, resources: tuple[str, ...], faults: Faults
) -> _Side | None:
    if table is None:
        return None
    index: dict[str, int] = {}
    rows: list[int] = []
    groups: list[str] = []
    blocks: list[Floats] = []
    group = table.at("group") if column == "agent" else None
    named = [name for name in resources if table.at(name) is not None]
    empty = math.inf if column == "place" else None
    for chunk in table.chunks():
        new_ids(table, chunk, column, index, rows, faults)
        if group is not None:
            groups += [identity(cell) for cell in chunk.column(group)]
        columns = [amounts(table, chunk, name, faults, empty=empty) for name in named]
        if columns:
            blocks.append(np.stack(columns, 1))
    if not rows and not faults.of(table.name):
        none = {
            "agent": words("the file has a header and no agent: there is nobody to place."),
            "place": words("the file has a header and no place: there is nowhere to go."),
        }
        faults.whole(table.name, none[column])
    shape = np.zeros((0, len(named)))
    return _Side(index, np.concatenate([shape, *blocks]), groups)


def _locks_have_needs(
    agents: Table,
    locks: list[Pair],
    here: _Side,
    there: _Side | None,
    found: PairRows,
    inputs: Inputs,
    faults: Faults,
) -> None:
    """Where needs stand with the pairs alone, a locked pair must be one of them."""
    if there is None or not found.needs or agents.others("agent", "group"):
        return
    listed = found.keys(len(there.index))
    for agent, place in locks:
        key = here.index[agent] * len(there.index) + there.index[place]
        if key not in listed:
            what = words(
                "%(agent)s is locked to %(place)s, and what this takes is not known: the pair "
                "does not stand in %(file)s.",
                agent=agent, place=place, file=str(inputs.pairs),
            )  # fmt: skip
            faults.whole(str(inputs.locks), what)


def _problem(
    here: _Side,
    there: _Side,
    found: PairRows,
    resources: tuple[str, ...],
    locks: list[Pair],
    rules: list[Rule],
    previous: list[Pair],
    goal: Goal,
) -> PlacementProblem:
    n = len(here.index)
    demand: Floats | None = here.amounts if here.amounts.shape[1] else None
    special = found.demand(demand, resources)
    if demand is None and special is not None:
        demand = np.zeros((n, len(resources)))
    try:
        return PlacementProblem(
            agents=list(here.index),
            places=list(there.index),
            capacity=there.amounts,
            pairs=Pairs.of(found.agent, found.place, found.score, n, special),
            demand=demand,
            resources=resources,
            groups=here.groups if any(here.groups) else (),
            locked=frozenset(locks),
            rules=tuple(rules),
            minimize=goal.minimize,
            must_place=goal.must_place,
            unplaced_cost=goal.unplaced_cost,
            least_score=goal.least_score,
            previous=tuple(previous),
        )
    except PlacementError as error:
        raise FilesError(
            words("The files contradict themselves: %(what)s.", what=str(error))
        ) from None


def _notes(problem: PlacementProblem) -> tuple[Words, ...]:
    notes = []
    closed = [
        place
        for place, has in zip(problem.places, problem.capacity, strict=True)
        if not (has > 0).any()
    ]
    if closed:
        notes.append(words("Places with a capacity of 0: %(names)s.", names=_few(closed)))
    lengths = np.diff(problem.pairs.start)
    alone = [problem.agents[i] for i in np.flatnonzero(lengths == 0).tolist()]
    if alone:
        text = words("Agents without a pair, who can go nowhere: %(names)s.", names=_few(alone))
        notes.append(text)
    notes += [
        words(
            "%(agent)s is locked to %(place)s, a pair without a score: it counts as 0.",
            agent=agent, place=place,
        )
        for agent, place in sorted(problem.locked)
        if problem.place_index[place]
        not in problem.pairs.place[problem.pairs.of_agent(problem.agent_index[agent])]
    ]  # fmt: skip
    return tuple(notes)


def _few(names: list[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" … ({len(names)})" if len(names) > most else "")
