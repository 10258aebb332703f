"""A further kind of pairing is configuration: the same rounds, matches, meetings and promises."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.connections import kinds
from takeroot.connections.kinds import CONNECTOR, Pairing, add_kind
from takeroot.connections.models import Connectee, Match, Meeting, Round
from takeroot.connections.services.introductions import end_match, send_introduction
from takeroot.connections.services.meetings import log_meeting
from takeroot.connections.services.rounds import accept_round, propose_round
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.people import NURSE, WELDER, a_connectee, a_connector

pytestmark = pytest.mark.django_db

BUDDY = Pairing(
    "buddy",
    "Buddy round",
    word="buddy",
    minutes=60,
    referrals=0,
    weights={
        "occupation": 0,
        "background": 0,
        "organization": 0,
        "interests": 500,
        "languages": 200,
        "proximity": 200,
        "waiting": 50,
        "lived": 50,
    },
    days={PromiseKind.BOOK_MEETING: 20},
)


@pytest.fixture
def buddies(monkeypatch: pytest.MonkeyPatch) -> Pairing:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    add_kind(BUDDY)
    return BUDDY


def a_town(centre: Centre) -> None:
    """A nurse who sings; a nurse who does not, and a welder who sings and is a buddy as well."""
    shared = ["choir", "hiking", "chess"]
    a_connectee(centre, "Amina Example", occupation=NURSE, interests=shared)
    a_connector(centre, "Paul Sample", occupation=NURSE)
    singer = a_connector(centre, "Rita Sample", occupation=WELDER, interests=shared)
    with house_of(centre):
        type(singer).objects.filter(pk=singer.pk).update(kinds=[CONNECTOR, "buddy"])


def a_round(centre: Centre, kind: str) -> Match:
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name=f"Round of {kind}", by=house, kind=kind)
        accepted, problems = accept_round(round_=round_, by=house)
        assert (len(accepted), problems) == (1, [])
        assert Round.objects.get(pk=round_.pk).kind == kind
        return Match.objects.select_related(
            "connector__person__party", "connectee", "introduction"
        ).get(pk=accepted[0].pk)


def test_a_kind_has_its_own_pool_and_its_own_weights(centre: Centre, buddies: Pairing) -> None:
    a_town(centre)
    first, second = a_round(centre, CONNECTOR), a_round(centre, "buddy")
    assert first.connector.person.party.name == "Paul Sample"
    assert second.connector.person.party.name == "Rita Sample"
    assert second.parts["points"]["occupation"] == 0
    assert second.parts["points"]["interests"] == 500


def test_a_kind_walks_the_same_path_with_its_own_words_times_and_promises(
    centre: Centre, buddies: Pairing
) -> None:
    a_town(centre)
    before = set(connection.introspection.table_names())
    match = a_round(centre, "buddy")
    with house_of(centre) as house:
        meeting = send_introduction(introduction=match.introduction, by=house)
        assert meeting.minutes == 60
        letter = Letter.objects.get(kind="introduction_connectee")
        assert "Rita Sample" in letter.body
        assert "your buddy." in letter.body
        assert "within 20 days, we remind you" in letter.body
        owed = Promise.objects.get(kind="book_meeting", state="open")
        today = timezone.localdate(timezone=centre.zone)
        assert owed.due_on == today + timedelta(days=20)
        log_meeting(
            meeting=meeting, held=True, on=today, by=Party.objects.get(pk=match.connector_id)
        )
        # Nobody is asked for doors; the programme's own state is not touched.
        assert not Promise.objects.filter(kind="refer").exists()
        assert Connectee.objects.get().state == "ready"
        assert Event.objects.filter(kind="met", about_id=match.pk).count() == 1
        end_match(match=match, by=house)
        assert Connectee.objects.get().state == "ready"
    assert set(connection.introspection.table_names()) == before


def test_two_kinds_go_on_beside_each_other(centre: Centre, buddies: Pairing) -> None:
    a_town(centre)
    for kind in (CONNECTOR, "buddy"):
        match = a_round(centre, kind)
        with house_of(centre) as house:
            send_introduction(introduction=match.introduction, by=house)
    with house_of(centre):
        assert Meeting.objects.count() == 2
        assert Connectee.objects.get().state == "introduced"


def test_a_kind_that_stands_already_or_whose_weights_do_not_add_up_is_refused(
    buddies: Pairing,
) -> None:
    with pytest.raises(ValueError, match="already"):
        add_kind(BUDDY)
    with pytest.raises(ValueError, match="1000"):
        add_kind(Pairing("mentor", "Mentors", weights={"occupation": 1}))
