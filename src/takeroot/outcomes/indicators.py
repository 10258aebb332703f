"""What is counted, and how: one entry an indicator, counted from the ledger and nothing else.

Adding one is one entry in INDICATORS. What nobody wrote down is not in the ledger and counts for
nothing: unknown is never a success.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.db.models.functions import ExtractMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.keeping.models_moving import Transfer
from takeroot.keeping.selectors import counted_before
from takeroot.ledger.enums import EventKind
from takeroot.ledger.models import Event

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Indicator:
    """A figure that a centre reports.

    key         its name in releases, for good
    name        its words in a table
    definition  one whole sentence, printed beside every count
    unit        what one of it is
    kinds       the events of the ledger that it counts, each in the month it happened
    once        each person once in a calendar year, in the month of the first such event
    parts       instead of events: the sum of other indicators
    within      the indicator of which it is a part: never more than that
    sensitive   about refugee claims, health or discrimination: the higher threshold
    public      shown on the community's own page, for everybody
    """

    key: str
    name: str | Promise
    definition: str | Promise
    unit: str | Promise
    kinds: tuple[str, ...] = ()
    once: bool = False
    parts: tuple[str, ...] = ()
    within: str = ""
    sensitive: bool = False
    public: bool = False


_PEOPLE, _APPLICATIONS = _("people"), _("applications")

_JOBS = _("jobs")


def _stayed(months: int) -> tuple[Indicator, Indicator, Indicator]:
    """The two bounds of one moment, and of how many they are."""
    here, away, unknown = (f"stay_{months}_{word}" for word in ("here", "away", "unknown"))
    known, most, asked, when = _STAYED[months]
    return (
        Indicator(
            f"stayed_{months}_known",
            known,
            _(
                "Newcomers who were asked at that time whether they stayed and of whom the centre "
                "knows that they live in the same community. Unknown is never counted as stayed."
            ),
            _PEOPLE,
            kinds=(here,),
            within=f"stayed_{months}_most",
        ),
        Indicator(
            f"stayed_{months}_most",
            most,
            _(
                "Those known to have stayed, and those of whom nobody knows: not more than these "
                "can have stayed."
            ),
            _PEOPLE,
            kinds=(here, unknown),
            within=f"stayed_{months}_asked",
        ),
        Indicator(f"stayed_{months}_asked", asked, when, _PEOPLE, kinds=(here, unknown, away)),
    )


_STAYED = {
    3: (
        _("Stayed 3 months: known"),
        _("Stayed 3 months: at most"),
        _("3 months on: asked"),
        _(
            "Newcomers whose question, 3 months after they began, was answered or closed without "
            "an answer in the period. Whoever is not due yet is not counted."
        ),
    ),
    6: (
        _("Stayed 6 months: known"),
        _("Stayed 6 months: at most"),
        _("6 months on: asked"),
        _(
            "Newcomers whose question, 6 months after they began, was answered or closed without "
            "an answer in the period. Whoever is not due yet is not counted."
        ),
    ),
    12: (
        _("Stayed 12 months: known"),
        _("Stayed 12 months: at most"),
        _("12 months on: asked"),
        _(
            "Newcomers whose question, 12 months after they began, was answered or closed without "
            "an answer in the period. Whoever is not due yet is not counted."
        ),
    ),
}

INDICATORS = (
    Indicator(
        "applied",
        _("Applications"),
        _("Applications of newcomers that the centre received in the period."),
        _APPLICATIONS,
        kinds=(EventKind.APPLIED,),
    ),
    Indicator(
        "ready",
        _("Found ready"),
        _("Newcomers whom the coordinator found ready for an introduction in the period."),
        _PEOPLE,
        kinds=(EventKind.READY,),
    ),
    Indicator(
        "connectors",
        _("Connectors joined"),
        _("Local people who joined the programme as Connectors in the period."),
        _PEOPLE,
        kinds=(EventKind.BECAME_CONNECTOR,),
        public=True,
    ),
    Indicator(
        "introduced",
        _("Introductions"),
        _("Letters of introduction between a newcomer and a Connector sent in the period."),
        _("introductions"),
        kinds=(EventKind.INTRODUCED,),
        public=True,
    ),
    Indicator(
        "met",
        _("First meetings"),
        _(
            "First meetings of a newcomer with a Connector that one of the two or the centre said "
            "took place, by the day of the meeting."
        ),
        _("meetings"),
        kinds=(EventKind.MET,),
        public=True,
    ),
    Indicator(
        "networks",
        _("Networks opened"),
        _(
            "Newcomers with at least one such meeting in the calendar year, each counted once, in "
            "the month of the first meeting of the year."
        ),
        _PEOPLE,
        kinds=(EventKind.MET,),
        once=True,
        within="met",
    ),
    Indicator(
        "asked",
        _("Referrals asked"),
        _("People whom a Connector or a contact named and who were asked to meet a newcomer."),
        _("referrals"),
        kinds=(EventKind.REFERRAL_ASKED,),
    ),
    Indicator(
        "agreed",
        _("Referrals agreed"),
        _("Answers of people who were asked and agreed to meet the newcomer."),
        _("referrals"),
        kinds=(EventKind.REFERRAL_AGREED,),
    ),
    Indicator(
        "contact_met",
        _("Contacts met"),
        _("Meetings of a newcomer with somebody who had agreed, that were said to have happened."),
        _("meetings"),
        kinds=(EventKind.REFERRAL_MET,),
        public=True,
    ),
    Indicator(
        "reached",
        _("People reached"),
        _("First meetings and referrals agreed, added up: doors that opened to a newcomer."),
        _PEOPLE,
        parts=("met", "agreed"),
        public=True,
    ),
    Indicator(
        "work",
        _("Jobs in their field"),
        _(
            "Jobs of newcomers in their own field, of at least as many hours a week as the centre "
            "calls full time (30 unless it has chosen otherwise), in the month the centre was told."
        ),
        _JOBS,
        kinds=(EventKind.WORK_IN_FIELD,),
    ),
    Indicator(
        "work_other",
        _("Other jobs"),
        _(
            "Jobs of newcomers outside their field, part time, or of which one of the two is not "
            "known, in the month the centre was told."
        ),
        _JOBS,
        kinds=(EventKind.WORK_OTHER,),
    ),
    Indicator(
        "work_all",
        _("Jobs reported"),
        _("Jobs in their field and other jobs, added up."),
        _JOBS,
        parts=("work", "work_other"),
    ),
    *_stayed(3),
    *_stayed(6),
    *_stayed(12),
)
BY_KEY: Mapping[str, Indicator] = {one.key: one for one in INDICATORS}


def counts_by_month(*, actor: Actor, centre: Centre, year: int) -> dict[str, tuple[int, ...]]:
    """Each indicator's twelve counts in one centre and year: three queries, whatever the rows."""
    events = _standing(actor, centre, year)
    each = _each(events)
    first = _firsts(events, centre, year)
    found: dict[str, tuple[int, ...]] = {}
    for one in INDICATORS:
        source = first if one.once else each
        found[one.key] = tuple(
            sum(source.get((kind, month), 0) for kind in one.kinds) for month in MONTHS
        )
    for one in INDICATORS:
        if one.parts:
            lines = zip(*(found[part] for part in one.parts), strict=True)
            found[one.key] = tuple(sum(line) for line in lines)
    return found


def _standing(actor: Actor, centre: Centre, year: int) -> QuerySet[Event]:
    """Events of the year that no later event corrects."""
    kinds = {kind for one in INDICATORS for kind in one.kinds}
    corrected = Event.objects.filter(corrects=OuterRef("pk"))
    return (
        Event.objects.filter(centre_id__in=actor.file_centres, centre=centre)
        .filter(on__year=year, kind__in=kinds)
        .exclude(Exists(corrected))
        .order_by()
    )


def _each(events: QuerySet[Event]) -> dict[tuple[str, int], int]:
    rows = events.values_list("kind", ExtractMonth("on")).annotate(n=Count("pk"))
    return {(kind, month): n for kind, month, n in rows}


def _firsts(events: QuerySet[Event], centre: Centre, year: int) -> dict[tuple[str, int], int]:
    """Who came from another centre, where the same was counted in this year, is not counted again
    here: the totals of all centres hold each person once."""
    kinds = {kind for one in INDICATORS if one.once for kind in one.kinds}
    rows = list(events.filter(kind__in=kinds).values_list("kind", "party").annotate(Min("on")))
    before = counted_before(centre=centre.pk, people=[party for _kind, party, _on in rows])
    found: dict[tuple[str, int], int] = {}
    for kind, party, first in rows:
        if any(_counted(move, kind, year, first) for move in before.get(party, ())):
            continue
        found[kind, first.month] = found.get((kind, first.month), 0) + 1
    return found


def _counted(move: Transfer, kind: str, year: int, first: date) -> bool:
    """Whether another centre counted this before the person came here."""
    came = move.ended_at
    return came is not None and came.date() <= first and f"{kind}:{year}" in move.counted
