"""No template says a word to a reader that is not offered for translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.architecture.tools import PACKAGE

TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_SPOKEN = re.compile(r"""\b(?:aria-label|title|alt|placeholder)\s*=\s*["']([^"']*)["']""")
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")
# Names that are the same in both languages, units, and the gallery's fictional people.
SAME = {"Takeroot", "km", "NOC", "CLB", "NCLC", "TEER", "CSV", "XLSX", "EN", "FR"}
SAME |= {"Paul", "Échantillon"}
# A block that fills a class attribute is not read by anybody.
_CLASS_BLOCK = re.compile(r"block \w+_class\b")


def untranslated(source: str) -> list[str]:
    """Words that a reader would see or hear as they stand in the source."""
    kept, inside = [], ""
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = token.contents.split(maxsplit=1)[0]
            if inside and name == f"end{inside}":
                inside = ""
            elif name in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
                inside = name
            elif _CLASS_BLOCK.match(token.contents):
                inside = "block"
        elif token.token_type is TokenType.TEXT and not inside:
            kept.append(token.contents)
        elif token.token_type is TokenType.VAR and not inside:
            kept.append("0")
    text = re.sub(r"&\w+;", " ", _HIDDEN.sub(" ", "".join(kept)))
    heard = [*_SPOKEN.findall(text), _TAG.sub(" ", text)]
    return [word for part in heard for word in _WORD.findall(part) if word not in SAME]


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE / "templates").as_posix()
)
def test_every_word_of_a_template_is_offered_for_translation(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


def test_a_bare_word_is_found_in_text_and_in_what_is_read_aloud() -> None:
    assert untranslated("<p class='x'>Hello {{ name }}</p>") == ["Hello"]
    assert untranslated('<img alt="A picture">{% translate "Fine" %}') == ["picture"]
    assert untranslated("{% blocktranslate %}Hello{% endblocktranslate %}&nbsp;5 km") == []


def test_every_template_compiles() -> None:
    from django.template import engines

    engine = engines["django"].engine
    root = PACKAGE / "templates"
    for path in sorted(root.rglob("*.html")):
        engine.get_template(path.relative_to(root).as_posix())
