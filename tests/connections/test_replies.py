"""Answers by letter: the clear ones are done and can be taken back, the others wait for us."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.models import Meeting, Referral
from takeroot.connections.reply_words import Understood, meaning_of_meeting, meaning_of_question
from takeroot.connections.services.corrections import take_back_log
from takeroot.connections.services.replies import read_reply
from takeroot.ledger.models import Event
from takeroot.messaging.incoming import take_in
from takeroot.messaging.mime import read_mail
from takeroot.messaging.models import IncomingLetter, Letter
from takeroot.messaging.services import write_letter
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.chain import asked, met
from tests.messaging.mails import answer_to
from tests.pages.links.stage import Pair, passed, proposed

HERE = Path(__file__).parent
WEDNESDAY, FRIDAY_BEFORE = date(2026, 3, 4), date(2026, 2, 27)
db = pytest.mark.django_db


def typed(language: str) -> list[tuple[str, str, str]]:
    """The frozen list of typed answers: what was asked, what it means, the text."""
    lines = (HERE / f"answers_{language}.tsv").read_text().splitlines()
    return [tuple(line.split("\t")) for line in lines]  # type: ignore[misc]


def understood(question: str, text: str) -> Understood:
    if question == "contact":
        return meaning_of_question(text)
    return meaning_of_meeting(
        text,
        today=WEDNESDAY,
        asked=question == "asked",
        names=("Paul", "Paul Sample"),
        booked=FRIDAY_BEFORE,
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_typed_answer_is_misread_and_most_clear_ones_are_understood(language: str) -> None:
    rows = typed(language)
    assert len(rows) >= 60
    counts: Counter[str] = Counter()
    for question, expected, text in rows:
        found = understood(question, text)
        said = (found.said or "unclear") + (f":{found.day}" if found.day else "")
        assert said in (expected, "unclear"), f"{text!r} was read as {said}"
        if expected != "unclear":
            counts["clear"] += 1
            counts["read"] += said == expected
    assert counts["read"] >= 0.9 * counts["clear"]


def test_what_a_letter_says_besides_goes_to_a_person_too() -> None:
    assert understood("asked", "Yes, we met. He touched my arm.").more
    assert not understood("asked", "Yes, we met. Thank you! Amina Example").more


def how_did_it_go(pair: Pair) -> Letter:
    """The letter that asks the Connectee whether they met."""
    with house_of(pair.centre):
        meeting = Meeting.objects.get(pk=pair.meeting_id)
        letter = write_letter(
            party=pair.connectee.party,
            kind="how_did_it_go",
            subject="How did it go?",
            body="Did you meet?",
            about_id=meeting.match_id,
        )
        assert letter is not None
        return letter


def answered(pair: Pair, text: str) -> IncomingLetter:
    row = take_in(read_mail(answer_to(how_did_it_go(pair), text, Date="")))
    assert row is not None
    return row


def waiting(centre: Centre) -> list[str]:
    with house_of(centre):
        rows = Promise.objects.filter(kind="read_reply", state="open")
        return [str(row.subject_id) for row in rows]


@db
def test_e07_clear_yes_logs_the_meeting_and_says_so_with_a_way_back(centre: Centre) -> None:
    pair = passed(centre)
    day = pair.meeting.starts_at.astimezone(centre.zone).date()  # type: ignore[union-attr]
    row = answered(pair, "Yes, we met. Thank you!")
    assert (pair.meeting.state, pair.meeting.held_on) == ("held", day)
    assert (row.outcome, row.meaning, waiting(centre)) == ("understood", "met", [])
    with house_of(centre):
        letter = Letter.objects.get(kind="noted_from_reply")
        assert letter.party == pair.connectee.party
        assert "{link:" in letter.body
    assert pair.connectee.get("undo/").status_code == 200
    assert pair.connectee.post("undo/").status_code == 303
    assert pair.meeting.state == "booked"


@db
def test_e07_taking_back_corrects_the_ledger_and_asks_the_connector_for_nothing(
    centre: Centre,
) -> None:
    pair = passed(centre)
    answered(pair, "Yes")
    with house_of(centre):
        take_back_log(meeting=pair.meeting)
        take_back_log(meeting=pair.meeting)
        met_ = Event.objects.get(kind="met")
        assert [row.corrects_id for row in Event.objects.filter(kind="corrected")] == [met_.pk]
        states = {row.kind: row.state for row in Promise.objects.order_by("created_at")}
        assert (states["refer"], states["log_meeting"]) == ("closed", "open")
        assert Letter.objects.filter(kind="not_met_after_all").count() == 1
        match = pair.meeting.match
        assert match.connectee.state == "introduced"


@db
def test_what_people_know_of_cannot_be_taken_back_by_a_click(centre: Centre) -> None:
    match = met(centre)
    asked(centre, match, "Ana One")
    with house_of(centre), pytest.raises(Refused, match="People have been named"):
        take_back_log(meeting=Meeting.objects.get(match=match))


@db
def test_e07_clear_no_after_the_booked_time_is_noted_and_a_new_time_is_owed(centre: Centre) -> None:
    pair = passed(centre)
    answered(pair, "No, not yet.")
    assert pair.meeting.state == "missed"
    with house_of(centre):
        assert Promise.objects.filter(kind="book_meeting", state="open").exists()


@db
def test_answer_that_is_not_clear_changes_nothing_and_waits_for_a_person(centre: Centre) -> None:
    pair = passed(centre)
    row = answered(pair, "Yes I got your letter but we have not met")
    assert (pair.meeting.state, waiting(centre)) == ("booked", [str(row.pk)])


@db
def test_not_yet_before_the_booked_time_is_nothing_that_can_be_noted(centre: Centre) -> None:
    pair = proposed(centre)
    row = answered(pair, "Not yet")
    assert (pair.meeting.state, waiting(centre)) == ("proposed", [str(row.pk)])


@db
def test_what_is_clear_is_done_and_the_rest_of_the_letter_is_still_read(centre: Centre) -> None:
    pair = passed(centre)
    row = answered(pair, "Yes, we met. He invited me to his home.")
    assert pair.meeting.state == "held"
    assert (row.outcome, waiting(centre)) == ("waiting", [str(row.pk)])


@db
def test_answer_about_an_ended_match_waits_for_a_person(centre: Centre) -> None:
    pair = passed(centre)
    letter = how_did_it_go(pair)
    pair.connector.post("leave/")
    take_in(read_mail(answer_to(letter, "Yes we met")))
    assert len(waiting(centre)) == 1


@db
@pytest.mark.parametrize(
    ("text", "state", "never"),
    [
        ("Yes, with pleasure.", "agreed", False),
        ("No, thank you.", "declined", False),
        ("Please do not contact me again", "declined", True),
        ("Yes, if she speaks English", "asked", False),
    ],
)
def test_e14_contact_answers_the_question_by_replying(
    centre: Centre, text: str, state: str, never: bool
) -> None:
    (ana,) = asked(centre, met(centre), "Ana One")
    with house_of(centre):
        letter = Letter.objects.get(kind="may_we_introduce")
    take_in(read_mail(answer_to(letter, text)))
    with house_of(centre):
        row = Referral.objects.select_related("contact").get(pk=ana.pk)
        assert (row.state, row.contact.no_more_mail_at is not None) == (state, never)
    assert bool(waiting(centre)) == (state == "asked")


@db
def test_person_says_what_an_answer_means_and_it_is_done_once(centre: Centre) -> None:
    pair = passed(centre)
    row = answered(pair, "It was lovely, though short")
    day = timezone.localdate(timezone=centre.zone) - timedelta(days=1)
    with house_of(centre) as house:
        read_reply(reply=row, meaning="met", on=day, by=house)
        with pytest.raises(EditedMeanwhile):
            read_reply(reply=row, meaning="not_met", by=house)
        assert IncomingLetter.objects.get().outcome == "read"
    assert (pair.meeting.held_on, waiting(centre)) == (day, [])


@db
def test_answer_cannot_mean_what_it_was_not_asked(centre: Centre) -> None:
    row = answered(passed(centre), "Hm")
    with house_of(centre) as house, pytest.raises(Refused, match="can no longer mean that"):
        read_reply(reply=row, meaning="yes", by=house)
