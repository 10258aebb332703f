"""Small files of a placement, and the command run on them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from takeroot.cli import main

AGENTS = "agent,group,persons,beds\nana,x,2,1\nben,y,3,2\ncleo,x,1,1\n"
PLACES = "place,persons,beds\nHalifax,3,2\nMoncton,,2\n"
PAIRS = (
    "agent,place,score\nana,Halifax,5\nana,Moncton,3\nben,Moncton,4.5\ncleo,Halifax,2\n"
    "cleo,Moncton,1\n"
)


@dataclass
class Ran:
    """What a run left: exit code, what was said, the files."""

    code: int
    said: str
    folder: Path

    @property
    def pairs(self) -> list[tuple[str, str, str]]:
        with (self.folder / "OUT.csv").open(encoding="utf-8", newline="") as file:
            return [(r["agent"], r["place"], r["score"]) for r in csv.DictReader(file)]

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "REPORT.json").read_text("utf-8"))
        return found

    @property
    def lines(self) -> list[str]:
        return self.said.replace(f"{self.folder}/", "").splitlines()


class Desk:
    """A folder with files, and the command."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capture = folder, capture

    def write(self, **files: str | bytes) -> None:
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            (self.folder / f"{name}.csv").write_bytes(data)

    def run(self, *arguments: str) -> Ran:
        self.capture.readouterr()
        with translation.override("en"):
            code = main(["engine", *arguments])
        return Ran(code, self.capture.readouterr().err, self.folder)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def assign(self, *more: str, **files: str | bytes) -> Ran:
        """`assign` on A, P, S, each as above unless given; L, F and B (before) if given."""
        self.write(**{"A": AGENTS, "P": PLACES, "S": PAIRS, **files})
        words = ["assign", "--out", self.path("OUT.csv"), "--report", self.path("REPORT.json")]
        for option, name in (("--agents", "A"), ("--places", "P"), ("--pairs", "S")):
            words += [option, self.path(f"{name}.csv")]
        for option, name in (("--locks", "L"), ("--floors", "F"), ("--previous", "B")):
            if name in files:
                words += [option, self.path(f"{name}.csv")]
        return self.run(*words, *more)
