"""E21: a jury decides; whoever is too close stands aside, neither votes nor sees votes, and that is
kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import Error, transaction

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.models import Change
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models_recognition import Juror, Nominee, Recognition, Recusal, Vote
from takeroot.connections.recognised import votes_visible_to
from takeroot.connections.recognition_words import jury_in_words
from takeroot.connections.services.deciding import decide
from takeroot.connections.services.jury import dismiss_juror, how_far
from takeroot.connections.services.recusals import stand_aside
from takeroot.keeping.services.erasing import erase, record_wish
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.promises.models import Promise
from tests.cast import actor_for, house_of, member
from tests.connections.people import a_connectee, a_connector
from tests.connections.recognising import (
    MET,
    a_juror,
    agreed,
    asked,
    connectors_who_met,
    conversation,
    nominee,
    prepared,
    today,
    voted,
)
from tests.connections.test_ladders import pass_days
from tests.keeping.rows import traces_of

pytestmark = pytest.mark.django_db


def a_jury(centre: Centre, jurors: int = 3, **settings: Any) -> tuple[Nominee, list[Juror]]:
    """Ann stands before so many jurors from outside."""
    ann = connectors_who_met(centre, Ann=1)["Ann"]
    row = prepared(centre, **settings)
    named = [a_juror(row, f"Juror{number} Outside") for number in range(jurors)]
    asked(row)
    return agreed(row, ann.pk), named


def aside(juror: Juror, one: Nominee) -> None:
    with house_of(juror.centre) as house:
        stand_aside(juror=juror, nominee=one, by=house)


def decided(one: Nominee) -> Nominee:
    with house_of(one.centre) as house:
        decide(recognition=one.recognition, by=house)
    return nominee(one.recognition, one.party_id)


def test_e21_two_of_three_decide_and_who_stood_aside_is_told_with_the_result(
    centre: Centre,
) -> None:
    one, (first, second, third) = a_jury(centre)
    aside(third, one)
    voted(first, one)
    voted(second, one)
    done = decided(one)
    assert done.outcome == "recognised"
    assert jury_in_words(done, 3) == "2 of 3 jurors decided: 2 yes, 0 no. 1 stood aside."
    with house_of(centre):
        assert Event.objects.get(kind="recognised").party_id == one.party_id
        assert Letter.objects.get(kind="recognition_thanks").party_id == one.speaks_id


def test_e21_whoever_stands_aside_neither_votes_nor_sees_votes_not_even_through_the_database(
    centre: Centre,
) -> None:
    one, (first, second, third) = a_jury(centre)
    voted(first, one)
    voted(third, one)
    aside(third, one)
    with house_of(centre):
        assert [vote.juror_id for vote in Vote.objects.all()] == [first.pk], "their vote is gone"
    with pytest.raises(Refused, match="You stand aside"):
        voted(third, one)
    voted(second, one)
    theirs = system_actor(centre.pk, purpose="link", behalf=third.party_id)
    with transaction.atomic(), acting(theirs) as actor:
        assert not Vote.objects.exists()
        assert not votes_visible_to(actor).exists()
        with pytest.raises(Error), transaction.atomic():
            Vote.objects.create(
                centre=centre, juror=third, nominee=one, yes=True, withheld_from=[third.party_id]
            )
    ours = system_actor(centre.pk, purpose="link", behalf=first.party_id)
    with transaction.atomic(), acting(ours) as actor:
        assert votes_visible_to(actor).count() == 2


def test_e21_a_coordinator_in_the_jury_who_stands_aside_is_shown_no_vote_and_no_trace_of_one(
    centre: Centre,
) -> None:
    user = member(centre, "coordinator")
    ann = connectors_who_met(centre, Ann=1)["Ann"]
    row = prepared(centre, least_votes=1)
    own = a_juror(row, "whatever", email=user.email)
    other = a_juror(row)
    assert own.party_id == user.party_id, "known by their address"
    asked(row)
    one = agreed(row, ann.pk)
    voted(other, one)
    actor = actor_for(user)
    with transaction.atomic(), acting(actor):
        assert Vote.objects.count() == 1
    aside(own, one)
    with transaction.atomic(), acting(actor):
        assert not Vote.objects.exists()
        assert not Change.objects.filter(table="connections_vote").exists()
    # They may still press the button: the house counts.
    with transaction.atomic(), acting(actor):
        decide(recognition=row, by=actor)
    done = nominee(row, ann.pk)
    assert (done.outcome, done.votes_for, done.stood_aside) == ("recognised", 1, 1)


def test_e21_standing_aside_cannot_be_taken_back(centre: Centre) -> None:
    one, (first, *_others) = a_jury(centre)
    aside(first, one)
    aside(first, one)
    with house_of(centre):
        kept = Recusal.objects.get()
        for change in (kept.delete, lambda: Recusal.objects.update(basis="self")):
            with pytest.raises(Error), transaction.atomic():
                change()
        assert Recusal.objects.get().basis == "said"


def test_e21_the_data_say_where_a_juror_is_too_close(centre: Centre) -> None:
    ann = a_connector(centre, "Ann Sample", organization="Mill")
    colleague = a_connector(centre, "Bo Sample", organization="Mill")
    newcomer = a_connectee(centre, "Met Sample")
    conversation(ann, newcomer)
    row = prepared(centre)

    def address(of: Any) -> str:
        with house_of(centre):
            return Party.objects.get(pk=of.pk).email

    jurors = [
        a_juror(row, "", email=address(one).upper()) for one in (ann, colleague, newcomer)
    ] + [a_juror(row, "Lee Outside", organization="mill"), a_juror(row, "Free Outside")]
    asked(row)
    with house_of(centre):
        found = dict(Recusal.objects.values_list("juror_id", "basis"))
    assert [found.get(juror.pk, "") for juror in jurors] == [
        "self",
        "organization",
        "matched",
        "organization",
        "",
    ]


def test_e21_of_an_organization_its_people_and_whom_they_met_stand_aside(centre: Centre) -> None:
    from tests.connections.recognising import ACTIVE

    one, two = (a_connector(centre, f"{n} Sample", organization="Mill") for n in ("Ann", "Bo"))
    newcomer = a_connectee(centre, "Met Sample")
    for connector in (one, two):
        conversation(connector, newcomer)
    row = prepared(centre, ACTIVE)
    with house_of(centre):
        emails = [Party.objects.get(pk=pk).email for pk in (one.pk, two.pk, newcomer.pk)]
    for email in emails:
        a_juror(row, "", email=email)
    asked(row)
    with house_of(centre):
        bases = Recusal.objects.values_list("basis", flat=True)
        assert sorted(bases) == ["matched", "organization", "self"]


def test_e21_who_became_too_close_after_voting_stands_aside_and_the_vote_is_gone(
    centre: Centre,
) -> None:
    ann = connectors_who_met(centre, Ann=1)["Ann"]
    later = a_connectee(centre, "Later Sample")
    row = prepared(centre, least_votes=1)
    with house_of(centre):
        email = Party.objects.get(pk=later.pk).email
    juror = a_juror(row, "", email=email)
    asked(row)
    one = agreed(row, ann.pk)
    voted(juror, one)
    conversation(ann, later)
    assert voted(juror, one) is None
    done = decided(one)
    assert (done.outcome, done.votes_for, done.stood_aside) == ("too_few", 0, 1)


def test_e21_a_tie_and_too_few_votes_decide_nothing_and_are_said(centre: Centre) -> None:
    people = connectors_who_met(centre, Ann=1, Bo=1, Cy=1)
    row = prepared(centre)
    first, second = a_juror(row), a_juror(row, "Kim Outside")
    asked(row)
    ann, bo, cy = (agreed(row, people[name].pk) for name in ("Ann", "Bo", "Cy"))
    voted(first, ann)
    voted(second, ann, yes=False, reason="Too early")
    voted(first, bo)
    for juror in (first, second):
        voted(juror, cy, yes=False, reason=f"Reason {juror.party.first_name}")
    decided(ann)
    outcomes = {name: nominee(row, people[name].pk) for name in people}
    assert {n: one.outcome for n, one in outcomes.items()} == {
        "Ann": "tied",
        "Bo": "too_few",
        "Cy": "not_now",
    }
    assert outcomes["Ann"].get_outcome_display() == "not decided: the jury was evenly divided"
    assert outcomes["Ann"].reason == "Too early"
    assert outcomes["Cy"].reason == "Reason Jo / Reason Kim", "the departure says why"
    with house_of(centre):
        assert Letter.objects.filter(kind="recognition_not_now").count() == 3


def test_e21_a_no_says_why_and_nobody_votes_on_who_has_not_agreed(centre: Centre) -> None:
    people = connectors_who_met(centre, Ann=1, Bo=1)
    row = prepared(centre, least_votes=1)
    juror = a_juror(row)
    asked(row)
    ann = agreed(row, people["Ann"].pk)
    with pytest.raises(Refused, match="Say why not"):
        voted(juror, ann, yes=False, reason=" ")
    with pytest.raises(Refused, match="no longer before the jury"):
        voted(juror, nominee(row, people["Bo"].pk))
    agreed(row, people["Ann"].pk, "no")
    with pytest.raises(Refused, match="no longer before the jury"):
        voted(juror, ann)
    decided(ann)
    assert nominee(row, people["Ann"].pk).outcome == "said_no"
    assert nominee(row, people["Bo"].pk).outcome == "silent"


def test_e21_a_vote_can_be_changed_until_the_year_is_decided(centre: Centre) -> None:
    one, (first, *_others) = a_jury(centre, least_votes=1)
    voted(first, one, yes=False)
    voted(first, one)
    with house_of(centre):
        assert how_far(one.recognition)[first.pk] == (1, 0)
    assert decided(one).outcome == "recognised"
    decided(one)
    with house_of(centre):
        assert Letter.objects.filter(kind="recognition_thanks").count() == 1
    with pytest.raises(Refused, match="decided"):
        voted(first, one, yes=False)


def test_e21_a_jury_is_large_enough_before_it_is_asked_and_stays_once_it_is(
    centre: Centre,
) -> None:
    connectors_who_met(centre, Ann=1)
    row = prepared(centre, MET)
    juror = a_juror(row)
    with pytest.raises(Refused, match="at least 2 jurors"):
        asked(row)
    with pytest.raises(Refused, match="in this jury already"):
        a_juror(row)
    with pytest.raises(Refused, match="e-mail address"):
        a_juror(row, "No Address", email="nowhere")
    with house_of(centre) as house:
        dismiss_juror(juror=Juror.objects.get(pk=juror.pk), by=house)
    first = a_juror(row)
    a_juror(row, "Kim Outside")
    with house_of(centre) as house, pytest.raises(Refused, match="ask them and the jury first"):
        decide(recognition=row, by=house)
    asked(row)
    with house_of(centre) as house, pytest.raises(Refused, match="stays as it is"):
        dismiss_juror(juror=Juror.objects.get(pk=first.pk), by=house)
    late = a_juror(Recognition(pk=row.pk, centre=centre), "Late Outside")
    with house_of(centre):
        letters = Letter.objects.filter(kind="recognition_jury")
        assert late.party_id in set(letters.values_list("party_id", flat=True))
        assert "Ann" not in " ".join(letters.values_list("body", flat=True))


def test_a_worker_is_shown_no_vote(centre: Centre) -> None:
    one, (first, *_others) = a_jury(centre)
    voted(first, one)
    for role, n in (("worker", 0), ("coordinator", 1)):
        actor: Actor = actor_for(member(centre, role))
        with transaction.atomic(), acting(actor):
            assert Vote.objects.count() == n


def test_e21_a_juror_is_reminded_once_and_only_of_what_waits_then_the_others_decide(
    centre: Centre,
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        one, (first, second, third) = a_jury(centre)
        voted(first, one)
        aside(second, one)
        with house_of(centre):
            owed = Promise.objects.filter(kind="decide_jury")
            states = dict(owed.values_list("subject_id", "state"))
        assert [states[j.pk] for j in (first, second, third)] == ["kept", "kept", "open"]
        pass_days(centre, clock, 40)
        with house_of(centre):
            reminded = Letter.objects.filter(kind="remind_jury")
            assert [letter.party_id for letter in reminded] == [third.party_id]
            assert owed.get(subject_id=third.pk).reason == "no_answer"
            assert Promise.objects.get(kind="close_year").state == "open"
        decided(one)
        with house_of(centre):
            assert Promise.objects.get(kind="close_year").state == "kept"


def test_e21_a_name_that_agrees_late_is_owed_by_whoever_was_done_before(centre: Centre) -> None:
    people = connectors_who_met(centre, Ann=1, Bo=1)
    row = prepared(centre, least_votes=1)
    juror = a_juror(row)
    asked(row)
    voted(juror, agreed(row, people["Ann"].pk))
    with house_of(centre):
        assert not Promise.objects.filter(kind="decide_jury", state="open").exists()
    agreed(row, people["Bo"].pk)
    with house_of(centre):
        assert Promise.objects.get(kind="decide_jury", state="open").subject_id == juror.pk


def test_e21_a_juror_before_whom_nothing_stands_is_not_reminded(centre: Centre) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        connectors_who_met(centre, Ann=1)
        row = prepared(centre, least_votes=1)
        a_juror(row)
        asked(row)
        pass_days(centre, clock, 40)
        with house_of(centre):
            assert not Letter.objects.filter(kind="remind_jury").exists()


def test_e21_an_erasure_empties_what_jurors_wrote_even_where_the_eraser_stands_aside(
    centre: Centre,
) -> None:
    user = member(centre, "coordinator")
    ann = connectors_who_met(centre, Ann=1)["Ann"]
    row = prepared(centre)
    own, other = a_juror(row, "", email=user.email), a_juror(row)
    asked(row)
    one = agreed(row, ann.pk)
    voted(other, one, yes=False, reason="Ann talks too much")
    aside(own, one)
    actor = actor_for(user)
    with transaction.atomic(), acting(actor):
        party = Party.objects.get(pk=ann.pk)
        wish = record_wish(
            party=party, asked_by="person", verified="known", asked_on=today(centre), by=actor
        )
        erase(erasure=wish, by=actor)
    with house_of(centre):
        assert Vote.objects.get().reason == ""
    assert decided(one).outcome == "said_no"
    assert traces_of(centre, "talks too much") == []
