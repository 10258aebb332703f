"""Connectors who were asked often enough rest: who, since how many requests, and until when.

Places are counted by calendar period and come back when a match ends; a request is a request
whatever came of it, and is counted over a rolling stretch of the same length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.accounts.enums import Period
from takeroot.accounts.models import Centre
from takeroot.connections.enums import TOGETHER
from takeroot.connections.models import Connector, Match
from takeroot.connections.models_shared import ExtraRequest, SharedAsk, SharedPlace

_WINDOWS = {Period.MONTH: 30, Period.QUARTER: 91, Period.YEAR: 365}


def window_of(centre: Centre) -> int:
    """The rolling stretch, in days, in which requests are counted."""
    return _WINDOWS[Period(centre.capacity_period)]


def _asked_since(day: date) -> QuerySet[Match]:
    """Matches for which the Connector was asked after a day; what was accepted before the day of
    the yes was kept counts from the proposal."""
    before = Q(asked_on__isnull=True, created_at__date__gt=day)
    return Match.objects.filter(Q(asked_on__gt=day) | before, state__in=TOGETHER)


def _count(rows: QuerySet[Match] | QuerySet[ExtraRequest]) -> Coalesce:
    counted = rows.order_by().values("connector").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def not_resting(rows: QuerySet[Connector], *, centre: Centre, day: date) -> QuerySet[Connector]:
    """Those who may be asked once more. Where the centre has set a limit, `free` (places) is
    lowered to the requests that are left, so that one round does not propose more."""
    held = SharedAsk.objects.filter(
        place__in=SharedPlace.objects.filter(connector=OuterRef(OuterRef("pk"))).values("place"),
        days__contains=day,
        connectee__isnull=False,
    )
    rows = rows.filter(~Exists(held))
    if centre.requests_most is None:
        return rows
    since = day - timedelta(days=window_of(centre))
    mine = {"connector": OuterRef("pk")}
    left = (
        centre.requests_most
        + _count(ExtraRequest.objects.filter(**mine, on__gt=since))
        - _count(_asked_since(since).filter(**mine))
    )
    return rows.annotate(left=left).filter(left__gt=0).annotate(free=Least(F("free"), F("left")))


@dataclass(frozen=True)
class Rest:
    """Why and until when somebody is asked no more. The first day after it is `until`."""

    until: date
    asked: int
    days: int
    by_another: bool = False

    @property
    def words(self) -> str:
        day = {"day": date_format(self.until, "DATE_FORMAT")}
        if self.by_another:
            return (
                _("Another centre asked them within the last month. They rest until %(day)s.") % day
            )
        said = ngettext(
            "They were asked once in the last %(days)d days. They rest until %(day)s.",
            "They were asked %(n)d times in the last %(days)d days. They rest until %(day)s.",
            self.asked,
        )
        return said % {**day, "n": self.asked, "days": self.days}


def rests(connectors: Iterable[Connector], *, centre: Centre, day: date) -> dict[UUID, Rest]:
    """Who of these rests on a day: a few queries for all."""
    people = {row.pk: row for row in connectors}
    held = _held(people, day)
    if centre.requests_most is None:
        return held
    days = window_of(centre)
    since = day - timedelta(days=days)
    asked: dict[UUID, list[date]] = {}
    for match in _asked_since(since).filter(connector__in=people):
        on = match.asked_on or match.created_at.date()
        asked.setdefault(match.connector_id, []).append(on)
    extra = dict(
        ExtraRequest.objects.filter(connector__in=people, on__gt=since)
        .order_by()
        .values_list("connector_id")
        .annotate(n=Count("pk"))
    )
    found = {}
    for key, on_days in asked.items():
        most = centre.requests_most + extra.get(key, 0)
        if most <= len(on_days):
            # Room comes when the oldest of the last `most` requests has left the stretch.
            until = sorted(on_days)[-most] + timedelta(days=days)
            found[key] = Rest(until, len(on_days), days)
    return {**found, **held}


def _held(people: dict[UUID, Connector], day: date) -> dict[UUID, Rest]:
    """Whom another centre has asked within the month."""
    places = dict(
        SharedPlace.objects.filter(connector__in=people).values_list("place", "connector_id")
    )
    held = SharedAsk.objects.filter(
        place__in=list(places), days__contains=day, connectee__isnull=False
    )
    return {places[row.place]: Rest(row.days.upper, 1, 30, by_another=True) for row in held}
