"""`takeroot engine generate` writes files that the other commands take; `arrive` plays a year."""

from __future__ import annotations

import csv
import hashlib
import os
import shlex
from pathlib import Path

import pytest

from takeroot.config.engine_arrivals import KINDS, POLICIES
from takeroot.engine.arrivals import POLICIES as ENGINE_POLICIES
from takeroot.engine.arrivals import hindsight, simulate
from takeroot.engine.generate.arrivals import KINDS as ENGINE_KINDS
from takeroot.engine.generate.arrivals import arrivals
from tests.engine.files.makers import Desk, Ran

AGENTS = "agent,group\nana,x\nben,x\ncleo,y\ndora,y\n"
PLACES = "place,seats\nHalifax,1\nMoncton,2\n"
PAIRS = "agent,place,score\n" + "".join(
    f"{agent},{place},{score}\n"
    for agent, scores in (("ana", (5, 4)), ("ben", (9, 1)), ("cleo", (2, 3)), ("dora", (8, 7)))
    for place, score in zip(("Halifax", "Moncton"), scores, strict=True)
)
ORDER = "agent,batch\nana,3\nben,5\ncleo,5\ndora,7\n"


def arrive(desk: Desk, *more: str, **files: str) -> Ran:
    given = {"A": AGENTS, "P": PLACES, "S": PAIRS, "HA": AGENTS, "HS": PAIRS, "O": ORDER, **files}
    desk.write(**given)
    names = [("--agents", "A"), ("--places", "P"), ("--pairs", "S"), ("--history-agents", "HA"),
             ("--history-pairs", "HS"), ("--order", "O")]  # fmt: skip
    words = [word for option, name in names for word in (option, desk.path(f"{name}.csv"))]
    if "HO" in given:
        words += ["--history-order", desk.path("HO.csv")]
    out = ["--out", desk.path("OUT.csv"), "--report", desk.path("REPORT.json")]
    return desk.run("arrive", *words, *out, *more)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_command_knows_the_engines_kinds_and_policies() -> None:
    assert set(POLICIES) == set(ENGINE_POLICIES)
    assert set(KINDS) == {"persons", "families", "stable", *ENGINE_KINDS}


def test_greedy_takes_what_is_best_now_and_is_told_what_hindsight_would_have_reached(
    desk: Desk,
) -> None:
    ran = arrive(desk, "--policy", "greedy")
    assert ran.code == 0
    assert rows(desk.folder / "OUT.csv") == [
        {"agent": "ana", "place": "Halifax", "score": "5", "batch": "3"},
        {"agent": "ben", "place": "Moncton", "score": "1", "batch": "5"},
        {"agent": "cleo", "place": "Moncton", "score": "3", "batch": "5"},
    ]
    report = ran.report
    assert (report["value"], report["unplaced"]) == (9, ["dora"])
    assert report["hindsight"]["value"] == 20
    assert [one["agents"] for one in report["batches"]] == [1, 0, 2, 0, 1]
    assert [one["batch"] for one in report["batches"]] == [3, 4, 5, 6, 7]
    assert {one["group"]: one["mean"] for one in report["groups"]} == {"x": 3, "y": 1.5}
    assert ran.lines == [
        "Agents: 4 in 5 batches. Placed: 3. Value: 9.",
        "Hindsight would have reached 20: this is 0.4500 of it. Left out beyond hindsight: 0.",
    ]


@pytest.mark.parametrize("policy", POLICIES)
def test_what_comes_later_changes_nothing_that_was_decided_before(desk: Desk, policy: str) -> None:
    arrive(desk, "--policy", policy, "--no-hindsight")
    first = [row for row in rows(desk.folder / "OUT.csv") if row["batch"] == "3"]
    other = PAIRS.replace("dora,Halifax,8\n", "").replace("ben,Moncton,1", "ben,Moncton,99")
    ran = arrive(desk, "--policy", policy, "--no-hindsight", S=other)
    assert [row for row in rows(desk.folder / "OUT.csv") if row["batch"] == "3"] == first
    assert ran.report["hindsight"] is None


def test_a_made_up_year_through_files_is_the_year_that_the_engine_simulates(desk: Desk) -> None:
    made = desk.run("generate", "season", "--seed", "4", "--places", "4", "--out", desk.path("y"))
    assert made.code == 0
    command = made.lines[-1].split("takeroot engine ", 1)[1]
    command = command.replace("--policy adaptive", "--policy greedy")
    words = [desk.path(f"y/{word}") if "." in word else word for word in shlex.split(command)]
    ran = desk.run(*words)
    assert ran.code == 0
    report = Desk(desk.folder / "y", desk.capture)
    stream = arrivals("season", 4, places=4)
    played = simulate(stream, ENGINE_POLICIES["greedy"])
    found = Ran(0, "", report.folder)
    lines = rows(desk.folder / "y" / "out.csv")
    assert {row["agent"]: row["place"] for row in lines} == played.placed
    assert float(sum(float(row["score"]) for row in lines)) == pytest.approx(played.value, rel=1e-4)
    import json

    told = json.loads((found.folder / "report.json").read_text())
    assert told["hindsight"]["value"] == pytest.approx(hindsight(stream).value, rel=1e-3)


@pytest.mark.parametrize("kind", ["persons", "families", "stable"])
def test_a_made_up_instance_is_taken_by_its_command_and_the_same_seed_writes_the_same(
    desk: Desk, kind: str
) -> None:
    sizes = ["--agents", "60", "--places", "6", "--top", "4", "--seed", "9"]
    hashes = []
    for name in ("one", "two"):
        made = desk.run("generate", kind, *sizes, "--out", desk.path(name))
        assert made.code == 0
        command = made.lines[-1].split("takeroot engine ", 1)[1]
        words = [
            desk.path(f"{name}/{word}") if "." in word else word for word in shlex.split(command)
        ]
        assert desk.run(*words).code == 0
        paths = sorted((desk.folder / name).glob("[!r]*.csv"))
        hashes.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in paths])
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"O": ORDER.replace("dora", "zoe")},
         "O.csv, row 5, column “agent”: found “zoe”; expected an id that stands in A.csv."),
        ({"O": ORDER.replace("dora,7\n", "")}, "O.csv: “dora” has no batch."),
        ({"O": ORDER + "ana,4\n"},
         "O.csv, row 6, column “agent”: found “ana”; expected an id that stands once; it stands "
         "in row 2 too."),
        ({"O": ORDER.replace("dora,7", "dora,1.5")},
         "O.csv, row 5, column “batch”: found “1.5”; expected a whole number from 0 to "
         "1000000000."),
        ({"O": ORDER.replace("dora,7", "dora,x")},
         "O.csv, row 5, column “batch”: found “x”; expected a number from 0 to 1e12."),
        ({"O": ORDER.replace("dora,7", "dora,70000")},
         "O.csv: from the first batch to the last there are more than 10000."),
        ({"HS": PAIRS.replace("cleo,Moncton", "cleo,Truro")},
         "HS.csv, row 7, column “place”: found “Truro”; expected an id that stands in P.csv."),
        ({"HA": "agent,rooms\nana,1\n"},
         "HA.csv: the column “rooms” does not stand in P.csv; resources have the same columns in "
         "both."),
        ({"S": "agent,place,score,seats\nana,Halifax,1,2\n"},
         "S.csv: what is taken differs by pair; here it must be the agent's own."),
        ({"HO": "agent,batch\nzoe,1\n"},
         "HO.csv, row 2, column “agent”: found “zoe”; expected an id that stands in HA.csv."),
    ],
)  # fmt: skip
def test_a_fault_of_a_year_is_told_and_nothing_is_written(
    desk: Desk, files: dict[str, str], sentence: str
) -> None:
    ran = arrive(desk, **files)
    assert ran.code == 2
    assert sentence in ran.lines
    assert not (desk.folder / "OUT.csv").exists()


def test_the_standard_output_stays_for_data_whatever_a_solver_writes_there(
    capfd: pytest.CaptureFixture[str],
) -> None:
    from takeroot.config.engine_options import without_chatter

    with without_chatter():
        os.write(1, b"a line from C\n")
    os.write(1, b"data\n")
    assert capfd.readouterr().out == "data\n"


def test_a_fault_of_the_places_is_told_once(desk: Desk) -> None:
    ran = arrive(desk, P=PLACES.replace("Halifax,1", "Halifax,-1"))
    assert len([line for line in ran.lines if line.startswith("P.csv")]) == 1


@pytest.mark.parametrize(
    "words",
    [("persons", "--top", "30"), ("families", "--agents", "0", "--top", "0"),
     ("drift", "--agents", "5"), ("stable", "--places", "3", "--top", "9")],
)  # fmt: skip
def test_sizes_that_make_no_instance_are_refused_in_words(
    desk: Desk, words: tuple[str, ...]
) -> None:
    ran = desk.run("generate", *words, "--out", desk.path("made"))
    assert ran.code == 2
    assert ran.lines[0].startswith("This makes no instance: ")
    assert not (desk.folder / "made").exists()


def test_a_folder_that_cannot_be_made_is_told(desk: Desk) -> None:
    desk.write(A=AGENTS)
    ran = desk.run("generate", "persons", "--agents", "5", "--out", desk.path("A.csv"))
    assert ran.code == 2
    assert "cannot be made" in ran.said
