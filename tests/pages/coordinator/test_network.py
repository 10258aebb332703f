"""The network's page: picture and list, and what staff say in somebody's name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from takeroot.access.models import Read
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.enums import MatchState, MeetingState, ReferralState
from takeroot.connections.models import Match, Meeting, Referral
from tests.cast import house_of
from tests.connections.chain import a_network, agreed, asked, met
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.connections.table import accepted
from tests.pages.coordinator.reading import MOST_QUERIES, address, post, queries, said, text

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def today(centre: Centre) -> str:
    return timezone.localdate(timezone=centre.zone).isoformat()


def names_in_picture(page: str) -> list[str]:
    picture = page[
        page.index('<svg class="network"') : page.index(
            "</svg>", page.index('<svg class="network"')
        )
    ]
    return sorted(re.findall(r"<text x=[^>]*>([A-Z][^<]+)</text>", picture))


def names_in_list(page: str) -> list[str]:
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    found = re.findall(r'data-label="Who">(?:<a [^>]*>)?([^<,]+)', table)
    return sorted(found)


def test_before_anybody_is_introduced_the_page_teaches(centre: Centre, signed_in: SignedIn) -> None:
    row = a_connectee(centre)
    page = text(signed_in(centre), "network", row.pk)
    assert "Amina has not been introduced to anybody yet." in page
    assert "One Connector, three doors, then nine." in page


def test_e15_picture_and_list_agree_and_the_real_number_stands_beside_thirteen(
    centre: Centre, signed_in: SignedIn
) -> None:
    match = a_network(centre)
    page = text(signed_in(centre), "network", match.connectee_id)
    assert "Amina knows 4 more people here now." in page
    assert "From one to 13" in page
    for words in ("of 1<", "of 3<", "of 9<", "ideal 13"):
        assert words in page
    people = ["Ana One", "Ben Two", "Cy Three", "Dee Four", "Eve Five", "Fay Six", "Paul Sample"]
    assert names_in_list(page) == people
    assert names_in_picture(page) == sorted([*people, "Amina"])
    with house_of(centre):
        assert Read.objects.filter(subject_id=match.connectee_id, page="network").count() == 1


def test_a_network_in_french_draws_the_same_picture(centre: Centre, signed_in: SignedIn) -> None:
    match = a_network(centre)
    client = signed_in(centre)
    english = text(client, "network", match.connectee_id)
    client.cookies["django_language"] = "fr"
    french = text(client, "network", match.connectee_id)
    paths = [re.findall(r'<path class="\w+" d="([^"]+)"', page) for page in (english, french)]
    assert paths[0] == paths[1] != []
    assert "knows 4" not in french


def test_e07_staff_say_how_it_went_and_the_connector_is_asked_once(
    centre: Centre, signed_in: SignedIn
) -> None:
    meeting = an_introduced_pair(centre)
    client = signed_in(centre, Role.WORKER)
    unsaid = post(client, "meeting_log", meeting.match_id, held="yes", on="")
    assert unsaid.status_code == 422
    future = (timezone.localdate() + timedelta(days=9)).isoformat()
    answer = post(client, "meeting_log", meeting.match_id, held="yes", on=future)
    assert answer.status_code == 422
    assert "The day of the meeting is in the future" in answer.content.decode()
    for _click in range(2):
        page = said(
            client, post(client, "meeting_log", meeting.match_id, held="yes", on=today(centre))
        )
    assert "Amina knows one more person here now." in page
    with house_of(centre):
        row = Meeting.objects.get()
        assert row.state == MeetingState.HELD
        assert row.match.connector.person.party.letters.filter(kind="ask_referrals").count() == 1


def test_e13_a_meeting_with_a_contact_is_noted_with_what_came_of_it(
    centre: Centre, signed_in: SignedIn
) -> None:
    match = met(centre)
    yes, waiting = asked(centre, match, "Ana One", "Ben Two")
    agreed(centre, yes)
    client = signed_in(centre)
    early = post(client, "referral_met", waiting.pk, on=today(centre), outcome="")
    assert early.status_code == 422
    assert "This contact has not said yes yet." in early.content.decode()
    page = said(client, post(client, "referral_met", yes.pk, on=today(centre), outcome="interview"))
    assert "an interview" in page
    with house_of(centre):
        assert Referral.objects.get(pk=yes.pk).state == ReferralState.MET


def test_ending_a_match_asks_first_and_twice_is_once(centre: Centre, signed_in: SignedIn) -> None:
    meeting = an_introduced_pair(centre)
    client = signed_in(centre)
    assert "End the match of Amina Example and Paul Sample?" in text(
        client, "match_end", meeting.match_id
    )
    with house_of(centre):
        assert Match.objects.get().state == MatchState.INTRODUCED
    page = said(client, post(client, "match_end", meeting.match_id))
    assert "The match has ended." in page
    assert "The introduction of Amina ended before a first conversation." in page
    assert names_in_list(page) == ["Paul Sample"]
    assert names_in_picture(page) == ["Amina", "Paul Sample"]
    assert "End the match</a>" not in page
    assert "ended already" in said(client, post(client, "match_end", meeting.match_id))


def test_letters_not_sent_yet_are_linked_for_those_who_may_open_them(
    centre: Centre, signed_in: SignedIn
) -> None:
    a_connectee(centre)
    a_connector(centre)
    match = accepted(centre)
    link = address("introduction", match.pk)
    assert link in text(signed_in(centre), "network", match.connectee_id)
    assert link not in text(signed_in(centre, Role.WORKER), "network", match.connectee_id)


def test_e20_a_network_of_another_centre_is_the_same_404_as_a_missing_one(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    ours, theirs = met(centre), met(other_centre)
    (mine,), (foreign,) = asked(centre, ours, "Ana One"), asked(other_centre, theirs, "Ana One")
    agreed(centre, mine)
    agreed(other_centre, foreign)
    client = signed_in(centre)
    for page, own, strange in (
        ("network", ours.connectee_id, theirs.connectee_id),
        ("meeting_log", ours.pk, theirs.pk),
        ("match_end", ours.pk, theirs.pk),
        ("referral_met", mine.pk, foreign.pk),
    ):
        assert client.get(address(page, own)).status_code == 200
        for key in (strange, uuid.uuid4()):
            assert client.get(address(page, key)).status_code == 404, page
    post(client, "match_end", theirs.pk)
    with house_of(other_centre):
        assert Match.objects.get().state == MatchState.INTRODUCED


def test_a_network_asks_the_database_as_often_for_thirteen_people_as_for_one(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    small, large = an_introduced_pair(centre).connectee_party, a_network(other_centre).connectee_id
    one = queries(signed_in(centre), "network", small)
    assert queries(signed_in(other_centre), "network", large) == one
    assert one <= MOST_QUERIES
