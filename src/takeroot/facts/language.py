"""Language tests and the Canadian Language Benchmarks (CLB) or, in French, the Niveaux de
compétence linguistique canadiens (NCLC).

Source: equivalency charts of Immigration, Refugees and Citizenship Canada, as of 2025-12-07. The
charts name levels up to 10, where the last row means «10 and above».
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from takeroot.facts.tables import manifest, read_table

CLB_MIN, CLB_MAX = 1, 12
ABILITIES = ("listening", "reading", "speaking", "writing")


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """Scores from `low` to `high` (both included) of one ability of one test mean `level`.

    `above` says that the level is that or higher. `taken_from` and `taken_to` limit the band to
    tests taken between two dates (both included); None is open.
    """

    test: str
    language: str
    ability: str
    level: int
    low: Decimal
    high: Decimal
    above: bool
    taken_from: dt.date | None
    taken_to: dt.date | None

    def covers(self, day: dt.date | None) -> bool:
        """Whether the band applies to a test taken on `day`; None asks for the current chart."""
        if day is None:
            return self.taken_to is None
        return (self.taken_from or day) <= day <= (self.taken_to or day)


@cache
def bands() -> tuple[ScoreBand, ...]:
    """All bands; a chart that gives only lower bounds has them closed below the next level."""
    rows = read_table("language_equivalence")
    lows: dict[tuple[str, str, str], list[Decimal]] = {}
    for r in rows:
        lows.setdefault((r["test"], r["ability"], r["taken_from"]), []).append(
            Decimal(r["score_min"])
        )
    return tuple(_band(r, lows[r["test"], r["ability"], r["taken_from"]]) for r in rows)


def _band(row: dict[str, str], lows: list[Decimal]) -> ScoreBand:
    low = Decimal(row["score_min"])
    higher = [x for x in lows if x > low]
    if row["score_max"]:
        high = Decimal(row["score_max"])
    elif higher:
        high = min(higher) - Decimal("0.5")
    else:
        high = _HIGHEST.get(row["test"], low)
    return ScoreBand(
        row["test"],
        row["language"],
        row["ability"],
        int(row["level"]),
        low,
        high,
        row["and_above"] == "1",
        _day(row["taken_from"]),
        _day(row["taken_to"]),
    )


#: The best possible score of the tests whose chart leaves the last row open.
_HIGHEST = {
    "IELTS General Training": Decimal(9),
    "CELPIP-General": Decimal(12),
    "PTE Core": Decimal(90),
}


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def names_of_tests(language: str | None = None) -> tuple[str, ...]:
    """Names of the tests we have charts for, all or those of one language ("en", "fr")."""
    wanted = (b.test for b in bands() if language in (None, b.language))
    return tuple(dict.fromkeys(wanted))


def level(
    test: str,
    ability: str,
    score: str | int | float | Decimal,
    taken_on: dt.date | None = None,
) -> int | None:
    """The CLB or NCLC level of a test score, or None.

    None means that the score is below the chart, is not a score of this test, or that the test or
    ability is unknown. Level 10 means 10 or above. `taken_on` picks the chart of that day for
    tests whose scale changed; without it the current chart is used.
    """
    try:
        value = Decimal(str(score).strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    for band in bands():
        same = band.test.casefold() == test.strip().casefold() and band.ability == ability
        if same and band.low <= value <= band.high and band.covers(taken_on):
            return band.level
    return None


def source() -> str:
    """Where the charts come from and when they were read, for the page that shows a level."""
    info = next(t for t in manifest() if t.table.startswith("language_equivalence"))
    return f"{info.source} ({info.date})"
