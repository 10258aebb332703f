"""Small files beside a placement: locks, an earlier answer, and what groups are owed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from ..placement import Pair, Rule
from ..placement.problem import Measure
from ..words import words
from .cells import A_NUMBER, AN_AMOUNT, LARGEST, identity, known_id, number, positions
from .faults import Faults
from .source import Source
from .table import Table, open_table

if TYPE_CHECKING:
    from .placement import Inputs

Index = dict[str, int]
MEASURES: tuple[str, ...] = get_args(Measure)


def read_chosen(
    path: Path | None,
    agents: Index | None,
    places: Index | None,
    inputs: Inputs,
    faults: Faults,
) -> tuple[list[Pair], Source | None]:
    """Pairs of a file with ``agent`` and ``place``; other columns are left alone."""
    table = None if path is None else open_table(path, faults, "agent", "place")
    if table is None:
        return [], None
    seen: dict[tuple[int, int], int] = {}
    for chunk in table.chunks():
        agent = positions(table, chunk, "agent", agents, faults, str(inputs.agents))
        place = positions(table, chunk, "place", places, faults, str(inputs.places))
        found = zip(agent.tolist(), place.tolist(), strict=True)
        for row, pair in zip(chunk.numbers, found, strict=True):
            if min(pair) < 0:
                continue
            if pair in seen:
                what = words("a pair that stands in row %(row)d too", row=seen[pair])
                faults.row(table.name, row, what, words("each pair once"))
            seen.setdefault(pair, row)
    if not seen or agents is None or places is None:
        return [], table.source
    names, where = list(agents), list(places)
    if faults:
        return [], table.source
    return [(names[i], where[j]) for i, j in seen], table.source


def read_rules(
    path: Path | None,
    groups: set[str] | None,
    places: Index | None,
    inputs: Inputs,
    faults: Faults,
) -> tuple[list[Rule], Source | None]:
    """Rules of a file with ``group,measure,value`` and, for ``most_at``, ``place``."""
    table = None if path is None else open_table(path, faults, "group", "measure", "value")
    if table is None:
        return [], None
    found: dict[tuple[str, str, str], int] = {}
    rules = []
    for chunk in table.chunks():
        for row, cells in zip(chunk.numbers, chunk.rows, strict=True):
            before = faults.of(table.name)
            rule = _rule(table, row, cells, groups, places, inputs, faults)
            key = (rule.group, rule.measure, rule.place)
            if key in found:
                what = words("a rule that stands in row %(row)d too", row=found[key])
                faults.row(table.name, row, what, words("each rule once"))
            found.setdefault(key, row)
            if faults.of(table.name) == before:
                rules.append(rule)
    return rules, table.source


def _rule(
    table: Table,
    row: int,
    cells: list[str],
    groups: set[str] | None,
    places: Index | None,
    inputs: Inputs,
    faults: Faults,
) -> Rule:
    def cell(column: str) -> str:
        at = table.at(column)
        return "" if at is None else cells[at]

    group, measure = identity(cell("group")), cell("measure").strip().casefold()
    place = identity(cell("place"))
    if groups is not None and (group not in groups or not group):
        expected = words("a group that stands in %(file)s", file=str(inputs.agents))
        faults.cell(table.name, row, "group", group, expected)
    value = number(cell("value"), comma=table.comma)
    if measure not in MEASURES:
        expected = words("one of %(names)s", names=", ".join(MEASURES))
        faults.cell(table.name, row, "measure", measure, expected)
    elif measure == "placed" and not 0 <= value <= 1:
        expected = words("a share from 0 to 1")
        faults.cell(table.name, row, "value", cell("value"), expected)
    elif measure == "most_at" and not 0 <= value <= LARGEST:
        faults.cell(table.name, row, "value", cell("value"), AN_AMOUNT)
    elif math.isnan(value) or abs(value) > LARGEST:
        faults.cell(table.name, row, "value", cell("value"), A_NUMBER)
    if measure == "most_at":
        at = -1 if places is None else known_id(place, places)
        if places is not None and at < 0:
            expected = words("an id that stands in %(file)s", file=str(inputs.places))
            faults.cell(table.name, row, "place", place, expected)
        elif places is not None:
            place = list(places)[at]
    elif place and measure in MEASURES:
        expected = words("nothing: only most_at is about one place")
        faults.cell(table.name, row, "place", place, expected)
    return Rule(group, measure, value, place)  # type: ignore[arg-type]
