"""Occupations: codes, titles, hierarchy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeroot.facts import noc


def test_a_unit_group_knows_its_titles_and_groups() -> None:
    nurses = noc.unit_group("31301")
    assert nurses is not None
    assert nurses.title("en") == "Registered nurses and registered psychiatric nurses"
    assert nurses.title("fr-ca").startswith("Infirmiers autorisés")
    assert nurses.label("en") == f"31301 – {nurses.title_en}"
    assert nurses.teer == 1
    groups = (nurses.broad, nurses.major, nurses.sub_major, nurses.minor)
    assert groups == ("3", "31", "313", "3130")
    for code in groups:
        assert noc.group_title(code, "en")
        assert noc.group_title(code, "fr") != noc.group_title(code, "en")


def test_unknown_codes_give_nothing() -> None:
    assert noc.unit_group("99999") is None
    assert noc.group_title("99", "en") is None
    assert noc.group_title("", "fr") is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31301", "31301"),
        (" 31301 ", "31301"),
        ("NOC 31301", "31301"),
        ("noc: 31301 - Nurses", "31301"),
        ("CNP 2021 31301", "31301"),
        ("31301 – Infirmiers autorisés", "31301"),
        ("31301.0", "31301"),
        ("313010", None),
        ("99999", None),
        ("3012", None),
        ("nurse 31301", None),
        ("", None),
    ],
)
def test_a_code_is_read_from_the_start_of_a_cell(cell: str, code: str | None) -> None:
    assert noc.code_in(cell) == code


@given(st.text())
def test_any_text_gives_a_known_code_or_none(text: str) -> None:
    code = noc.code_in(text)
    assert code is None or noc.unit_group(code) is not None
