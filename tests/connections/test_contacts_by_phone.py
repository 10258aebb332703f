"""A contact named with a telephone number alone is called once, by the centre; and a contact may
report that something was not right."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from takeroot.access.models import Fingerprint, Grant
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee, Contact, Match, Referral
from takeroot.connections.models_concern import Concern, ConcernSide
from takeroot.connections.services.referrals import (
    Door,
    forget_silent_contacts,
    refer,
    say_no,
    say_yes,
)
from takeroot.messaging.models import Letter, SignedLink
from takeroot.messaging.services import token_for
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.chain import agreed, asked, met

pytestmark = pytest.mark.django_db
NUMBER = "902 555-0143"


def named(centre: Centre, match: Match, *doors: Door) -> list[Referral]:
    with house_of(centre):
        fresh = Match.objects.get(pk=match.pk)
        return refer(match=fresh, referrer=Party.objects.get(pk=match.connector_id), doors=[*doors])


def test_e12_whoever_has_no_email_is_called_once_and_their_yes_gives_the_number(
    centre: Centre, signed_in: Any
) -> None:
    match = met(centre)
    (row,) = named(centre, match, Door("Ana Phone", "", phone=NUMBER))
    with house_of(centre):
        assert not Letter.objects.filter(party_id=row.contact_party).exists()
        assert Promise.objects.get(kind="ask_by_phone").subject_id == row.pk
    client = signed_in(centre)
    today = unescape(client.get("/today/?all").content.decode())
    assert "Call Ana Phone: is an introduction welcome?" in today
    page = f"/referrals/{row.pk}/told/"
    assert NUMBER in unescape(client.get(page).content.decode())
    assert client.post(page, {"answer": "yes", "via": "phone"}).status_code == 302
    with house_of(centre):
        assert Promise.objects.get(kind="ask_by_phone").state == "kept"
        assert NUMBER in Letter.objects.get(kind="contact_said_yes").body
        # Nothing is owed by somebody who cannot be written to.
        assert not Promise.objects.filter(kind="refer_on").exists()


def test_e12_the_same_number_is_the_same_contact_however_it_is_written(centre: Centre) -> None:
    match = met(centre)
    (row,) = named(centre, match, Door("Ana Phone", "", phone=NUMBER))
    assert named(centre, match, Door("Ana Phone", "", phone="+1 (902) 555 0143")) == []
    with house_of(centre):
        assert Contact.objects.filter(pk=row.contact_id).count() == Contact.objects.count() == 1


def test_e12_never_again_holds_for_a_number_too(centre: Centre) -> None:
    match = met(centre)
    (row,) = named(centre, match, Door("Ana Phone", "", phone=NUMBER))
    with house_of(centre):
        say_no(referral=row, never_again=True)
    with pytest.raises(Refused, match="asked not to be written to"):
        named(centre, match, Door("A. Phone", "", phone="1-902-555-0143"))
    with house_of(centre):
        Referral.objects.update(asked_at=timezone.now() - timedelta(days=200))
        assert forget_silent_contacts(centre=centre) == 1
        assert Fingerprint.objects.count() == 1
        assert Party.objects.get(pk=row.contact_party).phone == ""
    with pytest.raises(Refused, match="asked not to be written to"):
        named(centre, match, Door("A. Phone", "", phone=NUMBER))


@pytest.mark.parametrize("phone", ["", "123", "none"])
def test_without_an_address_and_without_a_number_nobody_can_be_asked(
    centre: Centre, phone: str
) -> None:
    with pytest.raises(Refused, match="an e-mail address or a telephone number of Ana"):
        named(centre, met(centre), Door("Ana", "", phone=phone))


def test_the_number_of_one_of_the_two_opens_no_door(centre: Centre) -> None:
    match = met(centre)
    with house_of(centre):
        Party.objects.filter(pk=match.connectee_id).update(phone=NUMBER)
    with pytest.raises(Refused, match="other than the two of you"):
        named(centre, match, Door("Me", "", phone=NUMBER))


def test_the_page_takes_a_number_where_there_is_no_email(centre: Centre, client: Client) -> None:
    match = met(centre)
    with house_of(centre):
        link = SignedLink.objects.get(purpose="referring", party_id=match.connector_id)
    page = f"/l/{token_for(link)}/people/"
    answer = client.post(page, {"p-name_1": "Ana Phone"})
    assert "or a telephone number: we ask them once" in unescape(answer.content.decode())
    assert client.post(page, {"p-name_1": "Ana Phone", "p-phone_1": NUMBER}).status_code == 303
    with house_of(centre):
        assert Promise.objects.filter(kind="ask_by_phone").count() == 1


def test_a_contact_reports_behind_their_link_and_the_contact_of_these_two_ends(
    centre: Centre, client: Client
) -> None:
    match = met(centre)
    first, *_others = asked(centre, match, "Ana One")
    with house_of(centre):
        link = SignedLink.objects.get(purpose="referral", party_id=first.contact_party)
    page = f"/l/{token_for(link)}/"
    assert "Something was not right" not in client.get(page).content.decode()
    # Before a yes the two do not know each other: there is nothing to report yet.
    assert client.get(f"{page}contact-not-right/").status_code == 303
    with house_of(centre):
        say_yes(referral=Referral.objects.get(pk=first.pk))
    assert "Something was not right" in client.get(page).content.decode()
    assert "Amina" in client.get(f"{page}contact-not-right/").content.decode()
    answer = client.post(f"{page}contact-not-right/", {"text": "Pushy.", "withheld": ""})
    assert answer.status_code == 303
    with house_of(centre):
        concern = Concern.objects.get()
        assert (concern.about_id, concern.said_by_id) == (match.connectee_id, first.contact_party)
        sides = set(ConcernSide.objects.values_list("party_id", flat=True))
        assert sides == {match.connectee_id, first.contact_party}
        assert Promise.objects.filter(kind="look_after", state="open").count() == 2
        assert Connectee.objects.get(pk=match.connectee_id).held_back
        live = Grant.objects.filter(because_id=first.pk, revoked_at=None)
        assert not live.exists()
        letter = Letter.objects.get(kind="match_ended")
        assert (letter.party_id, "Pushy" in letter.body) == (match.connectee_id, False)
        # The Connector is no part of it: their introduction stands.
        assert Match.objects.get(pk=match.pk).state == "introduced"
    assert client.get(page).status_code == 410


def test_a_contact_who_reports_twice_has_reported_once(centre: Centre, client: Client) -> None:
    match = met(centre)
    first, *_others = asked(centre, match, "Ana One")
    agreed(centre, first)
    with house_of(centre):
        link = SignedLink.objects.get(purpose="referral", party_id=first.contact_party)
    page = f"/l/{token_for(link)}/contact-not-right/"
    for _click in range(2):
        assert client.post(page, {"text": "Pushy.", "withheld": ""}).status_code in (302, 303)
    with house_of(centre):
        assert Concern.objects.count() == 1


def test_staff_invite_whoever_has_gone_their_way_once(centre: Centre, signed_in: Any) -> None:
    match = met(centre)
    client, page = signed_in(centre), f"/people/{match.connectee_id}/"
    assert "Invite them to become a Connector" not in client.get(page).content.decode()
    answer = client.post(f"{page}invite/", follow=True).content.decode()
    assert "still on their own way" in answer
    with house_of(centre):
        Connectee.objects.filter(pk=match.connectee_id).update(state="employed")
    assert "Invite them to become a Connector" in client.get(page).content.decode()
    answer = client.post(f"{page}invite/", follow=True).content.decode()
    assert "is invited, by a letter" in answer
    assert "They have been invited" in answer
    with house_of(centre):
        assert Letter.objects.filter(kind="open_doors").count() == 1
