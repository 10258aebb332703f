"""The ledger: what happened to a person, on which day; appended, never rewritten."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, transaction

from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Match
from takeroot.connections.services.introductions import end_match
from takeroot.ledger.models import Event
from takeroot.ledger.selectors import timeline
from takeroot.ledger.services import record
from tests.cast import house_of
from tests.connections.chain import a_network
from tests.connections.people import a_connectee

pytestmark = pytest.mark.django_db


def test_a_journey_is_told_in_its_order(centre: Centre) -> None:
    match = a_network(centre)
    with house_of(centre) as house:
        end_match(match=match, by=house)
        kinds = [
            event.kind
            for event in Event.objects.filter(party_id=match.connectee_id).order_by("created_at")
        ]
    assert kinds == [
        "applied", "ready", "matched", "introduced", "met",
        *["referral_asked"] * 3, *["referral_agreed"] * 2,
        *["referral_asked"] * 3, "referral_agreed", "match_ended",
    ]  # fmt: skip


def test_events_hold_codes_and_ids_and_no_free_text() -> None:
    texts = {
        field.name: field.max_length
        for field in Event._meta.get_fields()
        if field.get_internal_type() in ("CharField", "TextField")
    }
    assert texts == {"kind": 30, "about_kind": 20, "via": 30}


@pytest.mark.parametrize("step", ["update", "delete"])
def test_what_was_written_can_be_neither_changed_nor_taken_away(centre: Centre, step: str) -> None:
    a_connectee(centre)
    with house_of(centre):
        rows = Event.objects.filter(kind="applied")
        count = rows.count()
        try:
            with transaction.atomic():
                changed = rows.update(kind="met") if step == "update" else rows.delete()[0]
        except DatabaseError:
            changed = 0
        assert (changed, Event.objects.filter(kind="applied").count()) == (0, count)
        assert count == 1


def test_a_correction_is_a_new_event_that_names_the_old_one(centre: Centre) -> None:
    row = a_connectee(centre)
    with house_of(centre):
        wrong = Event.objects.get(kind="ready")
        right = record(
            party=row.person.party, kind="corrected", on=date(2026, 1, 5), corrects=wrong
        )
        assert right.corrects_id == wrong.pk
        assert Event.objects.filter(pk=wrong.pk).exists()


def test_the_day_is_the_centres_day(centre: Centre) -> None:
    # 02:00 UTC on the 2nd is still the 1st in Halifax.
    with time_machine.travel("2026-03-02 02:00Z"):
        row = a_connectee(centre, ready=False, consents=False)
    with house_of(centre):
        assert str(Event.objects.get(party_id=row.pk).on) == "2026-03-01"


def test_another_centre_reads_no_timeline(centre: Centre, other_centre: Centre) -> None:
    match = a_network(centre)
    with house_of(centre) as house:
        assert timeline(actor=house, party_id=match.connectee_id).count() == 14
    with house_of(other_centre) as house:
        assert not timeline(actor=house, party_id=match.connectee_id).exists()
        assert not Event.objects.exists()
        assert not Match.objects.exists()
        assert not Party.objects.filter(name="Amina Example").exists()
