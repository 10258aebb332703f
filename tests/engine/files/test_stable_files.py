"""`takeroot engine stable` and `takeroot engine choose` on files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.engine.files.makers import Desk, Ran

LEFT = "agent,place,rank\nana,Halifax,1\nana,Moncton,2\nben,Moncton,1\nben,Halifax,2\n"
RIGHT = "place,agent,rank\nHalifax,ben,1\nHalifax,ana,2\nMoncton,ana,1\nMoncton,ben,2\n"
SEATS = "place,capacity\nHalifax,1\nMoncton,1\n"
SCORES = "agent,place,score\nana,Halifax,9\nana,Moncton,1\nben,Halifax,8\nben,Moncton,2\n"
WISHES = "agent,place,rank\nana,Moncton,1\nana,Halifax,2\nben,Moncton,1\nben,Halifax,2\n"


def match(desk: Desk, *more: str, left: str = LEFT, right: str = RIGHT, seats: str = SEATS) -> Ran:
    desk.write(L=left, R=right, C=seats)
    return desk.run(
        "stable", "--left", desk.path("L.csv"), "--right", desk.path("R.csv"),
        "--capacities", desk.path("C.csv"), "--out", desk.path("OUT.csv"),
        "--report", desk.path("REPORT.json"), *more,
    )  # fmt: skip


def choose(desk: Desk, *more: str, left: str = WISHES, pairs: str = SCORES) -> Ran:
    desk.write(L=left, S=pairs, C=SEATS)
    return desk.run(
        "choose", "--left", desk.path("L.csv"), "--pairs", desk.path("S.csv"),
        "--capacities", desk.path("C.csv"), "--out", desk.path("OUT.csv"),
        "--report", desk.path("REPORT.json"), *more,
    )  # fmt: skip


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_ranked_lists_give_the_best_stable_matching_of_the_side_that_is_named(desk: Desk) -> None:
    ran = match(desk)
    assert ran.code == 0
    assert rows(desk.folder / "OUT.csv") == [
        ["agent", "place", "rank", "place_rank"],
        ["ana", "Halifax", "1", "2"],
        ["ben", "Moncton", "1", "2"],
    ]
    assert ran.lines == ["Agents: 2. Placed: 2, of them with their first choice: 2."]
    assert ran.report["format"] == "takeroot-engine-stable/1"
    match(desk, "--best-for", "places")
    assert [row[1] for row in rows(desk.folder / "OUT.csv")[1:]] == ["Moncton", "Halifax"]


def test_without_an_output_the_pairs_go_to_the_standard_output(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    from takeroot.cli import main

    match(desk)
    words = ["--left", "L.csv", "--right", "R.csv", "--capacities", "C.csv"]
    paths = [desk.path(word) if word.endswith(".csv") else word for word in words]
    assert main(["engine", "stable", *paths]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "ana,Halifax,1,2"


def test_ties_are_decided_in_the_open(desk: Desk) -> None:
    left = "agent,place,rank\nana,Halifax,1\nben,Halifax,1\n"
    right = "place,agent,rank,tie\nHalifax,ana,1,{}\nHalifax,ben,1,{}\n"
    seats = "place,capacity\nHalifax,1\n"
    match(desk, left=left, right=right.format(2, 1), seats=seats)
    assert rows(desk.folder / "OUT.csv")[1][0] == "ben"
    ran = match(desk, "--seed", "3", left=left, right=right.format(1, 1), seats=seats)
    ties = ran.report["ties"]
    assert (ties["by_lottery"], ties["seed"]) == (2, 3)
    winner = min(ties["lottery"], key=ties["lottery"].get)
    assert rows(desk.folder / "OUT.csv")[1][0] == winner
    assert "Entries in ties that the lottery decided: 2; seed 3." in ran.lines


def test_a_quota_that_is_missed_is_told_or_closes_the_place(desk: Desk) -> None:
    seats = "place,capacity,quota\nHalifax,2,2\nMoncton,2,0\n"
    ran = match(desk, seats=seats)
    assert ran.report["shortfalls"] == [{"place": "Halifax", "quota": 2, "filled": 1}]
    assert "no stable matching gives it more" in ran.said
    ran = match(desk, "--close-short", seats=seats)
    assert ran.report["closed"] == [{"place": "Halifax", "quota": 2, "filled": 1}]
    assert "Halifax was closed: only 1 of the 2 people it needs would come." in ran.lines
    assert [row[1] for row in rows(desk.folder / "OUT.csv")[1:]] == ["Moncton", "Moncton"]


def test_entries_that_the_other_side_does_not_rank_back_are_counted(desk: Desk) -> None:
    ran = match(desk, right=RIGHT.replace("Moncton,ana,1\n", ""))
    assert "Entries set aside, as the other side does not rank back: 1." in ran.lines


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"left": LEFT.replace("ben,Halifax", "ben,Truro")},
         "L.csv, row 5, column “place”: found “Truro”; expected an id that stands in C.csv."),
        ({"right": RIGHT.replace("Moncton,ben", "Moncton,zoe")},
         "R.csv, row 5, column “agent”: found “zoe”; expected an id that stands in L.csv."),
        ({"left": LEFT.replace("Halifax,2", "Halifax,nan")},
         "L.csv, row 5, column “rank”: found “nan”; expected a number, at most 1e12 in size."),
        ({"left": LEFT + "ana,Halifax,3\n"},
         "L.csv, row 6: found a pair that stands in row 2 too; expected each pair once."),
        ({"right": RIGHT + "Halifax,ana,3\n"},
         "R.csv, row 6: found a pair that stands in row 3 too; expected each pair once."),
        ({"left": LEFT + ",Halifax,3\n"},
         "L.csv, row 6, column “agent”: found nothing; expected an id."),
        ({"left": "agent,place,rank\n"},
         "L.csv: the file has a header and no entry: nobody is ranked."),
        ({"right": "place,agent\nHalifax,ana\n"},
         "R.csv: the column “rank” is missing; the header has “place, agent”."),
        ({"seats": SEATS.replace("Halifax,1", "Halifax,1.5")},
         "C.csv, row 2, column “capacity”: found “1.5”; expected a whole number from 0 to "
         "1000000000."),
        ({"seats": SEATS.replace("Halifax,1", "Halifax,-1")},
         "C.csv, row 2, column “capacity”: found “-1”; expected a number from 0 to 1e12."),
        ({"seats": "place,capacity,quota\nHalifax,1,2\nMoncton,1,0\n"},
         "C.csv, row 2, column “quota”: found “2”; expected at most the capacity, 1."),
        ({"seats": SEATS + "Halifax,1\n"},
         "C.csv, row 4, column “place”: found “Halifax”; expected an id that stands once; it "
         "stands in row 2 too."),
        ({"seats": ""}, "C.csv: the file is empty."),
    ],
)  # fmt: skip
def test_a_fault_of_a_list_is_told_and_nothing_is_written(
    desk: Desk, files: dict[str, str], sentence: str
) -> None:
    ran = match(desk, **files)  # type: ignore[arg-type]
    assert ran.code == 2
    assert sentence in ran.lines
    assert not (desk.folder / "OUT.csv").exists()


def test_each_takes_its_best_place_while_the_rest_can_reach_the_floor(desk: Desk) -> None:
    desk.write(O="agent\nana\n")
    ran = choose(desk, "--floor", "5", "--order", desk.path("O.csv"))
    assert ran.code == 0
    assert rows(desk.folder / "OUT.csv") == [
        ["agent", "place", "choice", "score"],
        ["ana", "Halifax", "2", "9"],
        ["ben", "Moncton", "1", "2"],
    ]
    assert ran.lines[1] == (
        "Mean outcome: 5.5; the floor is 5, the best there could be 5.5. Wishes that the floor "
        "refused: 1."
    )
    choose(desk, "--floor", "0", "--order", desk.path("O.csv"))
    assert [row[1] for row in rows(desk.folder / "OUT.csv")[1:]] == ["Moncton", "Halifax"]
    assert json.loads((desk.folder / "REPORT.json").read_text())["order"] == ["ana", "ben"]


def test_a_floor_is_refused_above_the_best_mean_which_is_told_when_none_is_given(
    desk: Desk,
) -> None:
    ran = choose(desk, "--floor", "6")
    assert ran.code == 2
    assert ran.lines == ["The floor 6 cannot be reached: the best mean there could be is 5.5."]
    assert not (desk.folder / "OUT.csv").exists()
    assert choose(desk).lines == ["The best mean there could be is 5.5."]


def test_faults_of_wishes_outcomes_and_the_order_are_told(desk: Desk) -> None:
    desk.write(O="agent\nzoe\nana\nana\n")
    ran = choose(
        desk, "--floor", "1", "--order", desk.path("O.csv"),
        left=WISHES + "zoe,Halifax,1\n", pairs=SCORES + "ana,Halifax,1\nana,Truro,1\n",
    )  # fmt: skip
    assert ran.code == 2
    assert [line.split(":")[0] for line in ran.lines] == [
        "S.csv, row 6", "S.csv, row 7, column “place”", "L.csv, row 6, column “agent”",
        "O.csv, row 2, column “agent”", "O.csv, row 4, column “agent”",
    ]  # fmt: skip
