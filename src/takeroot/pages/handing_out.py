"""A file goes out as an attachment that no browser shows, runs or guesses about."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from takeroot.documents.enums import MIME, FileType
from takeroot.documents.models import Document
from takeroot.documents.services import content_of
from takeroot.pages.headers import kept_private


def attachment(document: Document) -> HttpResponse:
    """The document, under a name of ours: whatever its owner called it stays out of headers."""
    kind = FileType(document.type)
    name = f"{document.kind}-{document.version}.{kind.value}"
    response = HttpResponse(content_of(document), content_type=MIME[kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    kept_private(response)
    return response
