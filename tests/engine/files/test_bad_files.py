"""Whatever is wrong with the files: every fault told at once, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.files.makers import AGENTS, PAIRS, PLACES, Desk

SEAT = "place,seats\nHalifax,1\nMoncton,1\n"
TWO = "agent\nana\nben\n"
ONE_PAIR = "agent,place,score\nana,Halifax,1\n"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"S": PAIRS.replace("4.5", "NaN")},
         "S.csv, row 4, column “score”: found “NaN”; expected a number, at most 1e12 in size."),
        ({"S": PAIRS.replace("4.5", "inf")},
         "S.csv, row 4, column “score”: found “inf”; expected a number, at most 1e12 in size."),
        ({"S": PAIRS.replace("4.5", "1_0")},
         "S.csv, row 4, column “score”: found “1_0”; expected a number, at most 1e12 in size."),
        ({"S": PAIRS.replace("4.5", "")},
         "S.csv, row 4, column “score”: found nothing; expected a number, at most 1e12 in size."),
        ({"A": AGENTS.replace("ben,y,3", "ben,y,-3")},
         "A.csv, row 3, column “persons”: found “-3”; expected a number from 0 to 1e12."),
        ({"A": AGENTS.replace("ben,y,3", "ben,y,")},
         "A.csv, row 3, column “persons”: found nothing; expected a number from 0 to 1e12."),
        ({"P": PLACES.replace("Halifax,3", "Halifax,nan")},
         "P.csv, row 2, column “persons”: found “nan”; expected a number from 0 to 1e12, or "
         "nothing for unlimited."),
        ({"S": PAIRS.replace("ben,", "bob,")},
         "S.csv, row 4, column “agent”: found “bob”; expected an id that stands in A.csv."),
        ({"S": PAIRS.replace("ben,Moncton", "ben,Truro")},
         "S.csv, row 4, column “place”: found “Truro”; expected an id that stands in P.csv."),
        ({"S": PAIRS + "ana,Halifax,1\n"},
         "S.csv, row 7: found a pair that stands in row 2 too; expected each pair once."),
        ({"A": AGENTS + "ana,x,1,1\n"},
         "A.csv, row 5, column “agent”: found “ana”; expected an id that stands once; it stands "
         "in row 2 too."),
        ({"P": PLACES + "Halifax,1,1\n"},
         "P.csv, row 4, column “place”: found “Halifax”; expected an id that stands once; it "
         "stands in row 2 too."),
        ({"A": AGENTS + " ,x,1,1\n"},
         "A.csv, row 5, column “agent”: found nothing; expected an id."),
        ({"A": ""}, "A.csv: the file is empty."),
        ({"P": "\n  \n"}, "P.csv: the file is empty."),
        ({"S": b"\xef\xbb\xbf"}, "S.csv: the file is empty."),
        ({"A": "agent,group,persons,beds\n"},
         "A.csv: the file has a header and no agent: there is nobody to place."),
        ({"P": "place,persons,beds\n"},
         "P.csv: the file has a header and no place: there is nowhere to go."),
        ({"S": "agent,place,score\n"},
         "S.csv: the file has a header and no pair: nobody may go anywhere."),
        ({"S": "agent,place\nana,Halifax\n"},
         "S.csv: the column “score” is missing; the header has “agent, place”."),
        ({"A": "agent,persons,persons,beds\nana,1,1,1\n"},
         "A.csv: the column “persons” stands twice."),
        ({"A": "agent,,persons,beds\nana,1,1,1\n"}, "A.csv: column 2 has no name."),
        ({"A": "agent,persons\nana,1\nben,1\ncleo,1\n"},
         "P.csv: the column “beds” does not stand in A.csv; resources have the same columns in "
         "both."),
        ({"A": AGENTS.replace("beds", "rooms")},
         "A.csv: the column “rooms” does not stand in P.csv; resources have the same columns in "
         "both."),
        ({"S": PAIRS.replace("score", "score,note").replace("5\n", "5,x\n")},
         "S.csv: the column “note” does not stand in P.csv; resources have the same columns in "
         "both."),
        ({"A": TWO + "cleo\n"},
         "A.csv: the places have persons, beds; the same columns are needed here, to say what "
         "each agent takes."),
        ({"A": TWO, "P": "place\nHalifax\n", "S": ONE_PAIR},
         "P.csv: there is no column that says what each place has, such as “seats”."),
        ({"S": PAIRS.replace("ana,Halifax,5", "ana,Halifax")},
         "S.csv, row 2: found 2 cells; expected 3, as in the header."),
        ({"S": PAIRS.replace("ana,Halifax,5", "ana,Halifax,5,6")},
         "S.csv, row 2: found 4 cells; expected 3, as in the header."),
        ({"S": PAIRS + '"ben,Halifax,1\n'},
         "S.csv, row 7: found a quotation mark that is not closed, or a cell without end; "
         "expected a closing quotation mark for every opening one."),
        ({"A": b"PK\x03\x04rest"}, "A.csv: this is a XLSX/ZIP file; a CSV file is expected."),
        ({"A": b"agent\x00\x01"}, "A.csv: this is not a text file; a CSV file is expected."),
        ({"L": "agent,place\nana,Truro\n"},
         "L.csv, row 2, column “place”: found “Truro”; expected an id that stands in P.csv."),
        ({"L": "agent,place\nana,Halifax\nana,Halifax\n"},
         "L.csv, row 3: found a pair that stands in row 2 too; expected each pair once."),
        ({"L": "agent\nana\n"}, "L.csv: the column “place” is missing; the header has “agent”."),
        ({"B": "agent,place\nbob,Halifax\n"},
         "B.csv, row 2, column “agent”: found “bob”; expected an id that stands in A.csv."),
        ({"F": "group,measure,value\nz,placed,1\n"},
         "F.csv, row 2, column “group”: found “z”; expected a group that stands in A.csv."),
        ({"F": "group,measure,value\nx,median,1\n"},
         "F.csv, row 2, column “measure”: found “median”; expected one of placed, mean, most_at."),
        ({"F": "group,measure,value\nx,placed,80\n"},
         "F.csv, row 2, column “value”: found “80”; expected a share from 0 to 1."),
        ({"F": "group,measure,value\nx,mean,nan\n"},
         "F.csv, row 2, column “value”: found “nan”; expected a number, at most 1e12 in size."),
        ({"F": "group,measure,value,place\nx,most_at,1,\n"},
         "F.csv, row 2, column “place”: found nothing; expected an id that stands in P.csv."),
        ({"F": "group,measure,value,place\nx,most_at,-1,Halifax\n"},
         "F.csv, row 2, column “value”: found “-1”; expected a number from 0 to 1e12."),
        ({"F": "group,measure,value,place\nx,placed,1,Halifax\n"},
         "F.csv, row 2, column “place”: found “Halifax”; expected nothing: only most_at is about "
         "one place."),
        ({"F": "group,measure,value\nx,placed,1\nx,placed,0.5\n"},
         "F.csv, row 3: found a rule that stands in row 2 too; expected each rule once."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_row_column_what_was_found_and_what_was_expected(
    desk: Desk, files: dict[str, str | bytes], sentence: str
) -> None:
    ran = desk.assign(**files)
    assert ran.code == 2
    assert sentence in ran.lines
    assert not (desk.folder / "OUT.csv").exists()
    assert not (desk.folder / "REPORT.json").exists()


def test_all_faults_of_all_files_are_told_at_once(desk: Desk) -> None:
    ran = desk.assign(
        A=AGENTS.replace("ben,y,3", "ben,y,-3"),
        P=PLACES.replace("Halifax,3", "Halifax,x"),
        S=PAIRS.replace("4.5", "NaN").replace("cleo,Moncton", "cleo,Truro"),
        L="agent,place\nbob,Halifax\n",
        F="group,measure,value\nz,placed,1\n",
    )
    assert ran.code == 2
    starts = ["A.csv, row 3", "P.csv, row 2", "S.csv, row 4", "S.csv, row 6", "L.csv, row 2"]
    assert [line[: len("A.csv, row 3")] for line in ran.lines] == [*starts, "F.csv, row 2"]


def test_a_file_that_is_all_wrong_is_told_in_fifty_sentences_and_a_number(desk: Desk) -> None:
    rows = "".join(f"who{k},Halifax,1\n" for k in range(300))
    ran = desk.assign(S="agent,place,score\n" + rows)
    assert len(ran.lines) == 51
    assert ran.lines[-1] == "S.csv: faults not shown here: 250."


def test_a_missing_file_a_folder_and_a_missing_id_table_do_not_hide_other_faults(
    desk: Desk,
) -> None:
    desk.write(S=PAIRS.replace("4.5", "x"))
    (desk.folder / "P.csv").mkdir()
    ran = desk.run(
        "assign", "--agents", desk.path("A.csv"), "--places", desk.path("P.csv"),
        "--pairs", desk.path("S.csv"), "--out", desk.path("OUT.csv"),
        "--report", desk.path("REPORT.json"),
    )  # fmt: skip
    assert ran.code == 2
    assert ran.lines == [
        "A.csv: there is no such file.",
        "P.csv: this is a folder; a file is expected.",
        "S.csv, row 4, column “score”: found “x”; expected a number, at most 1e12 in size.",
    ]


def test_a_locked_pair_whose_needs_are_unknown_is_refused(desk: Desk) -> None:
    ran = desk.assign(
        A=TWO, P="place,a,b\nHalifax,1,1\n", S="agent,place,score,a,b\nana,Halifax,1,1,1\n",
        L="agent,place\nben,Halifax\n",
    )  # fmt: skip
    assert ran.code == 2
    assert "ben is locked to Halifax, and what this takes is not known" in ran.said


@pytest.mark.parametrize("name", ["A.csv", "S.csv", "REPORT.json", "other/OUT.csv", "folder"])
def test_an_output_never_takes_the_name_of_an_input_another_output_or_a_folder(
    desk: Desk, name: str
) -> None:
    (desk.folder / "folder").mkdir()
    ran = desk.assign("--out", desk.path(name))
    assert ran.code == 2
    assert (desk.folder / "A.csv").read_text() == AGENTS
    assert not (desk.folder / "REPORT.json").exists()


def test_an_input_under_another_name_is_not_written_over(desk: Desk) -> None:
    desk.write(A=AGENTS)
    (desk.folder / "link.csv").hardlink_to(desk.folder / "A.csv")
    (desk.folder / "soft.csv").symlink_to(desk.folder / "A.csv")
    for name in ("link.csv", "soft.csv"):
        assert desk.assign("--out", desk.path(name)).code == 2
    assert (desk.folder / "A.csv").read_text() == AGENTS


def test_bad_files_leave_an_earlier_answer_as_it_was(desk: Desk) -> None:
    good = desk.assign()
    report = (desk.folder / "REPORT.json").read_bytes()
    assert desk.assign(S=PAIRS.replace("4.5", "NaN")).code == 2
    assert good.pairs[0] == ("ana", "Halifax", "5")
    assert (desk.folder / "REPORT.json").read_bytes() == report
    assert not [path for path in desk.folder.iterdir() if path.name.startswith(".takeroot")]


def test_what_a_terminal_would_obey_is_not_printed(desk: Desk) -> None:
    ran = desk.assign(S=PAIRS + "\x1b[2Jx,Halifax,1\n")
    assert ran.code == 2
    assert "\x1b" not in ran.said


@pytest.mark.parametrize(
    "words",
    [("--gap", "-1"), ("--gap", "nan"), ("--time-limit", "0"), ("--seed", "x"),
     ("--unplaced-cost", "inf")],
)  # fmt: skip
def test_a_knob_that_makes_no_sense_is_refused(desk: Desk, words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        desk.assign(*words)
    assert stopped.value.code == 2
    assert not Path(desk.path("OUT.csv")).exists()
