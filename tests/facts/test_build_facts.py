"""The script that builds the tables: same input, same bytes; bad input, a sentence."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "build_facts.py"


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def community(name: str, number: str, csd: str) -> dict[str, str]:
    return {"community_id": name, "province": "NS", "csd_code": csd, "geonames_id": number}


def town(name: str, latitude: float, population: int) -> dict[str, object]:
    return {
        "name": name, "latitude": latitude, "longitude": -63.0, "countrycode": "CA",
        "population": population, "timezone": "America/Halifax",
    }  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    levels = ["9", "99", "999", "9999"]
    write(
        folder / "noc/noc2021_structure.csv",
        [
            {"level": str(len(c)), "code": c, "parent_code": c[:-1], "title_en": f"Group {c}",
             "title_fr": f"Groupe {c}", "definition_en": "A long passage."}
            for c in levels
        ],
    )  # fmt: skip
    write(
        folder / "noc/noc2021_unit_groups.csv",
        [{"noc2021": "99990", "title_en": "Inventors", "title_fr": "Inventeurs/inventrices",
          "definition_en": "A long passage."}],
    )  # fmt: skip
    write(
        folder / "noc/noc2021_job_titles_en.csv",
        [{"noc2021": "99990", "job_title_en": "Inventor  of  things", "illustrative_example": "1"}],
    )
    write(
        folder / "noc/cops_2024_2033_summary.csv",
        [{"code": "99990", "employment_2023": "1200"}, {"code": "TEER_0", "employment_2023": "9"}],
    )
    band = {"test": "T", "language": "en", "ability": "reading", "clb_nclc_level": "4",
            "score_min": "1", "score_max": "2", "level_means_and_above": "no",
            "tests_taken_from": "", "tests_taken_to": ""}  # fmt: skip
    write(
        folder / "language/clb_nclc_equivalency.csv",
        [{**band, "source": "a page"}, {**band, "source": "recalled, to be verified"}],
    )
    write(
        folder / "communities/communities.csv",
        [
            community("bigcity-ns", "1", "1201001"),
            community("northend-ns", "2", ""),
            community("village-ns", "3", ""),
            community("only-elsewhere-ns", "", "1201009"),
        ],
    )
    write(
        folder / "communities/census_subdivisions_2021.csv",
        [{"csd_code": "1201001", "name": "Bigcity", "province": "NS"}],
    )
    known = {
        "1": town("Bigcity", 45.0, 150_000),
        "2": town("North End", 45.05, 9_000),
        "3": town("Village", 46.0, 0),
    }
    (folder / "geonames").mkdir()
    (folder / "geonames/cities500.json").write_text(json.dumps(known), encoding="utf-8")
    return folder


def run(source: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), str(source), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def table(out: Path, stem: str) -> list[dict[str, str]]:
    with (out / f"{stem}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_same_input_gives_the_same_bytes(source: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = run(source, tmp_path / name)
        assert done.returncode == 0, done.stderr
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two")
    )
    assert one == two
    assert "MANIFEST.csv" in one


def test_what_may_not_be_shipped_is_left_out(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(source, out)
    assert [r["id"] for r in table(out, "places")] == ["bigcity-ns", "village-ns"]
    assert table(out, "places")[1]["population"] == ""
    assert [r["name"] for r in table(out, "place_aliases")] == ["North End"]
    assert len(table(out, "language_equivalence")) == 1
    assert table(out, "job_titles_en")[0]["title"] == "Inventor of things"
    assert [r["code"] for r in table(out, "employment")] == ["99990"]
    shipped = b"".join(p.read_bytes() for p in out.iterdir())
    assert b"A long passage" not in shipped


def test_a_missing_file_or_column_is_named_and_nothing_is_written(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (source / "noc/noc2021_job_titles_en.csv").write_text("wrong\n1\n", encoding="utf-8")
    done = run(source, out)
    assert done.returncode == 2
    assert "noc/noc2021_job_titles_en.csv has no column noc2021" in done.stderr
    (source / "noc/noc2021_job_titles_en.csv").unlink()
    done = run(source, out)
    assert "noc/noc2021_job_titles_en.csv is missing" in done.stderr
    assert not out.exists()
