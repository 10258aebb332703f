"""Whether people stayed: reading the answers, and counting them without guessing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.outcomes.enums import SameEmployer, StayState, Where
from takeroot.outcomes.models_stay import StayCheck

# The same in every centre, so that figures compare; from when they count is the centre's choice.
MOMENTS = (3, 6, 12)
LEAST_FOR_A_RATE = 10


def stay_checks_visible_to(actor: Actor) -> QuerySet[StayCheck]:
    return StayCheck.objects.filter(centre_id__in=actor.file_centres).select_related(
        "connectee__person__party", "centre"
    )


def own_stay_check(actor: Actor, key: UUID) -> StayCheck | None:
    """The question behind a link, for whoever it was sent to."""
    rows = StayCheck.objects.select_related("centre", "connectee__person__party")
    return rows.filter(pk=key, connectee_id=actor.party_id).first()


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last day of a month that is too short."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@dataclass(frozen=True)
class Bounds:
    """How many of n are known to be there, and how many may be: unknown is never «stayed»."""

    known: int
    unknown: int
    n: int

    @property
    def lower(self) -> int:
        return self.known

    @property
    def upper(self) -> int:
        return self.known + self.unknown

    @property
    def percents(self) -> tuple[int, int] | None:
        """Both bounds in per cent, the lower rounded down and the upper rounded up; none on fewer
        than ten people."""
        if self.n < LEAST_FOR_A_RATE:
            return None
        return 100 * self.lower // self.n, -(-100 * self.upper // self.n)


@dataclass(frozen=True)
class StayFigures:
    """One moment: each place by itself, and the employer."""

    months: int
    community: Bounds
    province: Bounds
    canada: Bounds
    employer: Bounds

    @property
    def n(self) -> int:
        return self.community.n


def _nobody_knows(field: str, silent: str) -> Q:
    return ~Q(state=StayState.ANSWERED) | Q(**{field: silent}) | Q(**{field: ""})


def stay_figures(*, actor: Actor, centre: Centre, today: date) -> tuple[StayFigures, ...]:
    """Of everybody whose day has come: who is known to be where. Whoever is not due yet counts
    nowhere. One query."""
    silent = _nobody_knows("where", Where.RATHER_NOT)
    mute = _nobody_knows("employer", SameEmployer.RATHER_NOT)
    rows = (
        StayCheck.objects.filter(centre_id__in=actor.file_centres, centre=centre, due_on__lte=today)
        .order_by("months")
        .values("months")
        .annotate(
            n=Count("pk"),
            unknown=Count("pk", filter=silent),
            community=Count("pk", filter=Q(where=Where.COMMUNITY)),
            province=Count("pk", filter=Q(where__in=(Where.COMMUNITY, Where.PROVINCE))),
            canada=Count("pk", filter=Q(where__in=(Where.COMMUNITY, Where.PROVINCE, Where.CANADA))),
            same=Count("pk", filter=Q(employer=SameEmployer.SAME)),
            mute=Count("pk", filter=mute),
        )
    )
    found: dict[int, dict[str, int]] = {row["months"]: dict(row) for row in rows}  # type: ignore[arg-type]
    return tuple(_figures(months, found.get(months)) for months in MOMENTS)


def _figures(months: int, row: dict[str, int] | None) -> StayFigures:
    row = row or dict.fromkeys(
        ("n", "unknown", "community", "province", "canada", "same", "mute"), 0
    )
    n, unknown = row["n"], row["unknown"]
    return StayFigures(
        months,
        Bounds(row["community"], unknown, n),
        Bounds(row["province"], unknown, n),
        Bounds(row["canada"], unknown, n),
        Bounds(row["same"], row["mute"], n),
    )
