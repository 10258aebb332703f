"""Loading the places that the product ships."""

from __future__ import annotations

from takeroot.common.text import search_key
from takeroot.facts.places import places
from takeroot.places.models import Place

_COLUMNS = [
    "name_en",
    "name_fr",
    "search_key",
    "province",
    "latitude",
    "longitude",
    "population",
    "population_basis",
    "timezone",
    "csd_code",
]


def load_places() -> int:
    """Write the fact table of places into the database; returns how many stand there.

    Safe to repeat. A place that a later table no longer has stays: files may point to it.
    """
    rows = [
        Place(
            code=place.id,
            name_en=place.name_en,
            name_fr=place.name_fr or place.name_en,
            search_key=search_key(f"{place.name_en} {place.name_fr or ''} {place.province}")[:260],
            province=place.province,
            latitude=place.latitude,
            longitude=place.longitude,
            population=place.population,
            population_basis=place.population_basis or "",
            timezone=place.timezone,
            csd_code=place.csd_code or "",
        )
        for place in places()
    ]
    if Place.objects.count() == len(rows):
        have = set(Place.objects.values_list("code", "population", "search_key"))
        if have == {(row.code, row.population, row.search_key) for row in rows}:
            return len(rows)
    Place.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=_COLUMNS
    )
    return len(rows)
