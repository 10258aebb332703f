"""Who published the facts that the product ships, and under which licence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from takeroot.facts.tables import manifest

SCOL_URL = "https://www.statcan.gc.ca/en/reference/licence"
OGL_URL = "https://open.canada.ca/en/open-government-licence-canada"
CC_BY_URL = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Credit:
    """One source to name. `licence_url` is empty where there is no licence page.

    `what` is a short English description; pages translate it. `date` is the date or edition of
    the source as the publisher gives it.
    """

    name: str
    publisher: str
    licence: str
    licence_url: str
    what: str
    date: str


def _date(stem: str) -> str:
    return next(t.date for t in manifest() if t.table.split(".")[0] == stem)


@cache
def credits() -> tuple[Credit, ...]:
    """Every outside source of the shipped tables."""
    return (
        Credit(
            "National Occupational Classification (NOC) 2021, Version 1.0",
            "Statistics Canada",
            "Statistics Canada Open Licence",
            SCOL_URL,
            "Occupations, their groups, and the English index of job titles",
            _date("noc_unit_groups"),
        ),
        Credit(
            "2021 Census, standard geographical units",
            "Statistics Canada",
            "Statistics Canada Open Licence",
            SCOL_URL,
            "Codes and names of census subdivisions",
            "2021",
        ),
        Credit(
            "GeoNames",
            "GeoNames",
            "CC BY 4.0",
            CC_BY_URL,
            "Places: names, coordinates, populations and time zones; changed: selected, corrected "
            "and joined to census codes",
            _date("places"),
        ),
        Credit(
            "Occupational and Skills Information System (OaSIS) 2023",
            "Employment and Social Development Canada",
            "Open Government Licence – Canada",
            OGL_URL,
            "Occupations of the job titles of senior managers",
            "2023",
        ),
        Credit(
            "Canadian Occupational Projection System (COPS) 2024-2033",
            "Employment and Social Development Canada",
            "Open Government Licence – Canada",
            OGL_URL,
            "Number of people employed by occupation in 2023, used to order search results",
            _date("employment"),
        ),
        Credit(
            "Language test equivalency charts",
            "Immigration, Refugees and Citizenship Canada",
            "Published facts (Government of Canada)",
            "",
            "Test scores and the CLB and NCLC levels they mean",
            _date("language_equivalence"),
        ),
    )
