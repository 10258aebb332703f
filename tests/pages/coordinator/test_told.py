"""A person without e-mail goes the whole way by telephone, and everything is marked so."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Match, Meeting, MeetingNote, Referral
from takeroot.connections.services.introductions import send_introduction
from takeroot.connections.services.rounds import accept_round, propose_round
from takeroot.ledger.models import Event
from takeroot.messaging.models import Letter
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector
from tests.pages.links.stage import a_pair, asked, referring, times, tomorrow

pytestmark = pytest.mark.django_db


def without_email(centre: Centre) -> Match:
    """An accepted pair whose Connectee has a telephone alone."""
    row = a_connectee(centre)
    a_connector(centre)
    with house_of(centre) as house:
        Party.objects.filter(pk=row.pk).update(email="", phone="902 555-0199")
        round_ = propose_round(centre=centre, name="By telephone", by=house)
        accept_round(round_=round_, by=house)
        return Match.objects.get()


def introduced(centre: Centre) -> Match:
    match = without_email(centre)
    with house_of(centre) as house:
        send_introduction(introduction=match.introduction, by=house)
    return match


def calls(centre: Centre) -> set[str]:
    with house_of(centre):
        rows = Promise.objects.filter(kind="call", state="open").select_related("creditor")
        return {row.creditor.name for row in rows if row.creditor}


def tell(client: Client, name: str, key: Any, **data: str) -> None:
    answer = client.post(reverse(f"coordinator:{name}", args=[key]), {"via": "phone", **data})
    assert answer.status_code == 302, answer.content.decode()


def vias(centre: Centre) -> dict[str, str]:
    with house_of(centre):
        return dict(Event.objects.order_by("created_at").values_list("kind", "via"))


def test_e07_somebody_without_email_is_introduced_and_called_instead(
    centre: Centre, signed_in: Any
) -> None:
    introduced(centre)
    assert calls(centre) == {"Amina Example"}
    with house_of(centre):
        letter = Letter.objects.get(kind="introduction_connectee")
        assert letter.state == "paper"
        call = Promise.objects.get(kind="call")
    client = signed_in(centre)
    page = client.get(reverse("coordinator:promise", args=[call.pk])).content.decode()
    assert "What the letters say" in page
    assert letter.subject in page
    assert "{link:" not in page
    client.post(reverse("coordinator:promise_reached", args=[call.pk]))
    assert calls(centre) == set()
    with house_of(centre):
        assert Letter.objects.get(pk=letter.pk).state == "sent"


def test_e07_whole_way_by_telephone(centre: Centre, signed_in: Any) -> None:
    match, client = introduced(centre), signed_in(centre)
    menu = reverse("coordinator:told", args=[match.pk])
    assert reverse("coordinator:told_times", args=[match.pk]) in client.get(menu).content.decode()
    tell(client, "told_times", match.pk, who=str(match.connectee_id), **times())
    with house_of(centre):
        meeting = Meeting.objects.get()
        assert (meeting.state, meeting.proposed_by_id) == ("proposed", match.connectee_id)
    # The Connector has e-mail and was written to; she has not, and is called once a time stands.
    first = meeting.proposed_times[0].isoformat()
    tell(client, "told_choice", match.pk, time=first, where="Town library", via="paper")
    assert calls(centre) == {"Amina Example"}
    today = str(timezone.localdate(timezone=centre.zone))
    tell(
        client, "told_met", match.pk, who=str(match.connectee_id), met="yes", on=today,
        industry="Two hospitals",
    )  # fmt: skip
    assert calls(centre) == set()
    with house_of(centre):
        assert MeetingNote.objects.get().author_id == match.connectee_id
    found = vias(centre)
    assert (found["times_proposed"], found["booked"], found["met"]) == ("phone", "paper", "phone")
    url = reverse("coordinator:connectee", args=[match.connectee_id])
    assert "Told by telephone" in client.get(url).content.decode()
    client.cookies["django_language"] = "fr"
    assert "Dit par téléphone" in client.get(url).content.decode()


def test_e14_people_named_and_answers_given_by_telephone(centre: Centre, signed_in: Any) -> None:
    pair, _page = referring(centre)
    client, match = signed_in(centre), pair.meeting.match_id
    person = {"p-name_1": "Ana One", "p-email_1": "ana@contacts.example", "p-language_1": "en"}
    tell(client, "told_people", match, **person, **{"p-via": "phone"})
    with house_of(centre):
        ana = Referral.objects.get()
    tell(client, "told_answer", ana.pk, answer="yes")
    with house_of(centre):
        assert Referral.objects.get().state == "agreed"
    second = {"p-name_1": "Ben Two", "p-email_1": "ben@contacts.example", "p-language_1": "en"}
    tell(client, "told_contact", ana.pk, **second, **{"p-via": "paper"})
    with house_of(centre):
        assert Referral.objects.filter(hop=2, referrer=ana.contact_party).count() == 1
    tell(client, "told_cannot", match, reason="no_time")
    with house_of(centre):
        assert Promise.objects.get(kind="refer").state == "closed"
    found = vias(centre)
    assert (found["referral_asked"], found["referral_agreed"]) == ("paper", "phone")


def test_every_event_knows_how_it_was_told(centre: Centre, signed_in: Any) -> None:
    (ana,) = asked(centre, "Ana One")
    ana.post("no/")
    found = vias(centre)
    assert found["referral_declined"] == "link"
    assert found["introduced"] == "house"


def test_what_staff_write_without_being_told_is_theirs(centre: Centre, signed_in: Any) -> None:
    pair = a_pair(centre)
    client = signed_in(centre)
    client.post(reverse("coordinator:match_end", args=[pair.meeting.match_id]))
    assert vias(centre)["match_ended"] == "staff"


def test_nothing_is_written_down_for_an_ended_match(centre: Centre, signed_in: Any) -> None:
    pair = a_pair(centre)
    pair.connector.post("leave/")
    client, key = signed_in(centre), pair.meeting.match_id
    assert (
        "nothing to write down"
        in client.get(reverse("coordinator:told", args=[key])).content.decode()
    )
    data = {**times(), "via": "phone", "who": str(pair.connectee.party.pk), "first": tomorrow(2)}
    assert client.post(reverse("coordinator:told_times", args=[key]), data).status_code == 422
