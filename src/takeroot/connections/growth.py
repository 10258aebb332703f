"""How the networks of a centre grow: unique contacts by hop, how chains go on, where they end.

Everything is counted by the database; a fixed number of queries, whatever the rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.connections.enums import (
    Circle,
    ContactType,
    MeetingState,
    ReferralOutcome,
    ReferralState,
)
from takeroot.connections.figures import ideal_network
from takeroot.connections.models import Meeting, Referral
from takeroot.connections.selectors import meetings_visible_to, referrals_visible_to

OPEN = (ReferralState.AGREED, ReferralState.MET)
LEAST_FOR_A_RATE = 10


@dataclass(frozen=True)
class Share:
    """Some of many, with no rate on fewer than ten."""

    some: int
    n: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.some / self.n) if self.n >= LEAST_FOR_A_RATE else None

    @property
    def mean(self) -> float | None:
        """How many of the ones for each of the others."""
        return self.some / self.n if self.n >= LEAST_FOR_A_RATE else None


@dataclass(frozen=True)
class MonthOfGrowth:
    """Different people reached up to the end of a month, by hop (0: the Connectors)."""

    month: date
    reached: tuple[int, ...]

    @property
    def together(self) -> int:
        return sum(self.reached)


@dataclass(frozen=True)
class Ends:
    """What became of the people whom Connectors named, each at one place only."""

    waiting: int
    no_answer: int
    declined: int
    named_nobody: int
    none_agreed: int
    went_on: int

    @property
    def asked(self) -> int:
        return (
            self.waiting
            + self.no_answer
            + self.declined
            + self.named_nobody
            + self.none_agreed
            + self.went_on
        )


@dataclass(frozen=True)
class Funnel:
    """Referrals of one type, and how far they went. `type` is empty where nobody said it."""

    type: str
    asked: int
    agreed: int
    met: int
    outcomes: tuple[int, ...]

    @property
    def words(self) -> str:
        return str(ContactType(self.type).label) if self.type else ""


@dataclass(frozen=True)
class Growth:
    """Everything the page «How networks grow» shows."""

    months: tuple[MonthOfGrowth, ...]
    conversations: int
    people: int
    doors: int
    ideal: int
    reproduction: Share
    ends: Ends
    funnels: tuple[Funnel, ...]
    crossing: Share

    @property
    def again(self) -> int:
        """Open doors that led to somebody who was reached already."""
        return self.doors - self.people

    @property
    def hops(self) -> range:
        return range(len(self.months[-1].reached)) if self.months else range(0)


def growth_of(*, actor: Actor, centre: Centre) -> Growth:
    """Five queries."""
    referrals = referrals_visible_to(actor).select_related(None).filter(centre=centre).order_by()
    held = meetings_visible_to(actor).select_related(None).filter(centre=centre).order_by()
    held = held.filter(state=MeetingState.HELD, held_on__isnull=False)
    reached = _reached(centre, held, referrals)
    conversations = held.count()
    doors, ends, reproduction = _chains(referrals)
    return Growth(
        months=_cumulative(reached, hops=centre.hops),
        conversations=conversations,
        people=sum(n for _hop, _month, n in reached),
        doors=conversations + doors,
        ideal=conversations * ideal_network(centre),
        reproduction=reproduction,
        ends=ends,
        funnels=_funnels(referrals),
        crossing=_crossing(referrals),
    )


# (hop, first day of the month, how many different people were reached first then).
Reached = list[tuple[int, date, int]]


def _reached(centre: Centre, held: QuerySet[Meeting], referrals: QuerySet[Referral]) -> Reached:
    """Everybody who opened a door, in the month of their first: a person met through two people,
    or whose two files were merged, is one person and counts once."""
    met = held.annotate(
        who=Coalesce("match__connector__person__party__merged_into_id", "match__connector_id"),
        hop=Value(0),
        month=Cast(TruncMonth("held_on"), DateField()),
    ).values_list("who", "hop", "month")
    opened = (
        referrals.filter(state__in=OPEN, answered_at__isnull=False)
        .annotate(
            who=Coalesce("contact__party__merged_into_id", "contact__party_id"),
            at=F("hop"),
            month=Cast(TruncMonth("answered_at", tzinfo=centre.zone), DateField()),
        )
        .values_list("who", "at", "month")
    )
    one, first = met.query.sql_with_params()
    two, second = opened.query.sql_with_params()
    # Each part was made by the ORM, for this actor; only who comes first is said here.
    counted = (
        "SELECT hop, month, count(*) FROM (SELECT DISTINCT ON (who) hop, month FROM "  # noqa: S608
        f"(({one}) UNION ALL ({two})) AS doors (who, hop, month) ORDER BY who, month, hop) "
        "AS once GROUP BY hop, month"
    )
    with connection.cursor() as cursor:
        cursor.execute(counted, (*first, *second))
        return [(hop, month, n) for hop, month, n in cursor.fetchall()]


def _cumulative(reached: Reached, *, hops: int) -> tuple[MonthOfGrowth, ...]:
    """Month by month, without gaps, from the first to the last."""
    if not reached:
        return ()
    fresh: Counter[tuple[int, date]] = Counter()
    for hop, month, n in reached:
        fresh[hop, month] += n
    levels = range(max(hops, *(hop for hop, _month, _n in reached)) + 1)
    month, last = min(m for _h, m, _n in reached), max(m for _h, m, _n in reached)
    sums, found = dict.fromkeys(levels, 0), []
    while month <= last:
        for hop in levels:
            sums[hop] += fresh[hop, month]
        found.append(MonthOfGrowth(month, tuple(sums.values())))
        month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return tuple(found)


def _chains(referrals: QuerySet[Referral]) -> tuple[int, Ends, Share]:
    """All open doors; where chains end after the first hop; how many second doors each first one
    opened."""
    further = Referral.objects.filter(parent=OuterRef("pk")).order_by()
    one = Q(hop=1)
    yes = one & Q(state__in=OPEN)
    found = referrals.annotate(
        named=Exists(further), on=Exists(further.filter(state__in=OPEN))
    ).aggregate(
        doors=Count("pk", filter=Q(state__in=OPEN)),
        second=Count("pk", filter=Q(hop=2, state__in=OPEN)),
        first=Count("pk", filter=yes),
        waiting=Count("pk", filter=one & Q(state=ReferralState.ASKED)),
        no_answer=Count("pk", filter=one & Q(state=ReferralState.NO_ANSWER)),
        declined=Count("pk", filter=one & Q(state=ReferralState.DECLINED)),
        named_nobody=Count("pk", filter=yes & Q(named=False)),
        none_agreed=Count("pk", filter=yes & Q(named=True, on=False)),
        went_on=Count("pk", filter=yes & Q(on=True)),
    )
    doors, second, first = (found.pop(key) for key in ("doors", "second", "first"))
    return doors, Ends(**found), Share(second, first)


def _funnels(referrals: QuerySet[Referral]) -> tuple[Funnel, ...]:
    """By what the contact is to the newcomer: asked, agreed, met, and what came of it."""
    counts: dict[str, Count] = {
        f"came_{outcome.value}": Count("pk", filter=Q(outcome=outcome))
        for outcome in ReferralOutcome
    }
    rows = referrals.values_list("contact__type").annotate(
        asked=Count("pk"),
        agreed=Count("pk", filter=Q(state__in=OPEN)),
        met=Count("pk", filter=Q(state=ReferralState.MET)),
        **counts,
    )
    by_type = {row[0]: Funnel(row[0], row[1], row[2], row[3], tuple(row[4:])) for row in rows}
    order = [*ContactType.values, ""]
    nothing = (0,) * len(ReferralOutcome)
    return tuple(by_type.get(key, Funnel(key, 0, 0, 0, nothing)) for key in order)


def _crossing(referrals: QuerySet[Referral]) -> Share:
    """Open doors into another circle than any of the Connector's own, among those of which both
    circles were told."""
    inside = Q()
    for circle in Circle:
        inside |= Q(contact__circle=circle, match__connector__circles__contains=[circle])
    known = ~Q(contact__circle="") & ~Q(match__connector__circles=[])
    found = referrals.filter(state__in=OPEN).aggregate(
        n=Count("pk", filter=known), crossing=Count("pk", filter=known & ~inside)
    )
    return Share(found["crossing"], found["n"])
