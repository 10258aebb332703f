"""A file as bytes: its hash, its encoding, and what it is if it is no table of text."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..words import Words, words

_BLOCK = 1 << 20
_SAMPLE = 200_000
DELIMITERS = (",", ";", "\t", "|")
# What spreadsheet programs in our languages write besides UTF-8.
_OTHERS = ["cp1252", "cp850", "mac_roman", "latin_1"]
_BINARY = (
    (b"PK\x03\x04", "XLSX/ZIP"),
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x1f\x8b", "GZIP"),
)


@dataclass(frozen=True)
class Source:
    """One input as it was read: ``name`` as the person gave it, the SHA-256 of its bytes."""

    path: Path
    name: str
    sha256: str
    encoding: str
    delimiter: str


class Unreadable(Exception):
    """The file is no table of text; ``why`` says so."""

    def __init__(self, why: Words) -> None:
        super().__init__(str(why))
        self.why = why


def inspect(path: Path) -> Source:
    """Read a file once, for its hash and encoding. Raises Unreadable."""
    digest = hashlib.sha256()
    first = b""
    try:
        with path.open("rb") as file:
            decoder = codecs.getincrementaldecoder("utf-8")()
            strange = b""
            while block := file.read(_BLOCK):
                first = first or block
                digest.update(block)
                if not strange:
                    strange = _undecodable(decoder, block)
    except OSError as error:
        raise Unreadable(_why_not(error)) from None
    _refuse_binary(first)
    encoding = _encoding(first, strange)
    text = first[:_SAMPLE].decode(encoding, errors="replace")
    line = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    if not line:
        raise Unreadable(words("the file is empty."))
    return Source(path, str(path), digest.hexdigest(), encoding, _delimiter(line))


def sha256_of(path: Path) -> str:
    """Of the file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def records(source: Source) -> Iterator[list[str]]:
    """The file's records, blank ones too. Raises csv.Error where quotation marks are off."""
    with source.path.open(encoding=source.encoding, errors="replace", newline="") as file:
        yield from csv.reader(file, delimiter=source.delimiter, strict=True)


def _undecodable(decoder: codecs.IncrementalDecoder, block: bytes) -> bytes:
    """The surroundings of the first bytes that are not UTF-8, or nothing."""
    try:
        decoder.decode(block)
    except UnicodeDecodeError as error:
        return block[max(0, error.start - _SAMPLE // 2) : error.start + _SAMPLE // 2]
    return b""


def _why_not(error: OSError) -> Words:
    if isinstance(error, FileNotFoundError):
        return words("there is no such file.")
    if isinstance(error, IsADirectoryError):
        return words("this is a folder; a file is expected.")
    return words("the file cannot be opened: %(why)s.", why=error.strerror)


def _refuse_binary(first: bytes) -> None:
    for magic, name in _BINARY:
        if first.startswith(magic):
            raise Unreadable(words("this is a %(kind)s file; a CSV file is expected.", kind=name))
    marked = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\x00" in first and not marked:
        raise Unreadable(words("this is not a text file; a CSV file is expected."))


def _encoding(first: bytes, strange: bytes) -> str:
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if not strange:
        return "utf-8-sig"
    from charset_normalizer import from_bytes

    best = from_bytes(strange, cp_isolation=_OTHERS).best()
    return best.encoding if best is not None else "cp1252"


def _delimiter(line: str) -> str:
    """The character that parts the first line into the most cells, quotes respected."""

    def cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader([line], delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)
