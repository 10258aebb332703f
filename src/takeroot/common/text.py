"""Names: sorted and found without regard to case, accents or composition."""

from __future__ import annotations

import unicodedata

# Letters that decomposition leaves alone, spelt as people type them without the special key.
_SPELT = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "ð": "d",
        "þ": "th",
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
    }
)


def tidy(text: str) -> str:
    """Composed (NFC), with single spaces and no control characters."""
    composed = unicodedata.normalize("NFC", text)
    kept = (c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in composed)
    return " ".join("".join(kept).split())


def search_key(text: str) -> str:
    """The form that names are compared in: no case, no accents, single spaces."""
    folded = unicodedata.normalize("NFKD", tidy(text).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c)).translate(_SPELT)
    return " ".join(plain.split())


def sort_key(text: str) -> str:
    """The form that names are sorted by: as `search_key`, apostrophes and hyphens set aside."""
    return " ".join(search_key(text).replace("'", "").replace("-", " ").split())
