"""Finding an occupation by what people type."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeroot.facts import noc, titles
from takeroot.facts.tables import read_table
from takeroot.facts.titles import Resolution, resolve, search

CODES = {u.code for u in noc.unit_groups()}
TYPED = "nurse inf. RN infirmière soudeur of de - ( ) / 6G senior é œ NOC 1"
WORDS = st.sampled_from(TYPED.split())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("registerd nurse", "31301"),
        ("R.N.", "31301"),
        ("ELECTRICAIN", "72200"),
        ("electricienne", "72200"),
        ("Chauffeuse d’autobus", "73301"),
        ("plumbers", "72300"),
        ("hairdreser", "63210"),
        ("infirmiers autorises", "31301"),
        ("asst. mgr. restaurant", "60030"),
        ("bookeeper", "12200"),
        ("31301", "31301"),
        ("pâtissière", "63202"),
        ("ingenieure civile", "21300"),
        ("fork-lift operator", "75101"),
    ],
)
def test_typed_titles_find_their_occupation_among_the_first_five(typed: str, code: str) -> None:
    assert code in [hit.code for hit in search(typed)]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=6).map(" ".join)))
def test_search_never_fails_and_gives_distinct_unit_groups(text: str) -> None:
    hits = search(text, 5)
    codes = [h.code for h in hits]
    assert len(codes) == len(set(codes)) <= 5
    assert set(codes) <= CODES
    assert all(0 < h.score <= 1 and h.matched for h in hits)
    answer = resolve(text)
    assert answer.code is None or answer.code in CODES
    assert answer.code is not None or not answer.confident


@given(st.integers(max_value=8))
def test_search_gives_at_most_the_limit(limit: int) -> None:
    assert len(search("manager", limit)) == max(limit, 0)


def test_case_accents_and_gender_do_not_matter() -> None:
    forms = ("Infirmière auxiliaire", "INFIRMIER AUXILIAIRE", "infirmieres auxiliaires")
    assert {search(form)[0].code for form in forms} == {"32101"}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_unit_group_title_resolves_to_its_own_code(lang: str) -> None:
    for group in noc.unit_groups():
        answer = resolve(group.title(lang))
        assert (answer.code, answer.confident) == (group.code, True), group.title(lang)


def test_official_job_titles_find_their_unit_group_among_the_first_five() -> None:
    rows = random.Random(2021).sample(read_table("job_titles_en"), 250)
    for row in rows:
        assert row["code"] in [h.code for h in search(row["title"])], row


def test_one_wrong_letter_rarely_hides_an_occupation() -> None:
    rng = random.Random(7)
    rows = [r for r in read_table("job_titles_en") if r["example"] == "1" and len(r["title"]) > 7]
    found = 0
    for row in (sample := rng.sample(rows, 100)):
        title, at = row["title"], rng.randrange(2, len(row["title"]) - 1)
        typed = title[:at] + title[at + 1 :]
        found += row["code"] in [h.code for h in search(typed)]
    assert found >= 0.95 * len(sample)


@pytest.mark.parametrize(
    "cell", ["NOC 72106", "72106 - Welders", "welder", "Soudeuse", "Welder (MIG)"]
)
def test_a_code_or_a_plain_title_is_sure(cell: str) -> None:
    answer = resolve(cell)
    assert (answer.code, answer.confident) == ("72106", True)


@pytest.mark.parametrize("cell", ["engineer", "teacher", "HR", "manager", "enseignante"])
def test_a_title_of_several_occupations_is_a_guess_with_alternatives(cell: str) -> None:
    answer = resolve(cell)
    assert answer.code is not None
    assert not answer.confident
    assert len(answer.alternatives) > 1


@pytest.mark.parametrize(
    "cell", ["", "   ", "n/a", "unknown", "xyzzy plugh", "retired", "étudiante", "99999", "?", "A"]
)
def test_what_names_no_occupation_gives_no_code(cell: str) -> None:
    answer = resolve(cell)
    assert isinstance(answer, Resolution)
    assert answer.code is None
    assert not answer.confident


def test_the_same_query_gives_the_same_answer() -> None:
    titles.search.cache_clear()
    first = search("accounting cleark")
    titles.search.cache_clear()
    assert search("accounting cleark") == first
