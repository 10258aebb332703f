"""`takeroot engine generate`: documented made-up instances as files of the other commands."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ..arrivals import Households, Places
from ..generate import Arcs, InstanceError, families, persons
from ..generate.arrivals import KINDS, arrivals
from ..generate.market import Market, market
from ..words import Words, words
from .faults import FilesError
from .output import Together, as_number

Rows = Iterable[Iterable[str]]
LOAD = 0.95


def generate(
    kind: str,
    folder: Path,
    *,
    seed: int,
    agents: int | None = None,
    places: int | None = None,
    top: int | None = None,
) -> tuple[Words, ...]:
    """Write the files and the command that runs on them. Raises FilesError for odd sizes."""
    n, m = agents or 1000, places or 20
    k = min(10, m) if top is None else top
    try:
        if kind in KINDS:
            if agents is not None or top is not None:
                raise InstanceError("arrivals: the number of agents and their places are drawn")
            files, command = _arrivals(kind, seed, m)
        elif kind == "stable":
            files, command = _stable(market(n, m, k, seed)), "stable --left left.csv --right "
            command += "right.csv --capacities capacities.csv"
        else:
            arcs = persons(n, m, k, seed) if kind == "persons" else families(n, m, k, LOAD, seed)
            files, command = _assignment(arcs), "assign --agents agents.csv --places places.csv "
            command += "--pairs pairs.csv --out out.csv --report report.json"
    except InstanceError as error:
        raise FilesError(words("This makes no instance: %(what)s.", what=str(error))) from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FilesError(
            words("The folder “%(path)s” cannot be made: %(why)s.",
                  path=str(folder), why=error.strerror)
        ) from None  # fmt: skip
    with Together() as together:
        for name, rows in files.items():
            with together.open(folder / name) as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
    return (
        words("Written to %(folder)s: %(names)s.", folder=str(folder), names=", ".join(files)),
        words("Next, in that folder: %(command)s", command=f"takeroot engine {command}"),
    )


def _ids(letter: str, count: int) -> list[str]:
    """As many digits as the last one needs, so that ids sort as they count."""
    width = len(str(max(count - 1, 0)))
    return [f"{letter}{i:0{width}}" for i in range(count)]


def _assignment(arcs: Arcs) -> dict[str, Rows]:
    n, m = arcs.shape
    agents, places = _ids("a", n), _ids("p", m)
    unit = arcs.resources == ("seats",)
    needs = [[] if unit else list(map(str, row)) for row in arcs.demand.tolist()]
    pairs = zip(arcs.agent.tolist(), arcs.place.tolist(), arcs.score.tolist(), strict=True)
    return {
        "agents.csv": [
            ("agent", *([] if unit else arcs.resources)),
            *((agent, *own) for agent, own in zip(agents, needs, strict=True)),
        ],
        "places.csv": [
            ("place", *arcs.resources),
            *(
                (place, *map(str, row))
                for place, row in zip(places, arcs.capacity.tolist(), strict=True)
            ),
        ],
        "pairs.csv": _scored((agents[i], places[j], score) for i, j, score in pairs),
    }


def _scored(pairs: Iterable[tuple[str, str, float]]) -> Iterator[tuple[str, ...]]:
    yield ("agent", "place", "score")
    for agent, place, score in pairs:
        yield (agent, place, f"{score:.6f}")


def _arrivals(kind: str, seed: int, places: int) -> tuple[dict[str, Rows], str]:
    stream = arrivals(kind, seed, places=places)
    now, last, where = stream.households, stream.history, stream.places
    files: dict[str, Rows] = {
        "agents.csv": _needs(now, where),
        "places.csv": [
            ("place", *where.resources),
            *(
                (place, *(as_number(x) for x in row))
                for place, row in zip(where.ids, where.capacities.tolist(), strict=True)
            ),
        ],
        "pairs.csv": _scored(_table(now, where)),
        "order.csv": _order(now),
        "history-agents.csv": _needs(last, where),
        "history-pairs.csv": _scored(_table(last, where)),
        "history-order.csv": _order(last),
    }
    command = (
        "arrive --agents agents.csv --places places.csv --pairs pairs.csv --order order.csv "
        "--history-agents history-agents.csv --history-pairs history-pairs.csv --history-order "
        f"history-order.csv --expected {stream.expected} --policy adaptive --out out.csv "
        "--report report.json"
    )
    return files, command


def _needs(people: Households, places: Places) -> Iterator[tuple[str, ...]]:
    yield ("agent", "group", *places.resources)
    for agent, group, row in zip(people.ids, people.groups, people.demand.tolist(), strict=True):
        yield (agent, group, *(as_number(x) for x in row))


def _table(people: Households, places: Places) -> Iterator[tuple[str, str, float]]:
    for i, j in np.argwhere(~np.isnan(people.scores)).tolist():
        yield people.ids[i], places.ids[j], float(people.scores[i, j])


def _order(people: Households) -> Iterator[tuple[str, ...]]:
    yield ("agent", "batch")
    for agent, batch in zip(people.ids, people.batch.tolist(), strict=True):
        yield agent, str(batch)


def _stable(made: Market) -> dict[str, Rows]:
    agents, places = _ids("a", made.agents), _ids("p", made.places)
    ours = zip(made.owner.tolist(), made.other.tolist(), made.rank.tolist(), strict=True)
    theirs = zip(made.owner.tolist(), made.other.tolist(), made.grade.tolist(), strict=True)
    seats = zip(places, made.capacity.tolist(), strict=True)
    return {
        "left.csv": [
            ("agent", "place", "rank"),
            *((agents[i], places[j], str(rank)) for i, j, rank in ours),
        ],
        "right.csv": [
            ("place", "agent", "rank"),
            *((places[j], agents[i], str(rank)) for i, j, rank in theirs),
        ],
        "capacities.csv": [("place", "capacity"), *((p, str(c)) for p, c in seats)],
    }
