"""`takeroot engine explain`: the reasons of an answer, in words, from its report."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from takeroot.cli import main
from tests.engine.files.makers import Desk

FILES = {
    "A": "agent\namal\nbo\ncai\ndina\n",
    "P": "place,seats\nGander,1\nTruro,1\nYarmouth,1\n",
    "S": "agent,place,score\namal,Truro,9\namal,Yarmouth,6\nbo,Truro,8\nbo,Yarmouth,3\n"
    "cai,Truro,7\ncai,Gander,6\ndina,Yarmouth,4\ndina,Gander,2\n",
}


def asked(desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["engine", "explain", "--from", desk.path("REPORT.json"), *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_reasons_are_told_as_the_guide_shows_them(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.assign(**FILES)
    assert asked(desk, capsys, "--agent", "amal", "dina", "--exact") == [
        "amal has Yarmouth (6); better places are worth more to others.",
        "One more of seats at Yarmouth would be worth 4; amal takes 1.",
        "Truro (9) instead would cost 1 of the value; people there now: 1.",
        "dina has no place: each one allowed is full of others to whom it is worth more.",
        "Yarmouth (4) instead would cost 1 of the value; people there now: 1.",
        "Gander (2) instead would cost 4 of the value; people there now: 1.",
    ]


def test_a_reader_that_stops_early_is_no_fault(desk: Desk) -> None:
    desk.assign(**FILES)
    report = desk.path("REPORT.json")
    command = [sys.executable, "-m", "takeroot.cli", "engine", "explain", "--from", report]
    command += ["--agent", "amal"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (130, "")


def test_somebody_unknown_is_refused_in_words(desk: Desk) -> None:
    desk.assign(**FILES)
    ran = desk.run("explain", "--from", desk.path("REPORT.json"), "--agent", "zoe")
    assert ran.code == 2
    assert ran.lines == ["“zoe” is no agent of REPORT.json."]
