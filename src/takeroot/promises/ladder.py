"""When the next rung of a promise comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from takeroot.messaging.quiet import morning_of, province_of, zone_of_reader
from takeroot.promises.models import Promise
from takeroot.promises.policies import Rung, policy_for


def next_rung(promise: Promise) -> Rung | None:
    """The rung that comes next, or None at the top of the ladder."""
    ladder = policy_for(promise.kind).ladder
    return ladder[promise.next_rung] if promise.next_rung < len(ladder) else None


def next_moment(promise: Promise, *, after: datetime) -> datetime | None:
    """When the next rung is due: a working morning where the debtor lives, at the earliest
    tomorrow, and never nearer to the rung before than the ladder says. A worker that was down for
    weeks, or a longer time given by the centre, thus never makes a reminder and the end fall on
    one day."""
    rung = next_rung(promise)
    if rung is None:
        return None
    zone = zone_of_reader(promise.debtor, promise.centre)
    day = promise.due_on + timedelta(days=rung.after)
    today = after.astimezone(zone).date()
    ladder = policy_for(promise.kind).ladder
    gap = rung.after - ladder[promise.next_rung - 1].after if promise.next_rung else 1
    return morning_of(
        max(day, today + timedelta(days=gap)), zone=zone, province=province_of(promise.centre)
    )
