"""Why two people are proposed to each other, in whole sentences of the active language.

Sentences name no gender in either language. What speaks against a pair, or is not known, is marked
``weak``. The same sentences stand in files, on the round's screen and in the report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from babel import Locale
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from takeroot.connections.adapters import PairParts, Unplaced
from takeroot.facts import noc

FAR_KM = 50
KEPT = 50_000


@dataclass(frozen=True)
class Sentence:
    """One reason. ``weak`` speaks against the pair or says what is not known."""

    text: str
    weak: bool = False
    code: str = ""
    points: int = 0


@dataclass(frozen=True)
class Known:
    """What a reason may mention of a person. ``interests`` is folded key -> as the person wrote."""

    name: str
    occupation: str | None = None
    organization: str = ""
    community: str = ""
    interests: Mapping[str, str] = field(default_factory=dict)
    waiting_since: dt.date | None = None
    prefers_lived: bool = False


def sentences(parts: PairParts, connectee: Known, connector: Known) -> list[Sentence]:
    """Reasons for one pair: the strongest first, the weak ones last."""
    found = [sentence for say in GROUPS.values() for sentence in say(parts, connectee, connector)]
    return sorted(found, key=lambda s: (s.weak, -s.points))


def _lang() -> str:
    return (get_language() or "en")[:2]


@cache
def _title_in(code: str, lang: str) -> str:
    return _lower(noc.group_title(code, lang) or code)


@cache
def _language_in(code: str, lang: str) -> str:
    return str(Locale(lang).languages.get(code, code))


def _lower(title: str) -> str:
    """A title inside a sentence: its first letter small, unless the word is an acronym."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _occupation(parts: PairParts, one: Known, other: Known) -> Sentence | None:
    digits = parts.occupation_digits
    if digits is None or one.occupation is None or other.occupation is None:
        unknown = one if one.occupation is None else other
        text = _("The occupation of %(name)s is not known.") % {"name": unknown.name}
        return Sentence(text, weak=True, code="occupation_unknown")
    text = _occupation_text(digits, one.occupation, other.occupation, _lang())
    points = parts.points["occupation"]
    return Sentence(text, weak=not digits, code=f"occupation_{digits}", points=points)


# A file of candidates holds millions of sentences but few different ones: these are kept. The
# language is an argument, because the text depends on it.
@lru_cache(KEPT)
def _occupation_text(digits: int, one: str, other: str, lang: str) -> str:
    if digits == 0:
        text = _("Different fields of work: %(one)s (%(one_code)s) and %(other)s (%(other_code)s).")
    elif digits == 1:
        text = _("Same broad field: %(group)s (%(one_code)s and %(other_code)s).")
    elif digits == 2:
        text = _("Related occupations: %(group)s (%(one_code)s and %(other_code)s).")
    elif digits == 3:
        text = _("Same field of work: %(group)s (%(one_code)s and %(other_code)s).")
    elif digits == 4:
        text = _(
            "Closely related occupations: %(one)s (%(one_code)s) and %(other)s (%(other_code)s)."
        )
    else:
        text = _("Same occupation: %(one)s (%(one_code)s).")
    return text % {
        "one": _title_in(one, lang),
        "one_code": one,
        "other": _title_in(other, lang),
        "other_code": other,
        "group": _title_in(one[:digits], lang) if digits else "",
    }


def _training(parts: PairParts, one: Known, other: Known) -> Sentence | None:
    if parts.occupation_digits == 5 or parts.teer_apart not in (0, 1):
        return None
    if one.occupation is None or other.occupation is None:
        return None
    text = _training_text(one.occupation[1], other.occupation[1], _lang())
    code = "training_near" if parts.teer_apart else "training_same"
    return Sentence(text, code=code, points=parts.points["background"])


@lru_cache(KEPT)
def _training_text(one: str, other: str, lang: str) -> str:
    values = {"teer": one, "other": other}
    if one == other:
        return _("Both occupations ask for the same level of training (TEER %(teer)s).") % values
    return _("Neighbouring levels of training (TEER %(teer)s and %(other)s).") % values


def _industry(parts: PairParts) -> Sentence | None:
    if not parts.same_industry:
        return None
    return Sentence(_("Same industry."), code="industry", points=parts.points["background"])


def _organization(parts: PairParts, connector: Known) -> Sentence | None:
    if not parts.wanted:
        return None
    text = _("Wants to meet %(organization)s, where %(name)s works.") % {
        "organization": connector.organization,
        "name": connector.name,
    }
    return Sentence(text, code="organization", points=parts.points["organization"])


def _interests(parts: PairParts, connectee: Known) -> Sentence | None:
    if not parts.interests:
        return None
    words = ", ".join(connectee.interests.get(key, key) for key in parts.interests)
    text = ngettext(
        "An interest in common: %(interests)s.",
        "Interests in common: %(interests)s.",
        len(parts.interests),
    ) % {"interests": words}
    return Sentence(text, code="interests", points=parts.points["interests"])


def language_name(code: str) -> str:
    """The language's name as it stands in a sentence of the active language."""
    return _language_in(code, _lang())


def _languages(parts: PairParts) -> list[Sentence]:
    points, lang = parts.points["languages"], _lang()
    found = []
    for code, level in parts.languages:
        text = _language_text(code, level, lang)
        found.append(Sentence(text, code=f"language_{code}", points=points))
        points = 0
    return found


@lru_cache(KEPT)
def _language_text(code: str, level: int | None, lang: str) -> str:
    values = {"language": _language_in(code, lang), "level": level}
    if level is None:
        return _("Both speak %(language)s.") % values
    if code == "fr":
        return _("Both speak French (NCLC %(level)d).") % values
    return _("Both speak %(language)s (CLB %(level)d).") % values


def _distance(parts: PairParts, one: Known, other: Known) -> Sentence | None:
    km, points = parts.distance_km, parts.points["proximity"]
    if parts.meeting == "video":
        return Sentence(_("They can meet by video."), code="video", points=points)
    if km is None:
        unknown = one if not one.community else other
        text = _("The community of %(name)s is not known, so neither is the distance.") % {
            "name": unknown.name
        }
        return Sentence(text, weak=True, code="distance_unknown")
    if km < 1:
        text = _("Both live in %(community)s.") % {"community": one.community or other.community}
        return Sentence(text, code="same_community", points=points)
    text = _distance_text(round(km), parts.meeting == "in_person", _lang())
    return Sentence(text, weak=km >= FAR_KM, code="distance", points=points)


@lru_cache(KEPT)
def _distance_text(km: int, in_person: bool, lang: str) -> str:
    if in_person:
        return _("%(km)d km apart; they will meet in person.") % {"km": km}
    return _("%(km)d km apart; both accept video.") % {"km": km}


def _waiting(parts: PairParts, connectee: Known) -> Sentence | None:
    if connectee.waiting_since is None:
        return None
    text = _waiting_text(connectee.waiting_since, _lang())
    return Sentence(text, code="waiting", points=parts.points["waiting"])


@lru_cache(KEPT)
def _waiting_text(day: dt.date, lang: str) -> str:
    return _("Waiting since %(date)s.") % {"date": date_format(day, "DATE_FORMAT")}


def _lived(parts: PairParts, connectee: Known, connector: Known) -> Sentence | None:
    points = parts.points["lived"]
    if not points:
        return None
    text = (
        _("%(name)s has settled here too, as was wished for.")
        if connectee.prefers_lived
        else _("%(name)s has also lived through arriving in a new country.")
    ) % {"name": connector.name}
    return Sentence(text, code="lived", points=points)


def why_unplaced(left: Unplaced, connectors: int) -> list[Sentence]:
    """Why somebody is left without a proposal: the main cause, then how many fall to each."""
    main = {
        "no_allowed_pair": _("No Connector in this round can be proposed."),
        "below_least_quality": _("Every possible match is below the least quality asked for."),
        "all_suitable_full": _("Every suitable Connector is taken by matches that count for more."),
    }[left.cause]
    if not connectors:
        main = _("There is no Connector in this round.")
    found = [Sentence(main, weak=True, code=left.cause)]
    for cause, count in left.counts:
        text = _counted(cause, count)
        if text:
            found.append(Sentence(text, weak=True, code=cause))
    return found


def _counted(cause: str, count: int) -> str:
    """« 12 Connectors speak no language in common at a usable level. »"""
    singular_plural = {
        "full": ngettext(
            "%(count)d Connector would suit, but has no place left.",
            "%(count)d Connectors would suit, but have no place left.",
            count,
        ),
        "below_least_quality": ngettext(
            "%(count)d Connector scores below the least quality.",
            "%(count)d Connectors score below the least quality.",
            count,
        ),
        "no_common_language": ngettext(
            "%(count)d Connector shares no language at a usable level.",
            "%(count)d Connectors share no language at a usable level.",
            count,
        ),
        "modes_differ": ngettext(
            "%(count)d Connector wants to meet in another way.",
            "%(count)d Connectors want to meet in another way.",
            count,
        ),
        "too_far": ngettext(
            "%(count)d Connector is too far away to meet in person.",
            "%(count)d Connectors are too far away to meet in person.",
            count,
        ),
        "not_with": ngettext(
            "%(count)d Connector must not be proposed (a conflict was stated).",
            "%(count)d Connectors must not be proposed (a conflict was stated).",
            count,
        ),
        "forbidden": ngettext(
            "%(count)d Connector was ruled out for this person.",
            "%(count)d Connectors were ruled out for this person.",
            count,
        ),
        "no_capacity": ngettext(
            "%(count)d Connector takes nobody in this period.",
            "%(count)d Connectors take nobody in this period.",
            count,
        ),
        "same_person": ngettext(
            "%(count)d Connector is the same person.",
            "%(count)d Connectors are the same person.",
            count,
        ),
    }
    return singular_plural[cause] % {"count": count} if cause in singular_plural else ""


def what_is_scarce(name: str, points: int) -> str:
    """What one more place with a Connector would be worth."""
    return ngettext(
        "One more place with %(name)s would add %(points)d point to the round.",
        "One more place with %(name)s would add %(points)d points to the round.",
        points,
    ) % {"name": name, "points": points}


def _said(*found: Sentence | None) -> list[Sentence]:
    return [sentence for sentence in found if sentence is not None]


# What is said of a pair, in this order where points are equal. What each group reads of the two
# people stands in `many_reasons`.
GROUPS: dict[str, Callable[[PairParts, Known, Known], list[Sentence]]] = {
    "work": lambda parts, one, other: _said(
        _occupation(parts, one, other), _training(parts, one, other), _industry(parts)
    ),
    "organization": lambda parts, one, other: _said(_organization(parts, other)),
    "interests": lambda parts, one, other: _said(_interests(parts, one)),
    "languages": lambda parts, one, other: _languages(parts),
    "distance": lambda parts, one, other: _said(_distance(parts, one, other)),
    "waiting": lambda parts, one, other: _said(_waiting(parts, one)),
    "lived": lambda parts, one, other: _said(_lived(parts, one, other)),
}
