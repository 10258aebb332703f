"""Two letters that bring two people together, and the end of a match."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from takeroot.access.models import Consent, Grant
from takeroot.access.services import withdraw_consent
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.enums import ConnecteeState, MatchState, MeetingState
from takeroot.connections.models import Connectee, Introduction, Match, Meeting, Referral
from takeroot.connections.services.introductions import (
    edit_introduction,
    end_match,
    send_introduction,
)
from takeroot.connections.services.meetings import log_meeting
from takeroot.connections.services.referrals import Door, refer, say_yes
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter, SignedLink
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.connections.table import accepted

pytestmark = pytest.mark.django_db


def say_in(centre: Centre, name: str, language: str) -> None:
    with house_of(centre):
        Party.objects.filter(name=name).update(language=language)


def the_letters(centre: Centre) -> Introduction:
    a_connectee(centre)
    a_connector(centre)
    return accepted(centre).introduction


def texts(row: Introduction, **changes: str) -> dict[str, str]:
    names = ("connectee_subject", "connectee_body", "connector_subject", "connector_body")
    return {**{name: getattr(row, name) for name in names}, **changes}


@pytest.mark.parametrize(("newcomer", "local"), [("en", "fr"), ("fr", "en"), ("fr", "fr")])
def test_e07_b24_each_letter_is_in_its_readers_language(
    centre: Centre, newcomer: str, local: str
) -> None:
    a_connectee(centre)
    a_connector(centre)
    say_in(centre, "Amina Example", newcomer)
    say_in(centre, "Paul Sample", local)
    row = accepted(centre).introduction
    expected = {
        "connectee": {"en": ("Meet Paul Sample", "Hello Amina,"), "fr": ("Paul Sample", "Bonjour")},
        "connector": {
            "en": ("Please meet Amina Example", "Hello Paul,"),
            "fr": ("Amina Example", "Bonjour"),
        },
    }
    for side, language in (("connectee", newcomer), ("connector", local)):
        subject, hello = expected[side][language]
        assert subject in getattr(row, f"{side}_subject")
        assert hello in getattr(row, f"{side}_body")
        assert ("Hello" in getattr(row, f"{side}_body")) is (language == "en")
        signed = "Truro centre" if language == "en" else "Centre de Truro"
        assert getattr(row, f"{side}_body").endswith(signed)
    with house_of(centre) as house:
        send_introduction(introduction=row, by=house)
        assert dict(Letter.objects.values_list("kind", "language")) == {
            "introduction_connectee": newcomer,
            "introduction_connector": local,
        }


def test_e07_the_coordinators_own_words_are_what_leaves(centre: Centre) -> None:
    row = the_letters(centre)
    with house_of(centre) as house:
        row = edit_introduction(
            introduction=row,
            expected=row.version,
            texts=texts(
                row,
                connectee_subject="Two nurses",
                connectee_body="Dear Amina,\n\nmeet Paul: {link}\n\nJo",
            ),
            by=house,
        )
        send_introduction(introduction=row, by=house)
    deliver()
    (letter,) = (m for m in mail.outbox if m.to == ["amina.example@people.example"])
    assert letter.subject == "Two nurses"
    assert re.search(r"meet Paul: https?://\S+/l/[\w-]+/", letter.body)
    assert "{link" not in letter.body


@pytest.mark.parametrize("side", ["connectee_body", "connector_body"])
def test_a_letter_without_its_link_is_refused_and_the_old_words_stay(
    centre: Centre, side: str
) -> None:
    row = the_letters(centre)
    before = getattr(row, side)
    with house_of(centre) as house:
        with pytest.raises(Refused, match=re.escape("Keep the word {link} in each letter")):
            edit_introduction(
                introduction=row, expected=row.version, by=house,
                texts=texts(row, **{side: "Hello, meet each other."}),
            )  # fmt: skip
        assert getattr(Introduction.objects.get(), side) == before


def test_the_second_of_two_editors_is_told(centre: Centre) -> None:
    row = the_letters(centre)
    with house_of(centre) as house:
        seen = row.version
        first = Introduction.objects.get()
        edit_introduction(
            introduction=first, expected=seen, texts=texts(first, connectee_subject="One"), by=house
        )
        with pytest.raises(EditedMeanwhile, match="Somebody else changed this record"):
            edit_introduction(
                introduction=row, expected=seen, texts=texts(row, connectee_subject="Two"), by=house
            )
        assert Introduction.objects.get().connectee_subject == "One"


def test_e07_sending_twice_sends_once(centre: Centre) -> None:
    row = the_letters(centre)
    with house_of(centre) as house:
        one = send_introduction(introduction=row, by=house)
        assert send_introduction(introduction=row, by=house).pk == one.pk
        assert Letter.objects.count() == 2
        assert Event.objects.filter(kind="introduced").count() == 1
        assert Promise.objects.filter(kind="book_meeting").count() == 1
        with pytest.raises(Refused, match="have been sent"):
            edit_introduction(
                introduction=Introduction.objects.get(), expected=1, texts=texts(row), by=house
            )
    assert deliver() == 2
    assert len(mail.outbox) == 2


def nothing_left(centre: Centre) -> None:
    with house_of(centre):
        assert Match.objects.get().state == MatchState.ACCEPTED
        assert Introduction.objects.get().sent_at is None
        assert not Meeting.objects.exists()
        assert not Grant.objects.exists()
        assert not SignedLink.objects.exists()
        assert Promise.objects.filter(kind="send_introduction", state="open").count() == 1
    assert deliver() == 0


@pytest.mark.parametrize("name", ["Amina Example", "Paul Sample"])
def test_without_an_address_one_is_called_and_the_other_written_to(
    centre: Centre, name: str
) -> None:
    row = the_letters(centre)
    with house_of(centre) as house:
        Party.objects.filter(name=name).update(email="")
        send_introduction(introduction=row, by=house)
        call = Promise.objects.get(kind="call", state="open")
        assert call.creditor is not None
        assert call.creditor.name == name
        assert Letter.objects.get(party__name=name).state == "paper"
    assert deliver() == 1


def test_a_consent_taken_back_before_the_letters_stops_them(centre: Centre) -> None:
    row = the_letters(centre)
    with house_of(centre) as house:
        withdraw_consent(consent=Consent.objects.get(purpose="introduction"), by=house)
        with pytest.raises(Refused, match="has not yet agreed to be introduced"):
            send_introduction(introduction=row, by=house)
    nothing_left(centre)


def test_a_match_that_ended_is_not_introduced(centre: Centre) -> None:
    row = the_letters(centre)
    with house_of(centre) as house:
        end_match(match=Match.objects.get(), by=house)
        with pytest.raises(EditedMeanwhile, match="no longer accepted; no letter was sent"):
            send_introduction(introduction=row, by=house)
        assert Connectee.objects.get().state == ConnecteeState.READY
    assert deliver() == 0


def test_ending_a_match_closes_doors_links_and_promises_and_keeps_the_story(
    centre: Centre,
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre) as house:
        assert Grant.objects.filter(revoked_at__isnull=True).count() == 3
        assert SignedLink.objects.filter(revoked_at__isnull=True).count() == 2
        told = Event.objects.count()
        end_match(match=Match.objects.get(), by=house)
        assert Match.objects.get().state == MatchState.ENDED
        assert Meeting.objects.get().state == MeetingState.CANCELLED
        assert not Grant.objects.filter(revoked_at__isnull=True).exists()
        assert not SignedLink.objects.filter(revoked_at__isnull=True).exists()
        assert not Promise.objects.filter(state="open").exists()
        assert Promise.objects.get(kind="book_meeting").reason == "withdrawn"
        assert Connectee.objects.get().state == ConnecteeState.READY
        assert Event.objects.count() == told + 1
        with pytest.raises(EditedMeanwhile, match="ended already"):
            end_match(match=Match.objects.get(pk=meeting.match_id), by=house)


def test_contacts_of_an_ended_match_owe_no_more_doors_but_may_still_answer(
    centre: Centre,
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre) as house:
        paul = Party.objects.get(pk=meeting.connector_party)
        today = timezone.localdate(timezone=centre.zone)
        log_meeting(meeting=meeting, held=True, on=today, by=None)
        match = Match.objects.get()
        doors = [Door(name=f"Ana {n}", email=f"{n}@contacts.example") for n in ("One", "Two")]
        yes, _asked = refer(match=match, referrer=paul, doors=doors)
        say_yes(referral=Referral.objects.get(pk=yes.pk))
        doors_owed = Promise.objects.filter(kind__in=("refer", "refer_on"), state="open")
        assert doors_owed.count() == 2
        end_match(match=match, by=house)
        assert not doors_owed.exists()
        assert Promise.objects.filter(kind="answer_referral", state="open").count() == 1


def test_a_match_that_the_centre_ends_leaves_both_calendars_and_frees_the_connectee(
    centre: Centre,
) -> None:
    from takeroot.connections.services.endings import end_by_centre
    from takeroot.connections.services.meetings import choose_time, propose_times, two_of

    meeting = an_introduced_pair(centre)
    with house_of(centre) as house:
        one, other = two_of(meeting)
        times = [timezone.now() + timedelta(days=3)]
        propose_times(meeting=meeting, times=times, by=one)
        choose_time(meeting=meeting, time=times[0], where="", by=other)
        end_by_centre(match=Match.objects.get(pk=meeting.match_id), by=house)
        letters = list(Letter.objects.filter(kind="match_ended").order_by("party_id"))
        assert {letter.party_id for letter in letters} == {one.pk, other.pk}
        assert all("METHOD:CANCEL" in letter.calendar for letter in letters)
        assert all("SEQUENCE:2" in letter.calendar for letter in letters)
        assert Connectee.objects.get().state == ConnecteeState.READY
