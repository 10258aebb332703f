"""Whoever asks is forgotten: identity is gone everywhere, counts stay true, nothing brings them
back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takeroot.access.models import Consent, Fingerprint, Grant
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party, User
from takeroot.accounts.services import create_account
from takeroot.common.errors import Refused
from takeroot.connections.figures import period_figures
from takeroot.connections.models import Connectee, Contact, ImportDraft, Match, Meeting, Referral
from takeroot.connections.services.importing import plan_of, start_import
from takeroot.connections.services.meetings import choose_time, propose_times
from takeroot.connections.services.referrals import Door, forget_silent_contacts, refer, say_no
from takeroot.keeping.models import Erasure
from takeroot.keeping.services.erasing import erase, record_wish, take_wish_back
from takeroot.keeping.services.merging import merge_files
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter, SignedLink
from takeroot.messaging.services import DeadLink, open_link, token_for
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of, member
from tests.connections.chain import a_network, asked, met
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.keeping.rows import traces_of


def wish(centre: Centre, key: Any, by: Any) -> Erasure:
    today = timezone.localdate(timezone=centre.zone)
    party = Party.objects.get(pk=key)
    return record_wish(party=party, asked_by="person", verified="known", asked_on=today, by=by)


def forgotten(centre: Centre, key: Any) -> Erasure:
    with house_of(centre) as house:
        return erase(erasure=wish(centre, key, house), by=house)


def test_g24_nothing_that_says_who_it_was_is_left_in_any_table_or_in_the_trace(
    centre: Centre,
) -> None:
    match = a_network(centre)
    with house_of(centre):
        Connectee.objects.filter(pk=match.connectee_id).update(reference="C-77-amina")
    deliver()
    words = ("Amina", "amina.example@people.example", "C-77-amina")
    assert traces_of(centre, *words)  # the control: it stood there
    forgotten(centre, match.connectee_id)
    assert traces_of(centre, *words) == []


@pytest.mark.parametrize("who", ["connector", "contact"])
def test_g24_a_connector_and_a_contact_are_forgotten_as_wholly(centre: Centre, who: str) -> None:
    match = a_network(centre)
    deliver()
    with house_of(centre):
        contact = Contact.objects.get(party__name="Ana One")
    key, words = {
        "connector": (match.connector_id, ("Paul Sample", "paul.sample@")),
        "contact": (contact.pk, ("Ana One", "ana.one@")),
    }[who]
    assert traces_of(centre, *words)
    forgotten(centre, key)
    assert traces_of(centre, *words) == []


def test_g24_counts_stay_what_they_were(centre: Centre) -> None:
    match = a_network(centre)
    since = timezone.localdate() - timedelta(days=5)
    with house_of(centre) as house:
        before = period_figures(actor=house, centre=centre, since=since)
        events = Event.objects.count()
    forgotten(centre, match.connectee_id)
    with house_of(centre) as house:
        assert period_figures(actor=house, centre=centre, since=since) == before
        # The match that still ran ends, and the file is closed: state and ledger together.
        kinds = Event.objects.order_by("created_at").values_list("kind", flat=True)[events:]
        assert list(kinds) == ["match_ended", "closed"]
        assert Connectee.objects.get(pk=match.connectee_id).state == "closed"


def test_what_was_opened_owed_and_agreed_ends_now(centre: Centre) -> None:
    match = a_network(centre)
    key = match.connectee_id
    with house_of(centre):
        tokens = [token_for(link) for link in SignedLink.objects.filter(party_id=key)]
    assert tokens
    forgotten(centre, key)
    for token in tokens:
        with pytest.raises(DeadLink):
            open_link(token)
    with house_of(centre):
        assert not Grant.objects.filter(subject_id=key, revoked_at__isnull=True).exists()
        assert not Grant.objects.filter(holder_id=key, revoked_at__isnull=True).exists()
        assert not Consent.objects.filter(party_id=key, withdrawn_at__isnull=True).exists()
        owed = Promise.objects.filter(state="open")
        assert not owed.filter(debtor_id=key).exists()
        assert not owed.filter(creditor_id=key).exists()


def test_the_other_side_is_told_without_a_name_and_the_time_leaves_their_calendar(
    centre: Centre,
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        one = Party.objects.get(pk=meeting.connectee_party)
        other = Party.objects.get(pk=meeting.connector_party)
        at = timezone.now() + timedelta(days=3)
        propose_times(meeting=meeting, times=[at], by=one)
        choose_time(meeting=Meeting.objects.get(pk=meeting.pk), time=at, where="Inn", by=other)
    forgotten(centre, one.pk)
    with house_of(centre):
        (letter,) = Letter.objects.filter(party=other, state="waiting")
        assert "nothing to do with you" in letter.body
        assert "will not take place" in letter.body
        assert "METHOD:CANCEL" in letter.calendar
        assert f"UID:{meeting.pk}@takeroot" in letter.calendar.replace("\r\n ", "")
        for word in ("Amina", "amina.example"):
            assert word not in letter.body + letter.subject + letter.calendar
        assert Meeting.objects.get(pk=meeting.pk).state == "cancelled"
        assert not Letter.objects.filter(party=one, state="waiting").exists()


def test_a_merged_file_is_forgotten_with_the_one_it_is_part_of(centre: Centre) -> None:
    stays, goes = a_connectee(centre, "Amina Example"), a_connectee(centre, "Mina Example")
    with house_of(centre) as house:
        merge_files(stays=stays.pk, goes=goes.pk, by=house)
    forgotten(centre, stays.pk)
    assert traces_of(centre, "Amina", "Mina") == []
    with house_of(centre):
        assert Party.objects.filter(severed_at__isnull=False).count() == 2


def test_never_write_to_me_again_outlives_the_address(centre: Centre) -> None:
    match = met(centre)
    first, *_others = asked(centre, match, "Ana One")
    with house_of(centre):
        say_no(referral=Referral.objects.get(pk=first.pk), never_again=True)
    forgotten(centre, first.contact_id)
    assert traces_of(centre, "ana.one") == []
    with house_of(centre):
        match = Match.objects.get(pk=match.pk)
        party = Party.objects.get(pk=match.connector_id)
        with pytest.raises(Refused, match="asked not to be written to"):
            refer(match=match, referrer=party, doors=[Door("A. One", "ANA.one@contacts.example")])
        # The control: somebody else may be named.
        assert refer(match=match, referrer=party, doors=[Door("B. Two", "b@contacts.example")])


def test_an_address_that_was_silent_and_said_never_is_kept_as_a_code_only(
    centre: Centre,
) -> None:
    match = met(centre)
    first, *_others = asked(centre, match, "Ana One")
    with house_of(centre):
        say_no(referral=Referral.objects.get(pk=first.pk), never_again=True)
        Referral.objects.update(asked_at=timezone.now() - timedelta(days=200))
        assert forget_silent_contacts(centre=centre) == 1
        assert Fingerprint.objects.filter(kind="address").count() == 1
    assert traces_of(centre, "ana.one") == []


def test_the_centres_own_list_does_not_bring_an_erased_person_back(centre: Centre) -> None:
    row = a_connectee(centre, part={"reference": "C7"})
    forgotten(centre, row.pk)
    with house_of(centre) as house:
        rows = "C7,Amina Example,31301,en 8,either\nC8,Omar Sample,31301,en 8,either\n"
        data = f"id,name,occupation,languages,mode\n{rows}".encode()
        draft = start_import(centre=centre, kind="connectee", name="l.csv", data=data, by=house)
        plan = plan_of(draft)
    assert [one.values["name"] for one in plan.new] == ["Omar Sample"]
    assert any("asked to be forgotten" in problem.expected for problem in plan.problems)


def test_a_list_that_waits_to_be_loaded_goes_too(centre: Centre) -> None:
    row = a_connectee(centre)
    with house_of(centre) as house:
        data = b"id,name,occupation\nC9,Amina Example,31301\n"
        start_import(centre=centre, kind="connectee", name="l.csv", data=data, by=house)
    forgotten(centre, row.pk)
    with house_of(centre):
        assert ImportDraft.objects.count() == 0


def test_somebody_who_signs_in_no_longer_can(centre: Centre) -> None:
    row = a_connector(centre)
    with house_of(centre):
        party = Party.objects.get(pk=row.pk)
        user = create_account(
            centre=centre,
            name="",
            email=party.email,
            password="x" * 20,
            role=Role.CONNECTOR,
            party=party,
        )
    forgotten(centre, row.pk)
    user = User.objects.get(pk=user.pk)
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert "paul" not in user.email
    assert not user.memberships.exists()


def test_staff_are_not_erased_while_they_sign_in(centre: Centre) -> None:
    party = member(centre, Role.WORKER).party
    assert party is not None
    with pytest.raises(Refused, match="Close their sign-in first"):
        forgotten(centre, party.pk)


def test_a_wish_can_be_taken_back_until_it_is_seen_to(centre: Centre) -> None:
    row = a_connectee(centre)
    with house_of(centre) as house:
        first = wish(centre, row.pk, house)
        assert wish(centre, row.pk, house).pk == first.pk
        take_wish_back(erasure=first, by=house)
        with pytest.raises(Refused, match="seen to already"):
            erase(erasure=first, by=house)
    assert traces_of(centre, "Amina")


def page_of(key: Any, name: str = "file") -> str:
    return reverse(f"coordinator:{name}", args=[key])


def test_the_page_says_what_goes_and_what_stays_before_anything_goes(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row, client = a_connectee(centre), signed_in(centre)
    said = {"asked_by": "person", "verified": "called_back", "asked_on": "2026-01-15"}
    client.post(page_of(row.pk), said)
    body = client.get(page_of(row.pk)).content.decode()
    for words in ("What goes", "What stays", "they were called back", "Erase Amina Example"):
        assert words in body
    answer = client.post(page_of(row.pk, "file_erase"), follow=True).content.decode()
    assert "Counts stay true" in answer
    assert client.get(page_of(row.pk)).status_code == 404
    assert client.get(reverse("coordinator:connectee", args=[row.pk])).status_code == 404
    assert "Amina" not in client.get("/people/").content.decode()


def test_without_a_recorded_wish_nobody_is_erased(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre)
    assert signed_in(centre).post(page_of(row.pk, "file_erase")).status_code == 404
    for role, status in ((Role.WORKER, 404), (Role.PRIVACY_OFFICER, 200)):
        assert signed_in(centre, role).get(page_of(row.pk)).status_code == status


def test_pages_about_others_stand_after_somebody_is_erased(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    match = a_network(centre)
    forgotten(centre, match.connector_id)
    client = signed_in(centre)
    for name in ("connectee", "network"):
        url = reverse(f"coordinator:{name}", args=[match.connectee_id])
        assert client.get(url).status_code == 200, name
    for url in ("/", "/today/", "/people/", "/connectors/", "/trace/", "/trace/?what=reads"):
        assert client.get(url, follow=True).status_code == 200, url
