"""Whether people stayed: asked on the day, answered or not known, counted within two bounds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.outcomes.indicators import counts_by_month
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.services.stays import (
    Answer,
    answer_stay,
    ask_who_stayed,
    choose_rule,
    close_unknown,
)
from takeroot.outcomes.stays import Bounds, months_after, stay_figures
from takeroot.promises.climbing import climb_all
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.chain import met
from tests.connections.people import a_connectee, an_introduced_pair

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def ask(centre: Centre) -> list[StayCheck]:
    with house_of(centre):
        return ask_who_stayed(centre=centre)


def letters(centre: Centre, kind: str) -> int:
    with house_of(centre):
        return Letter.objects.filter(kind=kind).count()


def say(centre: Centre, check: StayCheck, where: str, **more: Any) -> None:
    with house_of(centre) as house:
        answer_stay(check=check, answer=Answer(where=where, **more), by=house)


def kinds(centre: Centre) -> list[str]:
    with house_of(centre):
        rows = Event.objects.filter(kind__startswith="stay_").order_by("created_at")
        return list(rows.values_list("kind", flat=True))


def figures(centre: Centre) -> dict[int, tuple[int, int, int]]:
    with house_of(centre) as house:
        found = stay_figures(actor=house, centre=centre, today=timezone.localdate())
    return {
        one.months: (one.community.lower, one.community.upper, one.community.n) for one in found
    }


def test_e01_everybody_is_asked_at_3_6_and_12_months_once(centre: Centre, clock: Any) -> None:
    an_introduced_pair(centre)
    asked = []
    for _day in range(380):
        clock.shift(timedelta(days=1))
        asked += [(check.months, str(check.due_on)) for check in ask(centre)]
    assert asked == [(3, "2026-06-02"), (6, "2026-09-02"), (12, "2027-03-02")]
    assert letters(centre, "still_here") == 3


def test_the_centre_says_from_when_the_months_count(centre: Centre, clock: Any) -> None:
    an_introduced_pair(centre)
    with house_of(centre) as house:
        choose_rule(centre=centre, full_time_hours=30, count_from="met", by=house)
    clock.shift(timedelta(days=100))
    assert ask(centre) == []


def test_a_history_that_came_in_late_asks_about_nothing_long_past(
    centre: Centre, clock: Any
) -> None:
    an_introduced_pair(centre)
    clock.shift(timedelta(days=3 * 365))
    assert ask(centre) == []


def test_silence_climbs_the_ladder_and_ends_as_unknown(centre: Centre, clock: Any) -> None:
    an_introduced_pair(centre)
    clock.shift(timedelta(days=93))
    ask(centre)
    seen = []
    for _day in range(40):
        clock.shift(timedelta(days=1))
        climb_all(centre)
        seen.append((letters(centre, "still_here"), letters(centre, "stay_other_way")))
    assert seen[5] == (1, 0)
    assert (2, 0) in seen
    assert seen[-1] == (2, 1)
    with house_of(centre):
        assert StayCheck.objects.get().state == "unknown"
        promise = Promise.objects.get(kind="stay_check")
        assert (promise.state, promise.reason) == ("closed", "no_answer")
        assert Promise.objects.filter(kind="call").exists()
    assert kinds(centre) == ["stay_3_unknown"]


def test_an_answer_keeps_the_promise_and_the_ladder_rests(centre: Centre, clock: Any) -> None:
    an_introduced_pair(centre)
    clock.shift(timedelta(days=93))
    (check,) = ask(centre)
    say(centre, check, "community", employer="same", reasons=("job", "friends"), change="A bus")
    for _day in range(40):
        clock.shift(timedelta(days=1))
        climb_all(centre)
    assert letters(centre, "stay_other_way") == 0
    assert kinds(centre) == ["stay_3_here"]
    with house_of(centre):
        assert Promise.objects.get(kind="stay_check").state == "kept"


def test_a_late_answer_corrects_what_was_unknown_and_rewrites_nothing(
    centre: Centre, clock: Any
) -> None:
    an_introduced_pair(centre)
    clock.shift(timedelta(days=93))
    (check,) = ask(centre)
    with house_of(centre):
        close_unknown(check=check)
    say(centre, check, "province")
    assert kinds(centre) == ["stay_3_unknown", "stay_3_away"]
    with house_of(centre) as house:
        found = counts_by_month(actor=house, centre=centre, year=2026)
    assert sum(found["stayed_3_asked"]) == 1
    assert sum(found["stayed_3_most"]) == 0


def test_a_closed_file_is_not_written_to_and_counts_as_unknown(centre: Centre, clock: Any) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        Connectee.objects.filter(pk=meeting.connectee_party).update(state="closed")
    clock.shift(timedelta(days=93))
    ask(centre)
    assert letters(centre, "still_here") == 0
    assert figures(centre)[3] == (0, 1, 1)


def test_e01_unknown_is_never_stayed_and_who_is_not_due_counts_nowhere(
    centre: Centre,
) -> None:
    today = timezone.localdate()
    answers = ["community", "community", "province", "rather_not", "", "left"]
    for number, where in enumerate(answers):
        row = a_connectee(centre, f"Person {'ABCDEF'[number]} Example")
        with house_of(centre):
            check = StayCheck(centre=centre, connectee=row, months=3, due_on=today)
            check.save(force_insert=True)
            later = StayCheck(
                centre=centre, connectee=row, months=6, due_on=today + timedelta(days=90)
            )
            later.save(force_insert=True)
        if where:
            say(centre, check, where)
    assert figures(centre) == {3: (2, 4, 6), 6: (0, 0, 0), 12: (0, 0, 0)}
    with house_of(centre) as house:
        found = stay_figures(actor=house, centre=centre, today=today)[0]
    assert (found.province.lower, found.canada.lower) == (3, 3)
    assert found.community.percents is None


@given(
    answers=st.lists(
        st.sampled_from(["community", "province", "canada", "left", "rather_not", "unknown"])
    )
)
def test_the_lower_bound_never_exceeds_the_upper_nor_the_upper_n(answers: list[str]) -> None:
    bounds = Bounds(
        answers.count("community"),
        answers.count("rather_not") + answers.count("unknown"),
        len(answers),
    )
    assert 0 <= bounds.lower <= bounds.upper <= bounds.n
    if bounds.percents is None:
        assert bounds.n < 10
    else:
        low, high = bounds.percents
        assert 0 <= low <= high <= 100
        assert low * bounds.n <= 100 * bounds.lower
        assert high * bounds.n >= 100 * bounds.upper


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 5, 20), 12, date(2027, 5, 20)),
        (date(2026, 3, 31), -12, date(2025, 3, 31)),
    ],
)
def test_months_end_where_a_month_is_too_short(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@pytest.mark.parametrize("where", ["", "mars"])
def test_an_answer_without_a_place_is_refused(centre: Centre, where: str) -> None:
    match = met(centre)
    with house_of(centre):
        check = StayCheck(
            centre=centre, connectee=match.connectee, months=3, due_on=timezone.localdate()
        )
        check.save(force_insert=True)
    with pytest.raises(Refused):
        say(centre, check, where)
    assert kinds(centre) == []
