"""Calendar files and time zones: one instant, whatever the clocks show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Meeting
from takeroot.connections.services.meetings import calendar_text, moment_in_words
from takeroot.messaging.models import Letter
from takeroot.pages.links.fields import LocalMomentField, in_zone
from takeroot.pages.links.zones import CANADA, WORLD, choices
from tests.cast import house_of
from tests.pages.links import stage

MANILA, ST_JOHNS, HALIFAX = (
    ZoneInfo(name) for name in ("Asia/Manila", "America/St_Johns", "America/Halifax")
)


def event_of(text: str) -> Calendar:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


@pytest.mark.django_db
def test_e07_the_downloaded_file_names_the_instant_and_nobody_to_answer(centre: Centre) -> None:
    pair = stage.booked(centre)
    for side in (pair.connectee, pair.connector):
        answer = side.get("meeting.ics")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert "attachment" in answer["Content-Disposition"]
        file = Calendar.from_ical(answer.content.decode())
        event = event_of(answer.content.decode())
        assert (file["METHOD"], event["UID"]) == ("PUBLISH", f"{pair.meeting_id}@takeroot")
        assert event.decoded("dtstart") == pair.meeting.starts_at
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)
        assert "ATTENDEE" not in event
        assert event["LOCATION"] == "Town library"


@pytest.mark.django_db
def test_e07_no_booking_no_file(centre: Centre) -> None:
    assert stage.proposed(centre).connector.get("meeting.ics").status_code == 404


@pytest.mark.django_db
def test_e07_cancelling_and_booking_again_keep_the_uid_and_raise_the_sequence(
    centre: Centre,
) -> None:
    pair = stage.booked(centre)
    pair.connectee.post("cancel/", booked=pair.meeting.starts_at.isoformat())
    pair.connectee.post("propose/", **stage.times())
    time = pair.meeting.proposed_times[1].isoformat()
    pair.connector.post("choose/", time=time, where="Town library")
    with house_of(centre):
        sent = Letter.objects.exclude(calendar="").filter(party=pair.connector.party)
        events = [
            (Calendar.from_ical(row.calendar)["METHOD"], event_of(row.calendar))
            for row in sent.order_by("created_at")
        ]
    assert [(method, int(event["SEQUENCE"])) for method, event in events] == [
        ("REQUEST", 1),
        ("CANCEL", 2),
        ("REQUEST", 3),
    ]
    assert {str(event["UID"]) for _method, event in events} == {f"{pair.meeting_id}@takeroot"}
    assert [str(event["STATUS"]) for _m, event in events] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]


@pytest.mark.django_db
def test_e07_changing_a_booked_time_sends_each_one_letter_that_frees_the_calendar(
    centre: Centre,
) -> None:
    pair = stage.booked(centre)
    booked = pair.meeting.starts_at.isoformat()
    with house_of(centre):
        before = set(Letter.objects.values_list("pk", flat=True))
    for _click in range(2):
        pair.connectee.post("propose/", **stage.times(booked=booked, where="Café"))
    assert pair.meeting.state == "proposed"
    with house_of(centre):
        letters = {row.party_id: row for row in Letter.objects.exclude(pk__in=before)}
        assert Letter.objects.exclude(pk__in=before).count() == 2
    told = letters[pair.connector.party.pk]
    assert told.subject == "Amina Example proposes other times"
    assert "will not take place" in told.body
    assert told.body.count("\u2013") == 3
    assert letters[pair.connectee.party.pk].kind == "times_changed"
    for letter in letters.values():
        event = event_of(letter.calendar)
        assert (letter.calendar_method, int(event["SEQUENCE"])) == ("CANCEL", 2)
        assert str(event["UID"]) == f"{pair.meeting_id}@takeroot"
        assert event.decoded("dtstart").isoformat() == booked
    time = pair.meeting.proposed_times[1].isoformat()
    pair.connector.post("choose/", time=time, where="Café")
    with house_of(centre):
        last = Letter.objects.filter(party=pair.connector.party).order_by("created_at").last()
    assert last is not None
    assert int(event_of(last.calendar)["SEQUENCE"]) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 8, 5, 29, tzinfo=UTC),  # the night clocks go forward in Canada
        datetime(2026, 3, 8, 5, 31, tzinfo=UTC),
        datetime(2026, 11, 1, 4, 29, tzinfo=UTC),  # the night they go back
        datetime(2026, 11, 1, 5, 31, tzinfo=UTC),
        datetime(2027, 1, 15, 13, 0, tzinfo=UTC),
    ],
)
def test_e07_a_manila_connectee_and_a_st_johns_connector_see_the_same_instant(
    centre: Centre, moment: datetime
) -> None:
    pair = stage.booked(centre)
    with house_of(centre):
        Meeting.objects.update(starts_at=moment)
        Party.objects.filter(pk=pair.connectee.party.pk).update(timezone="Asia/Manila")
        Party.objects.filter(pk=pair.connector.party.pk).update(timezone="America/St_Johns")
        meeting = Meeting.objects.get()
        texts = [
            calendar_text(meeting, Party.objects.get(pk=side.party.pk))
            for side in (pair.connectee, pair.connector)
        ]
    starts = [event_of(text).decoded("dtstart") for text in texts]
    assert starts == [moment, moment]
    assert starts[0].astimezone(ST_JOHNS).minute == (moment.minute + 30) % 60
    assert starts[0].astimezone(MANILA).hour == (moment.hour + 8) % 24


@pytest.mark.django_db
def test_e07_times_typed_in_manila_are_shown_in_newfoundlands_half_hour(centre: Centre) -> None:
    pair = stage.a_pair(centre)
    with house_of(centre):
        Party.objects.filter(pk=pair.connector.party.pk).update(timezone="America/St_Johns")
    typed = datetime.fromisoformat(stage.tomorrow(5, 21)).replace(tzinfo=MANILA)
    answer = pair.connectee.post(
        "propose/", **stage.times(zone="Asia/Manila", first=f"{typed:%Y-%m-%dT%H:%M}")
    )
    assert answer.status_code == 303
    assert typed in pair.meeting.proposed_times
    page = pair.connector.text()
    assert moment_in_words(typed, ST_JOHNS, "en") in page
    assert ":30 (Newfoundland" in moment_in_words(typed, ST_JOHNS, "en")
    assert "Manila time" in page
    with house_of(centre):
        assert Party.objects.get(pk=pair.connectee.party.pk).timezone == "Asia/Manila"


@pytest.mark.django_db
def test_e07_another_zone_is_remembered_and_a_made_up_one_is_not(centre: Centre) -> None:
    pair = stage.booked(centre)
    for zone, kept in (("Asia/Manila", "Asia/Manila"), ("Mars/Base", "Asia/Manila")):
        assert pair.connectee.post("zone/", zone=zone).status_code == 303
        with house_of(centre):
            assert Party.objects.get(pk=pair.connectee.party.pk).timezone == kept
    assert "Philippine Standard Time" in pair.connectee.text()


def test_a_time_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(ValidationError, match="02:30 does not exist"):
        in_zone(datetime(2026, 3, 8, 2, 30), HALIFAX)
    assert in_zone(datetime(2026, 11, 1, 1, 30), HALIFAX) == datetime(
        2026, 11, 1, 4, 30, tzinfo=UTC
    )


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from([*CANADA, *WORLD]),
)
def test_a_local_time_names_one_instant_that_reads_the_same_there(
    moment: datetime, zone: str
) -> None:
    moment = moment.replace(second=0, microsecond=0)
    try:
        instant = in_zone(moment, ZoneInfo(zone))
    except ValidationError:
        return
    assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == moment


@pytest.mark.parametrize(
    "text", ["2026-11-28T14:30", "2026-11-28 14:30", "2026-11-28 14 h 30", "2026-11-28T14:30:00"]
)
def test_a_time_may_be_typed_by_hand(text: str) -> None:
    assert LocalMomentField().clean(text) == datetime(2026, 11, 28, 14, 30)


def test_somebodys_own_zone_is_always_among_the_choices() -> None:
    for zone in ("America/St_Johns", "Asia/Manila", "Pacific/Chatham"):
        assert zone in {value for _group, rows in choices(zone) for value, _words in rows}
