"""5,000 people in a centre are compared in one go, and the page stays what it is."""

from __future__ import annotations

import random
from uuid import UUID

from takeroot.keeping.likeness import Card, pairs_alike


def test_e15_among_five_thousand_people_exactly_the_pairs_that_were_planted_are_found() -> None:
    dice = random.Random(5)
    letters = "abcdefghijklmnoprstuvwz"
    names = {"".join(dice.choices(letters, k=9)) for _n in range(10_400)}
    first, family = sorted(names)[:5000], sorted(names)[5000:10_000]
    cards = [
        Card(UUID(int=n + 1), f"{one} {other}", f"{one}@people.example")
        for n, (one, other) in enumerate(zip(first, family, strict=True))
    ]
    planted = set()
    for n in range(0, 200, 2):
        twin = cards[n]
        cards[n + 1] = Card(cards[n + 1].key, " ".join(reversed(twin.name.split())), "")
        planted.add((twin.key, cards[n + 1].key))
    found = {(pair.one, pair.other) for pair in pairs_alike(cards)}
    assert found == planted
