"""Find the occupation that somebody means by the job title they typed.

`search` is for people who choose from a short list; `resolve` is for files, where a wrong guess is
worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from takeroot.facts.noc import code_in, unit_groups
from takeroot.facts.tables import read_table
from takeroot.facts.title_index import index
from takeroot.facts.title_words import stems, typed_words
from takeroot.facts.words import plain

#: What people write when they name no occupation (plain words).
NO_OCCUPATION = frozenset(
    [
        "aucun", "aucune", "au foyer", "autre", "etudiant", "etudiante", "inconnu", "inconnue",
        "mere au foyer", "n d", "na", "neant", "nil", "none", "not working", "other", "retired",
        "retraite", "retraitee", "sans emploi", "self employed", "student", "tbd", "unemployed",
        "unknown", "without work",
    ]
)  # fmt: skip
#: Below this score a title is not taken for what was typed.
LEAST_SCORE = 0.72
#: A first hit is sure when it scores this much and is this far ahead of the second.
SURE_SCORE, SURE_LEAD = 0.86, 0.06


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit group that fits: its code, the title that matched, and a score from 0 to 1."""

    code: str
    matched: str
    score: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a cell of a file means: a code or None, whether that is sure, and what else it may be.

    `alternatives` are the best hits, the chosen one included when a title was searched for.
    """

    code: str | None
    confident: bool
    alternatives: tuple[Hit, ...] = ()


@lru_cache(maxsize=4096)
def search(text: str, limit: int = 5) -> tuple[Hit, ...]:
    """The `limit` unit groups that best fit a job title, in English or French, best first.

    Spelling, case, accents, gender, plural and common abbreviations do not matter. A NOC code
    finds its own unit group. Empty or meaningless text gives no hits; it never raises.
    """
    if limit < 1:
        return ()
    words = typed_words(text)
    if all(len(word) < 2 for word in words):
        return ()
    hits: list[Hit] = []
    code = code_in(text)
    if code is not None:
        hits.append(Hit(code, code, 1.0))
    exact = _exact().get(plain(text).strip(), ()) if code is None else ()
    found = index().best(words, limit + len(exact))
    ranked = [Hit(c, t, s) for c, t, s in found]
    sure = [Hit(c, t, 1.0) for c, t in exact]
    known = {h.code for h in hits}
    for hit in sure + ranked:
        if hit.code not in known:
            known.add(hit.code)
            hits.append(hit)
    return tuple(hits[:limit])


@cache
def _exact() -> dict[str, tuple[tuple[str, str], ...]]:
    """Plain text of an official title -> its unit group (both languages and the index)."""
    table: dict[str, dict[str, str]] = {}
    for row in read_table("job_titles_en"):
        for text in (row["title"], row["title"].partition(" (")[0]):
            table.setdefault(_spaced(text), {}).setdefault(row["code"], row["title"])
    for group in unit_groups():
        for text in (group.title_en, group.title_fr):
            table[_spaced(text)] = {group.code: text}
    return {key: tuple(codes.items()) for key, codes in table.items()}


def _spaced(text: str) -> str:
    return plain(text).strip()


@cache
def _synonyms() -> dict[tuple[str, ...], frozenset[str]]:
    """Stems of our own synonyms -> their codes, in both languages."""
    table: dict[tuple[str, ...], set[str]] = {}
    for row in read_table("synonyms_en"):
        table.setdefault(tuple(stems(row["title"])), set()).update(row["codes"].split(";"))
    for row in read_table("synonyms_fr"):
        for text in filter(None, (row["masculine"], row["feminine"])):
            table.setdefault(tuple(stems(text)), set()).update(row["codes"].split(";"))
    return {key: frozenset(codes) for key, codes in table.items()}


def resolve(text: str) -> Resolution:
    """Read an occupation from a cell: a NOC code ("31301", "NOC 31301 - ...") or a job title.

    An official title, or a common name that means one unit group, is sure. Otherwise the best hit
    is given when it fits well enough, `confident` only when no other comes near. Text that fits
    nothing gives code None.
    """
    code = code_in(text)
    if code is not None:
        return Resolution(code, True)
    hits = search(text, 5)
    if plain(text).strip() in NO_OCCUPATION:
        return Resolution(None, False, hits)
    meant = _named(text) or _named(text.partition("(")[0])
    if len(meant) == 1:
        return Resolution(next(iter(meant)), True, hits)
    if not hits or hits[0].score < LEAST_SCORE:
        return Resolution(None, False, hits)
    lead = hits[0].score - (hits[1].score if len(hits) > 1 else 0.0)
    sure = len(meant) == 0 and hits[0].score >= SURE_SCORE and lead >= SURE_LEAD
    return Resolution(hits[0].code, sure, hits)


def _named(text: str) -> frozenset[str]:
    """Unit groups that have exactly this title, officially or among our synonyms."""
    exact = _exact().get(_spaced(text), ())
    if len(exact) == 1:
        return frozenset(code for code, _ in exact)
    return _synonyms().get(tuple(stems(text)), frozenset())


def warm() -> None:
    """Build the index now, so that the first search is as quick as the next."""
    search("nurse")
