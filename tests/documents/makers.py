"""Files for tests, good and hostile, made here byte by byte."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
WORDS = '<?xml version="1.0"?><w:document><w:t>Registered nurse</w:t></w:document>'


def pdf(extra: bytes = b"", *, tail: bytes = b"%%EOF\n") -> bytes:
    body = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra + b" >>\nendobj\n"
    text = b"3 0 obj\n<< /Length 30 >>\nstream\n(not a name /JavaScript here)\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + body + text + b"trailer\n<< /Root 1 0 R >>\n" + tail


def pdf_with_object_stream(inner: bytes) -> bytes:
    packed = zlib.compress(inner)
    head = b"<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    return b"%PDF-1.7\n4 0 obj\n" + head + packed + b"\nendstream\nendobj\n%%EOF"


def package(parts: Mapping[str, bytes | str], *, stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            zipped.writestr(name, data, compress_type=how)
    return out.getvalue()


def docx(**more: bytes | str) -> bytes:
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "word/document.xml": WORDS,
        "word/_rels/document.xml.rels": "<Relationships/>",
    }
    return package({**parts, **more})


def odt(**more: bytes | str) -> bytes:
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "<office:document-content>Soudeuse</office:document-content>",
    }
    return package({**parts, **more}, stored=("mimetype",))


def relation(target: str, kind: str, *, outside: bool = True) -> str:
    mode = ' TargetMode="External"' if outside else ""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<Relationships><Relationship Id="r1" Type="{base}/{kind}" Target="{target}"{mode}/>'
        "</Relationships>"
    )


def hostile() -> dict[str, bytes]:
    """Each file that must be refused, by what is wrong with it."""
    zeros = b"\x00" * (45 * 2**20)
    inner = package({"a.txt": "x"})
    return {
        "empty": b"",
        "too large": b"a" * (5 * 2**20 + 1),
        "a program": b"MZ\x90\x00" + bytes(range(256)),
        "an ELF program": b"\x7fELF\x02\x01\x01" + b"\x00" * 64,
        "a picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 32,
        "old Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64,
        "HTML as text": b"<!DOCTYPE html><script>alert(1)</script>",
        "a script tag": b"  <script>alert(1)</script>",
        "SVG": b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>",
        "XML": b"<?xml version='1.0'?><x/>",
        "a shell script": b"#!/bin/sh\nrm -rf /\n",
        "RTF": b"{\\rtf1\\ansi hello}",
        "bytes of nothing": bytes([0, 1, 2, 3]) * 20,
        "text with a NUL": b"hello\x00world",
        "PDF with a script": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        "PDF with an escaped script": pdf(b"/AA << /J#53 (x) >>"),
        "PDF with a hidden script": pdf_with_object_stream(b"1 0 << /S /JavaScript >>"),
        "PDF that starts a program": pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        "PDF with a file inside": pdf(b"/Names << /EmbeddedFiles 5 0 R >>"),
        "PDF with a form that sends": pdf(b"/A << /S /SubmitForm >>"),
        "PDF with XFA": pdf(b"/AcroForm << /XFA 9 0 R >>"),
        "PDF under a password": pdf(b"/Encrypt 7 0 R"),
        "PDF with a packed bomb": pdf_with_object_stream(zeros),
        "PDF that is a ZIP too": pdf() + inner,
        "PDF that is HTML too": pdf() + b"<html><script>alert(1)</script>",
        "PDF without an end": b"%PDF-1.7\nhello",
        "HTML that is a PDF later": b"<html>" + pdf(),
        "DOCX with macros": docx(**{"word/vbaProject.bin": b"x"}),
        "DOCM": package(
            {
                "[Content_Types].xml": CONTENT_TYPES.replace("document.main", "x.macroEnabled.main")
                + CONTENT_TYPES,
                "word/document.xml": WORDS,
            }
        ),
        "DOCX with ActiveX": docx(**{"word/activeX/activeX1.xml": "<x/>"}),
        "DOCX with an object": docx(**{"word/embeddings/oleObject1.bin": b"x"}),
        "DOCX with a program": docx(**{"word/media/image1.png": b"MZ\x90\x00"}),
        "DOCX with a package inside": docx(**{"word/media/image1.png": inner}),
        "DOCX with HTML inside": docx(**{"word/afchunk.html": "<script>1</script>"}),
        "DOCX with a template from elsewhere": docx(
            **{"word/_rels/settings.xml.rels": relation("http://x.example/t", "attachedTemplate")}
        ),
        "DOCX with a picture from elsewhere": docx(
            **{"word/_rels/document.xml.rels": relation("http://x.example/i", "image")}
        ),
        "DOCX with entities": docx(
            **{"word/styles.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}
        ),
        "DOCX that is a bomb": docx(**{"word/media/image1.bmp": zeros}),
        "DOCX that shrinks too well": docx(**{"word/media/image1.bmp": b"\x00" * (8 * 2**20)}),
        "DOCX of a thousand parts": docx(**{f"word/x{n}.xml": "<x/>" for n in range(1000)}),
        "DOCX that climbs out": docx(**{"../../etc/cron.d/x": "x"}),
        "DOCX with a root path": docx(**{"/etc/passwd": "x"}),
        "DOCX with a drive": docx(**{"C:/x.xml": "x"}),
        "DOCX with a backslash": docx(**{"word\\x.xml": "x"}),
        "DOCX with HTML behind": docx() + b"<script>alert(1)</script>",
        "DOCX cut short": docx()[:-30],
        "a plain ZIP": inner,
        "a spreadsheet": package({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}),
        "a JAR": package({"META-INF/MANIFEST.MF": "x", "A.class": b"\xca\xfe\xba\xbe"}),
        "ODT with Basic": odt(**{"Basic/Standard/Module1.xml": "<x/>"}),
        "ODT with a script": odt(**{"Scripts/python/x.py": "import os"}),
        "ODT with listeners": odt(**{"styles.xml": "<x><script:event-listener/></x>"}),
        "ODT with an object": odt(**{"Object 1/content.xml": "<x/>"}),
        "ODT that is a bomb": odt(**{"Pictures/1.bmp": zeros}),
    }


def good() -> dict[str, bytes]:
    """Files that people really hand in; the type that is expected stands first in the name."""
    return {
        "pdf plain": pdf(),
        "pdf that opens at a page": pdf(b"/OpenAction [3 0 R /Fit]"),
        "pdf with packed objects": pdf_with_object_stream(b"1 0 << /Type /Page >>"),
        "docx plain": docx(),
        "docx with a link": docx(
            **{"word/_rels/document.xml.rels": relation("https://a.example", "hyperlink")}
        ),
        "docx with a picture": docx(**{"word/media/image1.png": b"\x89PNG" + bytes(range(256))}),
        "odt plain": odt(),
        "txt in UTF-8": "Zoé, infirmière\nÉtudes : Québec".encode(),
        "txt from Windows": "Zoé, infirmière".encode("cp1252"),
        "txt with a mark": b"\xef\xbb\xbfAmina",
    }
