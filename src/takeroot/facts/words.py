"""Small text helpers shared by the searches: one way to ignore case, accents and punctuation."""

from __future__ import annotations

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def is_french(lang: str) -> bool:
    """True for "fr", "fr-ca", "fr_CA"; anything else is read as English."""
    return lang.lower().startswith("fr")


def plain(text: str) -> str:
    """Lower case without accents; every character that is not a letter or digit is a space."""
    lowered = text.casefold().translate(_LIGATURES)
    if lowered.isascii():
        return "".join(c if c.isalnum() else " " for c in lowered)
    bare = unicodedata.normalize("NFKD", lowered)
    return "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
