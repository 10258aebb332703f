"""Who published the facts that the product ships, and under which licence, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from takeroot.facts.tables import manifest
from takeroot.facts.words import is_french

SCOL = "Statistics Canada Open Licence"
OGL = "Open Government Licence – Canada"
CC_BY = "CC BY 4.0"
FACTS = "Published facts (Government of Canada)"
_URLS = {
    SCOL: "https://www.statcan.gc.ca/en/reference/licence",
    OGL: "https://open.canada.ca/en/open-government-licence-canada",
    CC_BY: "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True, slots=True)
class Credit:
    """One source to name. `licence_url` is empty where there is no licence page.

    `what` says what we take from it; `date` is the date or edition of the source.
    """

    name: str
    publisher: str
    licence: str
    licence_url: str
    what: str
    date: str


def _date(stem: str) -> str:
    return next(t.date for t in manifest() if t.table.split(".")[0] == stem)


def _credit(name: str, publisher: str, licence: str, what: str, date: str) -> Credit:
    return Credit(name, publisher, licence, _URLS.get(licence, ""), what, date)


@cache
def credits(lang: str = "en") -> tuple[Credit, ...]:
    """Every outside source of the shipped tables, in French when `lang` begins with "fr"."""
    statcan = "Statistics Canada"
    employment = "Employment and Social Development Canada"
    found = (
        _credit(
            "National Occupational Classification (NOC) 2021, Version 1.0",
            statcan,
            SCOL,
            "Occupations, their groups, and the English index of job titles",
            _date("noc_unit_groups"),
        ),
        _credit(
            "2021 Census, standard geographical units",
            statcan,
            SCOL,
            "Codes and names of census subdivisions",
            "2021",
        ),
        _credit(
            "GeoNames",
            "GeoNames",
            CC_BY,
            "Places: names, coordinates, populations and time zones; we selected, corrected and "
            "joined them to census codes",
            _date("places"),
        ),
        _credit(
            "Occupational and Skills Information System (OaSIS) 2023",
            employment,
            OGL,
            "Occupations of the job titles of senior managers",
            "2023",
        ),
        _credit(
            "Canadian Occupational Projection System (COPS) 2024-2033",
            employment,
            OGL,
            "Number of people employed by occupation in 2023, used to order search results",
            _date("employment"),
        ),
        _credit(
            "Language test equivalency charts",
            "Immigration, Refugees and Citizenship Canada",
            FACTS,
            "Test scores and the CLB and NCLC levels they mean",
            _date("language_equivalence"),
        ),
    )
    return tuple(_in_french(c) for c in found) if is_french(lang) else found


def _in_french(credit: Credit) -> Credit:
    return replace(
        credit,
        name=_FRENCH[credit.name],
        publisher=_FRENCH[credit.publisher],
        licence=_FRENCH[credit.licence],
        licence_url=_FRENCH.get(credit.licence_url, credit.licence_url),
        what=_FRENCH[credit.what],
    )


#: French of the texts above, word for word as the publishers write their own names.
_FRENCH = {
    "Statistics Canada": "Statistique Canada",
    "Employment and Social Development Canada": "Emploi et Développement social Canada",
    "Immigration, Refugees and Citizenship Canada": ("Immigration, Réfugiés et Citoyenneté Canada"),
    "GeoNames": "GeoNames",
    SCOL: "Licence ouverte de Statistique Canada",
    OGL: "Licence du gouvernement ouvert – Canada",
    CC_BY: CC_BY,
    FACTS: "Faits publiés (gouvernement du Canada)",
    _URLS[SCOL]: "https://www.statcan.gc.ca/fr/reference/licence",
    _URLS[OGL]: "https://ouvert.canada.ca/fr/licence-du-gouvernement-ouvert-canada",
    _URLS[CC_BY]: "https://creativecommons.org/licenses/by/4.0/deed.fr",
    "National Occupational Classification (NOC) 2021, Version 1.0": (
        "Classification nationale des professions (CNP) 2021, version 1.0"
    ),
    "Occupations, their groups, and the English index of job titles": (
        "Les professions, leurs groupes et l’index anglais des appellations d’emploi"
    ),
    "2021 Census, standard geographical units": (
        "Recensement de 2021, unités géographiques normalisées"
    ),
    "Codes and names of census subdivisions": (
        "Les codes et les noms des subdivisions de recensement"
    ),
    "Places: names, coordinates, populations and time zones; we selected, corrected and "
    "joined them to census codes": (
        "Les lieux\u00a0: noms, coordonnées, populations et fuseaux horaires\u202f; nous les avons "
        "choisis, corrigés et reliés aux codes du recensement"
    ),
    "Occupational and Skills Information System (OaSIS) 2023": (
        "Système d’information sur les professions et les compétences (SIPeC) 2023"
    ),
    "Occupations of the job titles of senior managers": (
        "Les professions des appellations d’emploi des cadres supérieurs"
    ),
    "Canadian Occupational Projection System (COPS) 2024-2033": (
        "Système de projection des professions au Canada (SPPC) 2024-2033"
    ),
    "Number of people employed by occupation in 2023, used to order search results": (
        "Le nombre de personnes en emploi par profession en 2023, pour classer les résultats "
        "de recherche"
    ),
    "Language test equivalency charts": ("Tableaux d’équivalence des tests de langue"),
    "Test scores and the CLB and NCLC levels they mean": (
        "Les résultats de tests et les niveaux CLB et NCLC correspondants"
    ),
}
