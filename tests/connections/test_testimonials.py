"""E22: words for others, shown only as their owner said; and the wish to meet somebody who has
settled here. G7: what is taken back is gone at the next reading."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone, translation

from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.enums import Shown, ShownName
from takeroot.connections.models import Match
from takeroot.connections.models_told import Testimonial as Words
from takeroot.connections.round_words import reasons_of_match
from takeroot.connections.services.enrolment import enrol_connector
from takeroot.connections.services.public import in_public
from takeroot.connections.services.rounds import propose_round
from takeroot.connections.services.testimonials import (
    ask_for_words,
    decide_words,
    give_words,
    take_words_back,
)
from takeroot.connections.told import words_shown
from takeroot.messaging.models import Letter
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector, details

pytestmark = pytest.mark.django_db


def first_choice(centre: Centre) -> tuple[str, list[str]]:
    """Whom a round proposes to the one Connectee, and the reasons."""
    with house_of(centre) as house:
        propose_round(centre=centre, name="A round", by=house)
        match = Match.objects.get(state="proposed")
        return match.connector.person.party.name, reasons_of_match(match).strong


@pytest.mark.parametrize("prefers", [False, True])
def test_e22_the_wish_to_meet_somebody_who_has_settled_here_changes_the_ranking_and_is_named(
    centre: Centre, prefers: bool
) -> None:
    a_connectee(centre, part={"prefers_lived": prefers})
    with house_of(centre) as house:
        for name, lived in (("Ann Sample", False), ("Lea Sample", True)):
            given = details(name, part={"lived_experience": lived})
            enrol_connector(centre=centre, details=given, by=house)
    name, reasons = first_choice(centre)
    assert name == "Lea Sample"
    assert ("Lea Sample has settled here too, as was wished for." in reasons) == prefers


def asked(centre: Centre, name: str = "Paul Sample", *, connector: bool = True) -> Words:
    row = (a_connector if connector else a_connectee)(centre, name)
    with house_of(centre) as house:
        return ask_for_words(party=row.person.party, by=house)


def gave(row: Words, text: str = "It took half an hour.", **more: Any) -> Words:
    values = {
        "places": ["public", "inside"],
        "shown_name": "first",
        "until": timezone.localdate() + timedelta(days=30),
        **more,
    }
    with house_of(row.centre) as house:
        return give_words(testimonial=row, text=text, by=house, **values)


def approved(row: Words, *, show: bool = True) -> Words:
    with house_of(row.centre) as house:
        seen = Words.objects.get(pk=row.pk).text
        return decide_words(testimonial=row, show=show, seen=seen, by=house)


def shown(centre: Centre, place: str = "public") -> list[tuple[str, str]]:
    with house_of(centre) as house:
        day = timezone.localdate(timezone=centre.zone)
        found = words_shown(actor=house, centre=centre, place=place, day=day)
    return [(said.name, said.text) for said in found]


def test_e22_words_are_shown_only_after_the_staff_has_read_them(centre: Centre) -> None:
    row = gave(asked(centre))
    assert shown(centre) == []
    with house_of(centre):
        assert Promise.objects.get(kind="read_words").state == "open"
    approved(row)
    assert shown(centre) == [("Paul", "It took half an hour.")]
    assert [said.text for said in in_public(centre).words] == ["It took half an hour."]
    with house_of(centre):
        assert Promise.objects.get(kind="read_words").state == "kept"


def test_e22_words_stand_where_and_as_whom_their_owner_said(centre: Centre) -> None:
    for name, chosen in (("Ana Full", "full"), ("Ben First", "first"), ("Cy Nobody", "none")):
        approved(gave(asked(centre, name), f"I am {name[:3].strip()}.", shown_name=chosen))
    approved(gave(asked(centre, "Dee Inside"), "Not for all.", places=["inside"]))
    assert sorted(name for name, _text in shown(centre)) == ["", "Ana Full", "Ben"]
    assert "Not for all." in [text for _name, text in shown(centre, "inside")]
    assert shown(centre, "report") == []


def test_e22_changed_words_wait_anew_and_the_old_ones_are_gone_at_once(centre: Centre) -> None:
    row = approved(gave(asked(centre)))
    gave(row, "Something else.")
    assert shown(centre) == []
    with house_of(centre) as house, pytest.raises(EditedMeanwhile, match="Read them again"):
        decide_words(testimonial=row, show=True, seen="It took half an hour.", by=house)


def test_e22_words_taken_back_are_emptied_and_cannot_be_shown_again_by_the_staff(
    centre: Centre,
) -> None:
    row = approved(gave(asked(centre)))
    with house_of(centre) as house:
        take_words_back(testimonial=row, by=house)
        take_words_back(testimonial=row, by=house)
        row.refresh_from_db()
        assert (row.text, row.places, row.state) == ("", [], "withdrawn")
        with pytest.raises(EditedMeanwhile):
            decide_words(testimonial=row, show=True, seen="", by=house)
    assert shown(centre) == []


def test_e22_words_disappear_by_themselves_after_their_last_day(centre: Centre) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        approved(gave(asked(centre), until=date(2026, 3, 4)))
        clock.shift(timedelta(days=2))
        assert len(shown(centre)) == 1
        clock.shift(timedelta(days=1))
        assert shown(centre) == []


def test_e22_nobody_is_asked_twice_and_nothing_wrong_is_kept(centre: Centre) -> None:
    row = asked(centre)
    with house_of(centre) as house, pytest.raises(Refused, match="was asked before"):
        ask_for_words(party=Party.objects.get(pk=row.party_id), by=house)
    for wrong in (
        {"text": "  "},
        {"text": "x" * 601},
        {"places": []},
        {"places": ["everywhere"]},
        {"until": timezone.localdate()},
        {"until": timezone.localdate() + timedelta(days=2000)},
    ):
        with pytest.raises(Refused):
            gave(row, **wrong)
    with house_of(centre):
        assert Letter.objects.filter(kind="testimonial").count() == 1
        assert Words.objects.get().state == "asked"


def test_e22_who_wrote_is_said_in_the_centres_own_word_and_in_the_readers_language(
    centre: Centre,
) -> None:
    approved(gave(asked(centre)))
    approved(gave(asked(centre, "Amina Example", connector=False), "Merci."))
    with translation.override("fr"):
        roles = {said.role for said in in_public(centre).words}
    assert roles == {"Connecteur", "une personne nouvellement arrivée"}


@dataclass
class Told:
    """What the model of the walk knows of one person's words."""

    text: str = ""
    places: tuple[str, ...] = ()
    name: str = "first"
    until: date = date.min
    approved: bool = False


def test_g7_of_a_thousand_readings_after_any_steps_none_is_stale(centre: Centre) -> None:
    """A seeded walk: give, change, approve, refuse, take back, let days pass, in any order; after
    each step every place is read and compared with a model that knows only the rules."""
    dice = random.Random(7)
    stale = reads = 0
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        rows = [asked(centre, f"Person{n} Sample") for n in range(4)]
        model: dict[UUID, Told] = {row.pk: Told() for row in rows}
        for step in range(340):
            today = timezone.localdate(timezone=centre.zone)
            row = dice.choice(rows)
            told = model[row.pk]
            act = dice.choice(("give", "approve", "approve", "refuse", "back", "day"))
            if act == "give":
                told.text, told.approved = f"Words {step}", False
                told.places = tuple(dice.sample(Shown.values, dice.randint(1, 3)))
                told.name = dice.choice(ShownName.values)
                told.until = today + timedelta(days=dice.randint(1, 20))
                gave(row, told.text, places=told.places, shown_name=told.name, until=told.until)
            elif act in ("approve", "refuse") and told.text:
                told.approved = act == "approve"
                approved(row, show=told.approved)
            elif act == "back":
                told.text, told.approved = "", False
                with house_of(centre) as house:
                    take_words_back(testimonial=row, by=house)
            elif act == "day":
                clock.shift(timedelta(days=1))
                today += timedelta(days=1)
            for place in Shown.values:
                reads += 1
                expected = {
                    told.text
                    for told in model.values()
                    if told.approved and place in told.places and told.until >= today
                }
                stale += {text for _name, text in shown(centre, place)} != expected
    assert (reads, stale) == (1020, 0)
