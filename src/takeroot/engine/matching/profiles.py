"""What is known of a person, and what a centre has chosen: the input of ``affinity``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

Mode = Literal["in_person", "video", "either"]
MODES: tuple[Mode, ...] = ("in_person", "video", "either")

SAME_PERSON = "same_person"
NOT_WITH = "not_with"
NO_COMMON_LANGUAGE = "no_common_language"
MODES_DIFFER = "modes_differ"
TOO_FAR = "too_far"
NO_CAPACITY = "no_capacity"
# In the order of weight: where several hold, the first one is the cause given.
CAUSES = (SAME_PERSON, NOT_WITH, NO_CAPACITY, NO_COMMON_LANGUAGE, MODES_DIFFER, TOO_FAR)

OFFICIAL = ("en", "fr")


@dataclass(frozen=True)
class Profile:
    """What is known of one person. What is unknown stays empty and earns nothing.

    id              unique in its list
    person          the same key in both lists is the same human being; "" when unknown
    occupation      NOC 2021 unit group, five digits, or None
    languages       (code, CLB/NCLC level or None when not stated)
    interests       keys already folded (case, accents)
    wanted          keys of organizations this person hopes to meet
    organization    key of the organization this person works at
    location        (latitude, longitude) in degrees, or None
    waiting_days    days since this person began to wait
    not_with        ids, in the other list, this person must not be matched with
    lived           has lived through arriving in Canada
    prefers_lived   would rather meet somebody who has (None: was not asked); whoever was asked and
                    did not say so gives `lived` half its part
    """

    id: str
    person: str = ""
    occupation: str | None = None
    industry: str | None = None
    languages: tuple[tuple[str, int | None], ...] = ()
    interests: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    organization: str | None = None
    mode: Mode = "either"
    location: tuple[float, float] | None = None
    waiting_days: int = 0
    not_with: frozenset[str] = frozenset()
    lived: bool = False
    prefers_lived: bool | None = None
    capacity: int = 1

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode of {self.id!r}: {self.mode!r}, expected one of {MODES}")
        if self.occupation is not None and len(self.occupation) != 5:
            raise ValueError(f"occupation of {self.id!r}: expected five digits of NOC 2021")
        if self.capacity < 0:
            raise ValueError(f"capacity of {self.id!r}: {self.capacity}, expected 0 or more")


@dataclass(frozen=True)
class Weights:
    """Most points of each part; together 1000."""

    occupation: int = 350
    background: int = 100
    organization: int = 150
    interests: int = 100
    languages: int = 120
    proximity: int = 80
    waiting: int = 60
    lived: int = 40

    def __post_init__(self) -> None:
        points = [getattr(self, item.name) for item in fields(self)]
        if min(points) < 0 or sum(points) != 1000:
            raise ValueError(f"weights: expected 0 or more each, 1000 together, found {points}")


@dataclass(frozen=True)
class Settings:
    """A centre's choices: levels are CLB/NCLC, distances kilometres, waiting in days."""

    weights: Weights = Weights()
    usable_level: int = 4
    radius_km: float = 100.0
    full_level: int = 9  # an official language at this level earns the whole part
    shared_interests: int = 3  # this many earn the whole part
    longest_wait: int = 180  # waiting this long earns the whole part


def meeting(one: Mode, other: Mode) -> Mode | None:
    """How two people can meet, None if they cannot."""
    if one == other or other == "either":
        return one
    return other if one == "either" else None
