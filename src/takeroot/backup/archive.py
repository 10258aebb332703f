"""The archive: a ZIP of one text file for each table, with a manifest; sealed unless plain.

manifest.json      format, product version, moment, migrations, tables (columns, rows, SHA-256),
                   counters, what was left out
tables/NAME.copy   the rows in PostgreSQL's COPY text format
keys.json          SECRET_KEY (in sealed archives only)
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from takeroot.backup.errors import BackupProblem
from takeroot.backup.sealing import DAMAGED, SealedReader, SealedWriter, is_sealed

FORMAT = 1
MANIFEST, KEYS = "manifest.json", "keys.json"
_PIECE = 256 * 1024


def member(table: str) -> str:
    return f"tables/{table}.copy"


@dataclass(frozen=True)
class Content:
    """What the archive holds of one table."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive says about itself."""

    version: str
    made_at: str
    server: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Content] = field(default_factory=dict)
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.tables.values())

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)


def _manifest(text: bytes) -> Manifest:
    raw: dict[str, Any] = json.loads(text)
    if raw.get("format") != FORMAT:
        raise BackupProblem(
            f"The archive is of format {raw.get('format')}; this version reads format {FORMAT}. "
            "Use the Takeroot that made it, or a newer one. Nothing was restored."
        )
    raw["migrations"] = [(app, name) for app, name in raw["migrations"]]
    raw["sequences"] = {name: (at, called) for name, (at, called) in raw["sequences"].items()}
    raw["tables"] = {
        name: Content(tuple(one["columns"]), one["rows"], one["sha256"])
        for name, one in raw["tables"].items()
    }
    return Manifest(**raw)


@contextmanager
def new_file(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file that appears under its name only when it is whole, readable by its owner alone; and
    where it stands until then."""
    if path.exists():
        raise BackupProblem(
            f"{path} is there already. A backup never overwrites another: choose a new name, such "
            "as one with today's date."
        )
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            yield handle, partial
            handle.flush()
            os.fsync(handle.fileno())
        os.link(partial, path)  # fails when somebody was first; replace() would overwrite
        _sync_folder(path.parent)
    except OSError as problem:
        raise BackupProblem(_why_not_written(path, problem)) from problem
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _why_not_written(path: Path, problem: OSError) -> str:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk with {path.parent} is full; no backup was kept. Free some space or write "
            "to another disk. Your data is as it was."
        )
    return (
        f"{path} cannot be written ({problem.strerror}). Choose a folder that exists and that you "
        "may write to. Your data is as it was."
    )


@contextmanager
def writing(file: BinaryIO, passphrase: str | None) -> Iterator[zipfile.ZipFile]:
    """The ZIP to fill; sealed with the passphrase when there is one."""
    target: Any = SealedWriter(file, passphrase) if passphrase else file
    with zipfile.ZipFile(_Forward(target), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as inside:
        yield inside
    if passphrase:
        target.close()


class _Forward(io.RawIOBase):
    """A file that only goes forward: the ZIP is written without a way back."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._target.write(data)
        return len(data)


class Archive:
    """An archive that was opened and checked from its first byte to its last."""

    def __init__(self, inside: zipfile.ZipFile, *, sealed: bool) -> None:
        self.sealed = sealed
        self._inside = inside
        try:
            self.manifest = _manifest(inside.read(MANIFEST))
        except (KeyError, ValueError, TypeError) as problem:
            raise BackupProblem(DAMAGED) from problem

    def check(self) -> None:
        """Every table's text against its hash; raises BackupProblem."""
        for name, content in self.manifest.tables.items():
            digest, rows = hashlib.sha256(), 0
            for piece in self.pieces(name):
                digest.update(piece)
                rows += piece.count(b"\n")
            if (digest.hexdigest(), rows) != (content.sha256, content.rows):
                raise BackupProblem(DAMAGED)

    def pieces(self, table: str) -> Iterator[bytes]:
        with self._inside.open(member(table)) as text:
            while piece := text.read(_PIECE):
                yield piece

    @property
    def secret_key(self) -> str | None:
        if KEYS not in self._inside.namelist():
            return None
        return str(json.loads(self._inside.read(KEYS))["SECRET_KEY"])


def needs_passphrase(path: Path) -> bool:
    """Whether the file is sealed; raises BackupProblem when it cannot be read at all."""
    try:
        with path.open("rb") as file:
            return is_sealed(file)
    except OSError as problem:
        raise BackupProblem(
            f"{path} cannot be read ({problem.strerror}). Nothing was restored."
        ) from problem


@contextmanager
def reading(path: Path, passphrase: str | None) -> Iterator[Archive]:
    """The archive, checked whole before anything is done with it; raises BackupProblem."""
    sealed = needs_passphrase(path)
    with contextlib.ExitStack() as open_files:
        file = open_files.enter_context(path.open("rb"))
        try:
            source = _unsealed(file, passphrase) if sealed else file
            archive = Archive(open_files.enter_context(zipfile.ZipFile(source)), sealed=sealed)
            archive.check()
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as problem:
            raise BackupProblem(
                DAMAGED
                if sealed or _begins_as_zip(path)
                else f"{path} is not a Takeroot backup. Nothing was restored."
            ) from problem
        yield archive


def _unsealed(file: BinaryIO, passphrase: str | None) -> BinaryIO:
    if not passphrase:
        raise BackupProblem("The archive is sealed: its passphrase is needed.")
    reader = SealedReader(file, passphrase)
    reader.check()
    return cast(BinaryIO, io.BufferedReader(reader, _PIECE))


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"
