"""The rule of a year's recognition in plain words, and what each count means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takeroot.accounts.models import Centre
from takeroot.connections.enums_recognition import Category, Measure
from takeroot.connections.models_recognition import Nominee, Recognition
from takeroot.connections.recognition import MEASURES, Rule

DEFINITIONS = {
    Measure.MET: gettext_lazy(
        "Different newcomers with whom a conversation took place in the year, by its day. Whoever "
        "was met twice counts once."
    ),
    Measure.NAMED: gettext_lazy(
        "Different people whom they named for a newcomer and whom the centre asked in the year, "
        "whatever the answer."
    ),
    Measure.DOORS: gettext_lazy(
        "Different people who said yes in the year to meeting one of the newcomers they met: "
        "people they named, and people named by those in turn."
    ),
    Measure.ACTIVE: gettext_lazy(
        "Its people, by where they work today, who met at least one newcomer in the year."
    ),
    Measure.CONNECTEES: gettext_lazy(
        "Different newcomers whom its people met in the year. Whoever met two of them counts once."
    ),
}


@dataclass(frozen=True)
class RuleWords:
    """A rule as everybody reads it."""

    title: str
    conditions: list[str]
    order: str
    most: str
    definitions: list[tuple[str, str]]


def rule_in_words(rule: Rule, centre: Centre) -> RuleWords:
    known = [m for m in MEASURES[rule.category] if m in rule.least or m in rule.order]
    return RuleWords(
        title=category_in_words(rule.category, centre),
        conditions=[
            count_at_least(measure, rule.least[measure])
            for measure in MEASURES[rule.category]
            if rule.least.get(measure)
        ],
        order=_order(rule),
        most=ngettext(
            "The first place of the list stands before the jury.",
            "The first %(n)d places of the list stand before the jury.",
            rule.most,
        )
        % {"n": rule.most},
        definitions=[(str(m.label), str(DEFINITIONS[m])) for m in known],
    )


def category_in_words(category: str, centre: Centre) -> str:
    """In the centre's own word for a Connector."""
    if category == Category.CONNECTOR:
        return _("%(word)s of the year") % {"word": centre.connector_word}
    return _("Organization of the year")


def _order(rule: Rule) -> str:
    labels = [str(Measure(measure).label) for measure in rule.order]
    if len(labels) == 1:
        return _("Most %(first)s first; equal counts share a place.") % {"first": labels[0]}
    return _("Most %(first)s first, then most %(second)s; equal counts share a place.") % {
        "first": labels[0],
        "second": labels[1],
    }


def count_at_least(measure: str, n: int) -> str:
    return _("at least %(count)s") % {"count": count_in_words(measure, n)}


def count_in_words(measure: str, n: int) -> str:
    """«3 people met»."""
    words = {
        Measure.MET: ngettext("%(n)d person met", "%(n)d people met", n),
        Measure.NAMED: ngettext("%(n)d referral made", "%(n)d referrals made", n),
        Measure.DOORS: ngettext("%(n)d door opened onward", "%(n)d doors opened onward", n),
        Measure.ACTIVE: ngettext("%(n)d active Connector", "%(n)d active Connectors", n),
        Measure.CONNECTEES: ngettext("%(n)d Connectee met", "%(n)d Connectees met", n),
    }
    return words[Measure(measure)] % {"n": n}


def counts_in_words(category: str, counts: Mapping[str, int]) -> str:
    return " · ".join(count_in_words(m, counts.get(m, 0)) for m in MEASURES[category])


def jury_in_words(nominee: Nominee, jurors: int) -> str:
    """How the decision came about: «2 of 3 jurors decided; 1 stood aside.»"""
    voted = nominee.votes_for + nominee.votes_against
    said = ngettext(
        "%(voted)d of %(n)d juror decided: %(yes)d yes, %(no)d no.",
        "%(voted)d of %(n)d jurors decided: %(yes)d yes, %(no)d no.",
        jurors,
    ) % {
        "voted": voted,
        "n": jurors,
        "yes": nominee.votes_for,
        "no": nominee.votes_against,
    }
    if nominee.stood_aside:
        aside = ngettext("%(n)d stood aside.", "%(n)d stood aside.", nominee.stood_aside)
        said = f"{said} {aside % {'n': nominee.stood_aside}}"
    return said


def nobody_in_words(recognition: Recognition) -> str:
    """A year without anybody above the rule is an answer."""
    return _(
        "Nobody reached the rule in %(year)s. That is an answer too, and takes nothing from "
        "anybody who opened a door: every one of them counts."
    ) % {"year": recognition.year}
