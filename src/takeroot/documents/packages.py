"""Word and OpenDocument files: ZIP packages, opened with a bound and looked through for scripts."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.documents.enums import FileType

MOST_ENTRIES = 600
# A text of XML shrinks to a twentieth; a bomb to a thousandth.
MOST_RATIO = 200
_ODT = b"application/vnd.oasis.opendocument.text"
_DOCX = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO_NAMES = re.compile(
    r"(vbaproject|vbadata|activex|\.bin$|embeddings/|oleobject|afchunk|\.(exe|js|vbs|hta|html?|jar"
    r"|zip|dll|scr|bat|ps1)$|^basic/|^scripts/|^configurations2/.*(macro|script)|^object [0-9]+/)",
    re.I,
)
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.I)
_LINK = re.compile(rb"relationships/hyperlink[\"']", re.I)
# What the library raises for a damaged package.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_SCRIPTED = (b"<script:", b"<office:script", b"script:event-listener", b"macro:", b"vnd.sun.star")


def check_package(data: bytes, *, most: int) -> FileType:
    """DOCX or ODT; raises Refused for anything else, bombs and macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_frame(data, package, most)
            parts = _open_all(package, most)
    except _DAMAGE as problem:
        raise _broken() from problem
    kind = _kind(parts)
    _check_parts(parts)
    return kind


def _broken() -> Refused:
    return Refused(_("This file is damaged or packed in an unusual way. Save it as PDF instead."))


def _scripted() -> Refused:
    return Refused(
        _("This file holds macros, or parts from elsewhere. Save it as PDF and choose that one.")
    )


def _check_frame(data: bytes, package: zipfile.ZipFile, most: int) -> None:
    """The table of contents: nothing before, behind, twice, outside, or too much of anything."""
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    behind = data.rfind(b"PK\x05\x06")
    if package.comment or len(data) != behind + 22 or len(names) != len(set(names)):
        raise _broken()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > most:
        raise _broken()
    if sum(entry.compress_size for entry in entries) > len(data):
        raise _broken()  # parts that lie over one another
    for entry in entries:
        name = entry.filename
        pieces = name.split("/")
        if name.startswith("/") or "\\" in name or ".." in pieces or ":" in name:
            raise _broken()
        if entry.flag_bits & 0x1:
            raise Refused(_("This file is protected by a password. Save it without and try again."))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _broken()
        if entry.file_size > MOST_RATIO * max(entry.compress_size, 1024):
            raise _broken()


def _open_all(package: zipfile.ZipFile, most: int) -> dict[str, bytes]:
    """Every part, read with a bound that does not believe what the package says of itself."""
    parts, left = {}, most
    for entry in package.infolist():
        with package.open(entry) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            raise _broken()
        parts[entry.filename] = data
    return parts


def _kind(parts: dict[str, bytes]) -> FileType:
    if parts.get("mimetype", b"").strip() == _ODT and "content.xml" in parts:
        return FileType.ODT
    types = parts.get("[Content_Types].xml", b"")
    if _DOCX in types and "word/document.xml" in parts:
        return FileType.DOCX
    raise Refused(
        _("This is a packed file, but neither Word (DOCX) nor OpenDocument (ODT). Save it as PDF.")
    )


def _check_parts(parts: dict[str, bytes]) -> None:
    for name, data in parts.items():
        if _MACRO_NAMES.search(name) or data.startswith(
            (b"PK\x03\x04", b"MZ", b"\xd0\xcf\x11\xe0")
        ):
            raise _scripted()
        if not name.endswith((".xml", ".rels", ".rdf")):
            continue
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00<" in data[:64]:
            raise _broken()
        if any(mark in data for mark in _SCRIPTED) or b"macroEnabled" in data:
            raise _scripted()
        if name.endswith(".rels") and any(not _LINK.search(one) for one in _EXTERNAL.findall(data)):
            raise _scripted()
