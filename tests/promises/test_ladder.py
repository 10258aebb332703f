"""Ladders: each rung once, in the morning of a working day, never two on one day."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.messaging.quiet import is_quiet
from takeroot.promises import policies as registry
from takeroot.promises.climbing import climb, climb_all
from takeroot.promises.enums import Act, Hold, PromiseKind
from takeroot.promises.ladder import next_moment
from takeroot.promises.models import Promise, PromiseStep
from takeroot.promises.policies import Policy, Rung
from takeroot.promises.selectors import days_for, drop_rate, for_me, owed_by_centre
from takeroot.promises.services import (
    choose_days,
    close_for_nobody,
    end_handover,
    hand_over,
    hold_ladders,
    open_promise,
    postpone,
    release_ladders,
    settle_by_hand,
    take_on,
)
from takeroot.promises.words import rungs_in_words, told_beforehand
from tests.cast import actor_for, house_of, member

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
HALIFAX = ZoneInfo("America/Halifax")


@pytest.fixture
def climbed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A kind of promise of the test's own; its handlers note what they did."""
    done: list[str] = []
    policy = Policy(
        "test_kind",
        "a test",
        "somebody",
        7,
        (Rung(-3, Act.REMIND), Rung(0, Act.REMIND), Rung(4, Act.CLOSE)),
        "After %(days)d days we ask again, after %(last)d we stop.",
    )

    def remind(promise: Promise) -> None:
        done.append("remind")

    def close(promise: Promise) -> None:
        done.append("close")
        close_for_nobody(promise)

    monkeypatch.setattr(registry, "_policies", {**registry._policies, "test_kind": policy})
    handlers = {("test_kind", Act.REMIND): remind, ("test_kind", Act.CLOSE): close}
    monkeypatch.setattr(registry, "_handlers", {**registry._handlers, **handlers})
    return done


def owed(centre: Centre, **more: Any) -> Promise:
    values: dict[str, Any] = {"subject_kind": "match", "subject_id": uuid.uuid4(), **more}
    with house_of(centre):
        return open_promise(centre=centre, kind="test_kind", **values)  # type: ignore[arg-type]


def days_pass(centre: Centre, clock: Any, days: int) -> list[date]:
    """Let days pass, a worker awake at ten each morning; the days on which rungs were climbed."""
    found = []
    for _day in range(days):
        clock.shift(timedelta(days=1))
        if climb_all(centre):
            found.append(datetime.now(HALIFAX).date())
    return found


@pytest.mark.parametrize(
    "ladder",
    [
        (Rung(1, Act.REMIND), Rung(1, Act.CLOSE)),
        (Rung(3, Act.REMIND), Rung(1, Act.CLOSE)),
        (Rung(0, Act.CLOSE), Rung(3, Act.REMIND)),
        (Rung(-7, Act.REMIND),),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused_at_start(ladder: tuple[Rung, ...]) -> None:
    with pytest.raises(ValueError):
        Policy("x", "x", "x", 7, ladder)


def test_a_rung_without_a_handler_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="nothing says"):
        registry.register(Policy("unhandled", "x", "x", 7, (Rung(0, Act.REMIND),)))


@pytest.mark.django_db
def test_rungs_fall_on_their_days_and_the_last_one_closes(
    centre: Centre, climbed: list[str]
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre)
        found = days_pass(centre, clock, 30)
    # Due on Monday the 9th; the rung of Friday, Monday, and of Friday the 13th.
    assert [str(day) for day in found] == ["2026-03-06", "2026-03-09", "2026-03-13"]
    assert climbed == ["remind", "remind", "close"]
    with house_of(centre):
        promise.refresh_from_db()
        assert (promise.state, promise.reason, promise.next_at) == ("closed", "no_answer", None)
        assert PromiseStep.objects.filter(promise=promise).count() == 3


@pytest.mark.django_db
def test_a_worker_that_was_down_for_weeks_does_not_climb_two_rungs_on_one_day(
    centre: Centre, climbed: list[str]
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        owed(centre)
        clock.shift(timedelta(days=42))
        assert climb_all(centre) == 1
        assert climb_all(centre) == 0
        found = days_pass(centre, clock, 20)
    assert climbed == ["remind", "remind", "close"]
    assert (found[1] - found[0]).days >= 4


@pytest.mark.django_db
def test_a_worker_that_finds_its_work_at_night_waits_for_the_morning(
    centre: Centre, climbed: list[str]
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre)
        # Saturday night: two days of quiet lie ahead.
        clock.move_to(datetime(2026, 3, 8, 2, 30, tzinfo=UTC))
        assert climb_all(centre) == 0
        with house_of(centre):
            promise.refresh_from_db()
            assert promise.next_rung == 0
            assert promise.next_at == datetime(2026, 3, 9, 12, tzinfo=UTC)
        clock.move_to(datetime(2026, 3, 9, 12, 1, tzinfo=UTC))
        assert climb_all(centre) == 1
    assert climbed == ["remind"]


@pytest.mark.django_db
def test_a_rung_whose_handler_fails_leaves_nothing_and_is_tried_again(
    centre: Centre, climbed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(promise: Promise) -> None:
        promise.centre.slug = ""
        Promise.objects.filter(pk=promise.pk).update(due_on=date(2030, 1, 1))
        raise RuntimeError

    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre)
        clock.shift(timedelta(days=7))
        good = registry._handlers["test_kind", Act.REMIND]
        monkeypatch.setitem(registry._handlers, ("test_kind", Act.REMIND), fails)
        with pytest.raises(RuntimeError):
            climb_all(centre)
        with house_of(centre):
            promise.refresh_from_db()
            assert (promise.next_rung, str(promise.due_on)) == (0, "2026-03-09")
            assert not PromiseStep.objects.filter(promise=promise).exists()
        monkeypatch.setitem(registry._handlers, ("test_kind", Act.REMIND), good)
        assert climb_all(centre) == 1
    assert climbed == ["remind"]


@pytest.mark.django_db
def test_the_database_refuses_one_rung_twice(centre: Centre, climbed: list[str]) -> None:
    from django.db import IntegrityError

    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre)
        clock.shift(timedelta(days=7))
        climb_all(centre)
        # As if the count had been lost: the rung itself remembers.
        with house_of(centre):
            Promise.objects.filter(pk=promise.pk).update(next_rung=0, next_at=MONDAY)
            with pytest.raises(IntegrityError, match="rung_once"), transaction.atomic():
                climb(promise.pk)
    assert climbed == ["remind"]


@pytest.mark.django_db
def test_more_time_moves_what_is_left_and_repeats_nothing(
    centre: Centre, climbed: list[str]
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre)
        days_pass(centre, clock, 5)
        with house_of(centre) as house:
            postpone(promise=promise, due_on=date(2026, 4, 1), by=house)
            with pytest.raises(Refused):
                postpone(promise=promise, due_on=date(2026, 3, 1), by=house)
        found = days_pass(centre, clock, 40)
    assert [str(day) for day in found] == ["2026-04-01", "2026-04-06"]
    assert climbed == ["remind", "remind", "close"]


@pytest.mark.django_db
def test_a_dead_mailbox_is_not_a_silent_person(centre: Centre, climbed: list[str]) -> None:
    party = member(centre, Role.CONNECTOR).party
    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre, debtor=party)
        with house_of(centre):
            assert hold_ladders(debtor=party, why=Hold.BOUNCED) == 1
        assert days_pass(centre, clock, 60) == []
        with house_of(centre):
            assert release_ladders(debtor=party, why=Hold.BOUNCED) == 1
            promise.refresh_from_db()
            # At least a week from the day on which they can be written to again.
            assert promise.due_on >= datetime.now(HALIFAX).date() + timedelta(days=7)
        assert len(days_pass(centre, clock, 30)) == 3
    assert climbed == ["remind", "remind", "close"]


@pytest.mark.django_db
def test_a_centres_own_days_hold_from_now_on_and_are_told(
    centre: Centre, climbed: list[str]
) -> None:
    with time_machine.travel(MONDAY, tick=False), house_of(centre) as house:
        before = owed(centre)
        choose_days(centre=centre, kind="test_kind", days=10, by=house)
        assert days_for(centre, "test_kind") == 10
        assert str(owed(centre).due_on) == "2026-03-12"
        before.refresh_from_db()
        assert str(before.due_on) == "2026-03-09"
        words = told_beforehand(centre=centre, kind="test_kind")
        assert words == "After 10 days we ask again, after 14 we stop."
        with pytest.raises(Refused, match="first reminder"):
            choose_days(centre=centre, kind="test_kind", days=3, by=house)
        choose_days(centre=centre, kind="test_kind", days=7, by=house)
        assert days_for(centre, "test_kind") == 7


@pytest.mark.django_db
def test_what_is_settled_climbs_no_further_and_cannot_be_settled_twice(
    centre: Centre, climbed: list[str]
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre)
        with house_of(centre) as house:
            settle_by_hand(promise=promise, reason="done", by=house)
            with pytest.raises(EditedMeanwhile):
                settle_by_hand(promise=promise, reason="done", by=house)
            with pytest.raises(EditedMeanwhile):
                postpone(promise=promise, due_on=date(2026, 5, 1), by=house)
        assert days_pass(centre, clock, 30) == []
    assert climbed == []


@pytest.mark.django_db
def test_the_page_tells_what_was_done_and_what_comes(centre: Centre, climbed: list[str]) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        promise = owed(centre)
        days_pass(centre, clock, 4)
        with house_of(centre):
            row = Promise.objects.get(pk=promise.pk)
            words = rungs_in_words(row)
    assert [done for _words, done in words] == [True, False, False]
    assert words[0][0] == "A reminder went out on 6 March 2026."
    assert words[2][0] == "On 13 March 2026 it is closed: nobody answered."


@pytest.mark.django_db
def test_what_waits_for_somebody_who_is_away_waits_for_the_deputy(centre: Centre) -> None:
    jo, sam = member(centre, Role.COORDINATOR), member(centre, Role.WORKER)
    today = date(2026, 3, 2)
    with time_machine.travel(MONDAY, tick=False):
        with house_of(centre) as house:
            promise = open_promise(
                centre=centre, kind=PromiseKind.CALL, subject_kind="match", subject_id=uuid.uuid4()
            )
            take_on(promise=promise, owner=jo.party, by=house)
        assert _mine(jo, today) == [promise]
        assert _mine(sam, today) == []
        with house_of(centre) as house:
            row = hand_over(
                centre=centre,
                away=jo.party,
                deputy=sam.party,
                starts_on=today,
                ends_on=today + timedelta(days=6),
                by=house,
            )
        assert (_mine(jo, today), _mine(sam, today)) == ([], [promise])
        after = today + timedelta(days=7)
        assert (_mine(jo, after), _mine(sam, after)) == ([promise], [])
        with house_of(centre) as house:
            end_handover(handover=row, by=house)
        assert (_mine(jo, today), _mine(sam, today)) == ([promise], [])


def _mine(user: Any, day: date) -> list[Promise]:
    actor = actor_for(user)
    with transaction.atomic(), acting(actor):
        return list(owed_by_centre(actor).filter(for_me(actor, day)))


@pytest.mark.django_db
def test_a_handover_to_oneself_or_backwards_in_time_is_refused(centre: Centre) -> None:
    jo, sam = member(centre, Role.COORDINATOR).party, member(centre, Role.WORKER).party
    day = date(2026, 3, 2)
    with house_of(centre) as house:
        with pytest.raises(Refused, match="other than"):
            hand_over(centre=centre, away=jo, deputy=jo, starts_on=day, ends_on=day, by=house)
        with pytest.raises(Refused, match="before the first"):
            hand_over(
                centre=centre,
                away=jo,
                deputy=sam,
                starts_on=day,
                ends_on=day - timedelta(days=1),
                by=house,
            )


@pytest.mark.django_db
def test_the_drop_rate_counts_silence_and_long_lateness_and_gives_no_rate_on_few(
    centre: Centre, other_centre: Centre, climbed: list[str]
) -> None:
    today = date(2026, 3, 2)
    ends = ["kept", "no_answer", "declined", "late", "open"]
    with time_machine.travel(MONDAY, tick=False), house_of(centre) as house:
        for count in (1, 3):
            for end in ends * count:
                row = owed(centre)
                values: dict[str, Any] = {"due_on": today}
                if end == "kept":
                    values |= {"state": "kept"}
                elif end in ("no_answer", "declined"):
                    values |= {"state": "closed", "reason": end}
                elif end == "late":
                    values |= {"due_on": today - timedelta(days=31)}
                Promise.objects.filter(pk=row.pk).update(**values)
            since = today - timedelta(days=90)
            rate = drop_rate(actor=house, centre=centre, since=since, today=today)
            assert (rate.dropped, rate.settled) == ((2, 4) if count == 1 else (8, 16))
            assert rate.percent == (None if count == 1 else 50)
        elsewhere = system_actor(other_centre.pk, purpose="test")
        assert drop_rate(actor=elsewhere, centre=centre, since=since, today=today).settled == 0


@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(["America/St_Johns", "Asia/Manila", "America/Halifax"]),
    late=st.integers(0, 60),
    days=st.integers(8, 40),
    province=st.sampled_from(["truro-ns", ""]),
)
def test_no_rung_comes_at_night_on_a_holiday_or_before_its_day(
    start: datetime, zone: str, late: int, days: int, province: str
) -> None:
    centre: Any = SimpleNamespace(
        place_code=province, zone=ZoneInfo("America/Halifax"), timezone="America/Halifax"
    )
    debtor: Any = SimpleNamespace(timezone=zone)
    ladder = registry.policy_for(PromiseKind.REFER).ladder
    due = start.date() + timedelta(days=days)
    moment = start
    for number, rung in enumerate(ladder):
        promise: Any = SimpleNamespace(
            kind=PromiseKind.REFER, next_rung=number, due_on=due, debtor=debtor, centre=centre
        )
        planned = next_moment(promise, after=moment)
        assert planned is not None
        local = planned.astimezone(ZoneInfo(zone))
        assert not is_quiet(planned, zone=ZoneInfo(zone), province="NS" if province else "")
        assert planned > moment
        assert local.date() >= due + timedelta(days=rung.after)
        if number:
            gap = rung.after - ladder[number - 1].after
            assert local.date() >= moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=gap)
        moment = planned + timedelta(days=late)
