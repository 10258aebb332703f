"""B83: many at once on PostgreSQL: one place is given once, one click counts once, no edit is
lost in silence. Rows are really committed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from takeroot.access.actor import acting
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.accounts.services import edit_centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.enums import MeetingState
from takeroot.connections.models import (
    Introduction,
    Match,
    Meeting,
    Referral,
    Round,
)
from takeroot.connections.services.introductions import send_introduction
from takeroot.connections.services.meetings import choose_time, log_meeting, propose_times
from takeroot.connections.services.referrals import Door, refer, say_yes
from takeroot.connections.services.rounds import accept_match, accept_round, propose_round
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from tests.cast import actor_for, house_of, member
from tests.concurrency.racing import THREADS, race
from tests.connections.people import a_connectee, a_connector

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = 3


def split(answers: list[Any]) -> tuple[list[Any], list[Any]]:
    """Those who won, and those who were refused in words; anything else is a fault."""
    refused = [a for a in answers if isinstance(a, Refused)]
    won = [a for a in answers if not isinstance(a, Exception)]
    faults = [a for a in answers if isinstance(a, Exception) and not isinstance(a, Refused)]
    assert not faults, faults[:3]
    return won, refused


def test_b83_a_connectors_last_place_is_given_once(centre: Centre) -> None:
    """Two coordinators, eight tries each, at once, for sixteen Connectees and one place."""
    staff = [actor_for(member(centre, role)) for role in (Role.COORDINATOR, Role.SUPERVISOR)]
    for number in range(ROUNDS):
        connector = a_connector(centre, f"Last Place {number}", capacity=1)
        with house_of(centre):
            round_ = Round.objects.create(centre=centre, name=f"Race {number}", least_quality=0)
            keys = [
                Match.objects.create(
                    centre=centre,
                    round=round_,
                    score=500,
                    connector=connector,
                    connectee=a_connectee(centre, f"Racer {number} {n}", consents=False),
                ).pk
                for n in range(THREADS)
            ]

        def accept(key: UUID, who: int) -> Match:
            with transaction.atomic(), acting(staff[who % 2]) as actor:
                return accept_match(match=Match.objects.get(pk=key), by=actor)

        won, refused = split(
            race(*(lambda k=k, n=n: accept(k, n) for n, k in enumerate(keys)))  # type: ignore[misc]
        )
        assert (len(won), len(refused)) == (1, THREADS - 1)
        with house_of(centre):
            assert Match.objects.filter(connector=connector, state="accepted").count() == 1
            # Whoever lost is free for another round, and was promised nothing.
            assert Introduction.objects.filter(match__connector=connector).count() == 1


def again(centre: Centre, act: Any) -> list[Any]:
    """The same button, sixteen times at once."""

    def once() -> Any:
        with house_of(centre) as actor:
            return act(actor)

    return race(*[once] * THREADS)


def test_b83_a_double_click_counts_once_from_the_round_to_the_ninth_name(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre)
    won, refused = split(
        again(centre, lambda by: propose_round(centre=centre, name="Clicked", by=by))
    )
    assert (len(won), len(refused)) == (1, THREADS - 1)
    round_ = won[0]

    won, refused = split(again(centre, lambda by: accept_round(round_=round_, by=by)))
    assert (len(won), len(refused)) == (1, THREADS - 1)
    (match,), _problems = won[0]

    def send(by: Any) -> Any:
        introduction = Introduction.objects.get(match_id=match.pk)
        return send_introduction(introduction=introduction, by=by)

    won, refused = split(again(centre, send))
    assert len({meeting.pk for meeting in won}) == 1
    assert not refused
    with house_of(centre):
        counts = Counter(Letter.objects.values_list("kind", flat=True))
        assert counts == {"introduction_connectee": 1, "introduction_connector": 1}
        meeting = Meeting.objects.get()
        connector = Party.objects.get(pk=meeting.connector_party)
    today = timezone.localdate(timezone=centre.zone)
    split(again(centre, lambda by: log_meeting(meeting=meeting, held=True, on=today, by=None)))
    door = Door("Ana One", "ana@contacts.example")

    def name(by: Any) -> Any:
        row = Match.objects.get(pk=match.pk)
        return refer(match=row, referrer=connector, doors=[door])

    split(again(centre, name))
    with house_of(centre):
        referral = Referral.objects.get()
    split(again(centre, lambda by: say_yes(referral=referral)))
    with house_of(centre):
        kinds = Counter(Letter.objects.values_list("kind", flat=True))
        events = Counter(Event.objects.values_list("kind", flat=True))
    assert set(kinds.values()) == {1}, kinds
    assert {kinds[kind] for kind in ("may_we_introduce", "thanks_for_yes", "contact_said_yes")} == {
        1
    }
    assert all(events[kind] == 1 for kind in ("matched", "introduced", "met", "referral_agreed"))


def test_b83_of_four_hundred_edits_none_is_lost_in_silence(centre: Centre) -> None:
    """Each either counts or is told that somebody else was first, and keeps what they typed."""

    def edit(number: int) -> list[str]:
        told = []
        for turn in range(400 // THREADS):
            mine = f"Street {number} {turn}"
            with house_of(centre):
                row = Centre.objects.get(pk=centre.pk)
                try:
                    edit_centre(centre=row, expected=row.version, settings={"postal_address": mine})
                    told.append("saved")
                except EditedMeanwhile:
                    assert row.postal_address == mine
                    told.append("told")
        return told

    answers = race(*(lambda n=n: edit(n) for n in range(THREADS)))  # type: ignore[misc]
    assert not [a for a in answers if isinstance(a, Exception)], answers
    counts = Counter(word for told in answers for word in told)
    assert counts["saved"] + counts["told"] == 400
    assert Centre.objects.get(pk=centre.pk).version == 1 + counts["saved"]


def test_b83_two_people_who_choose_at_once_book_one_time(centre: Centre) -> None:
    a_connectee(centre)
    a_connector(centre)
    with house_of(centre) as by:
        round_ = propose_round(centre=centre, name="Round", by=by)
        (match,), _problems = accept_round(round_=round_, by=by)
        meeting = send_introduction(introduction=match.introduction, by=by)
        one = Party.objects.get(pk=meeting.connectee_party)
        other = Party.objects.get(pk=meeting.connector_party)
        times = [timezone.now() + timedelta(days=n) for n in (2, 3, 4)]
        propose_times(meeting=meeting, times=times, by=one)

    def choose(number: int) -> Meeting:
        with house_of(centre):
            return choose_time(
                meeting=meeting,
                time=times[number % 3],
                where="Library",
                by=(one, other)[number % 2],
            )

    won, refused = split(race(*(lambda n=n: choose(n) for n in range(THREADS))))  # type: ignore[misc]
    assert won
    assert len({row.starts_at for row in won}) == 1
    assert len(won) + len(refused) == THREADS
    with house_of(centre):
        row = Meeting.objects.get(pk=meeting.pk)
        assert row.state == MeetingState.BOOKED
        assert row.sequence == 1
        assert Letter.objects.filter(kind="meeting_booked").count() == 2
