"""Read the shipped tables and their manifest."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "tables"


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One line of the manifest: what a table is, where it comes from, under which licence."""

    table: str
    source: str
    licence: str
    date: str
    sha256: str
    rows: int


def read_table(stem: str) -> list[dict[str, str]]:
    """Rows of the table `stem`, compressed or not, in the order of the file.

    Raises FileNotFoundError when the product was installed without its tables.
    """
    packed = FOLDER / f"{stem}.csv.gz"
    if packed.is_file():
        text = gzip.decompress(packed.read_bytes()).decode("utf-8")
    else:
        text = (FOLDER / f"{stem}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@cache
def manifest() -> tuple[TableInfo, ...]:
    """Every table with its source, licence, date, hash and number of rows."""
    return tuple(
        TableInfo(r["table"], r["source"], r["licence"], r["date"], r["sha256"], int(r["rows"]))
        for r in read_table("MANIFEST")
    )
