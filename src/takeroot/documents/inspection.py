"""What a file is, by its content; and what makes it one that we do not take.

Nothing here runs, renders or trusts a file: it is looked at in a bounded way and stored sealed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.documents.enums import FileType
from takeroot.documents.packages import check_package

MOST_BYTES = 5 * 2**20
# Of compressed parts at most so much is opened, however much they claim to hold.
MOST_UNPACKED = 40 * 2**20

_ACTIVE = (
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/EmbeddedFile",
    b"/EmbeddedFiles",
    b"/RichMedia",
    b"/XFA",
    b"/SubmitForm",
    b"/ImportData",
    b"/GoToE",
)
_NAME = re.compile(rb"/[A-Za-z0-9#]+")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_MARKUP = re.compile(r"\s*(<!doctype|<html|<script|<svg|<\?xml|<\?php|<body|#!|\{\\rtf)", re.I)


def inspect(data: bytes) -> FileType:
    """The type of a file; raises Refused with what is wrong and what to do."""
    if not data:
        raise Refused(_("This file is empty. Choose another."))
    if len(data) > MOST_BYTES:
        raise Refused(
            _("This file is larger than %(most)d MB. Save it smaller, or without pictures.")
            % {"most": MOST_BYTES // 2**20}
        )
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return FileType.PDF
    if data.startswith(b"PK\x03\x04"):
        return check_package(data, most=MOST_UNPACKED)
    _check_text(data)
    return FileType.TXT


def _not_taken() -> Refused:
    return Refused(
        _(
            "This is no PDF, Word (DOCX), OpenDocument (ODT) or plain text file, whatever its "
            "name says. Save it as PDF and choose it again."
        )
    )


def _active() -> Refused:
    return Refused(
        _(
            "This file holds a script, a form or another file inside. Print it to a new PDF and "
            "choose that one."
        )
    )


def _check_pdf(data: bytes) -> None:
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip(b"\r\n\t \x00"):
        # Something else hangs behind the end: a file that is two things at once.
        raise _not_taken()
    for names in _pdf_names(data):
        if names & {*_ACTIVE}:
            raise _active()
        if b"/Encrypt" in names:
            raise Refused(_("This PDF is protected by a password. Save it without and try again."))


def _names_in(data: bytes) -> set[bytes]:
    """The names of a piece of PDF, with their escapes undone (`/J#53` is `/JS`)."""
    found = set(_NAME.findall(data))
    return {_HEX.sub(lambda m: bytes([int(m[1], 16)]), name) for name in found}


def _pdf_names(data: bytes) -> Iterator[set[bytes]]:
    """Names outside of streams, and in the compressed object streams, within a bound."""
    outside, left = [], MOST_UNPACKED
    place = 0
    for found in _STREAM.finditer(data):
        if found.start() < place:
            continue
        head = data[place : found.start()]
        outside.append(head)
        end = data.find(b"endstream", found.end())
        end = len(data) if end < 0 else end
        if b"/ObjStm" in b"".join(_names_in(head[-2048:])):
            opened = _inflate(data[found.end() : end], left)
            left -= len(opened)
            yield _names_in(opened)
        place = end
    outside.append(data[place:])
    yield _names_in(b" ".join(outside))


def _inflate(data: bytes, most: int) -> bytes:
    if most <= 0:
        raise _not_taken()
    opener = zlib.decompressobj()
    try:
        opened = opener.decompress(data, most)
    except zlib.error:
        return data  # not compressed: read as it is
    if opener.unconsumed_tail:
        raise _not_taken()
    return opened


def _check_text(data: bytes) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as problem:
            raise _not_taken() from problem
    strange = sum(1 for c in text if ord(c) < 32 and c not in "\t\r\n\f")
    if strange or _MARKUP.match(text):
        raise _not_taken()
