"""`takeroot engine what-if`: an earlier answer from its report, changed."""

from __future__ import annotations

import csv
import json
import random

import pytest

from tests.engine.files.makers import AGENTS, PAIRS, PLACES, Desk, Ran

HEADER = "change,agent,place,resource,amount\n"
SEATS = {
    "A": "agent\nana\nben\ncleo\n",
    "P": "place,seats\nHalifax,1\nMoncton,1\n",
    "S": "agent,place,score\nana,Halifax,5\nana,Moncton,3\nben,Halifax,4\ncleo,Moncton,3\n",
}


def ask(desk: Desk, changes: str, *more: str) -> Ran:
    desk.write(W=changes)
    return desk.run(
        "what-if", "--from", desk.path("REPORT.json"), "--changes", desk.path("W.csv"),
        "--out", desk.path("effects.json"), "--moves", desk.path("moves.csv"), *more,
    )  # fmt: skip


def effects(desk: Desk) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((desk.folder / "effects.json").read_text())[
        "effects"
    ]
    return found


def test_a_ban_is_answered_with_its_cost_and_who_moves(desk: Desk) -> None:
    assert desk.assign(**SEATS).report["value"] == 8
    assert ask(desk, HEADER + "forbid,cleo,Moncton,,\n").code == 0
    (effect,) = effects(desk)
    assert (effect["value"], effect["cost"]) == (7, 1)
    rows = list(csv.DictReader((desk.folder / "moves.csv").open()))
    assert {(r["agent"], r["before"], r["after"], r["why"]) for r in rows} == {
        ("ana", "Halifax", "Moncton", "others"), ("ben", "", "Halifax", "better"),
        ("cleo", "Moncton", "", "named"),
    }  # fmt: skip


def test_changes_are_told_together_or_each_alone(desk: Desk) -> None:
    desk.assign(**SEATS)
    changes = HEADER + "remove,ana,,,\ncapacity,,Halifax,seats,0\n"
    assert ask(desk, changes).code == 0
    (together,) = effects(desk)
    assert (together["value"], together["cost"]) == (3, 5)
    assert ask(desk, changes, "--each").code == 0
    assert [effect["value"] for effect in effects(desk)] == [7, 3]


def test_somebody_new_comes_with_a_row_for_each_place(desk: Desk) -> None:
    desk.assign(**SEATS)
    changes = HEADER + "add,dora,Halifax,,9\nadd,dora,Moncton,,1\nlock,dora,Halifax,,\n"
    assert ask(desk, changes).code == 0
    assert effects(desk)[0]["value"] == 12


def test_somebody_new_in_a_problem_of_families_says_what_they_take(desk: Desk) -> None:
    desk.assign()
    header = "change,agent,place,resource,amount,persons,beds\n"
    assert ask(desk, header + "add,dora,Moncton,,9,1,2\n").code == 0
    assert effects(desk)[0]["value"] == 16
    assert ask(desk, header + "add,dora,Moncton,,9,1,\n").code == 2


@pytest.mark.parametrize("seed", range(6))
def test_the_new_answer_is_the_one_that_solving_the_changed_files_gives(
    desk: Desk, seed: int
) -> None:
    draw = random.Random(seed)
    agents, places = [f"a{i}" for i in range(12)], [f"p{j}" for j in range(4)]
    pairs = [(a, p, draw.randint(1, 50)) for a in agents for p in places if draw.random() < 0.7]
    files = {
        "A": "agent\n" + "".join(f"{a}\n" for a in agents),
        "P": "place,seats\n" + "".join(f"{p},2\n" for p in places),
        "S": "agent,place,score\n" + "".join(f"{a},{p},{s}\n" for a, p, s in pairs),
    }
    desk.assign(**files)
    gone, fewer = draw.choice(agents), draw.choice(places)
    ask(desk, HEADER + f"remove,{gone},,,\ncapacity,,{fewer},,1\n")
    (effect,) = effects(desk)
    files["A"] = files["A"].replace(f"{gone}\n", "")
    files["P"] = files["P"].replace(f"{fewer},2", f"{fewer},1")
    files["S"] = "".join(
        line for line in files["S"].splitlines(keepends=True) if not line.startswith(f"{gone},")
    )
    assert desk.assign(**files).report["value"] == pytest.approx(effect["value"])


def test_a_change_without_an_answer_ends_in_code_1_and_says_why(desk: Desk) -> None:
    desk.assign(**SEATS)
    ran = ask(desk, HEADER + "lock,ana,Halifax,,\nlock,ben,Halifax,,\n")
    assert ran.code == 1
    assert "Halifax has 1 seats" in str(effects(desk)[0]["conflicts"])


@pytest.mark.parametrize("name", ["A.csv", "S.csv", "OUT.csv"])
def test_a_file_that_has_changed_since_is_refused_in_words(desk: Desk, name: str) -> None:
    desk.assign(**SEATS)
    path = desk.folder / name
    path.write_text(path.read_text() + "\n")
    ran = ask(desk, HEADER + "remove,ana,,,\n")
    assert ran.code == 2
    assert ran.lines == [
        f"{name} has changed since REPORT.json was written. Run `takeroot engine assign` again."
    ]
    path.unlink()
    ran = ask(desk, HEADER + "remove,ana,,,\n")
    assert "is no longer there, nor beside the report" in ran.said
    assert not (desk.folder / "effects.json").exists()


def test_report_and_files_may_move_together(desk: Desk) -> None:
    desk.assign(**SEATS)
    other = desk.folder / "other"
    other.mkdir()
    for path in list(desk.folder.glob("*.*")):
        path.rename(other / path.name)
    moved = Desk(other, desk.capture)
    assert ask(moved, HEADER + "remove,ana,,,\n").code == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "takeroot-engine-assign/1"}', "not json",
             '{"format": "takeroot-engine-assign/1", "inputs": {}, "output": 3}']
)  # fmt: skip
def test_what_is_no_report_is_refused_in_words(desk: Desk, text: str) -> None:
    (desk.folder / "REPORT.json").write_text(text)
    ran = ask(desk, HEADER + "remove,ana,,,\n")
    assert ran.code == 2
    assert ran.lines == ["REPORT.json is not a whole report of `takeroot engine assign`."]


def test_a_report_that_says_another_value_than_its_pairs_have_is_refused(desk: Desk) -> None:
    desk.assign(**SEATS)
    report = desk.folder / "REPORT.json"
    report.write_text(report.read_text().replace('"value": 8.0', '"value": 9.0'))
    ran = ask(desk, HEADER + "remove,ana,,,\n")
    assert "says the value is 9; the pairs of" in ran.said


def test_a_report_without_an_answer_is_refused(desk: Desk) -> None:
    desk.assign(L="agent,place\nana,Halifax\nben,Halifax\n")
    ran = ask(desk, HEADER + "remove,ana,,,\n")
    assert ran.lines == ["REPORT.json holds no answer that could be changed."]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("swap,ana,Halifax,,", "column “change”: found “swap”; expected one of lock, unlock, "
         "forbid, allow, capacity, add, remove."),
        ("lock,zoe,Halifax,,", "column “agent”: found “zoe”; expected an agent who is there at "
         "this point."),
        ("lock,ana,Truro,,", "column “place”: found “Truro”; expected a place of the problem."),
        ("lock,ana,Halifax,,3", "column “amount”: found “3”; expected nothing for this change."),
        ("capacity,,Halifax,cars,3", "column “resource”: found “cars”; expected one of persons, "
         "beds."),
        ("capacity,,Halifax,beds,-1", "column “amount”: found “-1”; expected a number from 0 to "
         "1e12, or nothing for unlimited."),
        ("add,ana,Halifax,,3", "column “agent”: found “ana”; expected the id of somebody new."),
        ("add,zoe,Halifax,,x", "column “amount”: found “x”; expected a number, at most 1e12 in "
         "size."),
        ("add,zoe,Halifax,,1", "column “persons”: found nothing; expected a number from 0 to "
         "1e12."),
        ("remove,ana,,,\nlock,ana,Halifax,,", "row 3, column “agent”: found “ana”; expected an "
         "agent who is there at this point."),
    ],
)  # fmt: skip
def test_a_faulty_change_is_told_with_its_row_and_column(
    desk: Desk, row: str, sentence: str
) -> None:
    desk.assign(A=AGENTS, P=PLACES, S=PAIRS)
    ran = ask(desk, HEADER + row + "\n")
    assert ran.code == 2
    assert sentence in ran.said
    assert not (desk.folder / "effects.json").exists()


def test_a_file_of_changes_without_a_change_is_answered_in_words(desk: Desk) -> None:
    desk.assign(**SEATS)
    assert ask(desk, HEADER).lines == ["W.csv: the file has a header and no change."]
    assert ask(desk, "agent,place\n").code == 2
