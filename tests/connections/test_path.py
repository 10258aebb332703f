"""From the round to the ninth introduction, through services, letters and links."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnecteeState, ReferralState
from takeroot.connections.models import Connectee, Match, Referral
from takeroot.connections.services.introductions import send_introduction
from takeroot.connections.services.meetings import choose_time, log_meeting, propose_times
from takeroot.connections.services.referrals import Door, refer, say_no, say_yes
from takeroot.connections.services.rounds import accept_round, propose_round
from takeroot.messaging.services import DeadLink, open_link
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of
from tests.connections.people import a_connectee, a_connector, an_introduced_pair

pytestmark = pytest.mark.django_db


def doors(*names: str) -> list[Door]:
    return [Door(name=n, email=f"{n.lower().replace(' ', '.')}@contacts.example") for n in names]


def test_e13_e14_three_referrals_become_nine(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        one, other = (
            Party.objects.get(pk=meeting.connectee_party),
            Party.objects.get(pk=meeting.connector_party),
        )
        times = [timezone.now() + timedelta(days=d) for d in (2, 3, 4)]
        propose_times(meeting=meeting, times=times, by=one)
        choose_time(meeting=meeting, time=times[1], where="Café, 12 Prince Street", by=other)
        log_meeting(meeting=meeting, held=True, on=timezone.localdate(timezone=centre.zone), by=one)
        match = Match.objects.get(pk=meeting.match_id)
        first = refer(match=match, referrer=other, doors=doors("Ana One", "Ben Two", "Cy Three"))
        for number, referral in enumerate(first):
            say_yes(referral=referral)
            named = [f"Second {letter}{number}" for letter in "ABC"]
            refer(
                match=match,
                referrer=referral.contact.party,
                doors=doors(*named),
                parent=Referral.objects.get(pk=referral.pk),
            )
        assert Referral.objects.filter(hop=1).count() == 3
        assert Referral.objects.filter(hop=2).count() == 9
        assert Connectee.objects.get().state == ConnecteeState.REFERRING
        # What was owed about referrals has been kept by all four who were asked.
        assert not Promise.objects.filter(kind="refer", state="open").exists()


def test_e14_nothing_moves_before_the_contact_says_yes(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        log_meeting(
            meeting=meeting, held=True, on=timezone.localdate(timezone=centre.zone), by=None
        )
        match = Match.objects.get(pk=meeting.match_id)
        connector = Party.objects.get(pk=meeting.connector_party)
        (referral,) = refer(match=match, referrer=connector, doors=doors("Ana One"))
    deliver()
    asked = next(m for m in mail.outbox if m.to == ["ana.one@contacts.example"])
    assert "Amina" not in asked.subject + asked.body
    assert "Paul Sample" in asked.body
    with house_of(centre):
        say_yes(referral=referral)
    deliver()
    thanks = [m for m in mail.outbox if m.to == ["ana.one@contacts.example"]][-1]
    assert "Amina Example" in thanks.body


def test_links_in_letters_open_for_their_party_alone(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    deliver()
    found = {m.to[0]: re.search(r"/l/([\w-]+)/", m.body)[1] for m in mail.outbox}  # type: ignore[index]
    assert len(found) == 2
    actor, link = open_link(found["amina.example@people.example"])
    assert actor.party == meeting.connectee_party
    assert link.subject_id == meeting.pk
    with pytest.raises(DeadLink):
        open_link(found["amina.example@people.example"][:-2] + "AA")


def test_introduction_without_consent_is_refused_and_nothing_is_sent(centre: Centre) -> None:
    a_connectee(centre, consents=False)
    a_connector(centre)
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name="Round", by=house)
        (match,), _problems = accept_round(round_=round_, by=house)
        with pytest.raises(Refused, match="has not yet agreed"):
            send_introduction(introduction=match.introduction, by=house)
    assert deliver() == 0


def test_e04_nobody_is_matched_before_the_readiness_list_is_signed(centre: Centre) -> None:
    a_connectee(centre, ready=False)
    a_connector(centre)
    with house_of(centre) as house, pytest.raises(Refused, match="Nobody is ready"):
        propose_round(centre=centre, name="Round", by=house)


def test_a_contact_who_wants_no_mail_is_never_asked_again(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        log_meeting(
            meeting=meeting, held=True, on=timezone.localdate(timezone=centre.zone), by=None
        )
        match = Match.objects.get(pk=meeting.match_id)
        connector = Party.objects.get(pk=meeting.connector_party)
        (referral,) = refer(match=match, referrer=connector, doors=doors("Ana One"))
        assert say_no(referral=referral, never_again=True).state == ReferralState.DECLINED
        with pytest.raises(Refused, match="not to be written to"):
            refer(match=match, referrer=connector, doors=doors("Ben Two", "Ana One"))
        # All or none: Ben was not asked either.
        assert Referral.objects.count() == 1
