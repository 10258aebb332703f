"""An earlier answer from its report: the same problem, read again, and the result as it was."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..placement import Certificate, PlacementProblem, Result, Rule, Unplaced
from ..placement.greedy import value_of
from ..words import words
from .faults import Faults, FilesError
from .placement import Goal, Inputs, Read, read_problem
from .report import FORMAT
from .rules import read_chosen
from .source import sha256_of


@dataclass(frozen=True, eq=False)
class Earlier:
    """A report and what it stands for."""

    path: Path
    read: Read
    result: Result
    gap: float
    seed: int
    time_limit: float | None

    @property
    def problem(self) -> PlacementProblem:
        return self.read.problem


def read_earlier(path: Path) -> Earlier:
    """Raises FilesError if the report cannot be used, or if a file has changed since."""
    report = _read_report(path)
    try:
        inputs = {role: _unchanged(path, known) for role, known in report["inputs"].items()}
        out = _unchanged(path, report["output"])
        asked = dict(report["parameters"])
        knobs = {name: asked.pop(name) for name in ("gap", "seed", "time_limit")}
        for name in ("fair", "fair_share"):
            asked.pop(name, None)
        goal = Goal(**asked)
        files = Inputs(**inputs)
    except (KeyError, TypeError, AttributeError):
        raise _no_report(path) from None
    if report.get("conflicts"):
        raise FilesError(words("%(file)s holds no answer that could be changed.", file=str(path)))
    read = read_problem(files, goal)
    try:
        if report.get("fair") is not None:
            read = replace(read, problem=_with_floors(read.problem, report["rules"]))
        result = _result(read.problem, files, out, report)
    except (KeyError, TypeError, AttributeError, IndexError):
        raise _no_report(path) from None
    known = value_of(read.problem, result.pairs)
    if not math.isclose(known, result.value, rel_tol=1e-9, abs_tol=1e-9):
        raise FilesError(
            words(
                "%(file)s says the value is %(said)s; the pairs of %(out)s are worth %(worth)s.",
                file=str(path), said=f"{result.value:g}", out=str(out), worth=f"{known:g}",
            )
        )  # fmt: skip
    return Earlier(path, read, result, **knobs)


def _with_floors(problem: PlacementProblem, rules: Sequence[Mapping[str, Any]]) -> PlacementProblem:
    """Floors that the engine found stand in the report, not in a file."""
    names = ("group", "measure", "value", "place")
    return replace(problem, rules=tuple(Rule(*(rule[name] for name in names)) for rule in rules))


def _read_report(path: Path) -> Mapping[str, Any]:
    try:
        report = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FilesError(
            words("The file “%(path)s” cannot be read: %(why)s.",
                  path=str(path), why=error.strerror)
        ) from None  # fmt: skip
    except ValueError:
        raise _no_report(path) from None
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise _no_report(path)
    return report


def _no_report(path: Path) -> FilesError:
    return FilesError(
        words("%(file)s is not a whole report of `takeroot engine assign`.", file=str(path))
    )


def _unchanged(report: Path, known: Mapping[str, str]) -> Path:
    """Where the file is now: where it was, else beside the report. Its bytes must be the same."""
    path = Path(known["path"])
    if not path.is_file():
        path = report.parent / path.name
    try:
        found = sha256_of(path)
    except OSError:
        raise FilesError(
            words(
                "%(file)s is no longer there, nor beside the report. Nothing can be said without "
                "it.",
                file=known["path"],
            )
        ) from None
    if found != known["sha256"]:
        raise FilesError(
            words(
                "%(file)s has changed since %(report)s was written. Run `takeroot engine assign` "
                "again.",
                file=str(path), report=str(report),
            )
        )  # fmt: skip
    return path


def _result(
    problem: PlacementProblem, inputs: Inputs, out: Path, report: Mapping[str, Any]
) -> Result:
    faults = Faults()
    chosen, _source = read_chosen(out, problem.agent_index, problem.place_index, inputs, faults)
    faults.raise_if_any()
    agent = np.array([problem.agent_index[a] for a, _ in chosen], np.int32)
    place = np.array([problem.place_index[p] for _, p in chosen], np.int32)
    order = np.lexsort((place, agent))
    proof = report["certificate"]
    bound, gap = report["bound"], report["gap"]
    return Result(
        agents=problem.agents,
        places=problem.places,
        agent=agent[order],
        place=place[order],
        value=float(report["value"]),
        bound=math.inf if bound is None else float(bound),
        gap=math.inf if gap is None else float(gap),
        status=report["status"],
        certificate=None if proof is None else _certificate(problem, report["prices"], proof),
        unplaced=tuple(Unplaced(one["agent"], one["cause"]) for one in report["unplaced"]),
        prices=report["prices"],
        solver=report["solver"],
    )


def _certificate(
    problem: PlacementProblem, worth: Mapping[str, Mapping[str, float]], proof: Mapping[str, Any]
) -> Certificate:
    prices = np.zeros(problem.capacity.shape)
    for place, row in worth.items():
        for resource, price in row.items():
            at = problem.resources.index(resource)
            prices[problem.place_index[place], at] = price
    return Certificate(prices, np.array(proof["rules"], np.float64), float(proof["penalty"]))
