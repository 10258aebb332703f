"""Today's lines: each promise as a sentence, with its day and the page where it is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee, Match, Referral
from takeroot.connections.models_concern import Concern, ConcernSide
from takeroot.connections.models_recognition import Juror, Recognition
from takeroot.connections.models_shared import SharedAsk
from takeroot.connections.services.meetings import choose_time, propose_times
from takeroot.connections.services.testimonials import ask_for_words
from takeroot.keeping.models import Transfer
from takeroot.messaging.incoming import take_in
from takeroot.messaging.mime import read_mail
from takeroot.outcomes.models_stay import StayCheck
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.words import LATE, NORMAL, SOON, Owed, owed_in_words
from takeroot.volunteers.services.screening import record_screening
from tests.cast import house_of, make_centre
from tests.connections.chain import agreed, asked, met
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.connections.table import accepted, proposed
from tests.messaging.mails import a_letter, answer_to

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)


def lines(centre: Centre, seen_by: Centre | None = None) -> dict[str, Owed]:
    """The open promises of a centre in words, by kind (the referral's as «kind/hop»)."""
    with house_of(centre):
        rows = list(Promise.objects.filter(state="open", centre=centre))
    with house_of(seen_by or centre) as house:
        found = owed_in_words(actor=house, promises=rows, today=timezone.localdate())
    return {
        row.kind + ("/contact" if row.subject_kind == "referral" else ""): found[row.pk]
        for row in rows
        if row.pk in found
    }


def test_the_readiness_list_says_how_far_it_is(centre: Centre) -> None:
    row = a_connectee(centre, ready=False)
    line = lines(centre)["sign_readiness"]
    assert line.what == "Sign the readiness list of Amina Example"
    assert line.detail == "0 of 5 points are there."
    assert (line.page, line.key) == ("coordinator:connectee", row.pk)


def test_a_round_waits_to_be_decided(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre)
    round_ = proposed(centre, "Round of May")
    line = lines(centre)["decide_round"]
    assert line.what == "Decide the round “Round of May”"
    assert (line.page, line.key) == ("coordinator:round", round_.pk)


def test_letters_wait_to_be_sent(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre)
    match = accepted(centre)
    assert set(lines(centre)) == {"send_introduction"}
    line = lines(centre)["send_introduction"]
    assert line.what == "Introduce Amina Example and Paul Sample"
    assert (line.page, line.key) == ("coordinator:introduction", match.pk)


def test_e07_two_who_found_no_time_show_and_say_whether_one_was_proposed(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    line = lines(centre)["book_meeting"]
    assert line.what == "Amina Example and Paul Sample have not found a time"
    assert line.detail == "No time has been proposed yet."
    with house_of(centre):
        one, other = (
            meeting.match.connectee.person.party, meeting.match.connector.person.party
        )  # fmt: skip
        time = timezone.now() + timedelta(days=2)
        propose_times(meeting=meeting, times=[time], by=one)
        assert Match.objects.get().meeting.state == "proposed"
    # Whoever proposed has done their part: now the other owes the choice.
    assert set(lines(centre)) == {"answer_times"}
    line = lines(centre)["answer_times"]
    assert line.what == "Paul Sample was offered times by Amina Example"
    assert line.detail.startswith("Times have been proposed")
    with house_of(centre):
        choose_time(meeting=meeting, time=time, where="Library", by=other)
    assert set(lines(centre)) == {"log_meeting"}
    line = lines(centre)["log_meeting"]
    assert line.what == "Did Amina Example and Paul Sample meet?"
    assert (line.page, line.key) == ("coordinator:network", meeting.connectee_party)


def test_doors_that_are_owed_name_who_was_asked(centre: Centre) -> None:
    match = met(centre)
    assert lines(centre)["refer"].what == "Paul Sample was asked to open doors for Amina Example"
    (ana,) = asked(centre, match, "Ana One")
    line = lines(centre)["answer_referral/contact"]
    assert line.what == "Ana One was asked whether to meet Amina Example"
    assert line.detail.startswith("Paul Sample opened this door.")
    agreed(centre, ana)
    found = lines(centre)
    assert "answer_referral/contact" not in found
    assert found["refer_on/contact"].what == "Ana One was asked to open doors for Amina Example"
    assert found["refer_on/contact"].detail == "Second hop, through Paul Sample."


def test_every_kind_of_promise_has_its_line_and_a_page_that_exists(centre: Centre) -> None:
    row = a_connectee(centre, "New Example", ready=False)
    match = met(centre)
    (ana,) = asked(centre, match, "Ana One")
    with house_of(centre):
        stay = StayCheck(centre=centre, connectee=row, months=3, due_on=TODAY)
        stay.save(force_insert=True)
    reply = take_in(read_mail(answer_to(a_letter(centre), "Hm")))
    assert reply is not None
    with house_of(centre):
        concern = Concern(centre=centre, match=match, about_id=match.connector_id)
        concern.save(force_insert=True)
        side = ConcernSide(centre=centre, concern=concern, party_id=match.connectee_id)
        side.save(force_insert=True)
    round_of = {
        PromiseKind.SIGN_READINESS: ("connectee", row.pk),
        PromiseKind.CHOOSE_ANOTHER: ("connectee", row.pk),
        PromiseKind.UPDATE_PROFILE: ("connectee", row.pk),
        PromiseKind.FIX_ADDRESS: ("party", row.pk),
        PromiseKind.CALL: ("party", row.pk),
        PromiseKind.RATE_AFTER: ("connectee", row.pk),
        PromiseKind.READ_REPLY: ("reply", reply.pk),
        PromiseKind.LOOK_AFTER: ("concern_side", side.pk),
        PromiseKind.ANSWER_REFERRAL: ("referral", ana.pk),
        PromiseKind.REFER_ON: ("referral", ana.pk),
        PromiseKind.ASK_BY_PHONE: ("referral", ana.pk),
        PromiseKind.STAY_CHECK: ("stay_check", stay.pk),
        PromiseKind.LOOK_AGAIN: ("connectee", row.pk),
        PromiseKind.ANSWER_CONNECTOR: ("connector", match.connector_id),
    }
    with house_of(centre) as house:
        shown = record_screening(
            person=match.connector.person,
            kind="police",
            received_on=timezone.localdate() - timedelta(days=9),
            valid_until=None,
            by=house,
        )
        told = ask_for_words(party=match.connector.person.party, by=house)
        round_of[PromiseKind.READ_WORDS] = ("testimonial", told.pk)
        asked_for = SharedAsk(
            centre=centre, to=centre, place=row.pk, days=(TODAY, TODAY + timedelta(days=30))
        )
        asked_for.save(force_insert=True)
        round_of[PromiseKind.ANSWER_SHARED] = ("shared_ask", asked_for.pk)
        year = Recognition(centre=centre, year=TODAY.year, through=TODAY)
        year.save(force_insert=True)
        juror = Juror(centre=centre, recognition=year, party_id=row.pk)
        juror.save(force_insert=True)
        round_of[PromiseKind.DECIDE_JURY] = ("juror", juror.pk)
        round_of[PromiseKind.CLOSE_YEAR] = ("recognition", year.pk)
        move = Transfer(centre=centre, to=make_centre("moncton"), party_id=row.pk, reason="Home.")
        move.save(force_insert=True)
        round_of[PromiseKind.ANSWER_TRANSFER] = ("transfer", move.pk)
        round_of[PromiseKind.DECIDE_TRANSFER] = ("transfer", move.pk)
        round_of[PromiseKind.MEET_ACROSS] = ("shared_ask", asked_for.pk)
        round_of[PromiseKind.REFER_ACROSS] = ("shared_ask", asked_for.pk)
        round_of[PromiseKind.RENEW_SCREENING] = ("screening", shown.pk)
        found = [
            Promise(
                centre=centre, kind=kind, due_on=TODAY,
                subject_kind=round_of.get(kind, ("match", match.pk))[0],
                subject_id=round_of.get(kind, ("match", match.pk))[1],
            )
            for kind in PromiseKind
            if kind != PromiseKind.DECIDE_ROUND
        ]  # fmt: skip
        said = owed_in_words(actor=house, promises=found, today=TODAY)
        assert len({line.what for line in said.values()}) == len(found) == len(said)
        for line in said.values():
            assert line.what
            assert line.detail
            assert line.action
            assert reverse(line.page, args=[line.key] if line.key else [])


@pytest.mark.parametrize(
    ("days", "english", "french", "urgency"),
    [
        (-12, "12 days late", "12 jours de retard", LATE),
        (-1, "1 day late", "1 jour de retard", LATE),
        (0, "Today", "Aujourd’hui", SOON),
        (1, "Tomorrow", "Demain", SOON),
        (2, "In 2 days", "Dans 2 jours", NORMAL),
    ],
)
def test_e07_late_and_soon_are_said_in_words(
    centre: Centre, days: int, english: str, french: str, urgency: str
) -> None:
    row = a_connectee(centre, ready=False)
    promise = Promise(
        centre=centre, kind="sign_readiness", subject_kind="connectee", subject_id=row.pk,
        due_on=TODAY + timedelta(days=days),
    )  # fmt: skip
    with house_of(centre) as house:
        for language, expected in (("en", english), ("fr", french)):
            with translation.override(language):
                (line,) = owed_in_words(actor=house, promises=[promise], today=TODAY).values()
            assert (line.when, line.urgency) == (expected, urgency)


def test_another_centre_reads_no_line(centre: Centre, other_centre: Centre) -> None:
    match = met(centre)
    asked(centre, match, "Ana One")
    a_connectee(centre, "New Example", ready=False)
    assert len(lines(centre)) == 3
    assert lines(centre, seen_by=other_centre) == {}
    with house_of(other_centre):
        assert not Promise.objects.exists()
        assert not Connectee.objects.exists()
        assert not Referral.objects.exists()


def test_lines_need_one_query_for_each_kind_of_subject(
    centre: Centre, django_assert_max_num_queries: object
) -> None:
    match = met(centre)
    asked(centre, match, "Ana One", "Ben Two")
    for name in ("New Example", "Newer Example"):
        a_connectee(centre, name, ready=False)
    with house_of(centre) as house:
        rows = list(Promise.objects.filter(state="open"))
        assert len(rows) == 5
        with django_assert_max_num_queries(3):  # type: ignore[operator]
            assert len(owed_in_words(actor=house, promises=rows, today=TODAY)) == 5
