"""National Occupational Classification (NOC) 2021: unit groups and the hierarchy above them.

Source: Statistics Canada, NOC 2021 Version 1.0. A unit group has a code of 5 digits; its first 1,
2, 3 and 4 digits are its broad, major, sub-major and minor groups, and its second digit is the
TEER category (0 to 5: training, education, experience and responsibilities).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from takeroot.facts.tables import read_table
from takeroot.facts.words import is_french

LEVELS = {1: "broad", 2: "major", 3: "sub_major", 4: "minor", 5: "unit"}


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """One occupation of the classification, e.g. 31301, registered nurses."""

    code: str
    title_en: str
    title_fr: str
    teer: int

    @property
    def broad(self) -> str:
        """Code of the broad category (1 digit)."""
        return self.code[:1]

    @property
    def major(self) -> str:
        """Code of the major group (2 digits)."""
        return self.code[:2]

    @property
    def sub_major(self) -> str:
        """Code of the sub-major group (3 digits)."""
        return self.code[:3]

    @property
    def minor(self) -> str:
        """Code of the minor group (4 digits)."""
        return self.code[:4]

    def title(self, lang: str) -> str:
        """The official title, in French when `lang` begins with "fr", else in English."""
        return self.title_fr if is_french(lang) else self.title_en

    def label(self, lang: str) -> str:
        """Code and title on one line, for lists: "31301 – Registered nurses and ..."."""
        return f"{self.code} – {self.title(lang)}"


@cache
def _by_code() -> dict[str, UnitGroup]:
    return {
        r["code"]: UnitGroup(r["code"], r["title_en"], r["title_fr"], int(r["teer"]))
        for r in read_table("noc_unit_groups")
    }


@cache
def _groups() -> dict[str, tuple[str, str]]:
    above = {r["code"]: (r["title_en"], r["title_fr"]) for r in read_table("noc_groups")}
    return above | {u.code: (u.title_en, u.title_fr) for u in _by_code().values()}


def unit_groups() -> tuple[UnitGroup, ...]:
    """All unit groups, in the order of their codes."""
    return tuple(_by_code().values())


def unit_group(code: str) -> UnitGroup | None:
    """The unit group with this 5-digit code, or None."""
    return _by_code().get(code)


def group_title(prefix_code: str, lang: str) -> str | None:
    """The official title of a group of any level by its code of 1 to 5 digits, or None."""
    titles = _groups().get(prefix_code)
    if titles is None:
        return None
    return titles[1] if is_french(lang) else titles[0]


_CODE = re.compile(r"^\W*(?:(?:noc|cnp)\W*(?:2021)?\W*)?(\d{5})(?!\d)", re.IGNORECASE)


def code_in(text: str) -> str | None:
    """The NOC code that a cell begins with ("31301", "NOC 31301", "31301 - Nurses"), or None.

    Only codes of the classification count: "99999" gives None.
    """
    found = _CODE.match(text)
    code = found.group(1) if found else ""
    return code if code in _by_code() else None
