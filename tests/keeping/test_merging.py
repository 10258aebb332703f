"""Two files of one person become one; undoing puts back exactly what was."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from takeroot.access.models import Consent
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.models import (
    Connectee,
    Connector,
    Contact,
    Match,
    Qualification,
    Referral,
)
from takeroot.connections.selectors import connectees_visible_to
from takeroot.connections.services.enrolment import edit_connectee
from takeroot.connections.services.introductions import end_match, send_introduction
from takeroot.connections.services.meetings import log_meeting
from takeroot.connections.services.referrals import Door, refer, say_no, say_yes
from takeroot.connections.services.rounds import accept_match, propose_round, set_aside
from takeroot.keeping.models import Merge
from takeroot.keeping.services.merging import forget_old_merges, merge_files, undo_merge
from takeroot.ledger.selectors import timeline
from takeroot.messaging.models import SignedLink
from takeroot.messaging.services import open_link, token_for
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.chain import agreed, asked, met
from tests.connections.people import a_connectee, a_connector, details
from tests.keeping.rows import everything


def joined(centre: Centre, stays: Any, goes: Any) -> Merge:
    with house_of(centre) as house:
        return merge_files(stays=stays.pk, goes=goes.pk, by=house)


def apart(centre: Centre, merge: Merge) -> Merge:
    with house_of(centre) as house:
        return undo_merge(merge=merge, by=house)


def two_contacts(centre: Centre) -> tuple[Match, Referral, Referral]:
    match = met(centre)
    first, second = asked(centre, match, "Ana One", "Ana One-Smith")
    return match, first, second


def test_what_hangs_on_the_other_file_moves_and_what_is_missing_is_filled(centre: Centre) -> None:
    stays = a_connectee(centre, "Amina Example", ready=False, consents=False)
    goes = a_connectee(centre, "Example Amina", part={"reference": "C7"}, interests=["choir"])
    merge = joined(centre, stays, goes)
    with house_of(centre):
        row = Connectee.objects.select_related("person__party", "qualification").get(pk=stays.pk)
        assert row.state == ConnecteeState.READY
        assert (row.reference, row.person.interests) == ("C7", ["choir"])
        assert row.qualification.complete
        assert row.person.party.name == "Amina Example"
        assert Consent.objects.filter(party_id=stays.pk).count() == 2
        assert not Promise.objects.filter(subject_id=stays.pk, state="open").exists()
        assert Party.objects.get(pk=goes.pk).merged_into_id == stays.pk
        assert merge.rows > 5


def test_a_merged_file_is_in_no_list_and_its_journey_is_read_with_the_other(
    centre: Centre,
) -> None:
    stays, goes = a_connectee(centre), a_connectee(centre, "Example Amina")
    joined(centre, stays, goes)
    with house_of(centre) as house:
        assert [row.pk for row in connectees_visible_to(house)] == [stays.pk]
        assert {row.party_id for row in timeline(actor=house, party_id=stays.pk)} == {
            stays.pk,
            goes.pk,
        }


def test_somebody_who_came_as_a_newcomer_and_opens_doors_now_has_one_file_with_both_parts(
    centre: Centre,
) -> None:
    connector = a_connector(centre, "Amina Example")
    connectee = a_connectee(centre, "Amina Example", part={"reference": "C7"})
    before = everything(centre)
    merge = joined(centre, connector, connectee)
    with house_of(centre):
        part = Connectee.objects.get(pk=connector.pk)
        assert (part.reference, part.state) == ("C7", ConnecteeState.READY)
        assert Connector.objects.filter(pk=connector.pk).exists()
        assert Qualification.objects.get(connectee=part).complete
    apart(centre, merge)
    assert everything(centre) == before


def test_e15_the_same_contact_met_twice_is_one_contact(centre: Centre) -> None:
    _match, first, second = two_contacts(centre)
    agreed(centre, second)
    joined(centre, Contact(pk=first.contact_id), Contact(pk=second.contact_id))
    with house_of(centre):
        # Both were asked about the same Connectee: the second question cannot stand beside the
        # first. It stays with the file that went, and whom it asked is the one person.
        left = Referral.objects.get(pk=second.pk)
        assert left.contact_id == second.contact_id
        assert left.contact_party == first.contact_id
        assert left.contact.party.whole.pk == first.contact_id
    other = a_connectee(centre, "Omar Example")
    with house_of(centre):
        assert not Referral.objects.filter(connectee=other).exists()


def test_a_link_sent_to_the_file_that_went_goes_on_working(centre: Centre) -> None:
    _match, first, second = two_contacts(centre)
    with house_of(centre):
        token = token_for(SignedLink.objects.get(party_id=second.contact_id))
    assert open_link(token)[0].party == second.contact_id
    joined(centre, Contact(pk=first.contact_id), Contact(pk=second.contact_id))
    actor, link = open_link(token)
    assert actor.party == first.contact_id
    assert link.subject_id == second.pk


def test_both_places_of_a_joined_connector_stand_beside_each_other(centre: Centre) -> None:
    one, other = a_connector(centre, "Paul Sample"), a_connector(centre, "Paul A. Sample")
    for name in ("Amina Example", "Omar Example"):
        a_connectee(centre, name)
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name="Round", by=house)
        rows = list(Match.objects.filter(round=round_, state="proposed"))
        for row, connector in zip(rows, (one, other), strict=True):
            Match.objects.filter(pk=row.pk).update(connector=connector)
        for row in rows:
            accept_match(match=Match.objects.get(pk=row.pk), by=house)
    before = everything(centre)
    merge = joined(centre, one, other)
    with house_of(centre):
        assert sorted(Match.objects.filter(connector=one).values_list("seat", flat=True)) == [1, 2]
    apart(centre, merge)
    assert everything(centre) == before


def test_two_who_were_matched_with_each_other_are_two_people(centre: Centre) -> None:
    match = met(centre)
    with pytest.raises(Refused, match="matched with each other"):
        joined(centre, match.connector, match.connectee)


def test_somebody_who_named_the_other_is_another_person(centre: Centre) -> None:
    _match, first, _second = two_contacts(centre)
    agreed(centre, first)
    (third,) = asked(centre, _match, "Dee Four", through=first)
    with pytest.raises(Refused, match="introduced the other"):
        joined(centre, Contact(pk=first.contact_id), Contact(pk=third.contact_id))


def test_a_file_is_merged_once(centre: Centre) -> None:
    one, two, three = (a_connectee(centre, f"Amina {n}") for n in ("One", "Two", "Three"))
    joined(centre, one, two)
    with pytest.raises(Refused, match="just been merged"):
        joined(centre, three, two)
    with pytest.raises(Refused, match="just been merged"):
        joined(centre, two, three)


def test_files_of_two_centres_are_never_merged(centre: Centre, other_centre: Centre) -> None:
    mine, theirs = a_connectee(centre), a_connectee(other_centre)
    with pytest.raises(Refused):
        joined(centre, mine, theirs)


def test_a_merge_of_a_merged_file_is_undone_from_the_last_to_the_first(centre: Centre) -> None:
    one, two, three = (a_connectee(centre, f"Amina {n}") for n in ("One", "Two", "Three"))
    before = everything(centre)
    first = joined(centre, two, one)
    second = joined(centre, three, two)
    with house_of(centre):
        assert set(Party.objects.filter(merged_into=three.pk).values_list("pk", flat=True)) == {
            one.pk,
            two.pk,
        }
    with pytest.raises(Refused, match="merged with another since"):
        apart(centre, first)
    apart(centre, second)
    apart(centre, first)
    assert everything(centre) == before
    with pytest.raises(Refused, match="undone already"):
        apart(centre, first)


def test_what_happened_since_stands_against_undoing(centre: Centre) -> None:
    _match, first, second = two_contacts(centre)
    merge = joined(centre, Contact(pk=first.contact_id), Contact(pk=second.contact_id))
    agreed(centre, first)
    before = everything(centre)
    with pytest.raises(Refused, match="A contact said yes"):
        apart(centre, merge)
    assert everything(centre) == before


def test_what_was_changed_since_is_not_overwritten_by_undoing(centre: Centre) -> None:
    stays = a_connectee(centre, consents=False)
    goes = a_connectee(centre, "Example Amina", consents=False, interests=["choir"])
    merge = joined(centre, stays, goes)
    with house_of(centre) as house:
        row = Connectee.objects.get(pk=stays.pk)
        said = details("Amina Example", interests=["chess"])
        edit_connectee(connectee=row, expected=row.version, details=said, by=house)
    with pytest.raises(Refused, match="the file changed since"):
        apart(centre, merge)


def test_undoing_ends_after_thirty_days_and_what_was_kept_for_it_is_emptied(
    centre: Centre,
) -> None:
    merge = joined(centre, a_connectee(centre), a_connectee(centre, "Example Amina"))
    with house_of(centre):
        assert forget_old_merges() == 0
        later = timezone.now() + timedelta(days=32)
        assert forget_old_merges(now=later) == 1
    with pytest.raises(Refused, match="30 days"):
        apart(centre, Merge(pk=merge.pk))


def test_g16_a_form_open_on_either_file_is_told_when_it_is_saved(centre: Centre) -> None:
    stays, goes = a_connectee(centre), a_connectee(centre, "Example Amina")
    shown = {Connectee.objects.get(pk=one.pk).version for one in ()} | {stays.version, goes.version}
    joined(centre, stays, goes)
    with house_of(centre):
        now = set(
            Connectee.objects.filter(pk__in=(stays.pk, goes.pk)).values_list("version", flat=True)
        )
    assert not now & shown


NAMES = ("Ana One", "Ben Two", "Cy Three", "Dee Four", "Eve Five")


def a_history(centre: Centre, dice: random.Random) -> None:
    """Newcomers, Connectors, rounds, meetings and contacts as they may come, by chance."""
    for n in range(3):
        languages = {"en": dice.randint(5, 9)}
        a_connectee(
            centre,
            f"Amina {NAMES[n]}",
            ready=dice.random() < 0.9,
            languages=languages,
            part={"reference": f"C{n}"} if dice.random() < 0.5 else {},
            interests=dice.sample(["choir", "chess"], dice.randint(0, 2)),
        )
    for n in range(2):
        a_connector(centre, f"Paul {NAMES[n]}", capacity=dice.randint(1, 3))
    with house_of(centre) as house:
        for turn in range(dice.randint(0, 2)):
            try:
                round_ = propose_round(centre=centre, name=f"Round {turn}", by=house)
            except Refused:
                return
            for match in list(Match.objects.filter(round=round_, state="proposed")):
                if dice.random() < 0.7:
                    a_conversation(accept_match(match=match, by=house), dice, house)
            if dice.random() < 0.7:
                set_aside(round_=round_, by=house)


def a_conversation(match: Match, dice: random.Random, house: Any) -> None:
    if dice.random() < 0.2:
        return
    meeting = send_introduction(introduction=match.introduction, by=house)
    if dice.random() < 0.7:
        today = timezone.localdate(timezone=match.centre.zone)
        other = Party.objects.get(pk=match.connector_id)
        log_meeting(meeting=meeting, held=True, on=today, by=other, notes={"skills": "Speaks well"})
        asked = Referral.objects.filter(connectee=match.connectee_id).values("contact")
        known = set(Contact.objects.filter(pk__in=asked).values_list("party__name", flat=True))
        left = [name for name in NAMES if name not in known]
        named = dice.sample(left, min(len(left), dice.randint(1, 3)))
        doors = [Door(n, f"{n.lower().replace(' ', '.')}@contacts.example") for n in named]
        for row in refer(match=Match.objects.get(pk=match.pk), referrer=other, doors=doors):
            (say_yes, say_no, lambda referral: None)[dice.randrange(3)](referral=row)
    if dice.random() < 0.3:
        end_match(match=Match.objects.get(pk=match.pk), by=house)


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_merging_and_undoing_is_the_identity_whatever_has_happened(
    centre: Centre, seed: int
) -> None:
    dice = random.Random(seed)
    with transaction.atomic():
        a_history(centre, dice)
        with house_of(centre):
            groups = [
                list(model.objects.order_by("pk").values_list("pk", flat=True))
                for model in (Connectee, Connector, Contact)
            ]
        for group in groups:
            for _turn in range(2):
                if len(group) < 2:
                    continue
                stays, goes = dice.sample(group, 2)
                before = everything(centre)
                try:
                    merge = joined(centre, Party(pk=stays), Party(pk=goes))
                except Refused as refusal:
                    event(f"refused: {refusal}")
                    assert everything(centre) == before
                    continue
                event(f"merged, {len(merge.moved['left'])} left behind")
                assert everything(centre) != before
                apart(centre, merge)
                assert everything(centre) == before
        transaction.set_rollback(True)
