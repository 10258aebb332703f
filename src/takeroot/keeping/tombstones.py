"""A list of erasures outside the database, so that an older backup brings nobody back.

One line of JSON for each erasure, appended and flushed to the disk: keys, days, codes and keyed
hashes. Nothing in it says who anybody was.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = "erasures.log"


@dataclass(frozen=True)
class Tombstone:
    """What is left of an erasure."""

    erasure: str
    centre: str
    party: str
    # The person's own key and those of files that had been merged into theirs.
    keys: list[str]
    asked_by: str
    verified: str
    asked_on: str
    done_at: str
    # (kind, digest) of what must not come back.
    prints: list[list[str]] = field(default_factory=list)


class ListDamaged(Exception):
    """The list of erasures cannot be read; the message says where."""


def write_tombstones(home: Path, stones: Iterable[Tombstone]) -> int:
    """Append those that the list does not have yet. Returns how many were new."""
    home.mkdir(parents=True, exist_ok=True)
    with open(home / FILE, "a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        have = {stone.erasure for stone in _parse(text, home / FILE)}
        new = [stone for stone in stones if stone.erasure not in have]
        if new and text and not text.endswith("\n"):
            # A line that was cut short by a power failure stands alone.
            file.write("\n")
        for stone in new:
            file.write(json.dumps(asdict(stone)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    (home / FILE).chmod(0o600)
    return len(new)


def copy_list(source: Path, home: Path) -> int:
    """Add the list of another installation to that of this home. Returns how many were new."""
    return write_tombstones(home, read_tombstones(source))


def read_tombstones(path: Path) -> list[Tombstone]:
    """The list, in its order; none when there is no file. Raises ListDamaged."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return list(_parse(text, path))


def _parse(text: str, path: Path) -> Iterator[Tombstone]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            values: dict[str, Any] = json.loads(line)
            yield Tombstone(**values)
        except (ValueError, TypeError) as problem:
            whole = number < len(lines) and line.rstrip().endswith("}")
            if whole:
                raise ListDamaged(
                    f"Line {number} of {path} cannot be read. Put back an earlier copy of the "
                    "list, or correct the line; nobody may sign in before every erasure is "
                    "repeated."
                ) from problem
