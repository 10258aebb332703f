"""`takeroot match` on files: the same answer in every dress, every problem told, all or nothing."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.utils import translation
from scipy.optimize import linear_sum_assignment

from takeroot.cli import main
from tests.cli.makers import CONNECTEES, CONNECTORS, french, read, write


@pytest.fixture(autouse=True)
def _language_is_put_back() -> object:
    with translation.override("en"):
        yield


def run(folder: Path, one: Path, other: Path, *more: str) -> int:
    return main(
        ["match", str(one), str(other), "--out", str(folder / "matches.csv"),
         "--candidates", str(folder / "candidates.csv"), "--report", str(folder / "report.json"),
         "--as-of", "2026-11-22", *more]
    )  # fmt: skip


def answer(folder: Path) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    key = ("connectee_id", "connector_id", "score")
    return tuple(  # type: ignore[return-value]
        [tuple(row[k] for k in key) for row in read(folder / name)]
        for name in ("matches.csv", "candidates.csv")
    )


def optimum(candidates: list[tuple[str, str, str]], capacities: dict[str, int]) -> int:
    """What a reader gets from CANDIDATES and the capacities alone, by another solver."""
    agents = sorted({row[0] for row in candidates})
    seats = [place for place, seats in capacities.items() for _ in range(seats)]
    score = {(a, p): int(s) for a, p, s in candidates}
    table = np.array([[score.get((a, p), 0) for p in seats] for a in agents])
    rows, columns = linear_sum_assignment(table.reshape(len(agents), len(seats)), maximize=True)
    return int(table[rows, columns].sum()) if len(agents) else 0


def test_a_round_from_two_files_gives_the_optimum_with_reasons(tmp_path: Path) -> None:
    one = write(tmp_path / "c.csv", CONNECTEES)
    other = write(tmp_path / "k.csv", CONNECTORS)
    assert run(tmp_path, one, other) == 0
    matches, candidates = answer(tmp_path)
    assert [pair[:2] for pair in matches] == [("C1", "K2"), ("C3", "K3"), ("C4", "K1")]
    assert sum(int(score) for *_, score in matches) == optimum(
        candidates, {"K1": 1, "K2": 2, "K3": 1}
    )
    told = {row["connectee_id"]: row["reasons"] for row in read(tmp_path / "candidates.csv")
            if row["connector_id"] == "K1"}  # fmt: skip
    assert told["C1"] == (
        "Same occupation: registered nurses and registered psychiatric nurses (31301). "
        "Wants to meet Regional Hospital, where Rachel Échantillon works. "
        "Both speak French (NCLC 9). Both live in Truro. Waiting since 3 March 2026. "
        "An interest in common: choir. Both speak English (CLB 8)."
    )


def test_what_must_not_be_is_no_candidate(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path / "c.csv", CONNECTEES), write(tmp_path / "k.csv", CONNECTORS))
    _, candidates = answer(tmp_path)
    pairs = {row[:2] for row in candidates}
    assert ("C2", "K2") not in pairs  # C2 says not with K2
    assert ("C1", "K3") not in pairs  # K3 says not with C1
    assert ("C4", "K3") not in pairs  # no common language, and one meets in person only
    assert ("C2", "K1") not in pairs  # Moncton is too far from Truro to meet in person


DRESSES = [
    *itertools.product(["c.csv"], ["utf-8", "utf-8-sig", "utf-16", "cp1252"], [",", ";", "\t"]),
    ("c.xlsx", "", ""),
]


@pytest.mark.parametrize(("name", "encoding", "delimiter"), DRESSES)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_dress_of_a_file_gives_the_same_answer(
    tmp_path: Path, name: str, encoding: str, delimiter: str, lang: str
) -> None:
    run(tmp_path, write(tmp_path / "a.csv", CONNECTEES), write(tmp_path / "b.csv", CONNECTORS))
    plain = answer(tmp_path)
    dress = french if lang == "fr" else (lambda rows: rows)
    one = write(tmp_path / name, dress(CONNECTEES), encoding, delimiter)
    other = write(tmp_path / f"k{name}", dress(CONNECTORS), encoding, delimiter)
    assert run(tmp_path, one, other) == 0
    assert answer(tmp_path) == plain


def test_the_order_of_rows_and_columns_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path / "a.csv", CONNECTEES), write(tmp_path / "b.csv", CONNECTORS))
    plain = answer(tmp_path)
    order = list(range(10))
    random.Random(1).shuffle(order)
    rows = [CONNECTEES[0], *reversed(CONNECTEES[1:])]
    one = write(tmp_path / "a.csv", [[row[k] for k in order] for row in rows])
    other = write(tmp_path / "b.csv", [CONNECTORS[0], *reversed(CONNECTORS[1:])])
    run(tmp_path, one, other)
    assert answer(tmp_path) == plain


def test_a_larger_round_is_recomputed_from_its_candidates(tmp_path: Path) -> None:
    rng = random.Random(3)
    jobs = ["31301", "31300", "72106", "21223", "21211", "63200", ""]
    places = ["Truro, NS", "Halifax, NS", "Moncton, NB", "Sydney, NS", ""]
    talk = ["en:8", "fr:7", "en:5;fr:9", "en:12;tl", "ar;en:4", "tl"]
    modes = ["in_person", "video", "either"]
    one, other = [CONNECTEES[0]], [CONNECTORS[0]]
    for k in range(80):
        one.append([f"C{k}", "", rng.choice(jobs), rng.choice(talk), rng.choice(["a;b", "b", ""]),
                    rng.choice(["ACME", ""]), rng.choice(places), rng.choice(modes),
                    rng.choice(["2026-01-01", "2026-05-01"]), ""])  # fmt: skip
    capacities = {f"K{k}": rng.randint(0, 2) for k in range(30)}
    for name, seats in capacities.items():
        other.append([name, "", rng.choice(jobs), rng.choice(["Acme Inc.", "Other"]), str(seats),
                      rng.choice(talk), rng.choice(["a", "b"]), rng.choice(places),
                      rng.choice(modes), rng.choice(["yes", "no"]), ""])  # fmt: skip
    run(tmp_path, write(tmp_path / "a.csv", one), write(tmp_path / "b.csv", other))
    matches, candidates = answer(tmp_path)
    assert sum(int(score) for *_, score in matches) == optimum(candidates, capacities)
    assert set(matches) <= set(candidates)
    assert len({agent for agent, *_ in matches}) == len(matches)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["result"]["total"] == report["result"]["bound"] == optimum(candidates, capacities)
    assert report["counts"]["candidates"] == len(candidates)
    assert len(report["unplaced"]) == 80 - len(matches)
    assert all(left["reasons"] for left in report["unplaced"])


def test_the_least_quality_holds_for_candidates_and_matches(tmp_path: Path) -> None:
    files = write(tmp_path / "c.csv", CONNECTEES), write(tmp_path / "k.csv", CONNECTORS)
    run(tmp_path, *files, "--least-quality", "500")
    matches, candidates = answer(tmp_path)
    assert min(int(score) for *_, score in candidates) >= 500
    assert sum(int(s) for *_, s in matches) == optimum(candidates, {"K1": 1, "K2": 2, "K3": 1})


def test_bad_cells_are_reported_with_file_row_column_found_and_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [list(row) for row in CONNECTEES]
    rows[1][2] = "xyzzy"  # occupation: the field
    rows[1][8] = "05/03/2026"  # date: the field
    rows[1][6] = "Xyzzyville, NS"  # community: the field
    rows[2][3] = "xx:8"  # language: the row
    rows[3][7] = "maybe"  # mode: the row
    rows += [["C1", *rows[4][1:]], ["", *rows[4][1:]]]  # an id twice, an id missing: the rows
    seats = [list(row) for row in CONNECTORS]
    seats[3][4] = "many"  # capacity: the row
    one, other = write(tmp_path / "c.csv", rows), write(tmp_path / "k.csv", seats)
    assert run(tmp_path, one, other) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    told = [(p["row"], p["column"], p["found"], p["lost"])
            for p in report["inputs"]["connectees"]["problems"]]  # fmt: skip
    assert told == [
        (2, "occupation", "xyzzy", "field"),
        (2, "community", "Xyzzyville, NS", "field"),
        (2, "waiting_since", "05/03/2026", "field"),
        (3, "languages", "xx:8", "row"),
        (4, "mode", "maybe", "row"),
        (6, "id", "C1", "row"),
        (7, "id", "", "row"),
    ]
    lost = report["inputs"]["connectors"]["problems"]
    assert [(p["row"], p["column"], p["lost"]) for p in lost] == [(4, "capacity", "row")]
    assert report["counts"]["connectees"] == 2
    printed = capsys.readouterr().err
    assert (
        f"{one}, row 4, column “mode”: found “maybe”, "
        "expected “in_person”, “video” or “either”. This row is left out."
    ) in printed
    assert all(p["sentence"] in printed for p in report["inputs"]["connectees"]["problems"])


def test_a_conflict_with_nobody_known_is_told(tmp_path: Path) -> None:
    rows = [list(row) for row in CONNECTEES]
    rows[1][9] = "Luc Fictif; Nobody"
    run(tmp_path, write(tmp_path / "c.csv", rows), write(tmp_path / "k.csv", CONNECTORS))
    _, candidates = answer(tmp_path)
    assert ("C1", "K2") not in {row[:2] for row in candidates}
    report = json.loads((tmp_path / "report.json").read_text())
    problems = report["inputs"]["connectees"]["problems"]
    assert [(p["found"], p["lost"]) for p in problems] == [("Nobody", "nothing")]


def test_the_report_names_inputs_by_hash_and_says_what_is_scarce(tmp_path: Path) -> None:
    one = write(tmp_path / "c.csv", CONNECTEES)
    other = write(tmp_path / "k.csv", CONNECTORS)
    run(tmp_path, one, other)
    report = json.loads((tmp_path / "report.json").read_text())
    digest = hashlib.sha256(one.read_bytes()).hexdigest()
    assert report["inputs"]["connectees"]["sha256"] == digest
    assert report["result"]["status"] == "optimal"
    assert [left["connectee_id"] for left in report["unplaced"]] == ["C2"]
    assert [(one["connector_id"], one["one_more_place_adds"]) for one in report["scarce"]] == [
        ("K1", 823 - 250)
    ]
    assert {"takeroot", "scipy", "numpy"} <= set(report["versions"])


@pytest.mark.parametrize("live", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)"])
def test_no_live_formula_is_written(tmp_path: Path, live: str) -> None:
    rows = [CONNECTEES[0], [live, live, *CONNECTEES[1][2:]]]
    run(tmp_path, write(tmp_path / "c.csv", rows), write(tmp_path / "k.csv", CONNECTORS))
    for name in ("matches.csv", "candidates.csv"):
        for row in read(tmp_path / name):
            assert all(not cell.startswith(("=", "+", "-", "@")) for cell in row.values())


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (None, "There is no file"),
        ([], "is empty"),
        (CONNECTEES[:1], "no row below the headers"),
        ([["id", "name"], ["1", "Ann"]], "these columns are missing: languages, mode"),
        ([CONNECTEES[0], ["C1", *CONNECTEES[1][1:7], "maybe", "", ""]], "none of the 1 rows"),
    ],
)
def test_nothing_to_do_is_one_sentence_code_2_and_no_file(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    rows: list[list[str]] | None,
    words: str,
) -> None:
    one = tmp_path / "c.csv"
    if rows is not None:
        write(one, rows)
    assert run(tmp_path, one, write(tmp_path / "k.csv", CONNECTORS)) == 2
    printed = capsys.readouterr().err
    assert words in printed
    assert str(one) in printed
    assert printed.count("\n") == 1
    assert not (tmp_path / "matches.csv").exists()


def test_an_output_that_cannot_be_written_leaves_the_others_as_they_were(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = write(tmp_path / "c.csv", CONNECTEES), write(tmp_path / "k.csv", CONNECTORS)
    (tmp_path / "matches.csv").write_text("old")
    (tmp_path / "report.json").mkdir()
    assert run(tmp_path, one, other) == 2
    assert "Nothing was written" in capsys.readouterr().err
    assert (tmp_path / "matches.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "c.csv", "k.csv", "matches.csv", "report.json"
    ]  # fmt: skip


def test_an_output_never_overwrites_an_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = write(tmp_path / "c.csv", CONNECTEES), write(tmp_path / "k.csv", CONNECTORS)
    assert main(["match", str(one), str(other), "--out", str(one)]) == 2
    assert "for two files" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_templates_run_as_they_are(tmp_path: Path, lang: str) -> None:
    folder = tmp_path / "new"
    assert main(["match", "--template", str(folder), "--lang", lang]) == 0
    names = {
        "en": ("connectees.csv", "connectors.csv"),
        "fr": ("personnes-jumelees.csv", "connecteurs.csv"),
    }
    one, other = (folder / name for name in names[lang])
    assert run(tmp_path, one, other, "--lang", lang) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["counts"]["matches"] == 1
    for given in report["inputs"].values():
        assert (given["problems"], given["notes"]) == ([], [])


def test_outputs_take_the_usual_permissions(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        run(tmp_path, write(tmp_path / "c.csv", CONNECTEES), write(tmp_path / "k.csv", CONNECTORS))
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "matches.csv").stat().st_mode) == 0o640


@pytest.mark.parametrize("arguments", [["match"], ["match", "a.csv"], ["match", "a", "b"]])
def test_missing_arguments_are_asked_for(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "--out" in capsys.readouterr().err


def test_the_command_runs_alone_without_database_or_settings(tmp_path: Path) -> None:
    codes = [["72106" if cell == "welder" else cell for cell in row] for row in CONNECTEES]
    one, other = write(tmp_path / "c.csv", codes), write(tmp_path / "k.csv", CONNECTORS)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATABASE"))}
    command = [sys.executable, "-m", "takeroot.cli", "match", str(one), str(other)]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "m.csv"), "--lang", "fr"],
        env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(read(tmp_path / "m.csv")) == 3
