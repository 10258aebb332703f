"""Index of job titles: weighted words, tolerant of spelling, collapsed to unit groups.

A title is a set of word stems. A query scores a title by the share of the query's weight that the
title has, and the share of the title's weight that the query has; rare words weigh more. A word
that is not in the vocabulary, or is spelt like another, also counts as the words that look like
it, for less.
"""

from __future__ import annotations

import bisect
import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from takeroot.facts.noc import unit_groups
from takeroot.facts.tables import read_table
from takeroot.facts.title_words import RANK, STOP, expand, stem, stems
from takeroot.facts.words import plain

Vector = NDArray[np.float32]
Numbers = NDArray[np.int32]

#: How much the words after " - " or between brackets weigh in a title ("nurse - hospital").
QUALIFIER_WEIGHT = 0.35
#: Weight of words of rank ("senior") in what is typed.
RANK_WEIGHT = 0.15
#: Share of the score that comes from how much of the query the title covers.
QUERY_SHARE = 0.62
#: Added to a match with a part of a unit-group title, which is often a bare «agents».
PART_BONUS = -0.08
#: Weight of a word that looks like none of the vocabulary: a title cannot fit it.
UNKNOWN_RARITY = 8.0
#: Words at least this alike (0 to 1; swapped letters count once) stand for each other.
LIKENESS = 0.72
#: Words with another first letter are this much less alike.
OTHER_INITIAL = 0.08


@dataclass(frozen=True, slots=True)
class Title:
    """One way to name an occupation. `bonus` is added to the score of a match."""

    text: str
    code: str
    core: tuple[str, ...]
    qualifier: tuple[str, ...]
    bonus: float


def _pieces(text: str) -> tuple[str, str]:
    """A title and its qualifier: "cook - ship (except ...)" is "cook" and "ship except ..."."""
    core = re.sub(r"\(.*?\)", " ", text)
    inside = " ".join(re.findall(r"\((.*?)\)", text))
    head, _, tail = core.partition(" - ")
    return head, f"{tail} {inside}"


def _title(text: str, code: str, bonus: float) -> Title:
    head, tail = _pieces(text)
    core = tuple(dict.fromkeys(stems(head)))
    rest = tuple(s for s in dict.fromkeys(stems(tail)) if s not in core)
    return Title(text, code, core or rest, rest if core else (), bonus)


def _group_titles() -> list[Title]:
    """Unit-group titles whole, and the parts between commas and "and", in both languages."""
    out = []
    for group in unit_groups():
        for text in (group.title_en, group.title_fr):
            out.append(_title(text, group.code, 0.05))
            bare = re.sub(r"\(.*?\)", "", text).partition(" - ")[0]
            parts = [p.strip() for p in re.split(r",| et | and |;", bare)]
            shared = len(parts) > 1
            for part in parts:
                if shared and len(part) > 3 and not plain(part).startswith(("autre ", "autres ")):
                    out.append(_title(part, group.code, PART_BONUS))
    return out


def all_titles(synonyms: bool = True) -> list[Title]:
    """Every title of the index; `synonyms` False leaves out those written by us."""
    titles = _group_titles()
    for r in read_table("job_titles_en"):
        titles.append(_title(r["title"], r["code"], 0.03 if r["example"] == "1" else 0.0))
    if synonyms:
        for r in read_table("synonyms_en"):
            titles += [_title(r["title"], c, 0.04) for c in r["codes"].split(";")]
        for r in read_table("synonyms_fr"):
            for text in filter(None, (r["masculine"], r["feminine"])):
                titles += [_title(text, c, 0.04) for c in r["codes"].split(";")]
    return [t for t in titles if t.core]


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word: its weight, and per title what it finds (`hit`) and fills (`cover`)."""

    rarity: float
    hit: Vector
    cover: Vector


class TitleIndex:
    """Immutable index over titles; `best` ranks unit groups for a typed title."""

    def __init__(self, titles: list[Title]) -> None:
        self.titles = titles
        postings: dict[str, list[int]] = {}
        weights: dict[str, list[float]] = {}
        for number, title in enumerate(titles):
            for words, weight in ((title.core, 1.0), (title.qualifier, QUALIFIER_WEIGHT)):
                for word in words:
                    postings.setdefault(word, []).append(number)
                    weights.setdefault(word, []).append(weight)
        self._postings: dict[str, Numbers] = {
            w: np.asarray(p, dtype=np.int32) for w, p in postings.items()
        }
        self._shares: dict[str, Vector] = {
            w: np.asarray(x, dtype=np.float32) for w, x in weights.items()
        }
        self._vocabulary = sorted(postings)
        total = len(titles)
        self._rarity = {w: math.log(1 + total / (len(p) + 1)) for w, p in postings.items()}
        self._mass = np.zeros(total, dtype=np.float32)
        for word, numbers in self._postings.items():
            self._mass[numbers] += self._shares[word] * np.float32(self._rarity[word])
        codes = sorted({t.code for t in titles})
        place = {c: i for i, c in enumerate(codes)}
        self._codes = codes
        self._group: Numbers = np.asarray([place[t.code] for t in titles], dtype=np.int32)
        self._bonus: Vector = np.asarray([t.bonus for t in titles], dtype=np.float32)
        self._head = {}
        heads: dict[str, list[int]] = {}
        for number, title in enumerate(titles):
            heads.setdefault(title.core[-1], []).append(number)
        self._head = {w: np.asarray(p, dtype=np.int32) for w, p in heads.items()}
        self._prior = _prior(codes)
        self.variants = lru_cache(maxsize=20000)(self._variants)

    def _variants(self, word: str) -> tuple[tuple[str, float], ...]:
        """Words of the vocabulary that `word` may stand for, each with a weight of 0 to 1."""
        known = word in self._postings
        found: dict[str, float] = {word: 1.0} if known else {}
        if len(word) >= 4 and not word.isdigit():
            floor = 0.84 if known else LIKENESS
            near = process.extract(
                word,
                self._vocabulary,
                scorer=OSA.normalized_similarity,
                limit=8,
                score_cutoff=floor,
            )
            for other, score, _ in near:
                alike = score - (OTHER_INITIAL if other[0] != word[0] else 0.0)
                if alike < floor:
                    continue
                weight = alike**2 * (0.75 if known else 0.95)
                found[other] = max(found.get(other, 0.0), weight)
            for other in self._beginning(word):
                weight = (0.5 if known else 0.75) * (len(word) / len(other)) ** 0.5
                found[other] = max(found.get(other, 0.0), weight)
        return tuple(sorted(found.items(), key=lambda f: f[1]))

    def _beginning(self, word: str) -> list[str]:
        """Words of the vocabulary that begin with `word`, at most 12."""
        start = bisect.bisect_left(self._vocabulary, word)
        out = []
        for other in self._vocabulary[start : start + 13]:
            if other != word and other.startswith(word):
                out.append(other)
        return out

    def readings(self, words: list[str]) -> list[list[str]]:
        """Ways to read the typed words: as they are, written out, joined and split."""
        plain_reading = [stem(w) for w in words]
        written_out = [stem(w) for w in expand(words) if w not in STOP]
        readings = [plain_reading]
        if written_out != plain_reading:
            readings.append(written_out)
        readings += self._joined(written_out) + self._split(written_out)
        return readings[:5]

    def _joined(self, words: list[str]) -> list[list[str]]:
        out = []
        for i in range(len(words) - 1):
            one = stem(words[i] + words[i + 1])
            if one in self._postings:
                out.append([*words[:i], one, *words[i + 2 :]])
        return out

    def _split(self, words: list[str]) -> list[list[str]]:
        out = []
        for i, word in enumerate(words):
            for cut in range(3, len(word) - 2) if len(word) >= 7 else ():
                left, right = word[:cut], stem(word[cut:])
                if self._common(left) and self._common(right):
                    out.append([*words[:i], left, right, *words[i + 1 :]])
        return out[:2]

    def _common(self, word: str) -> bool:
        """Whether at least five titles have the word: rarer ones make accidental splits."""
        return len(self._postings.get(word, ())) > 4

    def best(self, words: list[str], limit: int) -> list[tuple[str, str, float]]:
        """The `limit` best (code, matched title, score from 0 to about 1) for typed words."""
        if not words:
            return []
        total: Vector | None = None
        seen: dict[str, Word] = {}
        for reading in self.readings(words):
            for word in reading:
                if word not in seen:
                    seen[word] = self._weigh(word)
            score = self._score(reading, seen)
            total = score if total is None else np.maximum(total, score)
        return [] if total is None else self._collapse(total, limit)

    def _weigh(self, word: str) -> Word:
        """What one word of a query gives to every title."""
        variants = self.variants(word)
        rarity = max((self._rarity[v] * s for v, s in variants), default=UNKNOWN_RARITY)
        rarity = max(rarity, 1.5)
        if word in RANK or (not variants and any(c.isdigit() for c in word)):
            rarity *= RANK_WEIGHT  # «senior», and the «6G» of a welder's ticket
        hit = np.zeros(len(self.titles), dtype=np.float32)
        cover = np.zeros(len(self.titles), dtype=np.float32)
        for other, likeness in variants:
            numbers = self._postings[other]
            shares = self._shares[other]
            asked = np.float32(likeness * rarity) * (np.float32(0.4) + np.float32(0.6) * shares)
            hit[numbers] = np.maximum(hit[numbers], asked)
            worth = shares * np.float32(self._rarity[other] * likeness)
            cover[numbers] = np.maximum(cover[numbers], worth)
        return Word(rarity, hit, cover)

    def _score(self, query: list[str], seen: dict[str, Word]) -> Vector:
        """Score of every title for one reading of the query."""
        words = [seen[w] for w in dict.fromkeys(query)]
        asked, told = words[0].hit, words[0].cover
        for word in words[1:]:
            asked = asked + word.hit
            told = told + word.cover
        asked = asked / np.float32(max(sum(w.rarity for w in words), 1e-6))
        told = np.minimum(told / self._mass, np.float32(1))
        score = np.float32(QUERY_SHARE) * asked + np.float32(1 - QUERY_SHARE) * told
        score += self._bonus * asked * told
        self._add_head_bonus(score, query[-1], asked)
        return np.asarray(score, dtype=np.float32)

    def _add_head_bonus(self, score: Vector, last: str, asked: Vector) -> None:
        """English names the work last: «school principal», not «principal's assistant»."""
        for other, likeness in self.variants(last):
            numbers = self._head.get(other)
            if numbers is not None:
                score[numbers] += np.float32(0.03 * likeness) * asked[numbers]

    def _collapse(self, total: Vector, limit: int) -> list[tuple[str, str, float]]:
        """Best title of each unit group; more people in an occupation break near-ties."""
        best = np.zeros(len(self._codes), dtype=np.float32)
        np.maximum.at(best, self._group, total)
        ranked = best + self._prior * (best > 0)
        order = np.argsort(-ranked, kind="stable")[:limit]
        out = []
        for i in order:
            if best[i] <= 0:
                break
            members = np.flatnonzero((self._group == i) & (total >= best[i] - 1e-6))
            title = self.titles[int(members[0])]
            out.append((self._codes[i], title.text, round(min(float(best[i]), 1.0), 4)))
        return out


def _prior(codes: list[str]) -> Vector:
    """Up to 0.05 by the number of people in the occupation (Employment in 2023)."""
    people = {r["code"]: int(r["employed_2023"]) for r in read_table("employment")}
    values = [0.05 * math.log10(max(people.get(c, 1000), 1000) / 1000) / 3 for c in codes]
    return np.asarray(values, dtype=np.float32)


@cache
def index(synonyms: bool = True) -> TitleIndex:
    """The index, built at the first use (about half a second)."""
    return TitleIndex(all_titles(synonyms))
