"""Cells as people type them: languages, modes, dates, capacities, lists, in either language."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext as _

from takeroot.common.tables import CellError
from takeroot.common.text import search_key

Languages = tuple[tuple[str, int | None], ...]

LEVELS = range(1, 13)  # CLB and NCLC
MOST_SEATS = 1000
LONGEST_ID = 100

# Names people use that CLDR lists otherwise, and codes that mean the same language.
_NAMES = {
    "mandarin": "zh", "farsi": "fa", "dari": "prs", "tagalog": "tl", "filipino": "tl",
    "philippin": "tl", "kinyarwanda": "rw", "creole": "ht", "haitien": "ht", "twi": "ak",
    "serbo-croatian": "sr", "asl": "ase", "lsq": "fcs", "pendjabi": "pa", "punjabi": "pa",
    "panjabi": "pa", "bangla": "bn", "bengali": "bn", "anglaise": "en", "francaise": "fr",
}  # fmt: skip
_SAME = {"fil": "tl", "cmn": "zh", "pes": "fa", "no": "nb", "iw": "he", "in": "id", "mo": "ro"}

_MODES = {
    "in_person": (
        "in_person", "in person", "person", "face to face", "onsite", "on site", "en personne",
        "presentiel", "en presentiel", "presence", "en presence", "sur place", "face a face",
    ),
    "video": (
        "video", "online", "virtual", "remote", "by video", "video call", "zoom", "teams",
        "en ligne", "virtuel", "a distance", "distance", "visio", "visioconference", "par video",
        "videoconference",
    ),
    "either": (
        "either", "both", "any", "no preference", "hybrid", "indifferent", "indifferente",
        "les deux", "l'un ou l'autre", "peu importe", "aucune preference", "hybride",
        "in person or video", "en personne ou video",
    ),
}  # fmt: skip
_YES = {"yes", "y", "true", "1", "x", "oui", "o", "vrai"}
_NO = {"no", "n", "false", "0", "non", "faux", "none", "aucun", "aucune"}


def _loose(text: str) -> str:
    return "".join(c for c in search_key(text) if c.isalnum())


@cache
def _modes() -> dict[str, str]:
    return {_loose(word): mode for mode, words in _MODES.items() for word in words}


@cache
def _languages() -> dict[str, str]:
    """Code or name in English or French -> ISO 639 code."""
    found: dict[str, str] = {}
    for locale in ("fr", "en"):
        for code, name in Locale(locale).languages.items():
            if "_" not in code and code not in {"mul", "und", "zxx", "root"}:
                found[search_key(name)] = _SAME.get(code, code)
                found[code] = _SAME.get(code, code)
    for old, new in get_global("language_aliases").items():
        if old.isalpha() and new in found:
            found.setdefault(old, found[new])
    return {**found, **_NAMES}


def language_code(text: str) -> str | None:
    """ISO 639 code of a language given as a code (« tl », « fra », « en-CA ») or by its name."""
    key = search_key(text)
    known = _languages()
    tag = re.fullmatch(r"([a-z]{2,3})[-_][a-z]{2,4}", key)
    return known.get(key) or (known.get(tag[1]) if tag else None)


_SCALE = r"(?:(?:clb|nclc|level|niveau)\s*:?\s*)?"
_LANGUAGE = re.compile(
    r"(?P<name>[^\W\d][^:=()\d]*?)"
    rf"(?:\s*[:=(-]\s*{_SCALE}(?P<level>[^:=()\s]+)?|\s+{_SCALE}(?P<after>\d\S*))?\s*\)?",
    re.IGNORECASE,
)


def read_languages(text: str) -> Languages:
    """« en:8;fr:5 », « English (8), français », « tl » -> (code, level or None), as given."""
    expected = _("languages with their CLB/NCLC level from 1 to 12, such as “en:8;fr:5”")
    parts = [part.strip() for part in re.split(r"[;,|/+\n]", text) if part.strip()]
    if not parts:
        raise CellError(expected)
    found: dict[str, int | None] = {}
    for part in parts:
        code, level = _read_language(part, expected)
        old = found.get(code)
        found[code] = level if old is None or level is None else min(level, old)
    return tuple(found.items())


def _read_language(part: str, expected: str) -> tuple[str, int | None]:
    whole = language_code(part)
    if whole:
        return whole, None
    match = _LANGUAGE.fullmatch(part)
    if match is None:
        raise CellError(expected, found=part)
    code, level = language_code(match["name"]), match["level"] or match["after"]
    if code is None:
        raise CellError(
            _("an ISO 639 language code or the name of a language, such as “en”, “tl” or “Arabic”"),
            found=part,
        )
    if level is None:
        return code, None
    if not level.isascii() or not level.isdigit() or int(level) not in LEVELS:
        raise CellError(_("a CLB/NCLC level from 1 to 12, such as “en:8”"), found=part)
    return code, int(level)


def read_mode(text: str) -> str:
    mode = _modes().get(_loose(text))
    if mode is None:
        raise CellError(_("“in_person”, “video” or “either”"))
    return mode


def read_capacity(text: str) -> int:
    number = text.removesuffix(".0").removesuffix(",0")
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        raise CellError(_("a whole number of people, 0 or more"))
    if int(number) > MOST_SEATS:
        raise CellError(_("a whole number of people, at most %(most)d") % {"most": MOST_SEATS})
    return int(number)


def read_id(text: str) -> str:
    if not text or len(text) > LONGEST_ID:
        raise CellError(_("an id of 1 to %(most)d characters") % {"most": LONGEST_ID})
    return text


def read_yes_no(text: str) -> bool:
    """Yes, no, or a few words that say what was lived through, which mean yes."""
    key = search_key(text)
    return key not in _NO and bool(key)


def read_list(text: str) -> tuple[str, ...]:
    """Parts between semicolons, bars or line ends, each once, in order."""
    parts = (part.strip() for part in re.split(r"[;|\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def read_words(text: str) -> tuple[str, ...]:
    """As ``read_list``; where there is no semicolon, commas part the words too."""
    return read_list(text if re.search(r"[;|\n]", text) else text.replace(",", ";"))


def read_date(text: str, today: dt.date) -> dt.date:
    """A day in the past: 2026-03-05, 2026/03/05, 5 March 2026, 25/03/2026, a spreadsheet's number.

    05/03/2026 is two different days to two people: not guessed.
    """
    expected = _("a date as YYYY-MM-DD, such as “2026-03-05”")
    day = _parse_date(text)
    if day is None:
        if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text):
            expected = _("a date as YYYY-MM-DD, because the day and the month can be confused here")
        raise CellError(expected)
    if day > today:
        raise CellError(_("a date that is not in the future, as YYYY-MM-DD"))
    if day.year < 1950:
        raise CellError(expected)
    return day


def _parse_date(text: str) -> dt.date | None:
    bare = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$", "", text)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", bare):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", bare):
        one, other = int(match[1]), int(match[2])
        if one == other or one > 12:
            return _date(int(match[3]), other, one)
        return _date(int(match[3]), one, other) if other > 12 else None
    if re.fullmatch(r"\d{5}", bare) and 20_000 <= int(bare) <= 80_000:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(bare))
    return _date_in_words(bare)


def _date_in_words(text: str) -> dt.date | None:
    key = search_key(text).replace(",", " ").replace(".", " ")
    words = [re.sub(r"^(\d+)(st|nd|rd|th|er)$", r"\1", word) for word in key.split()]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    months = [_months()[word] for word in words if word in _months()]
    if len(words) != 3 or len(numbers) != 2 or len(months) != 1 or max(numbers) < 1000:
        return None
    return _date(max(numbers), months[0], min(numbers))


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for locale in ("fr", "en"):
        for width in ("wide", "abbreviated"):
            for number, name in Locale(locale).months["format"][width].items():
                found[search_key(name).rstrip(".")] = number
    return found | {"sept": 9, "juillet": 7}


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


# Words that say what kind of company it is, or that only introduce its name.
_LEGAL = {
    "inc", "incorporated", "ltd", "limited", "ltee", "corp", "corporation", "co", "company", "llc",
    "llp", "lp", "plc", "senc", "sencrl", "enr", "cie", "compagnie", "the", "le", "la", "les", "l",
}  # fmt: skip


def organization_key(name: str) -> str:
    """The form in which names of organizations are compared: « The ACME Co. Ltd » is « acme »."""
    words = re.sub(r"[^\w]+", " ", search_key(name).replace("&", " and ")).split()
    kept = [word for word in words if word not in _LEGAL]
    return " ".join(kept or words)
