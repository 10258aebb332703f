"""Which files look like one person's, and why. Every pair is compared: in memory that is quicker
than asking the database, whose trigram index the walls keep out of use (docs/decisions/0008)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from rapidfuzz import fuzz, process

from takeroot.common.text import search_key, sort_key
from takeroot.keeping.enums import Likeness

# What each sign counts; a pair is proposed from LEAST on. A telephone alone is no sign: families
# share one. An organization or an occupation alone says nothing.
COUNTS = {
    Likeness.EMAIL: 50,
    Likeness.NAME: 40,
    Likeness.ORDER: 40,
    Likeness.SPELLING: 30,
    Likeness.PHONE: 25,
    Likeness.ORGANIZATION: 10,
    Likeness.OCCUPATION: 10,
}
LEAST = 40
# Two names of twelve letters may differ in one or two of them.
_ALIKE = 86
_DIGITS = 10
_LEAST_DIGITS = 7
_ROWS = 500


@dataclass(frozen=True)
class Card:
    """What is compared of one person."""

    key: UUID
    name: str
    email: str = ""
    phone: str = ""
    organization: str = ""
    occupation: str = ""

    @property
    def words(self) -> str:
        """The name's words in one order, without commas and points."""
        letters = (c if c.isalnum() else " " for c in sort_key(self.name))
        return " ".join(sorted("".join(letters).split()))

    @property
    def digits(self) -> str:
        found = "".join(c for c in self.phone if c.isdigit())[-_DIGITS:]
        return found if len(found) >= _LEAST_DIGITS else ""


@dataclass(frozen=True)
class Found:
    """Two files that may be one person's: keys in order, signs strongest first."""

    one: UUID
    other: UUID
    reasons: tuple[Likeness, ...]

    @property
    def strength(self) -> int:
        return sum(COUNTS[reason] for reason in self.reasons)


def pairs_alike(cards: Sequence[Card]) -> list[Found]:
    """Every pair of `cards` that may be one person, strongest first."""
    found = []
    for i, j in sorted(set(_near(cards))):
        one, other = sorted((cards[i], cards[j]), key=lambda card: card.key)
        pair = Found(one.key, other.key, tuple(_reasons(one, other)))
        if pair.strength >= LEAST:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.strength, pair.one, pair.other))


def _near(cards: Sequence[Card]) -> Iterator[tuple[int, int]]:
    """Pairs worth a closer look, as places in the list."""
    yield from _equal([card.email.casefold() for card in cards])
    yield from _equal([card.digits for card in cards])
    words = [card.words for card in cards]
    for start in range(0, len(words), _ROWS):
        scores = process.cdist(
            words[start : start + _ROWS],
            words[start:],
            scorer=fuzz.ratio,
            score_cutoff=_ALIKE,
            dtype=np.uint8,
        )
        for i, j in zip(*np.nonzero(scores), strict=True):
            if i < j:
                yield start + int(i), start + int(j)


def _equal(values: Iterable[str]) -> Iterator[tuple[int, int]]:
    same = defaultdict(list)
    for place, value in enumerate(values):
        if value:
            same[value].append(place)
    for places in same.values():
        yield from ((i, j) for n, i in enumerate(places) for j in places[n + 1 :])


def _reasons(one: Card, other: Card) -> Iterator[Likeness]:
    if one.email and one.email.casefold() == other.email.casefold():
        yield Likeness.EMAIL
    if search_key(one.name) == search_key(other.name):
        yield Likeness.NAME
    elif one.words == other.words:
        yield Likeness.ORDER
    elif fuzz.ratio(one.words, other.words) >= _ALIKE:
        yield Likeness.SPELLING
    if one.digits and one.digits == other.digits:
        yield Likeness.PHONE
    if one.organization and search_key(one.organization) == search_key(other.organization):
        yield Likeness.ORGANIZATION
    if one.occupation and one.occupation == other.occupation:
        yield Likeness.OCCUPATION
