"""A year of two centres: at its end nothing was lost, and nothing was done twice.

360 people, 90 of them Connectors; silent ones, no-shows, dead mailboxes, holidays, a coordinator
on leave, a worker that dies at random, and both changes of the clocks. The dice are seeded.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import Count, F, Q
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.models import Connectee, Connector, Match, Meeting, Referral
from takeroot.connections.services.profiles import ask_for_old_files
from takeroot.connections.services.referrals import forget_silent_contacts
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.messaging.quiet import is_quiet, province_of, zone_of_reader
from takeroot.promises import climbing
from takeroot.promises.climbing import climb_all
from takeroot.promises.models import Promise, PromiseStep
from takeroot.promises.policies import policy_for
from tests.cast import house_of, make_centre
from tests.simulation.town import Town

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
DAYS = 364
# Morning in Manila, in Newfoundland and in Nova Scotia, and an afternoon.
TICKS = (timedelta(hours=-4, minutes=-30), timedelta(hours=6, minutes=45), timedelta(hours=12))
# What the house writes of its own accord: only by day, on working days.
BY_ITSELF = (
    "remind_propose",
    "remind_choose",
    "another_way",
    "how_did_it_go",
    "remind_doors",
    "thanks_anyway",
    "resting",
    "somebody_else",
    "not_reached",
)


class Killed(Exception):
    """The worker is gone in the middle of a rung."""


def worker(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """One round of the worker; it dies in one rung of twelve, after the rung's effects and before
    they are kept, and another takes its place."""
    real = climbing.handler_for

    def mortal(kind: str, act: str) -> Any:
        handler = real(kind, act)

        def run(promise: Promise) -> None:
            handler(promise)
            if town.dice.random() < 1 / 12:
                town.killed += 1
                raise Killed

        return run

    with monkeypatch.context() as patch:
        patch.setattr(climbing, "handler_for", mortal)
        for _life in range(3):
            with suppress(Killed):
                climb_all(town.centre)
                return


@pytest.fixture
def towns(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both towns after their year, and the moment it ended."""
    with time_machine.travel(START, tick=False) as clock:
        places = (
            ("colchester", "America/Halifax", "truro-ns"),
            ("gander", "America/St_Johns", "gander-nl"),
        )
        found = []
        for slug, zone, place in places:
            centre = make_centre(slug, timezone=zone, place_code=place)
            town = Town(centre=centre, dice=random.Random(f"7:{slug}"))
            with house_of(centre):
                town.connectors_join(45)
            found.append(town)
        arrivals = random.Random(11)
        for number in range(DAYS):
            day = START + timedelta(days=number)
            for town in found:
                clock.move_to(day)
                left = 135 - (town.made - 45)
                town.day(newcomers=min(left, arrivals.choice((0, 0, 1, 1, 1))))
                for tick in TICKS:
                    clock.move_to(day + timedelta(hours=6) + tick)
                    worker(town, monkeypatch)
                if number % 7 == 3:
                    with house_of(town.centre):
                        ask_for_old_files(centre=town.centre)
                        forget_silent_contacts(centre=town.centre)
        yield found


def test_a_year_loses_no_promise_and_keeps_none_twice(towns: list[Town]) -> None:
    for town in towns:
        with house_of(town.centre):
            _everybody_came(town)
            _every_promise_is_kept_open_or_closed_with_a_reason()
            _no_open_promise_has_been_forgotten(town.centre)
            _no_rung_was_climbed_twice_or_out_of_order()
            _no_letter_was_written_twice()
            _the_house_spoke_only_by_day(town.centre)
            _states_agree_with_the_ledger()
            _no_place_was_given_twice()
        # The year was a hard one: otherwise this test proves nothing.
        assert town.killed >= 5


def _everybody_came(town: Town) -> None:
    assert Connector.objects.count() == 45
    assert Connectee.objects.count() == 135
    ends = Counter(Promise.objects.values_list("state", "reason"))
    assert ends["kept", ""] > 200
    assert ends["closed", "no_answer"] > 20
    assert Promise.objects.filter(held="bounced").exists() or (
        Promise.objects.filter(kind="fix_address").exists()
    )
    assert Meeting.objects.filter(times_missed__gt=0).exists()


def _every_promise_is_kept_open_or_closed_with_a_reason() -> None:
    settled = Promise.objects.exclude(state="open")
    assert not settled.filter(settled_at__isnull=True).exists()
    assert not settled.filter(next_at__isnull=False).exists()
    assert not Promise.objects.filter(state="closed", reason="").exists()
    assert not Promise.objects.filter(state="open", settled_at__isnull=False).exists()


def _no_open_promise_has_been_forgotten(centre: Centre) -> None:
    """What is open has its next rung ahead, stands still for a reason, or has climbed its whole
    ladder and stays on Today."""
    now = timezone.now()
    for row in Promise.objects.filter(state="open"):
        top = len(policy_for(row.kind).ladder)
        if row.held:
            continue
        if row.next_rung < top:
            assert row.next_at is not None, row.kind
            assert row.next_at > now - timedelta(days=1), (row.kind, row.next_at)
        else:
            # Nobody's ladder ends open but what the centre itself owes, or what a set time ends.
            assert row.debtor_id is None or row.kind == "answer_referral", row.kind
    if_old = Promise.objects.filter(
        state="open", kind="answer_referral", created_at__lt=now - timedelta(days=45)
    )
    assert not if_old.exists(), centre.slug


def _no_rung_was_climbed_twice_or_out_of_order() -> None:
    counted = PromiseStep.objects.values("promise", "number").annotate(n=Count("pk"))
    assert not counted.filter(n__gt=1).exists()
    steps = PromiseStep.objects.order_by("promise", "number").values_list(
        "promise", "number", "done_at", "act"
    )
    last: dict[Any, Any] = {}
    for promise, number, done_at, _act in steps:
        before = last.get(promise)
        assert number == (0 if before is None else before[0] + 1)
        # Two rungs of one promise never fall on one day.
        assert before is None or done_at - before[1] > timedelta(hours=20)
        last[promise] = (number, done_at)
    assert Promise.objects.annotate(n=Count("steps")).exclude(n=F("next_rung")).count() == 0


def _no_letter_was_written_twice() -> None:
    """A rung whose worker died leaves no letter: what is left was written once."""
    again = (
        Letter.objects.filter(kind__in=BY_ITSELF)
        .values("party", "kind", "about_id", "created_at")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    assert not again.exists()
    ways = PromiseStep.objects.filter(act="other_way", promise__kind__in=("book_meeting",
        "answer_times", "refer")).count()  # fmt: skip
    assert Letter.objects.filter(kind="another_way").count() <= ways
    reminders = PromiseStep.objects.filter(act="remind", promise__kind="answer_times").count()
    assert 0 < Letter.objects.filter(kind="remind_choose").count() <= reminders


def _the_house_spoke_only_by_day(centre: Centre) -> None:
    province = province_of(centre)
    assert province
    # To whoever owed: in their zone. (The other of the two hears of an end at that same moment.)
    for letter in Letter.objects.filter(
        kind__in=("remind_propose", "remind_choose", "remind_doors", "resting", "not_reached")
    ).select_related("party"):
        zone = zone_of_reader(letter.party, centre)
        assert not is_quiet(letter.created_at, zone=zone, province=province), (
            letter.kind,
            letter.created_at,
        )


def _states_agree_with_the_ledger() -> None:
    told = set(Event.objects.filter(kind="met").values_list("about_id", flat=True))
    held = set(Meeting.objects.filter(state="held").values_list("match_id", flat=True))
    assert told == held
    assert held
    introduced = set(Event.objects.filter(kind="introduced").values_list("about_id", flat=True))
    assert introduced == set(Meeting.objects.values_list("match_id", flat=True))
    asked = set(Event.objects.filter(kind="referral_asked").values_list("about_id", flat=True))
    assert asked == set(Referral.objects.values_list("pk", flat=True))
    lost = Counter(Event.objects.filter(kind="lost_touch").values_list("party", flat=True))
    back = Counter(Event.objects.filter(kind="back_in_touch").values_list("party", flat=True))
    stalled = set(
        Connectee.objects.filter(state=ConnecteeState.STALLED).values_list("pk", flat=True)
    )
    for key in Connectee.objects.values_list("pk", flat=True):
        assert lost[key] - back[key] == (1 if key in stalled else 0)


def _no_place_was_given_twice() -> None:
    pairs = Match.objects.filter(~Q(state__in=("proposed", "replaced", "refused")))
    twice = pairs.values("connectee", "connector").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
    seats = pairs.filter(state__in=("accepted", "introduced"))
    crowded = seats.values("connector", "period", "seat").annotate(n=Count("pk")).filter(n__gt=1)
    assert not crowded.exists()
