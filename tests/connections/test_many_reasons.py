"""The reasons of many pairs at once are those of each pair, to the letter."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from django.utils.translation import override

from takeroot.connections import many_reasons
from takeroot.connections.many_reasons import ManyReasons
from takeroot.connections.reasons import Known, sentences
from takeroot.engine.matching import Affinity, Mode, Profile

SPOTS = [
    ("Truro", (45.365, -63.280)),
    ("Bible Hill", (45.37, -63.26)),
    ("Moncton", (46.088, -64.778)),
    ("", None),
]
WORK = ["31301", "31300", "31209", "72106", "21223", None]
TALK = [(("en", 8),), (("fr", 9), ("en", 5)), (("en", None), ("uk", 12)), (("uk", None), ("fr", 3))]
LIKES = ["choir", "chess", "hiking", "reading"]
EMPLOYERS = ["hospital", "iron works", None]
MODES: list[Mode] = ["in_person", "video", "either"]


def person(number: int, side: str, chance: random.Random) -> tuple[Profile, Known]:
    """Somebody with gaps: what is not known has a sentence of its own."""
    community, spot = chance.choice(SPOTS)
    likes = frozenset(chance.sample(LIKES, chance.randrange(4)))
    profile = Profile(
        f"{side}{number}",
        occupation=chance.choice(WORK),
        industry=chance.choice([None, "health", "steel"]),
        languages=chance.choice(TALK),
        interests=likes,
        mode=chance.choice(MODES),
        location=spot,
    )
    known = Known(f"Example {side}{number}", profile.occupation, "", community)
    if side == "C":
        since = chance.choice([None, dt.date(2026, 3, 3), dt.date(2026, 9, 1)])
        wanted = frozenset(w for w in chance.sample(EMPLOYERS, 2) if w)
        words = {like: like.upper() if number % 2 else like for like in likes}
        known = replace(known, interests=words, waiting_since=since)
        return replace(profile, wanted=wanted, waiting_days=50 if since else 0), known
    employer = chance.choice(EMPLOYERS)
    known = replace(known, organization=employer.title() if employer else "")
    return replace(profile, organization=employer, lived=chance.random() < 0.5), known


@pytest.mark.parametrize("kept", [400_000, 3])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_pair_of_many_has_the_reasons_it_has_alone(
    language: str, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_reasons, "KEPT", kept)
    chance = random.Random(7)
    agents, one = zip(*(person(k, "C", chance) for k in range(40)), strict=True)
    hosts, other = zip(*(person(k, "K", chance) for k in range(30)), strict=True)
    affinity = Affinity(agents, hosts)
    with override(language):
        many = ManyReasons(affinity, one, other)
        for i, connectee in enumerate(one):
            for j, connector in enumerate(other):
                alone = sentences(affinity.parts(i, j), connectee, connector)
                assert many.line(i, j) == " ".join(sentence.text for sentence in alone)
