"""The meeting's page, in every state, for both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from takeroot.accounts.models import Centre
from takeroot.connections.enums import MatchState, MeetingState
from takeroot.connections.models import Match, MeetingNote
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from tests.cast import deliver, house_of
from tests.pages.links import stage

pytestmark = pytest.mark.django_db


def test_e07_before_any_time_each_sees_who_the_other_is_and_what_is_not_promised(
    centre: Centre,
) -> None:
    pair = stage.a_pair(centre)
    mine, theirs = pair.connectee.text(), pair.connector.text()
    assert "Paul Sample" in mine
    assert "Regional Hospital" in mine
    assert "You both speak: English." in mine
    assert "No job is promised" in mine
    assert "What happens if nobody answers" in mine
    assert "Amina Example will propose three times" in theirs
    assert "No job is expected of you" in theirs


def test_e07_proposing_and_choosing_books_and_writes_to_both(centre: Centre) -> None:
    pair = stage.proposed(centre)
    assert "has your times and chooses one" in pair.connectee.text()
    page = pair.connector.text()
    assert "Amina Example proposes these times" in page
    assert "Café, 12 Prince Street" in page
    time = pair.meeting.proposed_times[1]
    answer = pair.connector.post("choose/", time=time.isoformat(), where="Town library")
    assert (answer.status_code, pair.meeting.state) == (303, MeetingState.BOOKED)
    for side in (pair.connectee, pair.connector):
        page = side.text()
        assert "Town library" in page
        assert "Add to my calendar" in page
    deliver()
    assert sum("meeting.ics" in str(m.message()) for m in mail.outbox) == 2


def test_e07_the_same_proposal_twice_is_one_letter(centre: Centre) -> None:
    pair = stage.proposed(centre)
    assert pair.connectee.post("propose/", **stage.times()).status_code == 303
    with house_of(centre):
        assert Letter.objects.filter(kind="times_proposed").count() == 1
        assert Event.objects.filter(kind="times_proposed").count() == 1


def test_e07_a_time_chosen_twice_is_booked_once(centre: Centre) -> None:
    pair = stage.booked(centre)
    time = pair.meeting.starts_at.isoformat()
    assert pair.connector.post("choose/", time=time, where="Elsewhere").status_code == 303
    assert (pair.meeting.where, pair.meeting.sequence) == ("Town library", 1)
    with house_of(centre):
        assert Letter.objects.filter(kind="meeting_booked").count() == 2


def test_e07_who_proposed_cannot_choose_for_the_other(centre: Centre) -> None:
    pair = stage.proposed(centre)
    time = pair.meeting.proposed_times[0].isoformat()
    assert pair.connectee.post("choose/", time=time, where="x").status_code == 303
    assert pair.meeting.state == MeetingState.PROPOSED


def test_e07_either_may_answer_a_proposal_with_another(centre: Centre) -> None:
    pair = stage.proposed(centre)
    assert "When would you like to meet Amina?" in pair.connector.text("propose/")
    answer = pair.connector.post("propose/", **stage.times(first=stage.tomorrow(9)))
    assert answer.status_code == 303
    assert "Paul Sample proposes these times" in pair.connectee.text()


def test_e07_a_booked_time_is_cancelled_once_and_leaves_both_calendars(centre: Centre) -> None:
    pair = stage.booked(centre)
    was = pair.meeting.starts_at.isoformat()
    assert "Cancel the meeting with Paul Sample?" in pair.connectee.text("cancel/")
    for _ in range(2):
        assert pair.connectee.post("cancel/", booked=was).status_code == 303
    assert (pair.meeting.state, pair.meeting.sequence) == (MeetingState.TO_BOOK, 2)
    with house_of(centre):
        assert Letter.objects.filter(calendar_method="CANCEL").count() == 2


def test_e07_an_old_cancel_page_does_not_take_back_a_newer_booking(centre: Centre) -> None:
    pair = stage.booked(centre)
    old = (pair.meeting.starts_at - timedelta(days=1)).isoformat()
    pair.connectee.post("cancel/", booked=old)
    assert pair.meeting.state == MeetingState.BOOKED


def test_e07_changing_a_booked_time_cancels_it_and_proposes_others(centre: Centre) -> None:
    pair = stage.booked(centre)
    was = pair.meeting.starts_at.isoformat()
    answer = pair.connector.post("propose/", **stage.times(first=stage.tomorrow(8), booked=was))
    assert (answer.status_code, pair.meeting.state) == (303, MeetingState.PROPOSED)
    with house_of(centre):
        assert Letter.objects.filter(calendar_method="CANCEL").count() == 2


def test_e07_going_back_and_proposing_again_leaves_a_booking_alone(centre: Centre) -> None:
    pair = stage.booked(centre)
    answer = pair.connectee.post("propose/", **stage.times(first=stage.tomorrow(9)))
    assert answer.status_code == 422
    assert "A time is booked already" in answer.content.decode()
    assert stage.tomorrow(9) in answer.content.decode(), "what was typed is lost"
    assert pair.meeting.state == MeetingState.BOOKED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": ""}, "This field is required"),
        ({"first": "next Tuesday"}, "is not a day and a time"),
        ({"first": "2020-01-01T10:00"}, "must lie in the future"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
    ],
)
def test_e07_a_wrong_time_is_refused_in_words_and_nothing_typed_is_lost(
    centre: Centre, typed: dict[str, str], sentence: str
) -> None:
    pair = stage.a_pair(centre)
    answer = pair.connectee.post("propose/", **stage.times(**typed))
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (422, True)
    assert "Café, 12 Prince Street" in page
    assert pair.meeting.state == MeetingState.TO_BOOK


def test_e07_after_the_time_the_page_asks_whether_they_met(centre: Centre) -> None:
    pair = stage.passed(centre)
    for side, name in ((pair.connectee, "Paul Sample"), (pair.connector, "Amina Example")):
        assert f"Did you meet {name}?" in side.text()


@pytest.mark.parametrize("topic", ["industry", "skills", "news", "demand", "hidden"])
def test_e08_e09_e10_e11_e12_notes_of_each_topic_are_the_writers_and_the_centres(
    centre: Centre, topic: str
) -> None:
    pair = stage.passed(centre)
    note = {topic: "Ask for Marie at the shipyard"}
    day = f"{stage.yesterday(centre)}"
    assert pair.connectee.post("met/", met="yes", on=day, **note).status_code == 303
    assert pair.meeting.state == MeetingState.HELD
    assert "Ask for Marie" in pair.connectee.text()
    assert "Ask for Marie" not in pair.connector.text()
    with house_of(centre):
        assert MeetingNote.objects.get().topic == topic


def test_e07_told_twice_they_met_once(centre: Centre) -> None:
    pair = stage.passed(centre)
    day = f"{stage.yesterday(centre)}"
    for side in (pair.connectee, pair.connectee, pair.connector):
        assert side.post("met/", met="yes", on=day, skills="CSA W47.1").status_code == 303
    with house_of(centre):
        assert Event.objects.filter(kind="met").count() == 1
        assert Letter.objects.filter(kind="ask_referrals").count() == 1
        assert MeetingNote.objects.count() == 2, "one note each"


def test_e07_not_met_asks_for_another_time(centre: Centre) -> None:
    pair = stage.passed(centre)
    for _ in range(2):
        assert pair.connector.post("met/", met="no").status_code == 303
    assert pair.meeting.state == MeetingState.MISSED
    assert "find another time" in pair.connectee.text()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Say whether you met"),
        ({"met": "yes"}, "Write the day you met"),
        ({"met": "yes", "on": "yesterday"}, "Write the day like this"),
        ({"met": "yes", "on": "2999-01-01"}, "is in the future"),
    ],
)
def test_e07_a_day_that_cannot_be_is_refused_and_the_notes_stay(
    centre: Centre, typed: dict[str, str], sentence: str
) -> None:
    pair = stage.passed(centre)
    answer = pair.connectee.post("met/", skills="Learn CSA W47.1", **typed)
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "Learn CSA W47.1" in page) == (422, True, True)
    assert pair.meeting.state == MeetingState.BOOKED


def test_e07_after_meeting_the_connector_is_led_to_name_people(centre: Centre) -> None:
    pair = stage.held(centre)
    page = pair.connector.text()
    assert "Open doors for Amina" in page
    _pair, next_page = (
        pair,
        stage.reader(
            centre,
            pair.connector.party.pk,
            "referring",
            pair.meeting.match_id,  # type: ignore[arg-type]
        ),
    )
    assert next_page.url() in page
    assert "Paul has been asked for 3 people" in pair.connectee.text()


def test_e12_notes_can_be_changed_and_taken_away_later(centre: Centre) -> None:
    pair = stage.held(centre)
    for text, count in (("A lead", 1), ("A better lead", 1), ("", 0)):
        assert pair.connector.post("notes/", hidden=text).status_code == 303
        with house_of(centre):
            assert [n.text for n in MeetingNote.objects.all()] == [text] * count


def test_stepping_back_asks_once_ends_the_match_and_tells_the_other_without_blame(
    centre: Centre,
) -> None:
    pair = stage.booked(centre)
    assert "End the introduction to Amina Example?" in pair.connector.text("leave/")
    with house_of(centre):
        assert Match.objects.get().state == MatchState.INTRODUCED
    for _ in range(2):  # a double click thanks twice and ends once
        answer = pair.connector.client.post(pair.connector.url("leave/"), follow=True)
        assert (answer.status_code, "Thank you for telling us" in answer.content.decode()) == (
            200,
            True,
        )
    with house_of(centre):
        assert Match.objects.get().state == MatchState.ENDED
        letter = Letter.objects.get(kind="introduction_ended")
        assert letter.party_id == pair.connectee.party.pk
        assert "METHOD:CANCEL" in letter.calendar
    assert pair.connectee.get().status_code == 410
    assert pair.connector.get().status_code == 410
