"""Reading what people call a spreadsheet: CSV or XLSX bytes in, rows of text out.

The only error a caller sees is `SpreadsheetError`, whose message is a sentence in the language
that is active. Row numbers are those a spreadsheet program shows beside the row. Writing out is
in `write_files`: all files or none, and no cell that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from takeroot.common.text import search_key, tidy


class SpreadsheetError(ValueError):
    """The file as a whole cannot be read; the message is a sentence for the person."""


@dataclass(frozen=True)
class Limits:
    """What a file may cost us. Bytes, counts and characters."""

    bytes: int = 50_000_000
    unpacked_bytes: int = 400_000_000
    rows: int = 200_000
    columns: int = 200
    cell: int = 32_767  # what one cell of a spreadsheet program holds


@dataclass(frozen=True)
class Row:
    """One row: the number beside it in a spreadsheet program, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Damage:
    """A row that could not be read as cells at all."""

    number: int
    found: str
    expected: str


@dataclass(frozen=True)
class Table:
    """Headers and rows as they stand in the file, spaces trimmed; empty rows are left out."""

    headers: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]
    kind: str  # "csv" or "xlsx"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    notes: tuple[str, ...] = ()
    damaged: tuple[Damage, ...] = ()


@dataclass
class Draft:
    """What a reader has gathered before the header is told from the rows."""

    rows: list[Row] = field(default_factory=list)
    damaged: list[Damage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_table(source: bytes | str | os.PathLike[str], *, limits: Limits | None = None) -> Table:
    """Read a CSV or XLSX file. Raises SpreadsheetError and nothing else."""
    bounds = limits or Limits()
    data = source if isinstance(source, bytes) else read_bytes(Path(source), bounds)
    if len(data) > bounds.bytes:
        raise SpreadsheetError(
            _("The file is %(size)d MB; files of up to %(most)d MB are read.")
            % {"size": len(data) // 1_000_000, "most": bounds.bytes // 1_000_000}
        )
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise SpreadsheetError(_("The file is empty."))
    if data[:4] == b"PK\x03\x04":
        from takeroot.common.tables.xlsx import read_xlsx

        return read_xlsx(data, bounds)
    _refuse_other_kinds(data)
    return _read_csv(data, bounds)


def read_bytes(path: Path, limits: Limits | None = None) -> bytes:
    """The bytes of a file, or a sentence that says why not."""
    bounds = limits or Limits()
    try:
        with path.open("rb") as file:
            return file.read(bounds.bytes + 1)
    except FileNotFoundError:
        raise SpreadsheetError(_("There is no file “%(path)s”.") % {"path": path}) from None
    except IsADirectoryError:
        raise SpreadsheetError(
            _("“%(path)s” is a folder; a file is expected.") % {"path": path}
        ) from None
    except OSError as error:
        raise SpreadsheetError(
            _("The file “%(path)s” cannot be opened: %(why)s.")
            % {"path": path, "why": error.strerror}
        ) from None


_OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF"),
    (b"PK", "ZIP"),
)


def _refuse_other_kinds(data: bytes) -> None:
    for magic, name in _OTHER_KINDS:
        if data.startswith(magic):
            raise SpreadsheetError(
                _("This is a %(kind)s file. Save it as CSV or XLSX and try again.") % {"kind": name}
            )


def _decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: UTF-8, UTF-16 by mark or by its zero bytes, else 1252."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"),
                       (b"\xfe\xff", "utf-16")):  # fmt: skip
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    sample = data[:4000]
    zeros = sample[1::2].count(0), sample[0::2].count(0)
    if max(zeros) > len(sample) // 2 * 0.6:
        name = "utf-16-le" if zeros[0] > zeros[1] else "utf-16-be"
        return data.decode(name, errors="replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; they are shown as the mark of a lost letter.
        return data.decode("cp1252", errors="replace"), "cp1252"


DELIMITERS = (",", ";", "\t", "|")


def _delimiter(header: str) -> str:
    """The character that parts the first line into the most cells, quotes respected."""

    def cells(delimiter: str) -> int:
        with contextlib.suppress(csv.Error):
            return len(next(csv.reader([header], delimiter=delimiter), []))
        return 0

    return max(DELIMITERS, key=cells)


def _read_csv(data: bytes, limits: Limits) -> Table:
    text, encoding = _decode(data)
    if text.count("\x00") > max(8, len(text) // 100):
        raise SpreadsheetError(_("This is not a text file. Save it as CSV or XLSX and try again."))
    draft = Draft()
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
        draft.notes.append(_("The file holds zero bytes; they are shown as “\ufffd”."))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _sep, rest = text.partition("\n")
    delimiter = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    lines = text.split("\n")
    if not delimiter:
        delimiter = _delimiter(next((line for line in lines if line.strip()), ""))
    if not _read_records(text, delimiter, limits, draft):
        _read_line_by_line(lines, delimiter, limits, draft)
    return finish_table(draft, kind="csv", encoding=encoding, delimiter=delimiter)


def _read_records(text: str, delimiter: str, limits: Limits, draft: Draft) -> bool:
    """Read records that may run over several lines. False, and nothing kept, if quotes are off."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            keep_row(draft, number, cells, limits)
    except csv.Error:
        draft.rows.clear()
        draft.damaged.clear()
        return False
    return True


def _read_line_by_line(lines: list[str], delimiter: str, limits: Limits, draft: Draft) -> None:
    """A quotation mark is not closed: read each line alone, so that only its own line is lost."""
    for number, line in enumerate(lines, 1):
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            if len(line) > limits.cell:
                draft.damaged.append(_too_long(number, limits))
            else:
                expected = _("a closing quotation mark for every opening one")
                draft.damaged.append(Damage(number, line.strip()[:80], expected))
            continue
        keep_row(draft, number, cells, limits)


def _too_long(number: int, limits: Limits) -> Damage:
    expected = _("cells of at most %(most)d characters") % {"most": limits.cell}
    return Damage(number, _("a longer cell"), expected)


def keep_row(draft: Draft, number: int, cells: Iterable[str], limits: Limits) -> None:
    """Add one row to the draft if it holds anything, within the limits."""
    row = [cell if len(cell) > limits.cell else tidy(cell) for cell in cells]
    while row and not row[-1]:
        row.pop()
    if not row:
        return
    if len(row) > limits.columns:
        raise SpreadsheetError(
            _("Row %(row)d has %(count)d columns; at most %(most)d are read.")
            % {"row": number, "count": len(row), "most": limits.columns}
        )
    if max(map(len, row)) > limits.cell:
        draft.damaged.append(_too_long(number, limits))
        return
    if len(draft.rows) > limits.rows:
        raise SpreadsheetError(
            _("The file has more than %(most)d rows. Split it and try again.")
            % {"most": limits.rows}
        )
    draft.rows.append(Row(number, tuple(row)))


def finish_table(
    draft: Draft, *, kind: str, encoding: str = "", delimiter: str = "", sheet: str = ""
) -> Table:
    if not draft.rows:
        raise SpreadsheetError(_("The file holds no row that can be read."))
    header, *rows = draft.rows
    return Table(
        headers=header.cells,
        header_row=header.number,
        rows=tuple(rows),
        kind=kind,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        notes=tuple(draft.notes),
        damaged=tuple(draft.damaged),
    )


def column_letter(position: int) -> str:
    """A, B, ... Z, AA: the name of a column (from 0) in a spreadsheet program."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def header_key(text: str) -> str:
    """The form headers are compared in: no case, accents, spaces, hyphens or underscores."""
    return "".join(c for c in search_key(text) if c.isalnum())


# --- out ------------------------------------------------------------------------------------

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def neutral(cell: object) -> str:
    """The cell as text that no spreadsheet program runs as a formula (OWASP, CSV injection).

    Plain numbers pass; text that begins like a formula, after any spaces, gets an apostrophe.
    """
    text = str(cell)
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip().startswith(_LIVE) or text.startswith(_LIVE) else text


def write_row(writer: Any, cells: Iterable[object]) -> None:
    """One row, each cell made neutral."""
    writer.writerow([neutral(cell) for cell in cells])


class FileSet:
    """Files that appear together or not at all.

    >>> with FileSet() as files:
    ...     with files.open(path) as file: file.write("...")

    Each is written beside its place under a passing name and renamed at the end; an exception, or
    a file that cannot be written, leaves everything as it was.
    """

    def __init__(self) -> None:
        self._parts: dict[Path, Path] = {}

    def __enter__(self) -> FileSet:
        return self

    @contextlib.contextmanager
    def open(self, path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
        try:
            handle, name = tempfile.mkstemp(prefix=".takeroot-", dir=path.parent)
        except OSError as error:
            raise _unwritable(path, error) from None
        self._parts[path] = Path(name)
        try:
            with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(path, error) from None

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is not None:
            self._clear()
            return
        umask = os.umask(0)
        os.umask(umask)
        kept = self._keep_old()
        done: list[Path] = []
        try:
            for path, part in self._parts.items():
                part.chmod(0o666 & ~umask)
                part.replace(path)
                done.append(path)
        except OSError as error:
            _put_back(done, kept)
            self._clear()
            raise _unwritable(path, error) from None
        for old in kept.values():
            old.unlink(missing_ok=True)

    def _keep_old(self) -> Mapping[Path, Path]:
        """Second names for the files about to be replaced, to put them back if one fails."""
        kept: dict[Path, Path] = {}
        for path, part in self._parts.items():
            if len(self._parts) > 1 and path.is_file():
                old = part.with_name(part.name + ".old")
                with contextlib.suppress(OSError):
                    os.link(path, old)
                    kept[path] = old
        return kept

    def _clear(self) -> None:
        for part in self._parts.values():
            part.unlink(missing_ok=True)
            part.with_name(part.name + ".old").unlink(missing_ok=True)


def _put_back(done: list[Path], kept: Mapping[Path, Path]) -> None:
    for path in done:
        if path in kept:
            kept[path].replace(path)
        else:
            path.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> SpreadsheetError:
    return SpreadsheetError(
        _("The file “%(path)s” cannot be written: %(why)s. Nothing was written.")
        % {"path": path, "why": error.strerror}
    )
