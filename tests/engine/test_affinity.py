"""Scores are sums of named parts; what forbids a pair has a cause."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeroot.engine.matching import CAUSES, Affinity, Profile, Settings, Weights
from takeroot.engine.matching.profiles import MODES

NURSE, NURSE_HEAD, WELDER = "31301", "31300", "72106"
TRURO, HALIFAX, MONCTON = (45.365, -63.280), (44.648, -63.575), (46.088, -64.778)
ANNA = Profile("anna", occupation=NURSE, languages=(("en", 8),), location=TRURO)
BEN = Profile("ben", occupation=NURSE, languages=(("en", 12),), location=TRURO)


def parts(one: Profile, other: Profile, chosen: Settings | None = None):  # type: ignore[no-untyped-def]
    return Affinity((one,), (other,), chosen).parts(0, 0)


codes = st.sampled_from([NURSE, NURSE_HEAD, WELDER, "31302", "21223", "72310", None])
languages = st.lists(
    st.tuples(st.sampled_from(["en", "fr", "tl", "ar"]), st.none() | st.integers(1, 12)),
    max_size=3,
    unique_by=lambda pair: pair[0],
).map(tuple)
words = st.frozensets(st.sampled_from("abcdef"), max_size=4)
profiles = st.builds(
    Profile,
    id=st.just(""),
    person=st.sampled_from(["", "x", "y"]),
    occupation=codes,
    industry=st.sampled_from([None, "health", "metal"]),
    languages=languages,
    interests=words,
    wanted=words,
    organization=st.none() | st.sampled_from("abc"),
    mode=st.sampled_from(MODES),
    location=st.sampled_from([TRURO, HALIFAX, MONCTON, None]),
    waiting_days=st.integers(0, 400),
    not_with=st.frozensets(st.sampled_from(["0", "1", "2"]), max_size=1),
    lived=st.booleans(),
    capacity=st.integers(0, 2),
)


def numbered(people: list[Profile]) -> tuple[Profile, ...]:
    return tuple(replace(person, id=str(k)) for k, person in enumerate(people))


@given(st.lists(profiles, max_size=5), st.lists(profiles, max_size=5))
@settings(max_examples=60, deadline=None)
def test_every_score_is_the_sum_of_its_parts_and_lies_between_0_and_1000(
    agents: list[Profile], hosts: list[Profile]
) -> None:
    affinity = Affinity(numbered(agents), numbered(hosts))
    assert affinity.scores.causes is not None
    for i in range(len(agents)):
        for j in range(len(hosts)):
            told = affinity.parts(i, j)
            assert 0 <= told.score <= 1000
            assert told.score == affinity.scores.values[i, j]
            cause = affinity.scores.causes[i, j]
            assert told.cause == (CAUSES[cause - 1] if cause else "")


def test_perfect_partners_score_1000() -> None:
    one = replace(
        ANNA,
        industry="health",
        languages=(("en", 10), ("tl", 9)),
        interests=frozenset("abc"),
        wanted=frozenset({"hospital"}),
        waiting_days=500,
    )
    other = replace(
        BEN,
        industry="health",
        languages=(("en", 12), ("tl", 9)),
        interests=frozenset("abc"),
        organization="hospital",
        lived=True,
    )
    assert parts(one, other).score == 1000


@pytest.mark.parametrize(
    ("code", "digits", "points"),
    [("31301", 5, 350), ("31300", 4, 280), ("31303", 4, 280), ("31209", 2, 140), ("32101", 1, 70),
     ("72106", 0, 0)],
)  # fmt: skip
def test_occupations_are_near_by_the_digits_of_noc_they_share(
    code: str, digits: int, points: int
) -> None:
    told = parts(ANNA, replace(BEN, occupation=code))
    assert (told.occupation_digits, told.points["occupation"]) == (digits, points)


def test_an_unknown_occupation_earns_nothing_and_forbids_nothing() -> None:
    told = parts(replace(ANNA, occupation=None), BEN)
    assert (told.occupation_digits, told.points["occupation"], told.cause) == (None, 0, "")


@pytest.mark.parametrize(
    ("one", "other", "cause", "common"),
    [
        ((("en", 3),), (("en", 12),), "no_common_language", ()),
        ((("en", 4),), (("en", 12),), "", (("en", 4),)),
        ((("en", None),), (("en", 12),), "", (("en", None),)),
        ((("tl", None),), (("tl", None),), "", (("tl", None),)),
        ((("fr", 9),), (("en", 9),), "no_common_language", ()),
        ((("tl", 9), ("en", 6), ("fr", 8)), (("fr", 7), ("en", 12), ("tl", 9)), "",
         (("fr", 7), ("en", 6), ("tl", 9))),
    ],
)  # fmt: skip
def test_a_common_language_counts_from_the_usable_level_up(
    one: tuple[tuple[str, int | None], ...],
    other: tuple[tuple[str, int | None], ...],
    cause: str,
    common: tuple[tuple[str, int | None], ...],
) -> None:
    told = parts(replace(ANNA, languages=one), replace(BEN, languages=other))
    assert (told.cause, told.languages) == (cause, common)


@pytest.mark.parametrize(
    ("one", "other", "place", "cause"),
    [
        ("in_person", "video", TRURO, "modes_differ"),
        ("in_person", "either", HALIFAX, ""),
        ("in_person", "either", MONCTON, "too_far"),
        ("video", "either", MONCTON, ""),
        ("either", "either", MONCTON, ""),
        ("in_person", "in_person", None, ""),
    ],
)
def test_people_must_be_able_to_meet(
    one: str, other: str, place: tuple[float, float] | None, cause: str
) -> None:
    told = parts(replace(ANNA, mode=one), replace(BEN, mode=other, location=place))  # type: ignore[arg-type]
    assert told.cause == cause


def test_the_radius_is_a_setting() -> None:
    near = Settings(radius_km=50)
    assert parts(replace(ANNA, mode="in_person"), replace(BEN, location=HALIFAX), near).cause == (
        "too_far"
    )


def test_a_conflict_stated_by_either_side_forbids_the_pair() -> None:
    assert parts(replace(ANNA, not_with=frozenset({"ben"})), BEN).cause == "not_with"
    assert parts(ANNA, replace(BEN, not_with=frozenset({"anna"}))).cause == "not_with"


def test_somebody_without_capacity_and_oneself_are_no_match() -> None:
    assert parts(ANNA, replace(BEN, capacity=0)).cause == "no_capacity"
    assert parts(replace(ANNA, person="p"), replace(BEN, person="p")).cause == "same_person"


def test_distance_is_the_great_circle() -> None:
    km = parts(ANNA, replace(BEN, location=HALIFAX)).distance_km
    assert km is not None
    assert 82 < km < 84


def test_weights_must_add_up_to_1000() -> None:
    with pytest.raises(ValueError, match="1000"):
        Weights(occupation=351)


def test_half_a_hundred_by_forty_is_the_same_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    people = numbered([replace(ANNA, waiting_days=k) for k in range(50)])
    hosts = numbered([BEN] * 40)
    whole = Affinity(people, hosts).scores.values
    monkeypatch.setattr("takeroot.engine.matching.affinity._BLOCK", 7)
    assert np.array_equal(whole, Affinity(people, hosts).scores.values)
