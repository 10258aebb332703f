"""What happens when nobody answers: the programme's ladders, from the first reminder to the end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Connectee, Connector, Match, Meeting
from takeroot.connections.services.bounces import address_works
from takeroot.connections.services.ladder_meetings import answer_still, ask_whether_still
from takeroot.connections.services.meetings import choose_time, log_meeting, propose_times
from takeroot.connections.services.reaching import reached
from takeroot.connections.services.referrals import Door, refer
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.messaging.services import mark_bounced
from takeroot.promises.climbing import climb_all
from takeroot.promises.models import Promise
from tests.cast import house_of, member
from tests.connections.people import a_connectee, a_connector, an_introduced_pair

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def pass_days(centre: Centre, clock: Any, days: int) -> None:
    for _day in range(days):
        clock.shift(timedelta(days=1))
        climb_all(centre)


def letters(centre: Centre) -> Counter[str]:
    """How many letters of each kind were written."""
    with house_of(centre):
        return Counter(Letter.objects.values_list("kind", flat=True))


def settled(centre: Centre) -> dict[str, str]:
    """How each kind of promise about people ended: kept, or its reason."""
    with house_of(centre):
        rows = Promise.objects.exclude(state="open").order_by("settled_at")
        return {row.kind: row.reason or row.state for row in rows}


def open_kinds(centre: Centre) -> set[str]:
    with house_of(centre):
        return set(Promise.objects.filter(state="open").values_list("kind", flat=True))


def events(centre: Centre, kind: str) -> int:
    with house_of(centre):
        return Event.objects.filter(kind=kind).count()


def offered(centre: Centre, meeting: Meeting, *, by: str = "connectee") -> datetime:
    """One of the two proposes a time ten days ahead."""
    time = timezone.now() + timedelta(days=10)
    with house_of(centre):
        party = Party.objects.get(pk=getattr(meeting, f"{by}_party"))
        propose_times(meeting=meeting, times=[time], by=party)
    return time


def test_e07_two_who_find_no_time_are_reminded_called_and_parted_without_blame(
    centre: Centre, clock: Any
) -> None:
    an_introduced_pair(centre)
    pass_days(centre, clock, 15)
    assert letters(centre)["remind_propose"] == 2
    assert "call" not in open_kinds(centre)
    pass_days(centre, clock, 4)
    assert letters(centre)["another_way"] == 1
    assert {"call", "book_meeting"} <= open_kinds(centre)
    pass_days(centre, clock, 12)
    assert settled(centre)["book_meeting"] == "no_answer"
    assert (letters(centre)["not_reached"], letters(centre)["place_free"]) == (1, 1)
    with house_of(centre):
        assert Match.objects.get().state == "ended"
        assert Connectee.objects.get().state == "stalled"
        assert Connector.objects.get().state == "active"
    assert events(centre, "lost_touch") == 1


def test_e07_a_silent_connector_is_asked_twice_then_somebody_else_is_chosen(
    centre: Centre, clock: Any
) -> None:
    meeting = an_introduced_pair(centre)
    offered(centre, meeting)
    pass_days(centre, clock, 8)
    found = letters(centre)
    assert (found["remind_choose"], found["another_way"]) == (1, 1)
    pass_days(centre, clock, 6)
    found = letters(centre)
    assert (found["resting"], found["somebody_else"]) == (1, 1)
    with house_of(centre):
        # The Connectee keeps the day since when they have waited, and is in the next round.
        row = Connectee.objects.get()
        assert (row.state, str(row.waiting_since)) == ("ready", "2026-03-02")
        assert Connector.objects.get().state == "paused"
    assert "choose_another" in open_kinds(centre)
    assert not {"answer_times", "book_meeting", "log_meeting"} & open_kinds(centre)


def test_another_match_keeps_the_promise_to_choose_somebody_else(
    centre: Centre, clock: Any
) -> None:
    from tests.connections.table import accepted

    meeting = an_introduced_pair(centre)
    offered(centre, meeting)
    pass_days(centre, clock, 14)
    a_connector(centre, "Marie Sample")
    accepted(centre)
    assert settled(centre)["choose_another"] == "kept"


def test_whoever_answers_in_time_hears_nothing_more(centre: Centre, clock: Any) -> None:
    meeting = an_introduced_pair(centre)
    time = offered(centre, meeting)
    with house_of(centre):
        choose_time(
            meeting=meeting,
            time=time,
            where="Library",
            by=Party.objects.get(pk=meeting.connector_party),
        )
    before = letters(centre)
    pass_days(centre, clock, 12)
    assert letters(centre) == before
    assert settled(centre)["answer_times"] == "kept"


def test_a_meeting_that_nobody_tells_of_counts_as_unknown_never_as_held(
    centre: Centre, clock: Any
) -> None:
    meeting = an_introduced_pair(centre)
    time = offered(centre, meeting)
    with house_of(centre):
        connector = Party.objects.get(pk=meeting.connector_party)
        choose_time(meeting=meeting, time=time, where="", by=connector)
    pass_days(centre, clock, 45)
    # Both are asked, twice; then the centre is asked to call.
    assert letters(centre)["how_did_it_go"] == 4
    assert settled(centre)["log_meeting"] == "no_answer"
    with house_of(centre):
        assert Meeting.objects.get().state == "unknown"
    assert (events(centre, "met"), events(centre, "meeting_unknown")) == (0, 1)
    # It can still be told later, and then it counts.
    with house_of(centre):
        log_meeting(meeting=meeting, held=True, on=timezone.localdate(), by=None)
    assert events(centre, "met") == 1


def test_somebody_who_does_not_come_twice_is_called(centre: Centre, clock: Any) -> None:
    meeting = an_introduced_pair(centre)
    for times in (1, 2):
        with house_of(centre):
            log_meeting(meeting=meeting, held=False, on=timezone.localdate(), by=None)
            Meeting.objects.update(state="booked")
        assert ("call" in open_kinds(centre)) is (times == 2)
    assert events(centre, "meeting_missed") == 2


def told(centre: Centre) -> tuple[Match, Party]:
    """A pair that has met; its Connector."""
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        log_meeting(meeting=meeting, held=True, on=timezone.localdate(), by=None)
        return Match.objects.get(), Party.objects.get(pk=meeting.connector_party)


def test_e13_two_of_three_doors_at_day_21_are_thanked_and_asked_for_the_third(
    centre: Centre, clock: Any
) -> None:
    match, connector = told(centre)
    doors = [Door(name=f"Ana {n}", email=f"{n}@contacts.example") for n in ("One", "Two")]
    with house_of(centre):
        refer(match=match, referrer=connector, doors=doors)
    pass_days(centre, clock, 22)
    with house_of(centre):
        nudges = list(Letter.objects.filter(kind="remind_doors").order_by("created_at"))
    assert len(nudges) == 2
    assert nudges[1].subject == "One more door for Amina Example?"
    assert "You have opened 2 of 3 doors for Amina Example." in nudges[1].body
    assert "{link:" in nudges[1].body


def test_e13_after_the_last_rung_nobody_is_asked_for_doors_any_more(
    centre: Centre, clock: Any
) -> None:
    told(centre)
    pass_days(centre, clock, 60)
    found = letters(centre)
    assert (found["remind_doors"], found["another_way"], found["thanks_anyway"]) == (2, 1, 1)
    assert settled(centre)["refer"] == "no_answer"
    pass_days(centre, clock, 30)
    assert letters(centre)["thanks_anyway"] == 1


def test_three_doors_stop_the_reminders(centre: Centre, clock: Any) -> None:
    match, connector = told(centre)
    doors = [Door(name=f"Ana {n}", email=f"{n}@contacts.example") for n in ("One", "Two", "Six")]
    with house_of(centre):
        refer(match=match, referrer=connector, doors=doors)
    pass_days(centre, clock, 40)
    assert letters(centre)["remind_doors"] == 0
    assert settled(centre)["refer"] == "kept"


def test_a_contact_receives_one_question_and_no_reminder(centre: Centre, clock: Any) -> None:
    match, connector = told(centre)
    with house_of(centre):
        refer(
            match=match,
            referrer=connector,
            doors=[Door(name="Ana One", email="one@contacts.example")],
        )
    pass_days(centre, clock, 29)
    with house_of(centre):
        assert Letter.objects.filter(party__name="Ana One").count() == 1


def test_work_found_before_the_meeting_is_asked_about_and_ends_with_thanks(
    centre: Centre, clock: Any
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        ask_whether_still(match=Match.objects.get())
    assert letters(centre)["still_meet"] == 1
    pass_days(centre, clock, 14)
    found = letters(centre)
    assert (found["still_meet"], found["found_work"]) == (2, 1)
    assert settled(centre)["still_meet"] == "no_answer"
    assert settled(centre)["book_meeting"] == "employed"
    with house_of(centre):
        assert Match.objects.get().state == "ended"
        assert Meeting.objects.get(pk=meeting.pk).state == "cancelled"


def test_whoever_would_still_like_to_meet_goes_on(centre: Centre, clock: Any) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        ask_whether_still(match=Match.objects.get())
        answer_still(meeting=meeting, still=True)
    assert settled(centre) == {
        **settled(centre),
        "still_meet": "kept",
    }
    assert "book_meeting" in open_kinds(centre)


def test_a_dead_mailbox_stops_the_ladder_and_the_centre_finds_another_address(
    centre: Centre, clock: Any
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        amina = Party.objects.get(pk=meeting.connectee_party)
        mark_bounced(party=amina)
        mark_bounced(party=amina)
    assert {"fix_address", "book_meeting"} <= open_kinds(centre)
    before = letters(centre)
    pass_days(centre, clock, 60)
    assert letters(centre) == before
    with house_of(centre):
        assert Connectee.objects.get().state == "introduced"
        amina.refresh_from_db()
        amina.email = "amina@new.example"
        address_works(party=amina)
    assert settled(centre)["fix_address"] == "kept"
    pass_days(centre, clock, 8)
    assert letters(centre)["remind_propose"] == 1


def test_a_call_that_reached_somebody_brings_them_back(centre: Centre, clock: Any) -> None:
    an_introduced_pair(centre)
    pass_days(centre, clock, 19)
    with house_of(centre):
        call = Promise.objects.get(kind="call", state="open")
    pass_days(centre, clock, 12)
    with house_of(centre) as house:
        assert Connectee.objects.get().state == "stalled"
        # The call is still owed: ending the match does not let the person fall.
        call.refresh_from_db()
        assert call.state == "open"
        reached(promise=call, by=house)
        assert Connectee.objects.get().state == "ready"
    assert settled(centre)["call"] == "kept"
    assert events(centre, "back_in_touch") == 1


def test_an_applicant_whose_list_is_late_is_told_that_they_are_not_forgotten(
    centre: Centre, clock: Any
) -> None:
    jo = member(centre, Role.COORDINATOR).party
    a_connectee(centre, ready=False, consents=False)
    a_connectee(centre, "Bola Example", ready=False, consents=False)
    pass_days(centre, clock, 15)
    with house_of(centre):
        assert Letter.objects.filter(kind="we_are_late").count() == 2
        # One letter to the coordinator for all of it, with nobody's name.
        letter = Letter.objects.get(kind="late_today", party=jo)
    assert "2 things are late" in letter.subject
    assert "Amina" not in letter.body + letter.subject
    assert "sign_readiness" in open_kinds(centre)


def test_e07_what_happens_if_nobody_answers_is_told_in_the_first_letters(
    centre: Centre, clock: Any
) -> None:
    an_introduced_pair(centre)
    with house_of(centre):
        one = Letter.objects.get(kind="introduction_connectee").body
        other = Letter.objects.get(kind="introduction_connector").body
    assert "within 14 days, we remind you" in one
    assert "after 28 days the introduction ends" in one
    assert "after 42 days we stop asking" in other
