"""`takeroot engine choose`: each takes its best place while the rest can still reach a floor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from ..placement import Pairs, PlacementProblem
from ..stable import Chosen, FloorError, FloorProblem, Lists, best_mean, choose
from ..words import Words, words
from .cells import growing_ids, identity, known_id, positions, scores
from .faults import Faults, FilesError
from .lists import read_lists, read_seats
from .output import as_number, refuse_one_name_twice, write_answer
from .pairs import refuse_twice
from .report import inputs_of
from .source import Source
from .table import open_table

FORMAT = "takeroot-engine-choose/1"


@dataclass(frozen=True)
class ChooseRequest:
    """Free choice above a floor: wishes, outcomes of pairs, seats, and who chooses first."""

    left: Path
    pairs: Path
    capacities: Path
    floor: float | None
    order: Path | None = None
    out: Path | None = None
    report: Path | None = None
    seed: int = 0


def choose_places(request: ChooseRequest, data: TextIO) -> tuple[Words, ...]:
    """Read, let everybody choose, write. Raises FilesError; then nothing is written."""
    named = (request.left, request.pairs, request.capacities)
    more = () if request.order is None else (request.order,)
    outputs = [path for path in (request.out, request.report) if path is not None]
    refuse_one_name_twice((*named, *more), outputs)
    outcomes, wishes, order, sources = _read_wishes(request)
    best = best_mean(outcomes)
    if request.floor is None:
        return (words("The best mean there could be is %(best)s.", best=f"{best:.10g}"),)
    try:
        done = choose(FloorProblem(outcomes, wishes, request.floor, order), seed=request.seed)
    except FloorError:
        raise FilesError(
            words("The floor %(floor)s cannot be reached: the best mean there could be is "
                  "%(best)s.", floor=f"{request.floor:g}", best=f"{best:.10g}")
        ) from None  # fmt: skip
    score = _outcome_of(outcomes, done)
    rows = sorted(
        (agent, place, str(done.choice[agent]), as_number(score[agent]))
        for agent, place in done.place.items()
    )
    report = {
        "format": FORMAT,
        "agents": len(outcomes.agents),
        "placed": len(done.place),
        "first_choice": sum(number == 1 for number in done.choice.values()),
        "given_by_floor": sum(number == 0 for number in done.choice.values()),
        "refused_by_floor": done.refused,
        "mean": done.mean,
        "best_mean": done.best,
        "floor": done.floor,
        "order": list(done.order),
        "runtime": round(done.runtime, 4),
        "parameters": {"seed": request.seed},
        "inputs": inputs_of(sources),
    }
    header = ("agent", "place", "choice", "score")
    write_answer(request.out, request.report, header, rows, report, data)
    return (
        words(
            "Agents: %(agents)d. Placed: %(placed)d, of them with their first choice: %(first)d.",
            agents=len(outcomes.agents),
            placed=len(done.place),
            first=report["first_choice"],
        ),
        words(
            "Mean outcome: %(mean)s; the floor is %(floor)s, the best there could be %(best)s. "
            "Wishes that the floor refused: %(refused)d.",
            mean=f"{done.mean:.10g}", floor=f"{done.floor:g}", best=f"{done.best:.10g}",
            refused=done.refused,
        ),
    )  # fmt: skip


def _outcome_of(outcomes: PlacementProblem, done: Chosen) -> dict[str, float]:
    found = {}
    for agent, place in done.place.items():
        span = outcomes.pairs.of_agent(outcomes.agent_index[agent])
        at = outcomes.place_index[place]
        hit = np.flatnonzero(outcomes.pairs.place[span] == at)
        found[agent] = float(outcomes.pairs.score[span][hit[0]])
    return found


def _read_wishes(
    request: ChooseRequest,
) -> tuple[PlacementProblem, dict[str, list[str]], list[str], dict[str, Source]]:
    faults = Faults()
    seats = read_seats(request.capacities, faults)
    places = None if seats is None else seats.index
    agents: dict[str, int] = {}
    found = _read_outcomes(request, agents, places, faults)
    whose = {"agent": request.pairs, "place": request.capacities}
    known = agents if found is not None else None
    left = read_lists(request.left, "agent", "place", known, places, faults, whose=whose)
    order, order_source = _read_order(request, known, faults)
    faults.raise_if_any()
    assert seats is not None
    assert found is not None
    assert left is not None
    names = list(agents)
    problem = PlacementProblem(
        names, list(seats.index), seats.capacity[:, None].astype(np.float64), found[0]
    )
    sources = {"left": left[1], "pairs": found[1], "capacities": seats.source}
    if order_source is not None:
        sources["order"] = order_source
    return problem, _wishes(left[0], names, list(seats.index)), order, sources


def _read_outcomes(
    request: ChooseRequest,
    agents: dict[str, int],
    places: dict[str, int] | None,
    faults: Faults,
) -> tuple[Pairs, Source] | None:
    table = open_table(request.pairs, faults, "agent", "place", "score")
    if table is None:
        return None
    none = np.empty(0, np.int32)
    one, two, rows, score = [none], [none], [none], [np.empty(0)]
    for chunk in table.chunks():
        one.append(growing_ids(table, chunk, "agent", agents, faults))
        two.append(positions(table, chunk, "place", places, faults, str(request.capacities)))
        rows.append(np.array(chunk.numbers, np.int32))
        score.append(scores(table, chunk, "score", faults))
    agent, place = np.concatenate(one), np.concatenate(two)
    if not len(agent) and not faults.of(table.name):
        what = words("the file has a header and no pair: nobody may go anywhere.")
        faults.whole(table.name, what)
    if places is not None:
        refuse_twice(table, agent, place, np.concatenate(rows), len(places), faults)
    if faults:
        return Pairs(np.zeros(1, np.int64), none, np.empty(0)), table.source
    return Pairs.of(agent, place, np.concatenate(score), len(agents)), table.source


def _read_order(
    request: ChooseRequest, agents: dict[str, int] | None, faults: Faults
) -> tuple[list[str], Source | None]:
    table = None if request.order is None else open_table(request.order, faults, "agent")
    if table is None:
        return [], None
    names = [] if agents is None else list(agents)
    seen: dict[str, int] = {}
    at = table.at("agent")
    assert at is not None
    for chunk in table.chunks():
        for row, cells in zip(chunk.numbers, chunk.rows, strict=True):
            number = known_id(cells[at], agents or {})
            name = names[number] if number >= 0 else identity(cells[at])
            if number < 0 and agents is not None:
                expected = words("an id that stands in %(file)s", file=str(request.pairs))
                faults.cell(table.name, row, "agent", cells[at], expected)
            elif name in seen:
                expected = words("an id that stands once; it stands in row %(row)d too",
                                 row=seen[name])  # fmt: skip
                faults.cell(table.name, row, "agent", cells[at], expected)
            seen.setdefault(name, row)
    return list(seen), table.source


def _wishes(lists: Lists, agents: list[str], places: list[str]) -> dict[str, list[str]]:
    """By rank, then by the given number for ties, then by the place's id."""
    tie = np.zeros(len(lists)) if lists.tie is None else lists.tie
    rows = zip(lists.owner.tolist(), lists.rank.tolist(), tie.tolist(), lists.other.tolist(),
               strict=True)  # fmt: skip
    wishes: dict[str, list[str]] = {}
    for owner, _rank, _tie, place in sorted(
        (owner, rank, decided, places[other]) for owner, rank, decided, other in rows
    ):
        wishes.setdefault(agents[owner], []).append(place)
    return wishes
