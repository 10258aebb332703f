"""Shared by the scripts that build fact tables: reading input files and telling what was done."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, str]


class BadInput(Exception):
    """The input folder lacks a file or a column; the message says which."""


@dataclass
class Report:
    """What was left out or corrected, for the person who runs the script."""

    lines: list[str] = field(default_factory=list)

    def add(self, text: str, names: Iterable[str] = ()) -> None:
        listed = sorted(names)
        shown = ", ".join(listed[:40]) + (", …" if len(listed) > 40 else "")
        self.lines.append(f"{text}: {len(listed)} ({shown})" if listed else text)


def read(folder: Path, name: str, *columns: str) -> list[Row]:
    """Rows of a CSV file of the input folder.

    Raises BadInput when the file or one of `columns` is missing.
    """
    path = folder / name
    if not path.is_file():
        raise BadInput(f"{name} is missing from the input folder; nothing was written.")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        absent = [c for c in columns if c not in (reader.fieldnames or [])]
        if absent:
            raise BadInput(f"{name} has no column {', '.join(absent)}; nothing was written.")
        return list(reader)
