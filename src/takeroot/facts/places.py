"""Canadian places: reading what people write, finding, measuring distances.

Sources: GeoNames (CC BY 4.0) and Statistics Canada codes of census subdivisions. Neighbourhoods of
large cities are not places of their own here; their names lead to the city.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from takeroot.facts.tables import read_table
from takeroot.facts.words import is_french, plain

EARTH_RADIUS_KM = 6371.0088
#: A name shared by several places means the largest when it has this many times the people.
DOMINANCE = 5
#: A neighbourhood with this many people is known by its name alone, without the province.
WELL_KNOWN = 20_000


@dataclass(frozen=True, slots=True)
class Province:
    """A province or territory: two-letter code and names; `words` are other ways to write it."""

    code: str
    name_en: str
    name_fr: str
    words: tuple[str, ...] = ()

    def name(self, lang: str) -> str:
        """The name in French when `lang` begins with "fr", else in English."""
        return self.name_fr if is_french(lang) else self.name_en


_PROVINCES = (
    Province(
        "NL",
        "Newfoundland and Labrador",
        "Terre-Neuve-et-Labrador",
        (
            "newfoundland",
            "newfoundland labrador",
            "terre neuve",
            "labrador",
            "nfld",
            "nf",
            "tnl",
            "t n l",
        ),
    ),
    Province(
        "PE", "Prince Edward Island", "Île-du-Prince-Édouard", ("pei", "p e i", "ipe", "i p e")
    ),
    Province("NS", "Nova Scotia", "Nouvelle-Écosse", ("n s", "n e", "ne")),
    Province("NB", "New Brunswick", "Nouveau-Brunswick", ("n b",)),
    Province("QC", "Quebec", "Québec", ("pq", "que")),
    Province("ON", "Ontario", "Ontario", ("ont",)),
    Province("MB", "Manitoba", "Manitoba", ("man",)),
    Province("SK", "Saskatchewan", "Saskatchewan", ("sask",)),
    Province("AB", "Alberta", "Alberta", ("alta", "alb")),
    Province("BC", "British Columbia", "Colombie-Britannique", ("b c", "c b", "cb")),
    Province("YT", "Yukon", "Yukon", ("yk",)),
    Province(
        "NT",
        "Northwest Territories",
        "Territoires du Nord-Ouest",
        ("nwt", "n w t", "tno", "t n o", "t n o"),
    ),
    Province("NU", "Nunavut", "Nunavut"),
)
#: Provinces and territories by code, from east to west, then the north.
PROVINCES: dict[str, Province] = {p.code: p for p in _PROVINCES}


@dataclass(frozen=True, slots=True)
class Place:
    """A community: coordinates in decimal degrees, population with its basis, time zone.

    `population` is None when it is not known. `csd_code` is the 7-digit code of the census
    subdivision of 2021, or empty for a community that is not a municipality of its own.
    """

    id: str
    name_en: str
    name_fr: str
    province: str
    latitude: float
    longitude: float
    population: int | None
    population_basis: str
    timezone: str
    csd_code: str
    geonames_id: str

    def name(self, lang: str) -> str:
        """The name in French when `lang` begins with "fr", else in English."""
        return self.name_fr if is_french(lang) else self.name_en

    def label(self, lang: str) -> str:
        """Name and province for lists: "Truro (NS)"."""
        return f"{self.name(lang)} ({self.province})"


@dataclass(frozen=True, slots=True)
class PlaceResolution:
    """The place that a text means, or None with the places it might mean."""

    place: Place | None
    alternatives: tuple[Place, ...] = ()


@cache
def _by_id() -> dict[str, Place]:
    return {r["id"]: _place(r) for r in read_table("places")}


def _place(r: dict[str, str]) -> Place:
    return Place(
        id=r["id"],
        name_en=r["name"],
        name_fr=r["name_fr"] or r["name"],
        province=r["province"],
        latitude=float(r["latitude"]),
        longitude=float(r["longitude"]),
        population=int(r["population"]) if r["population"] else None,
        population_basis=r["population_basis"],
        timezone=r["timezone"],
        csd_code=r["csd_code"],
        geonames_id=r["geonames_id"],
    )


def places() -> tuple[Place, ...]:
    """All places, in the order of their ids."""
    return tuple(_by_id().values())


def by_id(place_id: str) -> Place | None:
    """The place with this id, or None."""
    return _by_id().get(place_id)


def _key(words: list[str]) -> str:
    return "".join({"st": "saint", "ste": "sainte"}.get(w, w) for w in words)


@cache
def _own() -> dict[str, tuple[Place, ...]]:
    """Name without case, accents, spaces -> the places called so, largest first."""
    index: dict[str, list[Place]] = {}
    for place in sorted(places(), key=_by_size):
        for name in dict.fromkeys((place.name_en, place.name_fr)):
            index.setdefault(_key(plain(name).split()), []).append(place)
    return {key: tuple(found) for key, found in index.items()}


@cache
def _borrowed() -> dict[str, tuple[tuple[Place, int], ...]]:
    """Names of neighbourhoods and nicknames -> the city and the people who live there.

    A nickname counts as well known. A name that a place of the same province has of its own is
    left to that place.
    """
    index: dict[str, list[tuple[Place, int]]] = {}
    rows = [{**r, "population": str(WELL_KNOWN)} for r in read_table("place_nicknames")]
    for row in rows + read_table("place_aliases"):
        place = _by_id()[row["place_id"]]
        key = _key(plain(row["name"]).split())
        if not any(p.province == row["province"] for p in _own().get(key, ())):
            index.setdefault(key, []).append((place, int(row["population"] or 0)))
    return {key: tuple(sorted(found, key=lambda f: -f[1])) for key, found in index.items()}


@cache
def _names() -> dict[str, tuple[Place, ...]]:
    """Every name -> the places it can mean, a place's own name first."""
    return {key: _all(key) for key in sorted(_own().keys() | _borrowed().keys())}


def _all(key: str) -> tuple[Place, ...]:
    cities = (place for place, _ in _borrowed().get(key, ()))
    return tuple(dict.fromkeys((*_own().get(key, ()), *cities)))


@cache
def _province_words() -> dict[tuple[str, ...], str]:
    words: dict[tuple[str, ...], str] = {}
    for p in _PROVINCES:
        for text in (p.code, p.name_en, p.name_fr, *p.words):
            words[tuple(plain(text).split())] = p.code
    return words


def province_code(text: str) -> str | None:
    """The code of a province written as code, abbreviation or name in either language."""
    return _province_words().get(tuple(plain(text).split()))


def _split(text: str) -> tuple[list[str], str | None]:
    """The words of the place and the province that follows them, if one does."""
    words = plain(text).split()
    if len(words) > 1 and words[-1] == "canada":
        words = words[:-1]
    for length in (4, 3, 2, 1):
        tail = tuple(words[-length:])
        if len(words) > length and tail in _province_words():
            return words[:-length], _province_words()[tail]
    return words, None


def resolve(text: str, home: str | None = None) -> PlaceResolution:
    """Read a place as people write it: "Truro, NS", "montreal (QC)", "St Johns Newfoundland".

    Case, accents, hyphens and St/Saint do not matter. A name shared by several places means the
    largest when it clearly is (DOMINANCE times the people of the next); otherwise `place` is None
    and `alternatives` lists them. Unknown text gives None and names that look like it. `home` is
    the code of the reader's province: without a province in the text, a place there is meant.
    """
    words, province = _split(text)
    key = _key(words)
    if not key:
        return PlaceResolution(None)
    if province is not None and not _within(_all(key), province):
        key, province = _key(plain(text).split()), None
    found = _within(_all(key), province)
    near = province or home
    chosen = _in_province(key, near) if near else None
    if chosen is None and province is None:
        chosen = _anywhere(key)
    if chosen is None and not found:
        return PlaceResolution(None, search(text, 5))
    return PlaceResolution(chosen, tuple(p for p in found if p is not chosen))


def _within(found: tuple[Place, ...], province: str | None) -> tuple[Place, ...]:
    return tuple(p for p in found if province in (None, p.province))


def _by_size(place: Place) -> tuple[int, str]:
    return (-(place.population or 0), place.id)


def _in_province(key: str, province: str) -> Place | None:
    """Of two places of a province, the municipality is meant rather than the locality."""
    own = _within(_own().get(key, ()), province)
    towns = [p for p in own if p.csd_code]
    if len(towns) == 1 or len(own) == 1:
        return (towns or list(own))[0]
    cities = dict.fromkeys(p for p, _ in _borrowed().get(key, ()) if p.province == province)
    return next(iter(cities)) if not own and len(cities) == 1 else None


def _anywhere(key: str) -> Place | None:
    """Without a province: the largest by far, and a small neighbourhood never."""
    own = [(p.population or 0, p) for p in _own().get(key, ())]
    lent = [(people, p) for p, people in _borrowed().get(key, ())]
    if not own and not lent:
        return None
    first, place = max(own + lent, key=lambda c: c[0])
    if (first, place) in own:
        own.remove((first, place))
        clear = all(first >= DOMINANCE * max(1, people) for people, _ in own)
        return place if clear and all(first >= 2 * people for people, _ in lent) else None
    rest = [people for people, p in own + lent if p is not place]
    return place if first >= max(WELL_KNOWN, *(DOMINANCE * n for n in rest), 0) else None


def search(text: str, limit: int = 10) -> tuple[Place, ...]:
    """Places whose name begins like or looks like the text, best first; never raises."""
    words, province = _split(text)
    query = _key(words)
    if not query or limit < 1:
        return ()
    scores: dict[str, tuple[float, Place]] = {}
    names = _names()
    matches = process.extract(query, names.keys(), scorer=fuzz.ratio, limit=40, score_cutoff=70)
    rated = {key: score for key, score, _ in matches}
    rated |= {key: 150.0 for key in names if key.startswith(query)}
    rated |= {query: 200.0} if query in names else {}
    for key, score in rated.items():
        for place in names[key]:
            if province is None or place.province == province:
                better = max(scores.get(place.id, (0.0, place))[0], score)
                scores[place.id] = (better, place)
    ranked = sorted(scores.values(), key=lambda s: (-s[0], *_by_size(s[1])))
    return tuple(place for _, place in ranked[:limit])


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance between two places in kilometres."""
    return _haversine(a.latitude, a.longitude, b.latitude, b.longitude)


def nearest(latitude: float, longitude: float) -> Place:
    """The place closest to a point in decimal degrees."""
    return min(places(), key=lambda p: _haversine(latitude, longitude, p.latitude, p.longitude))


def _haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    h = math.sin((phi2 - phi1) / 2) ** 2
    h += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))
