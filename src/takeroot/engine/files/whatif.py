"""`takeroot engine what-if`: an earlier answer, changed; what it costs, and who moves."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..placement import Effect, Move, PlacementError, WhatIf
from ..words import Words, words
from .changes import Step, in_words, read_changes
from .costs import scores_of
from .earlier import Earlier, read_earlier
from .faults import FilesError
from .output import Together, neutral, refuse_one_name_twice
from .report import inputs_of
from .source import sha256_of

FORMAT = "takeroot-engine-what-if/1"
# Moves that are told one by one on the screen; the files have them all.
SHOWN = 20

Told = Callable[[str], str]


@dataclass(frozen=True)
class Question:
    """What was asked for on the command line."""

    report: Path
    changes: Path
    each: bool = False
    out: Path | None = None
    moves: Path | None = None
    time_limit: float | None = None


@dataclass(frozen=True)
class Answer:
    """The effect of some changes together."""

    steps: Sequence[Step]
    effect: Effect


def what_if(question: Question, told: Told) -> tuple[bool, tuple[Words, ...]]:
    """Whether every change has an answer, and what to tell. Raises FilesError."""
    outputs = [path for path in (question.out, question.moves) if path is not None]
    refuse_one_name_twice((question.report, question.changes), outputs)
    earlier = read_earlier(question.report)
    read = [source.path for source in earlier.read.sources.values()]
    refuse_one_name_twice(read, outputs)
    steps, source = read_changes(question.changes, earlier.problem, each=question.each)
    groups = [[step] for step in steps] if question.each else [steps]
    answers = [Answer(group, _effect(earlier, group, question)) for group in groups]
    with Together() as files:
        if question.out is not None:
            report = {
                "format": FORMAT,
                "from": {
                    "path": str(question.report.resolve()),
                    "sha256": sha256_of(question.report),
                },
                "changes": inputs_of({"changes": source})["changes"],
                "value_before": earlier.result.value,
                "effects": [_as_object(earlier, one, told) for one in answers],
            }
            with files.open(question.out) as file:
                json.dump(report, file, ensure_ascii=False, indent=1, allow_nan=False)
                file.write("\n")
        if question.moves is not None:
            with files.open(question.moves) as file:
                _write_moves(file, earlier, answers)
    possible = not any(one.effect.conflicts for one in answers)
    sentences = [line for one in answers for line in _told(earlier, one)]
    return possible, tuple(sentences)


def _effect(earlier: Earlier, steps: Sequence[Step], question: Question) -> Effect:
    following = WhatIf(earlier.problem, earlier.result, gap=earlier.gap, seed=earlier.seed)
    limit = question.time_limit or earlier.time_limit
    try:
        return following.apply([step.change for step in steps], time_limit=limit)
    except PlacementError as error:
        raise FilesError(
            words("%(file)s, row %(row)d: %(what)s.",
                  file=str(question.changes), row=steps[0].row, what=str(error))
        ) from None  # fmt: skip


def _as_object(earlier: Earlier, answer: Answer, told: Told) -> dict[str, Any]:
    effect = answer.effect
    return {
        "changes": [
            {"row": step.row, "words": in_words(step.change, earlier.problem).told(told)}
            for step in answer.steps
        ],
        "value": effect.value,
        "gap": effect.gap if math.isfinite(effect.gap) else None,
        "cost": effect.cost,
        "moved": [
            {
                "agent": one.agent,
                "before": list(one.before),
                "after": list(one.after),
                "why": _why(earlier, answer.steps, one),
            }
            for one in effect.moved
        ],
        "conflicts": [one.words.told(told) for one in effect.conflicts],
    }


def _write_moves(file: Any, earlier: Earlier, answers: Iterable[Answer]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("row", "agent", "before", "after", "why"))
    for answer in answers:
        for move in answer.effect.moved:
            ends = (" ".join(move.before), " ".join(move.after))
            cells = (move.agent, *ends, _why(earlier, answer.steps, move))
            writer.writerow((answer.steps[0].row, *(neutral(cell) for cell in cells)))


def _told(earlier: Earlier, answer: Answer) -> list[Words]:
    effect = answer.effect
    heads = [in_words(step.change, earlier.problem) for step in answer.steps]
    said: list[Words] = heads[:SHOWN]
    if len(heads) > SHOWN:
        said.append(words("Changes not shown here: %(more)d.", more=len(heads) - SHOWN))
    if effect.conflicts:
        said.append(words("There is no answer that keeps all limits:"))
        return [*said, *(one.words for one in effect.conflicts)]
    values = {
        "value": f"{effect.value:.10g}",
        "cost": f"{effect.cost:.10g}",
        "gap": f"{effect.gap:.2g}",
        "moved": len(effect.moved),
    }
    said.append(
        words(
            "Value: %(value)s; the change costs %(cost)s (proved to within %(gap)s). People who "
            "move: %(moved)d.",
            **values,
        )
    )
    said += [_move(earlier, answer.steps, move) for move in effect.moved[:SHOWN]]
    if len(effect.moved) > SHOWN:
        said.append(words("Moves not shown here: %(more)d.", more=len(effect.moved) - SHOWN))
    return said


def _why(earlier: Earlier, steps: Sequence[Step], move: Move) -> str:
    """named (in a change), better (for them), others (what they had is worth more to others), or
    equal (worth as much to them)."""
    own: dict[str, float] = {}
    for step in steps:
        if step.change.agent == move.agent:
            if step.change.kind != "add":
                return "named"
            own = dict(step.change.scores)
    if move.agent in earlier.problem.agent_index:
        pairs = [(move.agent, place) for place in (*move.before, *move.after)]
        own = {place: score for (_, place), score in scores_of(earlier.problem, pairs).items()}
    if not move.before or not move.after:
        return "others" if move.before else "better"
    gain = sum(own.get(p, 0.0) for p in move.after) - sum(own.get(p, 0.0) for p in move.before)
    if gain == 0:
        return "equal"
    return "better" if (gain > 0) != earlier.problem.minimize else "others"


def _move(earlier: Earlier, steps: Sequence[Step], move: Move) -> Words:
    nowhere = words("no place")
    values = {
        "agent": move.agent,
        "before": ", ".join(move.before) or nowhere,
        "after": ", ".join(move.after) or nowhere,
    }
    told = {
        "named": words("%(agent)s: from %(before)s to %(after)s, named in the change.", **values),
        "better": words("%(agent)s: from %(before)s to %(after)s, better for them.", **values),
        "others": words(
            "%(agent)s: from %(before)s to %(after)s; what they had is worth more to others.",
            **values,
        ),
        "equal": words("%(agent)s: from %(before)s to %(after)s, worth as much.", **values),
    }
    return told[_why(earlier, steps, move)]
