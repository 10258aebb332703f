"""What an applicant typed, read: occupations and places as far as they are sure, the rest as
words that staff can make precise later. An applicant is never asked for a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeroot.accounts.models import Centre
from takeroot.common.tables import CellError
from takeroot.common.text import tidy
from takeroot.connections.cells import read_languages
from takeroot.connections.details import Details
from takeroot.people.enums import MeetingMode

# How well somebody says they speak, and the level that stands for it until staff know better:
# the lowest of its stage (1 to 4 basic, 5 to 8 intermediate, 9 to 12 advanced).
SPOKEN: dict[str, int | None] = {"basic": 1, "intermediate": 5, "advanced": 9, "unknown": None}
LIVED = "lived"


def mode_of(ticks: list[str]) -> str:
    """In person, by video, or either, from what was ticked."""
    person, video = MeetingMode.IN_PERSON in ticks, MeetingMode.VIDEO in ticks
    if person == video:
        return MeetingMode.EITHER
    return MeetingMode.IN_PERSON if person else MeetingMode.VIDEO


def occupation_of(text: str) -> dict[str, str]:
    """The code where the words can mean one group only; the words in any case."""
    from takeroot.facts import noc, titles  # its index loads only when somebody typed a title

    text = tidy(text)[:120]
    found = titles.resolve(text) if text else None
    code = found.code if found and found.confident and found.code else ""
    return {"occupation_code": code, "occupation_text": "" if noc.code_in(text) else text}


def place_of(text: str, *, centre: Centre) -> str | None:
    """The place that the words mean, where they mean one."""
    from takeroot.facts import places

    text = tidy(text)
    home = places.by_id(centre.place_code) if centre.place_code else None
    found = places.resolve(text, home=home.province if home else None).place if text else None
    return found.id if found else None


def languages_of(answers: Mapping[str, Any]) -> dict[str, int | None]:
    """Languages with their level, other languages as far as they can be read."""
    try:
        spoken = dict(read_languages(answers.get("other_languages") or ""))
    except CellError:
        spoken = {}
    for name, code in (("english", "en"), ("french", "fr")):
        said = answers.get(name) or ""
        if said in SPOKEN:
            spoken[code] = SPOKEN[said]
    return spoken


def details_from(answers: Mapping[str, Any], *, centre: Centre) -> Details:
    """The file that an application becomes."""
    meeting = list(answers.get("meeting") or [])
    return Details(
        party={
            "name": tidy(answers.get("name") or "")[:200],
            "email": (answers.get("email") or "").strip(),
            "phone": tidy(answers.get("phone") or "")[:40],
            "language": answers.get("language") or "en",
        },
        person={
            **occupation_of(answers.get("occupation") or ""),
            "status": answers.get("status") or "",
            "languages": languages_of(answers),
            "place_id": place_of(answers.get("community") or "", centre=centre),
            "mode": mode_of(meeting),
        },
        part={"prefers_lived": LIVED in meeting},
    )
