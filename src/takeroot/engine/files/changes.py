"""What-ifs from a file: ``change,agent,place,resource,amount``, one step a row.

lock, unlock, forbid, allow   ``agent`` and ``place``
capacity                      ``place``, ``resource`` (may be empty if there is one only), and
                              ``amount``; nothing for unlimited
remove                        ``agent``
add                           ``agent``, and a row for each place open to it, ``amount`` being the
                              score there. What it takes stands in columns named as the resources
                              are, and its ``group`` in a column; the agent's first row counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..placement import Change, PlacementProblem
from ..words import Words, words
from .cells import A_CAPACITY, A_NUMBER, AN_AMOUNT, LARGEST, identity, known_id, number
from .faults import Faults
from .source import Source
from .table import Table, open_table

OF_PAIRS = ("lock", "unlock", "forbid", "allow")
KINDS = (*OF_PAIRS, "capacity", "add", "remove")


@dataclass(frozen=True)
class Step:
    """A change and the row where it begins."""

    row: int
    change: Change


def read_changes(path: Path, problem: PlacementProblem, *, each: bool) -> tuple[list[Step], Source]:
    """The changes in order. Raises FilesError with every fault.

    each  every change stands alone: none knows an agent that another adds
    """
    faults = Faults()
    table = open_table(path, faults, "change")
    if table is None:
        faults.raise_if_any()
        raise AssertionError
    reader = _Reader(table, problem, faults, each)
    for chunk in table.chunks():
        for row, cells in zip(chunk.numbers, chunk.rows, strict=True):
            reader.take(row, dict(zip(table.headers, cells, strict=True)))
    if not reader.steps and not faults:
        faults.whole(table.name, words("the file has a header and no change."))
    faults.raise_if_any()
    return reader.steps, table.source


@dataclass
class _Reader:
    """Takes row after row, and knows who has come and gone so far."""

    table: Table
    problem: PlacementProblem
    faults: Faults
    each: bool
    steps: list[Step] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        before = self.faults.of(self.table.name)
        kind = cells["change"].strip().casefold()
        change = Change("lock")
        if kind in OF_PAIRS:
            change = self._pair(row, kind, cells)
        elif kind == "capacity":
            change = self._capacity(row, cells)
        elif kind == "remove":
            agent = self._agent(row, cells)
            change = Change("remove", agent)
            if not self.each:
                self.removed.add(agent)
                self.added.pop(agent, None)
        elif kind == "add":
            self._add(row, cells)
            return
        else:
            self._fault(row, "change", cells, words("one of %(names)s", names=", ".join(KINDS)))
        if self.faults.of(self.table.name) == before:
            self.steps.append(Step(row, change))

    def _fault(self, row: int, column: str, cells: Mapping[str, str], expected: Words) -> None:
        self.faults.cell(self.table.name, row, column, cells.get(column, ""), expected)

    def _agent(self, row: int, cells: Mapping[str, str]) -> str:
        text = identity(cells.get("agent", ""))
        at = known_id(text, self.problem.agent_index)
        name = self.problem.agents[at] if at >= 0 else text
        here = at >= 0 or (name in self.added and not self.each)
        if not here or name in self.removed:
            expected = words("an agent who is there at this point")
            self._fault(row, "agent", cells, expected)
        return name

    def _place(self, row: int, cells: Mapping[str, str]) -> str:
        at = known_id(cells.get("place", ""), self.problem.place_index)
        if at < 0:
            self._fault(row, "place", cells, words("a place of the problem"))
            return ""
        return self.problem.places[at]

    def _pair(self, row: int, kind: str, cells: Mapping[str, str]) -> Change:
        agent, place = self._agent(row, cells), self._place(row, cells)
        if cells.get("amount", "").strip():
            self._fault(row, "amount", cells, words("nothing for this change"))
        return Change(kind, agent, place)  # type: ignore[arg-type]

    def _capacity(self, row: int, cells: Mapping[str, str]) -> Change:
        place = self._place(row, cells)
        resource = identity(cells.get("resource", ""))
        known = self.problem.resources
        if not resource and len(known) == 1:
            resource = known[0]
        if resource not in known:
            self._fault(row, "resource", cells, words("one of %(names)s", names=", ".join(known)))
        text = cells.get("amount", "").strip()
        amount = number(text, comma=self.table.comma) if text else math.inf
        if not (0 <= amount <= LARGEST or amount == math.inf):
            self._fault(row, "amount", cells, A_CAPACITY)
        return Change("capacity", "", place, amount, resource)

    def _add(self, row: int, cells: Mapping[str, str]) -> None:
        agent = identity(cells.get("agent", ""))
        if self.problem.pairs.demand is not None:
            what = words("nobody to add: what is taken differs by pair here; change the files")
            self._fault(row, "change", cells, what)
            return
        if agent in self.added:
            step = self.steps[self.added[agent]]
        else:
            step = self._newcomer(row, agent, cells)
            self.added[agent] = len(self.steps)
            self.steps.append(step)
        place = self._place(row, cells)
        score = number(cells.get("amount", ""), comma=self.table.comma)
        if not abs(score) <= LARGEST:
            self._fault(row, "amount", cells, A_NUMBER)
        if place in step.change.scores:
            found = words("a pair that stands above too")
            self.faults.row(self.table.name, row, found, words("each pair once"))
        scores = {**step.change.scores, place: score}
        at = self.added[agent]
        self.steps[at] = Step(step.row, replace(step.change, scores=scores))

    def _newcomer(self, row: int, agent: str, cells: Mapping[str, str]) -> Step:
        here = agent in self.problem.agent_index and agent not in self.removed
        if not agent or here:
            self._fault(row, "agent", cells, words("the id of somebody new"))
        self.removed.discard(agent)
        given = [name for name in self.problem.resources if name in cells]
        needed = self.problem.demand is not None
        for name in self.problem.resources if needed else ():
            if name not in given:
                self._fault(row, name, cells, AN_AMOUNT)
        demand = [number(cells[name], comma=self.table.comma) for name in given]
        for name, value in zip(given, demand, strict=True):
            if not 0 <= value <= LARGEST:
                self._fault(row, name, cells, AN_AMOUNT)
        group = identity(cells.get("group", ""))
        return Step(row, Change("add", agent, demand=tuple(demand), group=group))


def in_words(change: Change, problem: PlacementProblem) -> Words:
    """A change as a heading."""
    values = {"agent": change.agent, "place": change.place}
    if change.kind == "lock":
        return words("Lock %(agent)s to %(place)s", **values)
    if change.kind == "unlock":
        return words("Unlock %(agent)s from %(place)s", **values)
    if change.kind == "forbid":
        return words("Forbid %(agent)s at %(place)s", **values)
    if change.kind == "allow":
        return words("Allow %(agent)s at %(place)s again", **values)
    if change.kind == "add":
        return words("Add %(agent)s", **values)
    if change.kind == "remove":
        return words("Remove %(agent)s", **values)
    resource = change.resource or problem.resources[0]
    if change.amount == math.inf:
        return words("%(place)s: unlimited %(resource)s", resource=resource, **values)
    return words(
        "%(place)s: %(amount)s %(resource)s", amount=f"{change.amount:g}", resource=resource,
        **values,
    )  # fmt: skip
