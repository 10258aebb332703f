"""Language tests and benchmark levels."""

from __future__ import annotations

import datetime as dt
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeroot.facts import language


@pytest.mark.parametrize(
    ("test", "ability", "score", "level"),
    [
        ("IELTS General Training", "listening", "6.5", 7),
        ("IELTS General Training", "listening", "7,5", 8),
        ("IELTS General Training", "reading", 3.5, 4),
        ("IELTS General Training", "writing", 9, 10),
        ("ielts general training", "writing", 3.5, None),
        ("IELTS General Training", "writing", 9.5, None),
        ("CELPIP-General", "speaking", 7, 7),
        ("CELPIP-General", "speaking", 12, 10),
        ("CELPIP-General", "speaking", 3, None),
        ("PTE Core", "writing", 90, 10),
        ("TCF Canada", "listening", 458, 7),
        ("TCF Canada", "writing", 6, 5),
        ("TEF Canada", "reading", 352, 5),
        ("TOEFL", "reading", 20, None),
        ("PTE Core", "singing", 60, None),
        ("PTE Core", "reading", "abc", None),
        ("PTE Core", "reading", "NaN", None),
    ],
)
def test_a_score_means_a_level(
    test: str, ability: str, score: str | float, level: int | None
) -> None:
    assert language.level(test, ability, score) == level


def test_the_day_of_the_test_picks_the_chart() -> None:
    assert language.level("TEF Canada", "listening", 350, dt.date(2022, 5, 1)) == 5
    assert language.level("TEF Canada", "listening", 350, dt.date(2024, 5, 1)) == 4
    assert language.level("TEF Canada", "listening", 350, dt.date(2018, 5, 1)) is None


def test_bands_of_a_chart_touch_and_rise() -> None:
    def chart(b: language.ScoreBand) -> tuple[str, str, str]:
        return b.test, b.ability, str(b.taken_from)

    bands = sorted(language.bands(), key=lambda b: (*chart(b), b.level))
    for key, group in groupby(bands, key=chart):
        for low, high in pairwise(group):
            assert high.level == low.level + 1, key
            assert low.low <= low.high < high.low, key
            assert high.low - low.high <= 1, key
    assert all(language.CLB_MIN <= b.level <= language.CLB_MAX for b in bands)
    assert all(b.above == (b.level == 10) for b in bands)


@given(
    st.sampled_from(language.names_of_tests()),
    st.sampled_from(language.ABILITIES),
    st.floats(0, 700),
    st.floats(0, 700),
)
def test_a_better_score_never_means_a_lower_level(
    test: str, ability: str, one: float, two: float
) -> None:
    low, high = sorted((round(one), round(two)))
    levels = language.level(test, ability, low), language.level(test, ability, high)
    assert None in levels or levels[0] <= levels[1]  # type: ignore[operator]


def test_tests_are_listed_by_language() -> None:
    assert set(language.names_of_tests("fr")) == {"TCF Canada", "TEF Canada"}
    assert "IELTS General Training" in language.names_of_tests("en")
    assert "Immigration, Refugees and Citizenship Canada" in language.source()
