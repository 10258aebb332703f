"""Cells as people type them, in either language."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from takeroot.common.tables import CellError
from takeroot.connections.cells import (
    language_code,
    organization_key,
    read_capacity,
    read_date,
    read_languages,
    read_list,
    read_mode,
    read_words,
    read_yes_no,
)
from takeroot.connections.records import read_community, read_occupation

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("en:8;fr:5", (("en", 8), ("fr", 5))),
        (" EN : 8 ; FR : 5 ; ", (("en", 8), ("fr", 5))),
        ("en:8, fr:5", (("en", 8), ("fr", 5))),
        ("English (8); français", (("en", 8), ("fr", None))),
        ("anglais 8; French CLB 5", (("en", 8), ("fr", 5))),
        ("fr : NCLC 9", (("fr", 9),)),
        ("tl", (("tl", None),)),
        ("Tagalog:12;Filipino:3", (("tl", 3),)),
        ("en-8; fr - 5", (("en", 8), ("fr", 5))),
        ("fra:7", (("fr", 7),)),
        ("en-CA:10", (("en", 10),)),
        ("Arabe;Ukrainian;pendjabi", (("ar", None), ("uk", None), ("pa", None))),
        ("mandarin", (("zh", None),)),
    ],
)
def test_languages_are_read(text: str, value: object) -> None:
    assert read_languages(text) == value


@pytest.mark.parametrize("text", ["", ";", "xx:8", "en:13", "en:0", "en:eight", "klingonese", "8",
                                  "en:8;xx", "en:-1", "en:8.5"])  # fmt: skip
def test_unknown_languages_and_levels_are_refused(text: str) -> None:
    with pytest.raises(CellError) as refused:
        read_languages(text)
    assert "“" in refused.value.expected


def test_a_language_is_known_by_code_and_by_name_in_both_languages() -> None:
    assert {language_code(t) for t in ("es", "spa", "Spanish", "ESPAGNOL", "es-MX")} == {"es"}
    assert language_code("root") is None


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("in_person", "in_person"), ("In person", "in_person"), ("en_personne", "in_person"),
        ("présentiel", "in_person"), ("video", "video"), ("Vidéo", "video"),
        ("à distance", "video"),
        ("either", "either"), ("indifférent", "either"), ("Les deux", "either"),
        ("l’un ou l’autre", "either"),
    ],
)  # fmt: skip
def test_modes_are_read_in_both_languages(text: str, mode: str) -> None:
    assert read_mode(text) == mode


@pytest.mark.parametrize("text", ["", "maybe", "telepathy"])
def test_an_unknown_mode_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_mode(text)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("2", 2), ("2.0", 2), ("1000", 1000)])
def test_capacities_are_whole_numbers(text: str, value: int) -> None:
    assert read_capacity(text) == value


@pytest.mark.parametrize("text", ["", "-1", "two", "1.5", "1001", "9" * 40, "٣", "1e3"])
def test_other_capacities_are_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_capacity(text)


@pytest.mark.parametrize(
    "text",
    ["2026-03-05", "2026/03/05", "2026/3/5", "2026.03.05", "20260305", "5 March 2026",
     "March 5, 2026", "5 mars 2026", "Mar. 5 2026", "2026-03-05 00:00:00", "2026-03-05T09:30Z",
     "46086"],
)  # fmt: skip
def test_dates_are_read(text: str) -> None:
    assert read_date(text, TODAY) == dt.date(2026, 3, 5)


def test_a_day_and_month_that_cannot_be_confused_are_read() -> None:
    assert read_date("25/03/2026", TODAY) == read_date("03/25/2026", TODAY)
    assert read_date("1er juin 2026", TODAY) == read_date("6/6/2026", TODAY).replace(day=1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("05/03/2026", "can be confused"),
        ("2026-02-30", "YYYY-MM-DD"),
        ("soon", "YYYY-MM-DD"),
        ("2026-11-23", "not in the future"),
        ("05/03/26", "can be confused"),
        ("1811-01-01", "YYYY-MM-DD"),
    ],
)
def test_other_dates_are_refused(text: str, words: str) -> None:
    with pytest.raises(CellError, match=words):
        read_date(text, TODAY)


def test_lists_are_parted_by_semicolons_and_words_also_by_commas() -> None:
    assert read_list("Smith, Brown and Co; ACME ;; ACME") == ("Smith, Brown and Co", "ACME")
    assert read_words("hiking, choir") == ("hiking", "choir")
    assert read_words("hiking, alone; choir") == ("hiking, alone", "choir")


def test_yes_and_no_and_what_was_lived() -> None:
    assert [read_yes_no(t) for t in ("yes", "Oui", "1", "came in 2014", "no", "Non", "0")] == (
        [True] * 4 + [False] * 3
    )


@pytest.mark.parametrize(
    "name", ["ACME", "Acme Inc.", "The ACME Co., Ltd.", "L’ACMÉ ltée", " acme  corporation "]
)
def test_organizations_are_one_by_their_own_name(name: str) -> None:
    assert organization_key(name) == "acme"


def test_an_organization_of_legal_words_only_keeps_them() -> None:
    assert organization_key("The Company") == "the company"


@pytest.mark.parametrize(
    ("text", "code"),
    [("31301", "31301"), ("NOC 31301", "31301"), ("10", "00010"), ("registered nurse", "31301"),
     ("soudeur", "72106")],
)  # fmt: skip
def test_occupations_are_codes_or_titles(text: str, code: str) -> None:
    assert read_occupation(text) == code


def test_a_misspelt_title_is_read_and_told() -> None:
    with pytest.raises(CellError, match="read as") as told:
        read_occupation("registred nurse")
    assert told.value.value == "31301"


@pytest.mark.parametrize(("text", "words"), [("99999", "“31301”"), ("manager", "perhaps"),
                                             ("xyzzy", "“31301”")])  # fmt: skip
def test_an_unknown_occupation_is_refused_with_the_nearest(text: str, words: str) -> None:
    with pytest.raises(CellError, match=words) as refused:
        read_occupation(text)
    assert refused.value.value is None


def test_a_community_is_found_with_its_province() -> None:
    assert read_community("truro, ns").name("en") == "Truro"
    with pytest.raises(CellError, match="a community"):
        read_community("Xyzzyville, NS")


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text: str) -> None:
    with override("fr"):
        for read in (read_languages, read_mode, read_capacity, read_list, read_words,
                     read_yes_no, organization_key, lambda t: read_date(t, TODAY)):  # fmt: skip
            try:
                read(text)
            except CellError as refused:
                assert refused.expected  # noqa: PT017
