"""Files that appear together or not at all, and cells that no spreadsheet runs as a formula."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from ..words import words
from .faults import FilesError

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def neutral(text: str) -> str:
    """Text that begins like a formula gets an apostrophe (OWASP, CSV injection); readers of this
    package take it off again."""
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip().startswith(_LIVE) or text.startswith(_LIVE) else text


def as_number(value: float) -> str:
    """The shortest text that is read as the same number."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def refuse_one_name_twice(inputs: Iterable[Path], outputs: Iterable[Path]) -> None:
    """An output must not overwrite an input or another output, by whatever name; its folder must
    be there. Raises FilesError before anything is computed."""
    taken = [_one_file(path) for path in inputs]
    for path in outputs:
        if _one_file(path) in taken:
            raise FilesError(
                words("“%(path)s” is given for two files. Give each its own name.", path=str(path))
            )
        taken.append(_one_file(path))
        if path.is_dir() or not path.parent.is_dir():
            raise FilesError(
                words("“%(path)s” cannot be written: there is no such folder, or it is one.",
                      path=str(path))
            )  # fmt: skip


def _one_file(path: Path) -> tuple[object, ...]:
    """What two names of one file have in common, hard links too."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return (found.st_dev, found.st_ino)
    return (path.resolve(),)


class Together:
    """Writes beside each place under a passing name; ``with`` ends in all names or none."""

    def __init__(self) -> None:
        self._parts: dict[Path, Path] = {}

    def __enter__(self) -> Together:
        return self

    @contextlib.contextmanager
    def open(self, path: Path) -> Iterator[TextIO]:
        try:
            handle, name = tempfile.mkstemp(prefix=".takeroot-", dir=path.parent)
            self._parts[path] = Path(name)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(path, error) from None

    def passing(self, path: Path) -> Path:
        """Where a file stands until all are finished."""
        return self._parts[path]

    def __exit__(self, kind: object, *_rest: object) -> None:
        try:
            if kind is None:
                self._give_names()
        finally:
            for part in self._parts.values():
                part.unlink(missing_ok=True)
                _old(part).unlink(missing_ok=True)

    def _give_names(self) -> None:
        umask = os.umask(0)
        os.umask(umask)
        for path, part in self._parts.items():
            if path.is_file():
                with contextlib.suppress(OSError):
                    os.link(path, _old(part))
        done: list[Path] = []
        for path, part in self._parts.items():
            try:
                part.chmod(0o666 & ~umask)
                part.replace(path)
            except OSError as error:
                _put_back(done, self._parts)
                raise _unwritable(path, error) from None
            done.append(path)


def _old(part: Path) -> Path:
    return part.with_name(part.name + ".old")


def _put_back(done: list[Path], parts: Mapping[Path, Path]) -> None:
    for path in done:
        old = _old(parts[path])
        if old.exists():
            old.replace(path)
        else:
            path.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> FilesError:
    return FilesError(
        words(
            "The file “%(path)s” cannot be written: %(why)s. Nothing was written.",
            path=str(path), why=error.strerror,
        )
    )  # fmt: skip


def write_answer(
    out: Path | None,
    report_path: Path | None,
    header: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    report: Mapping[str, Any],
    data: TextIO | None = None,
) -> None:
    """Rows and their report, together; rows without a file of their own go to ``data``."""

    def write_rows(file: TextIO) -> None:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([neutral(cell) for cell in row] for row in rows)

    with Together() as files:
        if out is not None:
            with files.open(out) as file:
                write_rows(file)
        if report_path is not None:
            with files.open(report_path) as file:
                json.dump(report, file, ensure_ascii=False, indent=1, allow_nan=False)
                file.write("\n")
    if out is None and data is not None:
        write_rows(data)
