"""A worker killed fifty times in the middle of its work: every rung is climbed, and once."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.messaging.models import Letter
from takeroot.promises.climbing import climb_all
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise, PromiseStep
from takeroot.promises.services import open_promise
from tests.cast import house_of
from tests.connections.people import a_connector

KILLS, PEOPLE = 50, 40


def _a_life(centre: Centre, milliseconds: float) -> bool:
    """Fork a worker that climbs until it is killed (-9). Returns whether it was killed at work."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            climb_all(centre)
        finally:
            os._exit(0)
    time.sleep(milliseconds / 1000)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _everything_is_due(centre: Centre) -> int:
    """As if weeks had passed; how many promises have a rung left."""
    with house_of(centre):
        rows = Promise.objects.filter(kind=PromiseKind.UPDATE_PROFILE, state="open")
        return rows.update(next_at=timezone.now())


@pytest.mark.django_db(transaction=True)
@time_machine.travel("2026-03-03 15:00Z")  # a Tuesday, by day
def test_fifty_killed_workers_lose_no_rung_and_do_none_twice(centre: Centre) -> None:
    dice = random.Random(50)
    with house_of(centre):
        for number in range(PEOPLE):
            row = a_connector(centre, f"Sample {number}")
            open_promise(
                centre=centre,
                kind=PromiseKind.UPDATE_PROFILE,
                subject_kind="connector",
                subject_id=row.pk,
                debtor=row.person.party,
            )
    killed = 0
    for _life in range(4 * KILLS):
        if killed == KILLS:
            break
        assert _everything_is_due(centre) or killed
        killed += _a_life(centre, dice.uniform(1, 40))
        if killed % 10 == 9:
            _some_begin_again(centre)
    assert killed == KILLS
    for _rung in range(4):
        _everything_is_due(centre)
        climb_all(centre)
    with house_of(centre):
        _each_rung_once()


def _some_begin_again(centre: Centre) -> None:
    """Work does not run out: whoever was left out of rounds is asked anew."""
    with house_of(centre):
        for row in Promise.objects.filter(state="closed").select_related("debtor")[:20]:
            open_promise(
                centre=centre,
                kind=PromiseKind.UPDATE_PROFILE,
                subject_kind="connector",
                subject_id=row.subject_id,
                debtor=row.debtor,
            )


def _each_rung_once() -> None:
    rows = Promise.objects.filter(kind=PromiseKind.UPDATE_PROFILE)
    assert rows.count() >= PEOPLE
    for row in rows:
        assert (row.state, row.reason) == ("closed", "no_answer")
        assert list(row.steps.values_list("number", "act")) == [
            (0, "remind"),
            (1, "other_way"),
            (2, "close"),
        ]
    reminders = PromiseStep.objects.filter(act="remind").count()
    assert Letter.objects.filter(kind="still_right").count() == reminders
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s",
            ["takeroot.messaging.send_letter"],
        )
        assert cursor.fetchone() == (Letter.objects.count(),)
