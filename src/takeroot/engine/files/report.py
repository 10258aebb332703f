"""An answer as the object that ``report.schema.json`` describes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..placement import PlacementProblem, Result
from ..placement.fairness import SMALL
from ..words import Words
from .costs import GroupFigures, Harm, RuleCost
from .placement import Goal
from .source import Source

FORMAT = "takeroot-engine-assign/1"

Told = Callable[[str], str]


def answer_of(problem: PlacementProblem, result: Result, told: Told) -> dict[str, Any]:
    """The fields of ``Result``, without the chosen pairs."""
    proof = result.certificate
    return {
        "status": result.status,
        "value": _finite(result.value),
        "bound": _finite(result.bound),
        "gap": _finite(result.gap),
        "agents": len(problem.agents),
        "places": len(problem.places),
        "pairs": len(problem.pairs.place),
        "placed": len(np.unique(result.agent)),
        "unplaced": [{"agent": one.agent, "cause": one.cause} for one in result.unplaced],
        "prices": {place: dict(worth) for place, worth in result.prices.items()},
        "certificate": None
        if proof is None
        else {"rules": [float(x) for x in proof.rules], "penalty": float(proof.penalty)},
        "conflicts": [
            {
                "words": one.words.told(told),
                "pairs": [list(pair) for pair in one.pairs],
                "agents": list(one.agents),
                "places": list(one.places),
            }
            for one in result.conflicts
        ],
        "greedy": _finite(result.greedy),
        "previous": _finite(result.previous),
        "rounds": result.rounds,
        "runtime": round(result.runtime, 4),
        "memory": round(result.memory, 1),
        "solver": result.solver,
        "versions": dict(result.versions),
    }


def parameters_of(goal: Goal, **knobs: float | str | None) -> dict[str, Any]:
    """What was asked for."""
    return {**vars(goal), **knobs}


def inputs_of(sources: Mapping[str, Source]) -> dict[str, dict[str, str]]:
    """Where each input stands, and the hash by which it is known again."""
    return {
        role: {
            "path": str(source.path.resolve()),
            "sha256": source.sha256,
            "encoding": source.encoding,
            "delimiter": source.delimiter,
        }
        for role, source in sources.items()
    }


def output_of(path: Path, sha256: str) -> dict[str, str]:
    return {"path": str(path.resolve()), "sha256": sha256}


def groups_of(figures: Iterable[GroupFigures]) -> list[dict[str, Any]]:
    return [
        {
            "group": one.group,
            "members": one.members,
            "small": one.members < SMALL,
            "placed": one.placed,
            "mean": one.mean,
        }
        for one in figures
    ]


def rules_of(costs: Sequence[RuleCost]) -> list[dict[str, Any]]:
    return [
        {
            "group": one.rule.group,
            "measure": one.rule.measure,
            "value": one.rule.value,
            "place": one.rule.place,
            "members": one.members,
            "small": one.members < SMALL,
            "reached": one.reached,
            "cost": one.cost,
            "uncertainty": one.uncertainty,
        }
        for one in costs
    ]


def harm_of(harm: Harm | None) -> dict[str, Any] | None:
    if harm is None:
        return None
    return {
        "value_before": harm.value_before,
        "worse": harm.worse,
        "difference": harm.difference,
        "keeps_limits": harm.keeps_limits,
        "moved": harm.moved,
        "better_off": harm.better_off,
        "worse_off": harm.worse_off,
        "loses_place": list(harm.loses_place),
    }


def sentences_of(notes: Iterable[Words], told: Told) -> list[str]:
    return [note.told(told) for note in notes]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
