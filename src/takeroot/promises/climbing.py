"""Climbing the ladders: each rung once, however often a worker dies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.messaging.quiet import after_quiet, is_quiet, province_of, zone_of_reader
from takeroot.promises.enums import PromiseState
from takeroot.promises.ladder import next_moment, next_rung
from takeroot.promises.models import Promise, PromiseStep
from takeroot.promises.policies import handler_for

AT_ONCE = 500


def due_promises(centre: Centre) -> list[UUID]:
    """Promises whose next rung is due now, the longest overdue first."""
    rows = Promise.objects.filter(
        centre=centre, state=PromiseState.OPEN, held="", next_at__lte=timezone.now()
    )
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def _wait_for_nobody() -> None:
    """Somebody who presses a button at this moment goes first: a rung that would have to wait for
    their rows gives up, long before the database sees a deadlock, and is done a minute later."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '500ms'")


def _waits_for_the_morning(row: Promise, now: datetime) -> bool:
    """A worker that was down by day finds its work at night: it waits for the next morning of
    whoever owes."""
    zone, province = zone_of_reader(row.debtor, row.centre), province_of(row.centre)
    if not is_quiet(now, zone=zone, province=province):
        return False
    row.next_at = after_quiet(now, zone=zone, province=province)
    row.save(update_fields=["next_at"])
    return True


def climb(key: UUID) -> bool:
    """Do the next rung of one promise, if it is due: what it does and that it was done are one
    transaction. Returns whether it was done here (another worker may hold it, or it was settled).
    """
    with transaction.atomic():
        _wait_for_nobody()
        now = timezone.now()
        row = (
            Promise.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("centre", "debtor", "creditor")
            .filter(pk=key, state=PromiseState.OPEN, held="", next_at__lte=now)
            .first()
        )
        rung = next_rung(row) if row else None
        if row is None or rung is None or row.next_at is None:
            return False
        if _waits_for_the_morning(row, now):
            return False
        PromiseStep(
            centre=row.centre,
            promise=row,
            number=row.next_rung,
            act=rung.act,
            planned_at=row.next_at,
            done_at=now,
        ).save(force_insert=True)
        row.next_rung += 1
        row.next_at = next_moment(row, after=now)
        row.save(update_fields=["next_rung", "next_at"])
        handler_for(row.kind, rung.act)(row)
        return True


def climb_all(centre: Centre) -> int:
    """Every rung of one centre that is due now. Returns how many were done."""
    with transaction.atomic(), acting(system_actor(centre.pk, purpose="promise")):
        keys = due_promises(centre)
    done = 0
    for key in keys:
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="promise")):
            done += climb(key)
    return done
