"""The catalogues as files: the same sentences always give the same bytes.

No dates, line numbers, tool versions or machine paths: two branches that add sentences merge
cleanly, and a stale compiled file can be told by comparing bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from messages_extract import PACKAGE, Found, Key

LOCALE = PACKAGE / "locale"
_PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}
_NAMES = {"fr": "French (Canada)", "en": "English (the source language: nothing to translate)"}
Translations = dict[Key, tuple[str, ...]]


class SteadyCatalog(Catalog):
    """A catalogue whose header says only what gettext needs."""

    def _headers(self) -> list[tuple[str, str]]:
        language = str(self.locale)
        return [
            ("Project-Id-Version", "Takeroot"),
            ("Language", language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", _PLURALS[language]),
        ]

    def _ignore(self, headers: object) -> None:
        """A file's own header never changes ours."""

    mime_headers = property(_headers, _ignore)


def folder(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES"


def read(language: str) -> tuple[Catalog, str]:
    """The committed catalogue and its text ("" when there is none yet)."""
    path = folder(language) / "django.po"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return read_po(io.StringIO(text), locale=language), text


def translations_of(catalog: Catalog) -> Translations:
    """Sentence -> its translation, or its singular and plural."""
    out: Translations = {}
    for message in catalog:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[0]
            strings = (message.string,) if isinstance(message.string, str) else message.string
            out[Key(one, message.context)] = tuple(text or "" for text in strings or ("",))
    return out


def build(language: str, sentences: Mapping[Key, Found], known: Translations) -> Catalog:
    """A catalogue of exactly these sentences, with the translations that are known."""
    catalog = SteadyCatalog(locale=language, header_comment=f"# Takeroot. {_NAMES[language]}")
    catalog.fuzzy = False
    for key, found in sentences.items():
        strings: Sequence[str] = known.get(key, ())
        if found.plural is None:
            message: str | tuple[str, str] = key.id
            string: str | tuple[str, ...] = strings[0] if len(strings) == 1 else ""
        else:
            message = (key.id, found.plural)
            string = tuple(strings) if len(strings) == 2 else ("", "")
        locations = [(name, None) for name in sorted(found.files)]
        catalog.add(message, string, context=key.context, locations=locations)
    return catalog


def text_of(catalog: Catalog) -> bytes:
    """The .po file."""
    out = io.BytesIO()
    write_po(out, catalog, width=0, sort_output=True, include_lineno=False)
    return out.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """The .mo file."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def write(language: str, catalog: Catalog) -> None:
    """Write both files of a language."""
    folder(language).mkdir(parents=True, exist_ok=True)
    (folder(language) / "django.po").write_bytes(text_of(catalog))
    (folder(language) / "django.mo").write_bytes(compiled(catalog))
