"""A round from two files, without a database: read, score, solve, say why, write."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from takeroot.common.spreadsheets import FileSet, SpreadsheetError, neutral, write_row
from takeroot.common.text import search_key
from takeroot.connections import adapters, reasons
from takeroot.connections.adapters import Affinity, AssignmentProblem, Result, Settings, solve
from takeroot.connections.files import Loaded, conflicts, load_connectees, load_connectors
from takeroot.connections.many_reasons import ManyReasons
from takeroot.connections.records import ConnecteeRecord, ConnectorRecord, PersonRecord

# Three bytes a pair are held: this is about 200 MB.
MOST_PAIRS = 60_000_000
HEADERS = ("connectee_id", "connector_id", "score", "reasons")


@dataclass(frozen=True)
class Outputs:
    """Where to write; only ``matches`` must be given."""

    matches: Path
    candidates: Path | None = None
    report: Path | None = None


@dataclass(frozen=True)
class Round:
    """Everything about one round from files."""

    connectees: Loaded[ConnecteeRecord]
    connectors: Loaded[ConnectorRecord]
    affinity: Affinity
    problem: AssignmentProblem
    result: Result
    least_quality: int
    today: dt.date

    def many_reasons(self) -> ManyReasons:
        """Reasons of pairs, by positions, in the active language."""
        one = [known(person) for person in self.connectees.people]
        return ManyReasons(self.affinity, one, [known(person) for person in self.connectors.people])


def known(person: PersonRecord) -> reasons.Known:
    """What the reasons may say of a row."""
    place = person.community
    return reasons.Known(
        name=person.known_as,
        occupation=person.occupation,
        organization=getattr(person, "organization", ""),
        community=place.name(get_language() or "en") if place else "",
        interests={search_key(word): word for word in person.interests},
        waiting_since=getattr(person, "waiting_since", None),
        prefers_lived=bool(getattr(person, "prefers_lived", False)),
    )


def run_round(
    connectees: Path,
    connectors: Path,
    *,
    least_quality: int = 0,
    today: dt.date,
    settings: Settings | None = None,
) -> Round:
    """Read both files and solve. Raises SpreadsheetError if nothing can be done."""
    newcomers = load_connectees(connectees, today)
    locals_ = load_connectors(connectors)
    for loaded in (newcomers, locals_):
        if not loaded.people:
            raise SpreadsheetError(_no_rows(loaded))
    if len(newcomers.people) * len(locals_.people) > MOST_PAIRS:
        raise SpreadsheetError(
            _("%(one)d Connectees and %(other)d Connectors are too many for one round.")
            % {"one": len(newcomers.people), "other": len(locals_.people)}
        )
    apart, newcomers, locals_ = conflicts(newcomers, locals_)
    affinity = adapters.score(
        newcomers.people,
        locals_.people,
        today=today,
        not_with=apart,
        settings=settings or Settings(),
    )
    problem = adapters.assignment(affinity, least_quality=least_quality)
    result = solve(problem)
    return Round(newcomers, locals_, affinity, problem, result, least_quality, today)


def _no_rows(loaded: Loaded[Any]) -> str:
    if not loaded.rows:
        return _("%(file)s: there is no row below the headers.") % {"file": loaded.path}
    first = loaded.problems[0].sentence(loaded.path) if loaded.problems else ""
    values = {"file": loaded.path, "count": loaded.rows, "first": first}
    return _("%(file)s: none of the %(count)d rows can be used. %(first)s") % values


def write_round(done: Round, outputs: Outputs) -> None:
    """Write the files, all or none."""
    with FileSet() as files:
        with files.open(outputs.matches) as file:
            _write_pairs(file, _matches(done), done)
        if outputs.candidates:
            with files.open(outputs.candidates) as file:
                _write_pairs(file, candidates(done), done)
        if outputs.report:
            with files.open(outputs.report) as file:
                json.dump(report(done), file, ensure_ascii=False, indent=2)
                file.write("\n")


def _write_pairs(file: Any, pairs: Iterator[tuple[int, int]], done: Round) -> None:
    writer = csv.writer(file, lineterminator="\n")
    write_row(writer, HEADERS)
    values, line = done.affinity.scores.values, done.many_reasons().line
    agents = [neutral(agent) for agent in done.problem.agents]
    places = [neutral(place) for place in done.problem.places]
    writer.writerows(
        (agents[i], places[j], int(values[i, j]), neutral(line(i, j))) for i, j in pairs
    )


def _matches(done: Round) -> Iterator[tuple[int, int]]:
    for agent, place in done.result.pairs:
        yield done.problem.agent_index[agent], done.problem.place_index[place]


def candidates(done: Round) -> Iterator[tuple[int, int]]:
    """Every pair that may be proposed: by Connectee's id, best score first, then Connector's id."""
    problem, scores = done.problem, done.affinity.scores
    by_id = np.argsort(np.argsort(np.array(problem.places)))
    for i in sorted(range(len(problem.agents)), key=problem.agents.__getitem__):
        row = scores.values[i]
        allowed = row >= done.least_quality
        if scores.causes is not None:
            allowed &= scores.causes[i] == 0
        found = np.flatnonzero(allowed)
        for j in found[np.lexsort((by_id[found], -row[found].astype(int)))].tolist():
            yield i, j


def report(done: Round) -> dict[str, Any]:
    """REPORT.json: inputs, problems, totals, who is left out and why, what is scarce."""
    result, scores = done.result, done.affinity.scores
    allowed = scores.values >= done.least_quality
    if scores.causes is not None:
        allowed &= scores.causes == 0
    return {
        "format": "takeroot-match-report/1",
        "options": {
            "language": get_language(),
            "least_quality": done.least_quality,
            "as_of": done.today.isoformat(),
        },
        "inputs": {
            "connectees": _input(done.connectees),
            "connectors": _input(done.connectors),
        },
        "counts": {
            "connectees": len(done.connectees.people),
            "connectors": len(done.connectors.people),
            "places": sum(done.problem.capacities),
            "candidates": int(allowed.sum()),
            "matches": len(result.pairs),
            "unplaced": len(result.unplaced),
        },
        "result": {
            "status": result.status,
            "total": result.value,
            "bound": result.bound,
            "gap": result.gap,
            "seconds": round(result.runtime, 3),
        },
        "unplaced": [
            {
                "connectee_id": left.agent,
                "cause": left.cause,
                "counts": dict(left.counts),
                "reasons": [
                    sentence.text
                    for sentence in reasons.why_unplaced(left, len(done.connectors.people))
                ],
            }
            for left in result.unplaced
        ],
        "scarce": [
            {
                "connector_id": place,
                "one_more_place_adds": points,
                "reason": reasons.what_is_scarce(_name(done, place), points),
            }
            for place, points in sorted(result.prices.items(), key=lambda p: (-p[1], p[0]))
        ],
        "versions": {"takeroot": version("takeroot"), "solver": result.solver, **result.versions},
    }


def _name(done: Round, place: str) -> str:
    return done.connectors.people[done.problem.place_index[place]].known_as


def _input(loaded: Loaded[Any]) -> dict[str, Any]:
    return {
        "path": loaded.path,
        "sha256": loaded.sha256,
        "format": {key: value for key, value in loaded.format.items() if value},
        "rows": loaded.rows,
        "rows_used": len(loaded.people),
        "rows_left_out": loaded.rows_lost,
        "notes": list(loaded.notes),
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "found": problem.found,
                "expected": problem.expected,
                "lost": problem.lost,
                "sentence": problem.sentence(loaded.path),
            }
            for problem in loaded.problems
        ],
    }
