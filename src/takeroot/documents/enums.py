"""Kinds of documents, and the types of files that are taken."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    RESUME = "resume", _("résumé")
    PITCH = "pitch", _("introduction in two minutes")


class FileType(models.TextChoices):
    """What a file is by its content; its name decides nothing."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word (DOCX)"
    ODT = "odt", "OpenDocument (ODT)"
    TXT = "txt", _("plain text")


MIME = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
    FileType.TXT: "text/plain; charset=utf-8",
}


# A new word needs no migration: columns ask these functions, migrations name them.


def document_kinds() -> list[tuple[Any, Any]]:
    return DocumentKind.choices


def file_types() -> list[tuple[Any, Any]]:
    return FileType.choices
