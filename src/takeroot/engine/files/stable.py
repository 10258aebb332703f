"""`takeroot engine stable`: ranked lists of both sides, from files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ..stable import Lists, Matching, StableProblem, solve
from ..stable.result import Side
from ..words import Words, words
from .faults import Faults
from .lists import read_lists, read_seats
from .output import as_number, refuse_one_name_twice, write_answer
from .report import inputs_of
from .source import Source

FORMAT = "takeroot-engine-stable/1"


@dataclass(frozen=True)
class StableRequest:
    """What was asked for; without ``out`` the pairs go to ``data``."""

    left: Path
    right: Path
    capacities: Path
    out: Path | None = None
    report: Path | None = None
    best_for: Side = "agents"
    seed: int = 0
    close_short: bool = False


def stable(request: StableRequest, data: TextIO) -> tuple[Words, ...]:
    """Read, match, write. Raises FilesError; then nothing is written."""
    outputs = [path for path in (request.out, request.report) if path is not None]
    refuse_one_name_twice((request.left, request.right, request.capacities), outputs)
    problem, sources = _read(request)
    knobs: dict[str, Any] = {
        "best_for": request.best_for, "seed": request.seed, "close_short": request.close_short,
    }  # fmt: skip
    matching = solve(problem, **knobs)
    report = {
        "format": FORMAT,
        **_matching(problem, matching),
        "parameters": knobs,
        "inputs": inputs_of(sources),
    }
    rows = _ranked_pairs(problem, matching)
    header = ("agent", "place", "rank", "place_rank")
    write_answer(request.out, request.report, header, rows, report, data)
    return _summary(problem, matching)


def _read(request: StableRequest) -> tuple[StableProblem, dict[str, Source]]:
    faults = Faults()
    seats = read_seats(request.capacities, faults)
    places = None if seats is None else seats.index
    agents: dict[str, int] = {}
    whose = {"agent": request.left, "place": request.capacities}
    left = read_lists(
        request.left, "agent", "place", agents, places, faults, whose=whose, grow=True
    )
    known = agents if left is not None else None
    right = read_lists(request.right, "place", "agent", places, known, faults, whose=whose)
    faults.raise_if_any()
    assert seats is not None
    assert left is not None
    assert right is not None
    problem = StableProblem(
        list(agents), list(seats.index), left[0], right[0], seats.capacity, seats.quota
    )
    return problem, {"left": left[1], "right": right[1], "capacities": seats.source}


def _matching(problem: StableProblem, matching: Matching) -> dict[str, Any]:
    ties = matching.ties
    return {
        "best_for": matching.side,
        "agents": len(problem.agents),
        "places": len(problem.places),
        "placed": len(matching.pairs),
        "first_choice": matching.first,
        "unplaced": [{"agent": agent, "cause": cause} for agent, cause in matching.unplaced],
        "shortfalls": [vars(one) for one in matching.shortfalls],
        "closed": [vars(one) for one in matching.closed],
        "one_sided": matching.one_sided,
        "ties": {
            "of_agents": ties.of_agents,
            "of_places": ties.of_places,
            "by_lottery": ties.left,
            "seed": ties.seed,
            "lottery": dict(ties.lottery),
        },
        "rounds": matching.rounds,
        "runtime": round(matching.runtime, 4),
        "memory": round(matching.memory, 1),
    }


def _ranked_pairs(problem: StableProblem, matching: Matching) -> list[tuple[str, ...]]:
    """Each pair with the rank that each side gave the other."""
    m = max(len(problem.places), 1)
    place = np.array(matching.place, np.int64)
    wanted = np.flatnonzero(place >= 0) * m + place[place >= 0]
    ours, theirs = problem.of_agents, problem.of_places
    mine = _ranks(ours.owner.astype(np.int64) * m + ours.other, ours, wanted)
    back = _ranks(theirs.other.astype(np.int64) * m + theirs.owner, theirs, wanted)
    rows = [
        (problem.agents[key // m], problem.places[key % m], as_number(one), as_number(other))
        for key, one, other in zip(wanted.tolist(), mine, back, strict=True)
    ]
    return sorted(rows)


def _ranks(keys: Any, lists: Lists, wanted: Any) -> list[float]:
    order = np.argsort(keys)
    found: list[float] = lists.rank[order[np.searchsorted(keys[order], wanted)]].tolist()
    return found


def _summary(problem: StableProblem, matching: Matching) -> tuple[Words, ...]:
    said = [
        words(
            "Agents: %(agents)d. Placed: %(placed)d, of them with their first choice: %(first)d.",
            agents=len(problem.agents),
            placed=len(matching.pairs),
            first=matching.first,
        )
    ]
    if matching.ties.left:
        said.append(
            words(
                "Entries in ties that the lottery decided: %(left)d; seed %(seed)d.",
                left=matching.ties.left,
                seed=matching.ties.seed,
            )
        )
    if matching.one_sided:
        text = words(
            "Entries set aside, as the other side does not rank back: %(count)d.",
            count=matching.one_sided,
        )
        said.append(text)
    for one in matching.closed:
        text = words(
            "%(place)s was closed: only %(filled)d of the %(quota)d people it needs would come.",
            place=one.place, filled=one.filled, quota=one.quota,
        )  # fmt: skip
        said.append(text)
    for one in matching.shortfalls:
        text = words(
            "%(place)s has %(filled)d people and needs %(quota)d; with ties decided like this, no "
            "stable matching gives it more.",
            place=one.place, filled=one.filled, quota=one.quota,
        )  # fmt: skip
        said.append(text)
    return tuple(said)
