"""Turn a typed job title into comparable words, in English and French alike."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from takeroot.facts.tables import read_table
from takeroot.facts.words import plain

#: Words without weight in either language.
_STOP = """
    a an and at by for from in into of on or the to with s d l
    au aux de des du en et la le les ou par pour sur un une
"""
STOP = frozenset(_STOP.split())
#: Words that say how long or how well somebody does the work, not what the work is.
_RANK = "senior junior experienced qualified trained i ii iii iv trainee intern"
RANK = frozenset(_RANK.split())

#: Feminine endings of French and the masculine they are read as. Applied to English words too:
#: what matters is that both sides of a comparison are treated alike.
_FEMININE = (
    ("trices", "teur"),
    ("trice", "teur"),
    ("euse", "eur"),
    ("eure", "eur"),
    ("iere", "ier"),
    ("ienne", "ien"),
    ("enne", "en"),
    ("elle", "el"),
    ("onne", "on"),
    ("ere", "er"),
    ("ive", "if"),
    ("ante", "ant"),
    ("ente", "ent"),
    ("ointe", "oint"),
    ("ale", "al"),
    ("ee", "e"),
    ("aine", "ain"),
    ("cate", "cat"),
    ("iale", "ial"),
)
#: Spellings of Canada, Britain and the United States read as one.
_SPELLINGS = (
    ("colour", "color"),
    ("labour", "labor"),
    ("counsell", "counsel"),
    ("centre", "center"),
    ("jewell", "jewel"),
    ("programme", "program"),
    ("fibre", "fiber"),
    ("tyre", "tire"),
    ("theatre", "theater"),
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Singular and masculine form of one plain word; only good for comparing."""
    for spelling, same in _SPELLINGS:
        word = word.replace(spelling, same)
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.endswith("ies") and len(word) > 4:
            word = word[:-3] + "y"
        elif word.endswith(("sses", "shes", "ches", "xes")):
            word = word[:-2]
        else:
            word = word[:-1]
    elif len(word) > 4 and word.endswith("aux"):
        word = word[:-3] + "al"
    if len(word) > 4:
        for ending, masculine in _FEMININE:
            if word.endswith(ending):
                return word[: -len(ending)] + masculine
    return word


def stems(text: str) -> list[str]:
    """Stems of the words of a text that carry weight, in order."""
    return [stem(w) for w in plain(text).split() if w not in STOP]


@cache
def _meanings() -> dict[str, list[str]]:
    return {r["word"]: r["means"].split() for r in read_table("word_forms")}


_DOTTED = re.compile(r"\b((?:[A-Za-z]\.){2,})")
_PLUS = re.compile(r"(?i)\bc\s*(\+\+|#)")


def typed_words(text: str) -> list[str]:
    """Plain words of a typed title with dotted abbreviations closed ("R.N." is "rn")."""
    text = _PLUS.sub("c", text[:200])
    closed = _DOTTED.sub(lambda m: m.group(1).replace(".", "") + " ", text)
    return [w for w in plain(closed).split() if w not in STOP]


def expand(words: list[str]) -> list[str]:
    """Abbreviated words written out ("asst mgr" is "assistant manager")."""
    out: list[str] = []
    for word in words:
        out.extend(_meanings().get(word, [word]))
    return out
