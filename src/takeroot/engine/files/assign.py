"""`takeroot engine assign`: read, solve, write the answer and its report together."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..placement import PlacementProblem, Result, solve
from ..words import Words, words
from .cluster import workers
from .costs import costs_of_rules, group_figures, harm_check, scores_of
from .fair import fair_of, fair_words, fairly
from .output import Together, as_number, neutral, refuse_one_name_twice
from .placement import Goal, Inputs, Read, read_problem
from .report import (
    FORMAT,
    answer_of,
    groups_of,
    harm_of,
    inputs_of,
    output_of,
    parameters_of,
    rules_of,
    sentences_of,
)
from .source import sha256_of

Told = Callable[[str], str]


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    inputs: Inputs
    out: Path
    report: Path
    goal: Goal
    time_limit: float | None = None
    gap: float = 1e-4
    seed: int = 0
    fair: str | None = None
    fair_share: float | None = None
    cluster: str | None = None
    blocks: Path | None = None


@dataclass(frozen=True)
class Done:
    """What to tell: ``possible`` False where no answer exists, or none was found."""

    possible: bool
    sentences: tuple[Words, ...]


def assign(request: Request, told: Told) -> Done:
    """Solve the files' problem and write both outputs. Raises FilesError; then nothing is written.

    told  an English text in the language of the report
    """
    inputs = request.inputs
    refuse_one_name_twice(inputs.named().values(), (request.out, request.report))
    read = read_problem(inputs, request.goal)
    knobs: dict[str, Any] = {"gap": request.gap, "seed": request.seed}
    knobs["time_limit"] = request.time_limit
    fair = fairly(read.problem, request)
    if fair is not None:
        read, result = replace(read, problem=fair.problem), fair.result
    else:
        with workers(request.cluster, request.blocks, inputs) as method:
            result = solve(read.problem, **knobs, method=method)
    report = _report(request, read, result, told, knobs)
    report["fair"] = fair_of(fair, request)
    with Together() as files:
        with files.open(request.out) as file:
            _write_pairs(file, read.problem, result)
        report["output"] = output_of(request.out, sha256_of(files.passing(request.out)))
        with files.open(request.report) as file:
            json.dump(report, file, ensure_ascii=False, indent=1, allow_nan=False)
            file.write("\n")
    said = (*read.notes, *_summary(read.problem, result, report), *fair_words(fair))
    return Done(not result.conflicts, said)


def _report(
    request: Request, read: Read, result: Result, told: Told, knobs: dict[str, Any]
) -> dict[str, Any]:
    costs, whole = costs_of_rules(read.problem, result, **knobs)
    return {
        "format": FORMAT,
        **answer_of(read.problem, result, told),
        "groups": groups_of(group_figures(read.problem, result)),
        "rules": rules_of(costs),
        "rules_cost": whole,
        "harm": harm_of(harm_check(read.problem, result)),
        "notes": sentences_of(read.notes, told),
        "parameters": parameters_of(
            request.goal, **knobs, fair=request.fair, fair_share=request.fair_share
        ),
        "inputs": inputs_of(read.sources),
    }


def _write_pairs(file: Any, problem: PlacementProblem, result: Result) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("agent", "place", "score"))
    score = scores_of(problem, result.pairs)
    writer.writerows(
        (neutral(agent), neutral(place), as_number(score[agent, place]))
        for agent, place in result.pairs
    )


def _summary(
    problem: PlacementProblem, result: Result, report: dict[str, Any]
) -> tuple[Words, ...]:
    if result.conflicts:
        first = (
            words("There is no answer that keeps all limits:")
            if result.status == "infeasible"
            else words("No answer that keeps all limits was found:")
        )
        return (first, *(one.words for one in result.conflicts))
    said = [
        words(
            "Agents: %(agents)d. Placed: %(placed)d. Value: %(value)s; no answer is better than "
            "%(bound)s.",
            agents=len(problem.agents),
            placed=report["placed"],
            value=f"{result.value:g}",
            bound=f"{result.bound:g}",
        )
    ]
    if result.status == "timed_out":
        said.append(words("The time limit was reached: this is the best answer found so far."))
    for rule in report["rules"]:
        said.append(
            words(
                "The rule “%(measure)s %(value)s” for %(group)s costs %(cost)s of the value.",
                measure=rule["measure"],
                value=f"{rule['value']:g}",
                group=rule["group"],
                cost=f"{rule['cost']:.6g}",
            )
        )
        if rule["small"]:
            said.append(
                words(
                    "%(group)s has only %(members)d members: one person more or less moves its "
                    "figures far.",
                    group=rule["group"], members=rule["members"],
                )
            )  # fmt: skip
    harm = report["harm"]
    if harm is not None:
        said.append(_harm(harm))
    return tuple(said)


def _harm(harm: dict[str, Any]) -> Words:
    values = {
        "before": f"{harm['value_before']:g}",
        "lost": len(harm["loses_place"]),
        "worse": harm["worse_off"],
    }
    if harm["worse"] and harm["keeps_limits"]:
        return words(
            "Worse than what was decided before (%(before)s). Losing their place: %(lost)d; "
            "worse off: %(worse)d.",
            **values,
        )
    if harm["worse"]:
        return words(
            "Less than what was decided before (%(before)s), which today's limits do not allow. "
            "Losing their place: %(lost)d; worse off: %(worse)d.",
            **values,
        )
    return words(
        "Not worse than what was decided before (%(before)s). Losing their place: %(lost)d; "
        "worse off: %(worse)d.",
        **values,
    )
