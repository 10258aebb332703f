"""What waits for me, and what I wait for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.promises.enums import CloseReason, PromiseState
from takeroot.promises.models import Handover, PolicyChoice, Promise
from takeroot.promises.policies import policy_for

# An open promise counts as dropped this many days after its day, until somebody settles it.
DROPPED_AFTER = 30
LEAST_FOR_A_RATE = 10


# Higher apps say which promises not everybody of the centre may know of (a condition that the
# database answers for whoever asks).
_known_to_asker: list[Q] = []


def hide_unless(rule: Q) -> None:
    """Register which promises are shown; those that fail the rule are not there for the asker."""
    _known_to_asker.append(rule)


def open_promises_visible_to(actor: Actor) -> QuerySet[Promise]:
    """Open promises of the actor's centre, or those that concern the actor."""
    return promises_visible_to(actor).filter(state=PromiseState.OPEN).order_by("due_on", "id")


def promises_visible_to(actor: Actor) -> QuerySet[Promise]:
    """Promises, settled ones too, of the actor's centre, or those that concern the actor."""
    rule = Q(centre_id__in=actor.file_centres)
    if actor.party:
        rule |= Q(debtor_id=actor.party) | Q(creditor_id=actor.party)
    rows = Promise.objects.filter(rule, *_known_to_asker)
    return rows.select_related("debtor", "creditor", "centre")


def owed_by_centre(actor: Actor) -> QuerySet[Promise]:
    return open_promises_visible_to(actor).filter(debtor__isnull=True)


def owed_by_others(actor: Actor) -> QuerySet[Promise]:
    return open_promises_visible_to(actor).filter(debtor__isnull=False)


def for_me(actor: Actor, day: date) -> Q:
    """Which promises of the centre wait for this member of the staff: nobody's, their own, and
    those of whoever has handed over to them; not their own while they are away themselves."""
    if actor.party is None:
        return Q()
    now = Handover.objects.filter(
        centre_id__in=actor.file_centres, starts_on__lte=day, ends_on__gte=day
    )
    handed = {(row.away_id, row.deputy_id) for row in now}
    mine = Q(owner__isnull=True)
    mine |= Q(owner_id__in=[away for away, deputy in handed if deputy == actor.party])
    if not any(away == actor.party for away, _deputy in handed):
        mine |= Q(owner_id=actor.party)
    return mine


def handovers_visible_to(actor: Actor, *, since: date) -> QuerySet[Handover]:
    """Handovers that are not over."""
    return Handover.objects.filter(
        centre_id__in=actor.file_centres, ends_on__gte=since
    ).select_related("away", "deputy")


def days_for(centre: Centre, kind: str) -> int:
    """Days until a promise of this kind is due in this centre."""
    if setting := policy_for(kind).setting:
        return int(getattr(centre, setting))
    chosen = PolicyChoice.objects.filter(centre=centre, kind=kind).values_list("days", flat=True)
    return chosen.first() or policy_for(kind).days


def chosen_days(actor: Actor) -> dict[str, int]:
    """The centre's own numbers of days, by kind."""
    rows = PolicyChoice.objects.filter(centre_id__in=actor.file_centres)
    return dict(rows.values_list("kind", "days"))


@dataclass(frozen=True)
class DropRate:
    """Of the promises whose day fell in a period: how many came to nothing without an answer.

    dropped: closed because nobody answered, or open 30 days past their day. settled: kept, closed
    for another reason, or dropped. What is open and not yet that late counts nowhere.
    """

    dropped: int
    settled: int

    @property
    def percent(self) -> float | None:
        """None on fewer than ten: no rate is honest there."""
        if self.settled < LEAST_FOR_A_RATE:
            return None
        return 100 * self.dropped / self.settled


def drop_rate(*, actor: Actor, centre: Centre, since: date, today: date) -> DropRate:
    """The drop rate of one centre for promises due from `since` up to `today`."""
    late = today - timedelta(days=DROPPED_AFTER)
    rows = Promise.objects.filter(
        centre_id__in=actor.file_centres, centre=centre, due_on__gte=since
    )
    opened = Q(state=PromiseState.OPEN, due_on__lt=late)
    nobody = Q(state=PromiseState.CLOSED, reason=CloseReason.NO_ANSWER)
    found = rows.aggregate(
        dropped=Count("pk", filter=opened | nobody),
        settled=Count("pk", filter=opened | ~Q(state=PromiseState.OPEN)),
    )
    return DropRate(dropped=found["dropped"], settled=found["settled"])
