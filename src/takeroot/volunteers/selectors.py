"""Who is screened, and how many hours were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Sum

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.volunteers.enums import BLOCKING, ScreeningKind, Standing
from takeroot.volunteers.models import Hours, Screening, ScreeningPlan

Row = TypeVar("Row", bound=Model)


def plan_of(centre: Centre) -> ScreeningPlan:
    """What this centre asks for; a plan without kinds when it has chosen nothing."""
    return ScreeningPlan.objects.filter(centre=centre).first() or ScreeningPlan(centre=centre)


def screenings_visible_to(actor: Actor) -> QuerySet[Screening]:
    return Screening.objects.filter(centre_id__in=actor.file_centres).select_related("seen_by")


def hours_visible_to(actor: Actor) -> QuerySet[Hours]:
    """Hours in the actor's centres, or the actor's own."""
    rule = Q(centre_id__in=actor.file_centres)
    if actor.party:
        rule |= Q(person_id=actor.party)
    return Hours.objects.filter(rule)


def logged_minutes(*, actor: Actor, people: Iterable[UUID], year: int) -> dict[UUID, int]:
    """Minutes written down in a year, by person; meetings are counted by whoever knows them."""
    rows = (
        hours_visible_to(actor)
        .filter(person_id__in=list(people), on__year=year)
        .order_by()
        .values_list("person_id")
        .annotate(n=Sum("minutes"))
    )
    return dict(rows)


@dataclass(frozen=True)
class Check:
    """How one kind stands for one person. `screening` is the one that counts: the last to end."""

    kind: str
    standing: Standing
    until: date | None = None
    screening: UUID | None = None

    @property
    def blocks(self) -> bool:
        return self.standing in BLOCKING

    @property
    def label(self) -> str:
        return str(ScreeningKind(self.kind).label)


def standing_on(until: date | None, plan: ScreeningPlan, day: date) -> Standing:
    """How a screening that holds until `until` (None: for good) stands on a day."""
    if until is None or until > day + timedelta(days=plan.renew_days):
        return Standing.VALID
    if until >= day:
        return Standing.DUE
    if until + timedelta(days=plan.grace_days) >= day:
        return Standing.GRACE
    return Standing.EXPIRED


def checks(
    *, actor: Actor, plan: ScreeningPlan, people: Iterable[UUID], day: date
) -> dict[UUID, list[Check]]:
    """Each needed kind for each of the people, in the order of the plan: one query."""
    keys = list(people)
    best: dict[tuple[UUID, str], Screening] = {}
    if plan.needed:
        for row in screenings_visible_to(actor).filter(person_id__in=keys, kind__in=plan.needed):
            known = best.get((row.person_id, row.kind))
            if known is None or _ends_later(row, known):
                best[row.person_id, row.kind] = row
    found: dict[UUID, list[Check]] = defaultdict(list)
    for key in keys:
        for kind in plan.needed:
            row = best.get((key, kind))  # type: ignore[assignment]
            found[key].append(_check(kind, row, plan, day))
    return found


def _check(kind: str, row: Screening | None, plan: ScreeningPlan, day: date) -> Check:
    if row is None:
        return Check(kind, Standing.MISSING)
    return Check(kind, standing_on(row.valid_until, plan, day), row.valid_until, row.pk)


def _ends_later(one: Screening, other: Screening) -> bool:
    if one.valid_until is None or other.valid_until is None:
        return one.valid_until is None and other.valid_until is not None
    return one.valid_until > other.valid_until


def screened(rows: QuerySet[Row], *, centre: Centre, day: date, person: str) -> QuerySet[Row]:
    """Those rows whose person (the column `person`) has all that the centre asks for, days of
    grace included."""
    plan = plan_of(centre)
    holds: Any = Q(valid_until__isnull=True) | Q(
        valid_until__gte=day - timedelta(days=plan.grace_days)
    )
    for kind in plan.needed:
        seen = Screening.objects.filter(holds, person_id=OuterRef(person), kind=kind)
        rows = rows.filter(Exists(seen))
    return rows
