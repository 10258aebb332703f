"""B87: screening with its dates. What a centre asks for, who is asked to renew, who is blocked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models import Connector, Match, Round
from takeroot.connections.services.rounds import (
    accept_match,
    add_by_hand,
    propose_round,
    solve_round,
)
from takeroot.messaging.models import Letter
from takeroot.promises.climbing import climb_all
from takeroot.promises.models import Promise
from takeroot.volunteers.enums import Standing
from takeroot.volunteers.models import Screening, ScreeningPlan
from takeroot.volunteers.selectors import checks, plan_of, standing_on
from takeroot.volunteers.services.renewing import ask_for_renewals
from takeroot.volunteers.services.screening import (
    choose_plan,
    record_screening,
    remove_screening,
)
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector, an_introduced_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        yield clock


def today(centre: Centre) -> date:
    return timezone.localdate(timezone=centre.zone)


def asks_for(centre: Centre, *kinds: str, renew: int = 60, grace: int = 30) -> None:
    with house_of(centre) as house:
        choose_plan(centre=centre, needed=kinds, renew_days=renew, grace_days=grace, by=house)


def seen(connector: Connector, *, days: int | None, kind: str = "police") -> Screening:
    """A check that ends in so many days (None: never), seen long ago."""
    day = today(connector.centre)
    with house_of(connector.centre) as house:
        return record_screening(
            person=connector.person,
            kind=kind,
            received_on=day - timedelta(days=700),
            valid_until=None if days is None else day + timedelta(days=days),
            by=house,
        )


def a_round(centre: Centre) -> Round:
    with house_of(centre) as house:
        return propose_round(centre=centre, name="A round", by=house)


def proposed_to(round_: Round) -> set[str]:
    with house_of(round_.centre):
        rows = Match.objects.filter(round=round_, state="proposed")
        return {row.connector.person.party.name for row in rows}


def test_b87_a_centre_that_asks_for_nothing_blocks_nobody(centre: Centre) -> None:
    a_connectee(centre)
    seen(a_connector(centre), days=-400)
    assert proposed_to(a_round(centre)) == {"Paul Sample"}


def test_b87_an_expired_police_check_blocks_matching_by_the_round(centre: Centre) -> None:
    a_connectee(centre)
    seen(a_connector(centre, "Ends Long Ago"), days=-31)
    seen(a_connector(centre, "In Days Of Grace"), days=-30)
    a_connector(centre, "Never Shown")
    asks_for(centre, "police")
    round_ = a_round(centre)
    assert proposed_to(round_) == {"In Days Of Grace"}
    assert round_.connectors == 1


def test_b87_an_expired_police_check_blocks_choosing_by_hand_with_a_sentence(
    centre: Centre,
) -> None:
    one = a_connectee(centre)
    valid, ended = a_connector(centre, "Valid Sample"), a_connector(centre, "Ended Sample")
    seen(valid, days=400)
    seen(ended, days=-31)
    asks_for(centre, "police")
    round_ = a_round(centre)
    with house_of(centre) as house:
        with pytest.raises(Refused, match=r"Ended Sample takes nobody new: .*police check"):
            add_by_hand(round_=round_, connectee=one, connector=ended, by=house)
        add_by_hand(round_=round_, connectee=one, connector=valid, by=house)


def test_b87_an_expired_police_check_blocks_accepting_what_was_proposed_before(
    centre: Centre, clock: Any
) -> None:
    a_connectee(centre)
    seen(a_connector(centre), days=1)
    asks_for(centre, "police", grace=0)
    a_round(centre)
    clock.shift(timedelta(days=2))
    with house_of(centre) as house:
        match = Match.objects.get(state="proposed")
        with pytest.raises(Refused, match="Paul Sample takes nobody new"):
            accept_match(match=match, by=house)
        match.refresh_from_db()
        assert match.state == "proposed"


def test_b87_what_was_never_shown_is_said_in_other_words(centre: Centre) -> None:
    one, never = a_connectee(centre), a_connector(centre, "Never Shown")
    seen(a_connector(centre, "Valid Sample"), days=None)
    asks_for(centre, "police")
    round_ = a_round(centre)
    with house_of(centre) as house, pytest.raises(Refused, match="cannot be matched yet"):
        add_by_hand(round_=round_, connectee=one, connector=never, by=house)


def test_b87_introductions_that_stand_go_on_after_the_end(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    asks_for(centre, "police")
    with house_of(centre):
        assert Match.objects.get(pk=meeting.match_id).state == "introduced"


def test_b87_a_locked_pair_whose_check_ended_is_said_when_solved_again(
    centre: Centre, clock: Any
) -> None:
    one = a_connectee(centre)
    connector = a_connector(centre)
    seen(connector, days=1)
    asks_for(centre, "police", grace=0)
    round_ = a_round(centre)
    with house_of(centre) as house:
        add_by_hand(round_=round_, connectee=one, connector=connector, by=house)
    clock.shift(timedelta(days=3))
    with house_of(centre) as house, pytest.raises(Refused, match="can no longer take part"):
        solve_round(round_=round_, by=house)


@pytest.mark.parametrize(
    ("left", "standing"),
    [
        (61, Standing.VALID),
        (60, Standing.DUE),
        (0, Standing.DUE),
        (-1, Standing.GRACE),
        (-30, Standing.GRACE),
        (-31, Standing.EXPIRED),
    ],
)
def test_b87_the_standing_changes_on_the_day(left: int, standing: Standing) -> None:
    day = date(2026, 5, 1)
    plan = ScreeningPlan(renew_days=60, grace_days=30)
    assert standing_on(day + timedelta(days=left), plan, day) == standing


def test_b87_the_check_that_ends_last_counts(centre: Centre) -> None:
    connector = a_connector(centre)
    seen(connector, days=-90)
    newest = seen(connector, days=500)
    seen(connector, days=10)
    asks_for(centre, "police", "orientation")
    with house_of(centre) as house:
        found = checks(actor=house, plan=plan_of(centre), people=[connector.pk], day=today(centre))[
            connector.pk
        ]
    assert [(c.kind, c.standing, c.screening) for c in found] == [
        ("police", Standing.VALID, newest.pk),
        ("orientation", Standing.MISSING, None),
    ]


def renew(centre: Centre) -> int:
    with house_of(centre):
        return ask_for_renewals(centre=centre)


def state_of(centre: Centre, kind: str = "renew_screening") -> list[tuple[str, str]]:
    with house_of(centre):
        return list(Promise.objects.filter(kind=kind).values_list("state", "reason"))


def letters(centre: Centre, kind: str) -> int:
    with house_of(centre):
        return Letter.objects.filter(kind=kind).count()


def test_b87_a_renewal_is_asked_for_once_within_the_window_and_not_before(
    centre: Centre, clock: Any
) -> None:
    row = seen(a_connector(centre), days=61)
    asks_for(centre, "police")
    assert renew(centre) == 0
    clock.shift(timedelta(days=1))
    assert [renew(centre), renew(centre)] == [1, 0]
    with house_of(centre):
        promise = Promise.objects.get(kind="renew_screening")
        assert (promise.due_on, promise.subject_id) == (row.valid_until, row.pk)
        body = Letter.objects.get(kind="renew_screening").body
    assert "no copy is kept" in body
    assert "nobody new is proposed to you" in body


def test_b87_a_kind_that_the_centre_does_not_ask_for_is_not_renewed(centre: Centre) -> None:
    seen(a_connector(centre), days=20, kind="vulnerable")
    asks_for(centre, "police")
    assert renew(centre) == 0


def test_b87_a_new_check_keeps_the_promise_and_a_shorter_one_does_not(centre: Centre) -> None:
    connector = a_connector(centre)
    seen(connector, days=20)
    asks_for(centre, "police")
    renew(centre)
    seen(connector, days=10)
    assert state_of(centre) == [("open", "")]
    seen(connector, days=900)
    assert state_of(centre) == [("kept", "")]


def test_b87_who_does_not_renew_is_reminded_called_and_left_in_peace(
    centre: Centre, clock: Any
) -> None:
    seen(a_connector(centre), days=60)
    asks_for(centre, "police")
    renew(centre)
    for _day in range(100):
        clock.shift(timedelta(days=1))
        climb_all(centre)
    assert state_of(centre) == [("closed", "no_answer")]
    assert [kind for kind, _ in state_of(centre, "call")] == ["open"]
    # When asked, 30 and 7 days before, on the day.
    assert (letters(centre, "renew_screening"), letters(centre, "screening_ended")) == (4, 1)


def test_b87_what_was_written_by_mistake_can_be_taken_out(centre: Centre) -> None:
    row = seen(a_connector(centre), days=20)
    asks_for(centre, "police")
    renew(centre)
    with house_of(centre) as house:
        remove_screening(screening=row, by=house)
    assert state_of(centre) == [("closed", "replaced")]


def test_b87_dates_that_cannot_be_are_refused_in_words(centre: Centre) -> None:
    person, day = a_connector(centre).person, today(centre)
    with house_of(centre) as house:
        with pytest.raises(Refused, match="in the future"):
            record_screening(
                person=person, kind="police", received_on=day + timedelta(days=1),
                valid_until=None, by=house,
            )  # fmt: skip
        with pytest.raises(Refused, match="must come after"):
            record_screening(
                person=person, kind="police", received_on=day, valid_until=day, by=house
            )
        assert not Screening.objects.exists()
