"""`takeroot engine arrive`: a year of arrivals, each batch decided before the next is shown.

All files are read and checked first, so that a fault is told before anything is decided; the
policy is then shown one batch after the other by ``arrivals.simulate``, as copies that lead to
nothing else. It knows the places, last year, the number of batches, and what was announced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..arrivals import (
    POLICIES,
    Hindsight,
    Households,
    Places,
    Report,
    Stream,
    hindsight,
    simulate,
)
from ..placement import PlacementProblem
from ..words import Words, words
from .cells import AN_AMOUNT, Floats, identity, known_id, number
from .faults import Faults, FilesError
from .lists import A_WHOLE
from .output import as_number, refuse_one_name_twice, write_answer
from .placement import Inputs, Read, read_problem
from .report import inputs_of
from .source import Source
from .table import open_table

FORMAT = "takeroot-engine-arrive/1"
# Scores are held as agents by places here; batches are counted from the first to the last.
LARGEST_TABLE, MOST_BATCHES = 50_000_000, 10_000


@dataclass(frozen=True)
class ArriveRequest:
    """What was asked for on the command line."""

    agents: Path
    places: Path
    pairs: Path
    history_agents: Path
    history_pairs: Path
    order: Path
    out: Path
    report: Path
    history_order: Path | None = None
    policy: str = "adaptive"
    expected: int = 0
    unplaced_cost: float = 0.0
    hindsight: bool = True
    seed: int = 0

    def inputs(self) -> list[Path]:
        found = [self.agents, self.places, self.pairs, self.history_agents, self.history_pairs]
        return [*found, self.order, *([] if self.history_order is None else [self.history_order])]


@dataclass(frozen=True, eq=False)
class _Year:
    stream: Stream
    first: int
    sources: dict[str, Source]


def arrive(request: ArriveRequest) -> tuple[Words, ...]:
    """Read, play the year through, write. Raises FilesError; then nothing is written."""
    refuse_one_name_twice(request.inputs(), (request.out, request.report))
    year = _read(request)
    cost, seed = request.unplaced_cost, request.seed
    played = simulate(year.stream, POLICIES[request.policy], seed=seed, unplaced_cost=cost)
    best = hindsight(year.stream, unplaced_cost=cost) if request.hindsight else None
    people = year.stream.households
    score = {
        agent: people.scores[i, year.stream.places.ids.index(played.placed[agent])]
        for i, agent in enumerate(people.ids)
        if agent in played.placed
    }
    rows = [
        (agent, played.placed[agent], as_number(score[agent]), str(int(batch) + year.first))
        for agent, batch in zip(people.ids, people.batch, strict=True)
        if agent in played.placed
    ]
    report = {
        "format": FORMAT,
        **_played(year, played, best),
        "parameters": {
            "policy": request.policy,
            "expected": request.expected,
            "unplaced_cost": cost,
            "seed": seed,
        },
        "inputs": inputs_of(year.sources),
    }
    header = ("agent", "place", "score", "batch")
    write_answer(request.out, request.report, header, rows, report)
    return _summary(year, played, best)


def _played(year: _Year, played: Report, best: Hindsight | None) -> dict[str, Any]:
    people = year.stream.households
    counts = np.bincount(people.batch, minlength=people.batches)
    placed = [agent in played.placed for agent in people.ids]
    there = np.bincount(people.batch, weights=placed, minlength=people.batches)
    rows = zip(counts.tolist(), there.tolist(), played.seconds.tolist(), strict=True)
    return {
        "agents": len(people),
        "placed": len(played.placed),
        "unplaced": list(played.unplaced),
        "value": played.value,
        "hindsight": None
        if best is None
        else {
            "value": best.value, "bound": best.bound, "unplaced": best.unplaced,
            "share": played.share(best), "more_unplaced": played.more_unplaced(best),
        },
        "uneven": played.uneven,
        "groups": [
            {"group": group, "members": members, "mean": mean}
            for group, (members, mean) in played.floors.items()
            if group
        ],
        "batches": [
            {"batch": number, "agents": count, "placed": int(put), "seconds": round(seconds, 4)}
            for number, (count, put, seconds) in enumerate(rows, year.first)
        ],
        "seconds": {
            "median": float(np.median(played.seconds)),
            "most": float(played.seconds.max(initial=0.0)),
        },
    }  # fmt: skip


def _summary(year: _Year, played: Report, best: Hindsight | None) -> tuple[Words, ...]:
    people = year.stream.households
    said = [
        words(
            "Agents: %(agents)d in %(batches)d batches. Placed: %(placed)d. Value: %(value)s.",
            agents=len(people), batches=people.batches, placed=len(played.placed),
            value=f"{played.value:.10g}",
        )
    ]  # fmt: skip
    if best is not None:
        said.append(
            words(
                "Hindsight would have reached %(best)s: this is %(share)s of it. Left out beyond "
                "hindsight: %(more)d.",
                best=f"{best.value:.10g}", share=f"{played.share(best):.4f}",
                more=played.more_unplaced(best),
            )
        )  # fmt: skip
    return tuple(said)


# -- reading ----------------------------------------------------------------------------------


def _read(request: ArriveRequest) -> _Year:
    told: dict[str, Words] = {}
    now = _side(request.agents, request.places, request.pairs, told)
    last = _side(request.history_agents, request.places, request.history_pairs, told)
    faults = Faults()
    order = _batches(request.order, now, request.agents, faults)
    before = None
    if request.history_order is not None:
        before = _batches(request.history_order, last, request.history_agents, faults)
    try:
        faults.raise_if_any()
    except FilesError as error:
        told.update((str(one), one) for one in error.sentences)
    if told:
        raise FilesError(*told.values())
    assert now is not None
    assert last is not None
    assert order is not None
    weeks, source = order
    first = int(weeks.min())
    count = int(weeks.max()) + 1 - first
    sources = {**now.sources, "order": source}
    sources["history_agents"] = last.sources["agents"]
    sources["history_pairs"] = last.sources["pairs"]
    if before is None:
        rng = np.random.default_rng(request.seed)
        names = np.argsort(np.array(last.problem.agents, dtype=object))
        past = np.empty(len(names), np.int64)
        past[names] = rng.permutation(len(names)) * count // max(len(names), 1)
    else:
        past = before[0] - int(before[0].min())
        sources["history_order"] = before[1]
    problem = now.problem
    places = Places(tuple(problem.places), problem.resources, problem.capacity.astype(np.float64))
    stream = Stream(
        places,
        _households(problem, weeks - first, count),
        _households(last.problem, past, 0),
        request.expected,
    )
    return _Year(stream, first, sources)


def _side(agents: Path, places: Path, pairs: Path, told: dict[str, Words]) -> Read | None:
    """One year's problem; its faults are gathered in ``told``, each once."""
    try:
        read = read_problem(Inputs(agents, places, pairs))
    except FilesError as error:
        told.update((str(one), one) for one in error.sentences)
        return None
    problem = read.problem
    what = None
    if problem.pairs.demand is not None:
        what = words("what is taken differs by pair; here it must be the agent's own.")
    elif len(problem.agents) * len(problem.places) > LARGEST_TABLE:
        what = words("agents times places are more than %(most)d.", most=LARGEST_TABLE)
    if what is not None:
        sentence = words("%(file)s: %(what)s", file=str(pairs), what=what)
        told[str(sentence)] = sentence
        return None
    return read


def _households(
    problem: PlacementProblem, batch: np.ndarray[Any, np.dtype[np.int64]], batches: int
) -> Households:
    scores = np.full((len(problem.agents), len(problem.places)), np.nan)
    owner = np.repeat(np.arange(len(problem.agents)), np.diff(problem.pairs.start))
    scores[owner, problem.pairs.place] = problem.pairs.score
    demand: Floats = problem.needs().astype(np.float64)
    groups = tuple(problem.groups)
    return Households(tuple(problem.agents), demand, scores, batch, groups, batches)


def _batches(
    path: Path, read: Read | None, agents: Path, faults: Faults
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Source] | None:
    """The batch of each agent, in the order of the agents; every agent needs one."""
    table = open_table(path, faults, "agent", "batch")
    if table is None:
        return None
    index = {} if read is None else read.problem.agent_index
    found: dict[int, int] = {}
    rows: dict[str, int] = {}
    agent_at, batch_at = table.headers.index("agent"), table.headers.index("batch")
    for chunk in table.chunks():
        for row, cells in zip(chunk.numbers, chunk.rows, strict=True):
            name, at = identity(cells[agent_at]), known_id(cells[agent_at], index)
            value = number(cells[batch_at], comma=table.comma)
            if at < 0 and read is not None:
                expected = words("an id that stands in %(file)s", file=str(agents))
                faults.cell(table.name, row, "agent", cells[agent_at], expected)
            elif name in rows:
                expected = words("an id that stands once; it stands in row %(row)d too",
                                 row=rows[name])  # fmt: skip
                faults.cell(table.name, row, "agent", cells[agent_at], expected)
            if not 0 <= value <= 1e9 or value != int(value):
                bad = AN_AMOUNT if value != value else A_WHOLE
                faults.cell(table.name, row, "batch", cells[batch_at], bad)
                value = 0
            rows.setdefault(name, row)
            found[at] = int(value)
    if read is None:
        return None
    _all_have_one(table.name, read.problem.agents, found, faults)
    weeks = np.array([found.get(i, 0) for i in range(len(index))], np.int64)
    if len(weeks) and int(weeks.max() - weeks.min()) >= MOST_BATCHES and not faults.of(table.name):
        what = words("from the first batch to the last there are more than %(most)d.",
                     most=MOST_BATCHES)  # fmt: skip
        faults.whole(table.name, what)
    return weeks, table.source


def _all_have_one(file: str, agents: Iterable[str], found: dict[int, int], faults: Faults) -> None:
    for i, agent in enumerate(agents):
        if i not in found:
            faults.whole(file, words("“%(agent)s” has no batch.", agent=agent))
