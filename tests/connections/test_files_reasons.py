"""Reasons are whole sentences, true to the pair, the weak ones last."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils.translation import override

from takeroot.connections.reasons import Known, Sentence, sentences, why_unplaced
from takeroot.engine.matching import Affinity, Profile, Unplaced

AMINA = Profile(
    "amina", occupation="31301", languages=(("en", 8), ("fr", 9)), interests=frozenset({"choir"}),
    wanted=frozenset({"regional hospital"}), mode="either", location=(45.365, -63.280),
    waiting_days=100,
)  # fmt: skip
RACHEL = Profile(
    "rachel", occupation="31301", languages=(("fr", 12), ("en", 12)),
    interests=frozenset({"choir"}), organization="regional hospital", location=(45.365, -63.280),
    lived=True,
)  # fmt: skip
KNOWN = Known("Amina", "31301", "", "Truro", {"choir": "Choir"}, dt.date(2026, 3, 3))
RACHEL_KNOWN = Known("Rachel", "31301", "Regional Hospital", "Truro")


def told(one: Profile, other: Profile, a: Known = KNOWN, b: Known = RACHEL_KNOWN) -> list[Sentence]:
    with override("en"):
        return sentences(Affinity((one,), (other,)).parts(0, 0), a, b)


def test_all_reasons_of_a_good_pair_the_strongest_first() -> None:
    assert [sentence.text for sentence in told(AMINA, RACHEL)] == [
        "Same occupation: registered nurses and registered psychiatric nurses (31301).",
        "Wants to meet Regional Hospital, where Rachel works.",
        "Both speak French (NCLC 9).",
        "Both live in Truro.",
        "Rachel has also lived through arriving in a new country.",
        "An interest in common: Choir.",
        "Waiting since 3 March 2026.",
        "Both speak English (CLB 8).",
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("31300", "Closely related occupations"),
        ("31209", "Related occupations"),
        ("32101", "Same broad field"),
    ],
)
def test_related_occupations_are_called_by_what_they_share(code: str, text: str) -> None:
    found = told(AMINA, replace(RACHEL, occupation=code), b=replace(RACHEL_KNOWN, occupation=code))
    assert any(sentence.text.startswith(text) for sentence in found)
    assert all(sentence.text.endswith(".") for sentence in found)


def test_what_speaks_against_a_pair_comes_last_and_is_marked() -> None:
    far = replace(RACHEL, occupation="72106", location=(46.088, -64.778), languages=(("en", 12),))
    found = told(AMINA, far, b=Known("Rachel", "72106", "Regional Hospital", "Moncton"))
    weak = [sentence.text for sentence in found if sentence.weak]
    assert found[-len(weak) :] == [sentence for sentence in found if sentence.weak]
    assert any(text.startswith("Different fields of work") for text in weak)
    assert "141 km apart; both accept video." in weak


def test_what_is_not_known_is_said_and_marked() -> None:
    found = told(
        replace(AMINA, occupation=None, location=None), RACHEL, a=Known("Amina", waiting_since=None)
    )
    assert [sentence.text for sentence in found if sentence.weak] == [
        "The occupation of Amina is not known.",
        "The community of Amina is not known, so neither is the distance.",
    ]


def test_a_level_that_is_not_stated_is_not_made_up() -> None:
    found = told(replace(AMINA, languages=(("tl", None),)), replace(RACHEL, languages=(("tl", 9),)))
    assert "Both speak Tagalog." in [sentence.text for sentence in found]


def test_points_of_the_sentences_never_exceed_the_score() -> None:
    score = Affinity((AMINA,), (RACHEL,)).parts(0, 0).score
    assert sum(sentence.points for sentence in told(AMINA, RACHEL)) <= score


def test_somebody_left_out_is_told_each_cause_with_its_number() -> None:
    left = Unplaced("c", "all_suitable_full", (("full", 1), ("no_common_language", 12)))
    with override("en"):
        assert [sentence.text for sentence in why_unplaced(left, 13)] == [
            "Every suitable Connector is taken by matches that count for more.",
            "1 Connector would suit, but has no place left.",
            "12 Connectors share no language at a usable level.",
        ]
        assert why_unplaced(replace(left, counts=()), 0)[0].text == (
            "There is no Connector in this round."
        )
