"""«Something was not right»: contact stops, both sides are looked after, few may read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from takeroot.access.actor import LINK, Actor, acting
from takeroot.access.models import Change, Grant
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models import Connector, Match
from takeroot.connections.models_concern import Concern, ConcernSide
from takeroot.connections.selectors import pairs_already_together, pool
from takeroot.connections.services.concerns import decide_concern, report_concern, withhold
from takeroot.messaging.models import Letter, SignedLink
from takeroot.promises.models import Promise
from takeroot.promises.selectors import open_promises_visible_to
from tests.cast import actor_for, house_of, member
from tests.pages.links.stage import Pair, booked, held

pytestmark = pytest.mark.django_db
TEXT = "He asked me to come to his home"


@contextmanager
def somebody(centre: Centre, role: str) -> Iterator[Actor]:
    with transaction.atomic(), acting(actor_for(member(centre, role))) as actor:
        yield actor


def report(pair: Pair, **more: object) -> Concern:
    with house_of(pair.centre) as house:
        return report_concern(
            match=pair.meeting.match,
            about=pair.connector.party.pk,
            said_by=pair.connectee.party,
            text=TEXT,
            via="link",
            by=house,
            **more,  # type: ignore[arg-type]
        )


def test_all_contact_stops_at_once(centre: Centre) -> None:
    pair = booked(centre)
    report(pair)
    with house_of(centre):
        assert Match.objects.get().state == "ended"
        assert pair.meeting.state == "cancelled"
        assert not Grant.objects.filter(because_id=pair.meeting.match_id, revoked_at=None).exists()
        assert not SignedLink.objects.filter(revoked_at=None).exists()
        assert not Promise.objects.filter(state="open", debtor__isnull=False).exists()
    assert pair.connector.get().status_code == 410


def test_no_letter_accuses_or_says_who_told(centre: Centre) -> None:
    pair = booked(centre)
    with house_of(centre):
        before = set(Letter.objects.values_list("pk", flat=True))
    report(pair)
    with house_of(centre):
        new = Letter.objects.exclude(pk__in=before)
        assert {(letter.kind, letter.party_id) for letter in new} == {
            ("match_ended", pair.connectee.party.pk),
            ("match_ended", pair.connector.party.pk),
        }
        assert {letter.calendar_method for letter in new} == {"CANCEL"}
        assert not any("report" in letter.body or TEXT in letter.body for letter in new)


def test_after_the_meeting_no_letter_goes_to_anybody(centre: Centre) -> None:
    pair = held(centre)
    with house_of(centre):
        before = Letter.objects.count()
    report(pair)
    with house_of(centre):
        assert Letter.objects.count() == before
        assert Match.objects.get().state == "ended"


def test_both_sides_are_owed_a_word_within_a_day(centre: Centre) -> None:
    pair = booked(centre)
    report(pair)
    tomorrow = timezone.localdate(timezone=centre.zone) + timedelta(days=1)
    with house_of(centre):
        owed = Promise.objects.filter(kind="look_after", state="open")
        sides = ConcernSide.objects.filter(pk__in=owed.values("subject_id"))
        assert {side.party_id for side in sides} == {
            pair.connectee.party.pk,
            pair.connector.party.pk,
        }
        assert {row.due_on for row in owed} == {tomorrow}
        # Neither of the two finds it among what concerns them.
        assert {(row.debtor_id, row.creditor_id) for row in owed} == {(None, None)}


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.COORDINATOR, True),
        (Role.SUPERVISOR, True),
        (Role.PRIVACY_OFFICER, True),
        (Role.WORKER, False),
        (Role.SECRETARIAT, False),
        (Role.OPERATOR, False),
        (Role.NEWCOMER, False),
    ],
)
def test_database_shows_a_report_to_three_roles_alone(
    centre: Centre, role: str, reads: bool
) -> None:
    report(booked(centre))
    with somebody(centre, role) as actor:
        assert Concern.objects.exists() is reads
        assert ConcernSide.objects.exists() is reads
        kinds = {row.kind for row in open_promises_visible_to(actor)}
        assert ("look_after" in kinds) is reads


def test_neither_of_the_two_nor_another_centre_sees_that_it_exists(
    centre: Centre, other_centre: Centre
) -> None:
    pair = booked(centre)
    report(pair)
    for reader in (pair.connectee, pair.connector):
        link = Actor(role=LINK, party=reader.party.pk, centres=(centre.pk,), purpose="link")
        with transaction.atomic(), acting(link):
            assert not Concern.objects.exists()
            assert not Promise.objects.filter(kind="look_after").exists()
    with somebody(other_centre, Role.COORDINATOR):
        assert not Concern.objects.exists()


def test_member_of_the_staff_with_a_conflict_is_shut_out_by_the_database(centre: Centre) -> None:
    boss = member(centre, Role.SUPERVISOR)
    friend = member(centre, Role.COORDINATOR)
    concern = report(booked(centre), withheld_from=[friend.party_id])
    with somebody(centre, Role.COORDINATOR) as actor:
        assert not Concern.objects.exists()
        assert "look_after" not in {row.kind for row in open_promises_visible_to(actor)}
        assert Concern.objects.update(text="") == 0
    with somebody(centre, Role.SUPERVISOR) as actor:
        assert Concern.objects.get().text == TEXT
        with pytest.raises(Refused, match="nobody of this centre could read"):
            withhold(concern=concern, party=boss.party_id, by=actor)  # type: ignore[arg-type]


def test_somebody_may_shut_themselves_out(centre: Centre) -> None:
    me = member(centre, Role.COORDINATOR)
    member(centre, Role.SUPERVISOR)
    concern = report(booked(centre))
    with somebody(centre, Role.COORDINATOR) as actor:
        withhold(concern=concern, party=me.party_id, by=actor)  # type: ignore[arg-type]
        assert not Concern.objects.exists()


def test_trace_of_changes_does_not_hold_what_was_told(centre: Centre) -> None:
    report(booked(centre))
    with house_of(centre):
        assert not Change.objects.filter(table__contains="concern").exists()
        assert TEXT not in str(list(Change.objects.values_list("after", flat=True)))


def test_pair_is_never_proposed_again_and_the_reported_one_waits_for_a_decision(
    centre: Centre,
) -> None:
    pair = booked(centre)
    concern = report(pair)
    two = (pair.connectee.party.pk, pair.connector.party.pk)
    with house_of(centre) as house:
        for kind in ("connector", "mentor"):
            assert two in pairs_already_together(centre, kind)
        _connectees, connectors = pool(house, centre, timezone.localdate())
        assert connectors == []
    with somebody(centre, Role.COORDINATOR) as actor:
        with pytest.raises(Refused, match="and why"):
            decide_concern(concern=concern, decision="back", note=" ", by=actor)
        decide_concern(concern=concern, decision="back", note="Spoke with both.", by=actor)
        row = Concern.objects.get()
        assert (row.decision, row.decided_by_id) == ("back", actor.party)
        with pytest.raises(Refused, match="decided meanwhile"):
            decide_concern(concern=concern, decision="out", note="x", by=actor)
    with house_of(centre) as house:
        _connectees, connectors = pool(house, centre, timezone.localdate())
        assert len(connectors) == 1


def test_whoever_takes_part_no_more_stays_out_of_rounds(centre: Centre) -> None:
    concern = report(booked(centre))
    with somebody(centre, Role.COORDINATOR) as actor:
        decide_concern(concern=concern, decision="out", note="It was confirmed.", by=actor)
        assert Connector.objects.get().held_back


def test_the_same_report_twice_is_one(centre: Centre) -> None:
    pair = booked(centre)
    assert report(pair).pk == report(pair).pk
    with house_of(centre):
        assert Promise.objects.filter(kind="look_after").count() == 2
