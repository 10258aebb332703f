"""The shipped tables are whole, valid and what the manifest says."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from takeroot.facts import credits, tables
from takeroot.facts.places import PROVINCES
from takeroot.facts.tables import FOLDER, manifest, read_table

CODES = {r["code"] for r in read_table("noc_unit_groups")}


def test_manifest_names_every_table_with_its_hash_and_rows() -> None:
    files = {p.name for p in FOLDER.iterdir()} - {"MANIFEST.csv"}
    assert {t.table for t in manifest()} == files
    for info in manifest():
        data = (FOLDER / info.table).read_bytes()
        assert hashlib.sha256(data).hexdigest() == info.sha256, info.table
        text = gzip.decompress(data) if info.table.endswith(".gz") else data
        rows = list(csv.DictReader(io.StringIO(text.decode("utf-8"))))
        assert len(rows) == info.rows, info.table
        assert all(None not in r and None not in r.values() for r in rows), info.table
        assert info.source, info.table
        assert info.licence, info.table
        assert info.date, info.table


def test_no_table_holds_passages_of_text() -> None:
    for info in manifest():
        for row in read_table(info.table.split(".")[0]):
            assert all(len(value) < 260 for value in row.values()), (info.table, row)


def test_no_table_names_a_source_we_may_not_ship() -> None:
    for info in manifest():
        if info.table.startswith("synonyms"):
            continue
        text = " ".join(" ".join(r.values()) for r in read_table(info.table.split(".")[0]))
        for word in ("simplemaps", "recalled", "CC BY-SA"):
            assert word not in text + info.source + info.licence, (info.table, word)


def test_unit_groups_have_five_digits_and_their_teer_is_the_second() -> None:
    rows = read_table("noc_unit_groups")
    assert len(rows) == 516 == len(CODES)
    for r in rows:
        assert len(r["code"]) == 5
        assert r["code"].isdigit()
        assert r["teer"] == r["code"][1]
        assert r["title_en"]
        assert r["title_fr"]


def test_every_group_hangs_under_its_parent() -> None:
    rows = {r["code"]: r for r in read_table("noc_groups")}
    assert {len(c) for c in rows} == {1, 2, 3, 4}
    for code, r in rows.items():
        assert r["parent"] == code[:-1]
        assert not r["parent"] or r["parent"] in rows
    assert all(code[:4] in rows for code in CODES)


@pytest.mark.parametrize("stem", ["synonyms_en", "synonyms_fr", "job_titles_en", "employment"])
def test_every_title_leads_to_a_unit_group(stem: str) -> None:
    for r in read_table(stem):
        codes = (r.get("codes") or r["code"]).split(";")
        assert set(codes) <= CODES, r
        assert len(codes) == len(set(codes)), r


@pytest.mark.parametrize("stem", ["synonyms_en", "synonyms_fr", "word_forms"])
def test_hand_written_tables_have_no_line_twice(stem: str) -> None:
    first = [next(iter(r.values())).casefold() for r in read_table(stem)]
    assert sorted(first) == sorted(set(first))


def test_job_titles_are_not_repeated() -> None:
    titles = [(r["code"], r["title"]) for r in read_table("job_titles_en")]
    assert len(titles) == len(set(titles)) > 27_900


def test_places_lie_in_canada_with_a_real_time_zone() -> None:
    rows = read_table("places")
    assert len({r["id"] for r in rows}) == len({r["geonames_id"] for r in rows}) == len(rows)
    codes = [r["csd_code"] for r in rows if r["csd_code"]]
    assert len(codes) == len(set(codes))
    zones = {r["timezone"] for r in rows}
    for zone in zones:
        assert ZoneInfo(zone).key == zone
    assert not zones & {"America/Detroit", "America/New_York"}
    for r in rows:
        assert 41.6 < float(r["latitude"]) < 83.2
        assert -141.1 < float(r["longitude"]) < -52.6
        assert r["province"] in PROVINCES
        assert not r["csd_code"] or len(r["csd_code"]) == 7
        assert bool(r["population"]) == (r["population_basis"] == "GeoNames")
        assert not r["population"] or int(r["population"]) > 0


def test_census_codes_begin_with_the_number_of_the_province() -> None:
    order = ("NL", "PE", "NS", "NB", "QC", "ON", "MB", "SK", "AB", "BC", "YT", "NT", "NU")
    codes = ("10", "11", "12", "13", "24", "35", "46", "47", "48", "59", "60", "61", "62")
    numbers = dict(zip(order, codes, strict=True))
    for r in read_table("places"):
        assert not r["csd_code"] or r["csd_code"].startswith(numbers[r["province"]]), r


def test_borrowed_names_lead_to_a_place_of_the_same_province() -> None:
    provinces = {r["id"]: r["province"] for r in read_table("places")}
    for stem in ("place_aliases", "place_nicknames"):
        for r in read_table(stem):
            assert provinces[r["place_id"]] == r["province"], r


def test_credits_cover_every_outside_source() -> None:
    for info in manifest():
        if info.licence != "AGPL-3.0-or-later":
            assert any(c.publisher in info.source for c in credits.credits()), info
    licences = {c.licence for c in credits.credits()}
    assert {"Statistics Canada Open Licence", "CC BY 4.0"} <= licences
    assert "Open Government Licence – Canada" in licences


def test_facts_import_neither_django_nor_other_rooms() -> None:
    code = (
        "import sys\n"
        "from takeroot.facts import credits, language, noc, places, tables, titles\n"
        "titles.search('nurse')\n"
        "bad = [m for m in sys.modules if m.split('.')[0] == 'django'"
        " or m.startswith('takeroot.') and not m.startswith('takeroot.facts')]\n"
        "print(bad)\n"
    )
    source = str(tables.FOLDER.parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": source},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_credits_are_complete_in_french() -> None:
    english, french = credits.credits("en"), credits.credits("fr-ca")
    assert len(english) == len(french)
    for one, other in zip(english, french, strict=True):
        assert one.what != other.what
        assert one.date == other.date
        assert bool(one.licence_url) == bool(other.licence_url)
