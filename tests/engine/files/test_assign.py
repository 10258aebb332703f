"""`takeroot engine assign`: the answer, its report, rules and what they cost, the harm check."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from importlib.resources import files
from itertools import product
from pathlib import Path

import jsonschema
import pytest

from takeroot.common.spreadsheets import neutral as house_neutral
from takeroot.engine.files.output import neutral
from tests.engine.files.makers import AGENTS, PAIRS, PLACES, Desk

SCHEMA = json.loads((files("takeroot.engine.files") / "report.schema.json").read_text("utf-8"))


def valid(report: dict[str, object]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(report, SCHEMA)


def test_three_files_give_the_best_answer_and_a_report_that_says_how_it_is_known(
    desk: Desk,
) -> None:
    ran = desk.assign()
    assert ran.code == 0
    assert ran.pairs == [
        ("ana", "Halifax", "5"),
        ("ben", "Moncton", "4.5"),
        ("cleo", "Halifax", "2"),
    ]
    report = ran.report
    valid(report)
    assert (report["value"], report["status"], report["placed"]) == (11.5, "optimal", 3)
    assert report["bound"] == pytest.approx(11.5)
    for role, name in (("agents", "A.csv"), ("places", "P.csv"), ("pairs", "S.csv")):
        data = (desk.folder / name).read_bytes()
        assert report["inputs"][role]["sha256"] == hashlib.sha256(data).hexdigest()
    out = (desk.folder / "OUT.csv").read_bytes()
    assert report["output"]["sha256"] == hashlib.sha256(out).hexdigest()
    assert ran.lines == ["Agents: 3. Placed: 3. Value: 11.5; no answer is better than 11.5."]


def test_without_columns_each_agent_takes_one_seat(desk: Desk) -> None:
    ran = desk.assign(
        A="agent\nana\nben\ncleo\n",
        P="place,seats\nHalifax,1\nMoncton,1\n",
        S="agent,place,score\nana,Halifax,5\nben,Halifax,4\nben,Moncton,1\ncleo,Moncton,3\n",
    )
    assert [pair[:2] for pair in ran.pairs] == [("ana", "Halifax"), ("cleo", "Moncton")]
    assert ran.report["unplaced"] == [{"agent": "ben", "cause": "places_worth_more_to_others"}]
    assert ran.report["prices"].keys() <= {"Halifax", "Moncton"}
    valid(ran.report)


@pytest.mark.parametrize("seed", range(12))
def test_small_problems_of_families_agree_with_trying_everything(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    agents = {f"a{i}": (draw.randint(1, 4), draw.randint(0, 2)) for i in range(5)}
    places = {f"p{j}": (draw.randint(2, 6), draw.randint(0, 4)) for j in range(3)}
    pairs = {(a, p): draw.randint(1, 30) for a in agents for p in places if draw.random() < 0.8}
    best = 0
    for choice in product([None, *places], repeat=len(agents)):
        chosen = [(a, p) for a, p in zip(agents, choice, strict=True) if p]
        if any(pair not in pairs for pair in chosen):
            continue
        fits = all(
            sum(agents[a][r] for a, p in chosen if p == place) <= has[r]
            for place, has in places.items()
            for r in range(2)
        )
        if fits:
            best = max(best, sum(pairs[pair] for pair in chosen))
    ran = desk.assign(
        "--gap", "0",
        A="agent,x,y\n" + "".join(f"{a},{x},{y}\n" for a, (x, y) in agents.items()),
        P="place,y,x\n" + "".join(f"{p},{y},{x}\n" for p, (x, y) in places.items()),
        S="agent,place,score\n" + "".join(f"{a},{p},{s}\n" for (a, p), s in pairs.items()),
    )  # fmt: skip
    assert ran.code == 0
    assert ran.report["value"] == best
    assert sum(int(score) for _, _, score in ran.pairs) == best


def test_the_order_of_rows_columns_and_the_dress_of_the_files_change_nothing(desk: Desk) -> None:
    first = desk.assign()
    header, *rows = PAIRS.splitlines()
    shuffled = "\n".join(
        ["score;place;agent", *(";".join(reversed(r.split(","))) for r in reversed(rows))]
    )
    again = desk.assign(
        A=AGENTS.replace("\n", "\r\n").encode("utf-8-sig"),
        P=("\n\n" + PLACES).encode("utf-16"),
        S=shuffled.replace("4.5", "4,5"),
    )
    assert again.code == 0
    assert again.pairs == first.pairs
    assert header == "agent,place,score"


def test_files_in_windows_1252_keep_their_accents(desk: Desk) -> None:
    ran = desk.assign(
        A="agent\nZoé Côté\n".encode("cp1252"),
        P="place;places libres\nTrois-Rivières;1\n".encode("cp1252"),
        S="agent,place,score\nZoé Côté,Trois-Rivie\u0300res,1\n",
    )
    assert ran.pairs == [("Zoé Côté", "Trois-Rivières", "1")]


def test_what_a_pair_takes_replaces_what_the_agent_takes(desk: Desk) -> None:
    ran = desk.assign(
        A="agent,hours\nana,5\nben,5\n",
        P="place,hours\nHalifax,5\n",
        S="agent,place,score,hours\nana,Halifax,2,1\nben,Halifax,2,\n",
    )
    assert [pair[0] for pair in ran.pairs] == ["ana"]
    ran = desk.assign(
        A="agent\nana\nben\n",
        P="place,hours,rooms\nHalifax,5,2\n",
        S="agent,place,score,hours,rooms\nana,Halifax,2,1,1\nben,Halifax,2,4,1\n",
    )
    assert [pair[0] for pair in ran.pairs] == ["ana", "ben"]


def test_costs_are_kept_low_and_everybody_is_placed_when_asked(desk: Desk) -> None:
    files = {
        "A": "agent\nana\nben\n",
        "P": "place,seats\nHalifax,1\nMoncton,1\n",
        "S": "agent,place,score\nana,Halifax,1\nana,Moncton,9\nben,Halifax,2\nben,Moncton,20\n",
    }
    assert desk.assign("--minimize", **files).pairs == []
    ran = desk.assign("--minimize", "--must-place", **files)
    assert ran.pairs == [("ana", "Moncton", "9"), ("ben", "Halifax", "2")]
    ran = desk.assign("--minimize", "--unplaced-cost", "5", **files)
    assert ran.pairs == [("ana", "Halifax", "1")]
    assert ran.report["value"] == 6
    ran = desk.assign("--least-score", "10", **files)
    assert ran.pairs == [("ben", "Moncton", "20")]


def test_a_lock_stands_whatever_it_costs(desk: Desk) -> None:
    ran = desk.assign(L="agent,place\ncleo,Moncton\n")
    assert ("cleo", "Moncton", "1") in ran.pairs
    valid(ran.report)
    ran = desk.assign(L="agent,place\nben,Halifax\n")
    assert ("ben", "Halifax", "0") in ran.pairs
    assert "ben is locked to Halifax, a pair without a score: it counts as 0." in ran.lines


def test_a_rule_is_kept_its_price_is_told_and_a_small_group_is_flagged(desk: Desk) -> None:
    files = {
        "A": "agent,group\nana,x\nben,y\n",
        "P": "place,seats\nHalifax,1\n",
        "S": "agent,place,score\nana,Halifax,9\nben,Halifax,5\n",
        "F": "group,measure,value,place\ny,placed,1,\nx,most_at,1,Halifax\n",
    }
    ran = desk.assign(**files)
    assert ran.pairs == [("ben", "Halifax", "5")]
    first, second = ran.report["rules"]
    assert (first["cost"], first["reached"], first["small"]) == (4, 1, True)
    assert (second["cost"], second["reached"]) == (0, 0)
    assert ran.report["rules_cost"] == 4
    assert "The rule “placed 1” for y costs 4 of the value." in ran.lines
    assert "y has only 1 members: one person more or less moves its figures far." in ran.lines
    valid(ran.report)


def test_rules_that_contradict_one_another_are_named_and_nobody_is_placed(desk: Desk) -> None:
    ran = desk.assign(
        A="agent,group\nana,x\nben,y\n",
        P="place,seats\nHalifax,1\n",
        S="agent,place,score\nana,Halifax,9\nben,Halifax,5\n",
        F="group,measure,value,place\ny,placed,1,\nx,placed,1,\n",
    )
    assert ran.code == 1
    assert ran.pairs == []
    assert ran.lines == [
        "There is no answer that keeps all limits:",
        "No answer keeps: a place for at least 100% of y; a place for at least 100% of x.",
    ]
    assert ran.report["status"] == "infeasible"
    valid(ran.report)


def test_locks_that_do_not_fit_are_answered_in_words(desk: Desk) -> None:
    ran = desk.assign(L="agent,place\nana,Halifax\nben,Halifax\n")
    assert ran.code == 1
    assert ran.report["conflicts"][0]["pairs"] == [["ben", "Halifax"], ["ana", "Halifax"]]
    assert "Halifax has 3 persons; those locked there need 5: ben, ana." in ran.lines
    valid(ran.report)


def test_the_harm_check_says_whether_it_is_worse_than_before_and_who_loses(desk: Desk) -> None:
    files = {
        "A": "agent\nana\nben\n",
        "P": "place,seats\nHalifax,1\n",
        "S": "agent,place,score\nana,Halifax,9\nben,Halifax,5\n",
    }
    ran = desk.assign(B="agent,place,score\nben,Halifax,5\n", **files)
    harm = ran.report["harm"]
    assert (harm["worse"], harm["difference"], harm["keeps_limits"]) == (False, 4, True)
    assert (harm["loses_place"], harm["better_off"], harm["worse_off"]) == (["ben"], 1, 1)
    ran = desk.assign(B="agent,place\nana,Halifax\nben,Halifax\n", **files)
    assert ran.report["harm"]["worse"]
    assert not ran.report["harm"]["keeps_limits"]
    assert "today's limits do not allow" in ran.said
    valid(ran.report)


def test_a_place_without_capacity_is_told_and_leaves_its_people_out_with_a_cause(
    desk: Desk,
) -> None:
    ran = desk.assign(
        A="agent\nana\nben\n", P="place,seats\nHalifax,0\n",
        S="agent,place,score\nana,Halifax,5\n",
    )  # fmt: skip
    assert ran.code == 0
    assert ran.pairs == []
    assert ran.report["unplaced"] == [
        {"agent": "ana", "cause": "none_fits"},
        {"agent": "ben", "cause": "no_allowed_pair"},
    ]
    assert "Places with a capacity of 0: Halifax." in ran.lines
    assert "Agents without a pair, who can go nowhere: ben." in ran.lines
    valid(ran.report)


def test_ids_that_a_spreadsheet_would_run_are_made_harmless_and_read_back(desk: Desk) -> None:
    files = {
        "A": "agent\n=cmd|x\n-5\n", "P": "place,seats\n@home,2\n",
        "S": "agent,place,score\n=cmd|x,@home,1\n-5,@home,2\n",
    }  # fmt: skip
    ran = desk.assign(**files)
    assert ran.pairs == [("-5", "'@home", "2"), ("'=cmd|x", "'@home", "1")]
    before = (desk.folder / "OUT.csv").read_text()
    assert desk.assign(B=before, **files).report["harm"]["moved"] == 0


@pytest.mark.parametrize("text", ["=1", " +x", "-5", "-5,2", "a=1", "＝x", "", "|", "\tx", "%x"])
def test_the_engine_and_the_house_make_cells_harmless_in_the_same_way(text: str) -> None:
    assert neutral(text) == house_neutral(text)


def test_the_command_answers_in_french_too(tmp_path: Path) -> None:
    for name, text in (("A", AGENTS), ("P", PLACES), ("S", PAIRS)):
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "L.csv").write_text("agent,place\nana,Halifax\nben,Halifax\n")
    command = [
        sys.executable, "-m", "takeroot.cli", "engine", "assign", "--lang", "fr",
        "--agents", "A.csv", "--places", "P.csv", "--pairs", "S.csv", "--locks", "L.csv",
        "--out", "OUT.csv", "--report", "REPORT.json",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    words = "Halifax a 3 persons\u202f; ceux qui y sont verrouillés en demandent 5\u00a0: ben, ana."
    assert words in done.stderr
    report = json.loads((tmp_path / "REPORT.json").read_text("utf-8"))
    assert report["conflicts"][0]["words"] == words


FAIR = {
    "A": "agent,group\nana,x\nben,x\ncleo,y\ndora,y\n",
    "P": "place,seats\nHalifax,1\nMoncton,1\n",
    "S": "agent,place,score\nana,Halifax,9\nben,Moncton,8\ncleo,Halifax,4\ndora,Moncton,2\n",
}


def test_the_group_worst_off_is_as_well_off_as_can_be_and_the_price_is_told(desk: Desk) -> None:
    """Without floors x has 8.5 and y 0; with y at Halifax, y has 2 and x 4, for 5 of 17."""
    ran = desk.assign("--fair", "mean", **FAIR)
    assert [pair[0] for pair in ran.pairs] == ["ben", "cleo"]
    fair = ran.report["fair"]
    assert (fair["price"], fair["small"]) == (5, ["x", "y"])
    assert 1.9 <= fair["level"] <= 2 <= fair["limit"]
    assert {rule["group"] for rule in ran.report["rules"]} == {"x", "y"}
    assert ran.report["rules_cost"] == 5
    assert "this costs 5 of the value." in ran.said
    valid(ran.report)
    desk.write(W="change,agent,place,resource,amount\ncapacity,,Halifax,,2\n")
    asked = ("--from", desk.path("REPORT.json"), "--changes", desk.path("W.csv"))
    assert desk.run("what-if", *asked, "--out", desk.path("E.json")).code == 0
    (effect,) = json.loads((desk.folder / "E.json").read_text())["effects"]
    assert effect["value"] == 21


def test_each_group_can_be_given_a_share_of_everybodys_mean(desk: Desk) -> None:
    for share, placed in (("0", ["ana", "ben"]), ("0.2", ["ben", "cleo"])):
        assert [pair[0] for pair in desk.assign("--fair-share", share, **FAIR).pairs] == placed
    ran = desk.assign("--fair-share", "1", **FAIR)
    assert ran.code == 1
    assert ran.lines[0] == "There is no answer that keeps all limits:"
    valid(ran.report)


@pytest.mark.parametrize(
    "words",
    [("--fair", "mean", "--fair-share", "1"), ("--fair", "mean", "--minimize"),
     ("--fair-share", "2"), ("--fair", "placed", "--cluster", "x", "--blocks", "y")],
)  # fmt: skip
def test_floors_that_make_no_sense_are_refused_in_words(desk: Desk, words: tuple[str, ...]) -> None:
    ran = desk.assign(*words, **FAIR)
    assert ran.code == 2
    assert len(ran.lines) == 1
    assert desk.assign("--fair", "mean", **{**FAIR, "A": "agent\nana\nben\ncleo\ndora\n"}).code == 2
