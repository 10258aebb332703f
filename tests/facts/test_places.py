"""Places: reading, finding, measuring."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeroot.facts import places
from takeroot.facts.places import by_id, distance_km, nearest, resolve, search

PLACES = st.sampled_from(places.places())


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("Truro, NS", "truro-ns"),
        ("truro", "truro-ns"),
        ("TRURO (Nova Scotia)", "truro-ns"),
        ("Truro, N.-É.", "truro-ns"),
        ("Montréal (QC)", "montreal-qc"),
        ("montreal", "montreal-qc"),
        ("St Johns Newfoundland", "st-john-s-nl"),
        ("Saint John's, T.-N.-L.", "st-john-s-nl"),
        ("Saint John", "st-john-nb"),
        ("St. John NB", "st-john-nb"),
        ("Quebec City", "quebec-qc"),
        ("Québec", "quebec-qc"),
        ("Halifax, Nova Scotia, Canada", "halifax-ns"),
        ("Dartmouth, NS", "halifax-ns"),
        ("Charlottetown Île-du-Prince-Édouard", "charlottetown-pe"),
        ("Grand-Sault", "grand-falls-nb"),
    ],
)
def test_places_are_read_as_people_write_them(text: str, place_id: str) -> None:
    place = resolve(text).place
    assert place is not None
    assert place.id == place_id


def test_a_name_of_several_places_is_not_guessed() -> None:
    answer = resolve("Stratford")
    assert answer.place is None
    assert {"stratford-on", "stratford-pe"} <= {p.id for p in answer.alternatives}


def test_the_home_province_decides_between_equal_names() -> None:
    place = resolve("Stratford", home="PE").place
    assert place is not None
    assert place.id == "stratford-pe"
    assert resolve("Toronto", home="PE").place == by_id("toronto-on")


def test_the_clearly_largest_is_meant_and_the_others_are_named() -> None:
    answer = resolve("Windsor")
    assert answer.place is by_id("windsor-on")
    assert by_id("windsor-ns") in answer.alternatives


@pytest.mark.parametrize("text", ["", "  ", "?", "Nova Scotia", "Xyzzy, NS", "Paris"])
def test_what_names_no_place_gives_none(text: str) -> None:
    assert resolve(text).place is None


def test_a_misspelt_place_is_offered_not_taken() -> None:
    answer = resolve("Charlotetown")
    assert answer.place is None
    assert answer.alternatives[0].id == "charlottetown-pe"


@given(PLACES)
def test_every_place_is_found_by_its_name_and_province(place: places.Place) -> None:
    for lang in ("en", "fr"):
        answer = resolve(f"{place.name(lang)}, {place.province}")
        assert place == answer.place or place in answer.alternatives
        assert place in search(f"{place.name(lang)} ({place.province})", 5)


@given(st.text(max_size=40))
def test_any_text_is_read_without_failing(text: str) -> None:
    answer = resolve(text)
    assert answer.place not in answer.alternatives
    assert len(search(text, 3)) <= 3


@given(PLACES, PLACES, PLACES)
def test_distance_is_a_distance(a: places.Place, b: places.Place, c: places.Place) -> None:
    assert distance_km(a, a) == 0
    assert math.isclose(distance_km(a, b), distance_km(b, a))
    assert distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-6
    assert 0 <= distance_km(a, b) < 6500


def test_distance_is_that_of_the_map() -> None:
    truro, halifax = by_id("truro-ns"), by_id("halifax-ns")
    assert truro is not None
    assert halifax is not None
    assert 80 < distance_km(truro, halifax) < 90


@given(PLACES)
def test_a_place_is_nearest_to_itself(place: places.Place) -> None:
    found = nearest(place.latitude, place.longitude)
    assert distance_km(found, place) < 0.5


def test_provinces_have_names_in_both_languages() -> None:
    assert len(places.PROVINCES) == 13
    assert places.PROVINCES["NB"].name("fr") == "Nouveau-Brunswick"
    assert places.province_code("nouvelle-ecosse") == "NS"
    assert places.province_code("P.E.I.") == "PE"
    assert places.province_code("Maine") is None


def test_names_without_a_french_form_stay_as_they_are() -> None:
    place = by_id("truro-ns")
    assert place is not None
    assert place.name("fr") == "Truro"
    assert place.label("fr") == "Truro (NS)"


def test_newfoundland_is_half_an_hour_off_and_labrador_is_not() -> None:
    zones = {p: by_id(p) for p in ("gander-nl", "labrador-city-nl", "l-anse-au-loup-nl")}
    found = {p: place.timezone for p, place in zones.items() if place is not None}
    assert found == {
        "gander-nl": "America/St_Johns",
        "labrador-city-nl": "America/Goose_Bay",
        "l-anse-au-loup-nl": "America/St_Johns",
    }
