"""«Possible duplicates»: both files side by side, one decision, merges that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.access.models import Read
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Connectee, Referral
from takeroot.connections.services.referrals import log_referral_meeting
from takeroot.keeping.models import Merge, Pair
from takeroot.keeping.services.merging import merge_files
from takeroot.keeping.services.pairs import look_for_pairs
from takeroot.messaging.models import SignedLink
from takeroot.messaging.services import token_for
from tests.cast import house_of
from tests.connections.chain import agreed, asked, met
from tests.connections.people import a_connectee, a_connector
from tests.pages.coordinator.reading import MOST_QUERIES, queries

PAGE = "/duplicates/"


def a_pair(centre: Centre, one: str = "Amina Example", other: str = "Example Amina") -> Pair:
    a_connectee(centre, one)
    a_connectee(centre, other)
    with house_of(centre):
        look_for_pairs(centre=centre)
        return Pair.objects.select_related("one").get(state="proposed")


def answer(client: Client, pair: Pair, said: Any) -> str:
    response = client.post(
        reverse("coordinator:duplicates_decide", args=[pair.pk]), {"answer": str(said)}, follow=True
    )
    assert response.redirect_chain == [(PAGE, 302)]
    return response.content.decode()


def test_e15_both_files_stand_side_by_side_with_the_reason_and_leave_a_trace(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    pair = a_pair(centre)
    body = signed_in(centre).get(PAGE).content.decode()
    for words in (
        "The names are the same words in another order.",
        "amina.example@people.example",
        "example.amina@people.example",
        "Two different people",
    ):
        assert words in body
    with house_of(centre):
        read = Read.objects.filter(page="duplicates").values_list("subject_id", flat=True)
        assert set(read) == {pair.one_id, pair.other_id}


def test_e15_one_click_makes_one_file_and_one_click_makes_it_two_again(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    pair, client = a_pair(centre), signed_in(centre)
    body = answer(client, pair, pair.other_id)
    assert "One person, one file" in body
    with house_of(centre):
        merge = Merge.objects.get()
    assert (merge.stays_id, merge.gone_id) == (pair.other_id, pair.one_id)
    undone = client.post(reverse("coordinator:merge_undo", args=[merge.pk]), follow=True)
    assert "both files are as they were" in undone.content.decode()
    with house_of(centre):
        assert Party.objects.filter(merged_into__isnull=False).count() == 0


def test_e15_two_different_people_leave_the_list_for_good(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    pair, client = a_pair(centre), signed_in(centre)
    assert "will not be proposed again" in answer(client, pair, "different")
    body = client.post(reverse("coordinator:duplicates_look"), follow=True).content.decode()
    assert "no two files look like one person" in body


def test_the_second_to_decide_is_told_what_the_first_said(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    pair, client = a_pair(centre), signed_in(centre)
    answer(client, pair, "different")
    assert "Somebody else has just said" in answer(client, pair, pair.one_id)
    assert "which file stays" in answer(client, a_pair(centre, "Omar Two", "Two Omar"), "")


def test_the_old_address_of_a_merged_file_shows_the_file_it_is_part_of(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    pair, client = a_pair(centre), signed_in(centre)
    answer(client, pair, pair.one_id)
    body = client.get(reverse("coordinator:connectee", args=[pair.other_id])).content.decode()
    assert pair.one.name in body
    listed = client.get("/people/").content.decode()
    assert listed.count(reverse("coordinator:connectee", args=[pair.one_id])) == 1
    assert str(pair.other_id) not in listed


def test_a_worker_decides_on_no_pair(centre: Centre, signed_in: Callable[..., Client]) -> None:
    pair = a_pair(centre)
    assert signed_in(centre, Role.WORKER).get(PAGE).status_code == 404
    url = reverse("coordinator:duplicates_decide", args=[pair.pk])
    assert signed_in(centre, Role.WORKER).post(url, {"answer": "different"}).status_code == 404
    # The positive control: a coordinator does.
    assert signed_in(centre).post(url, {"answer": "different"}).status_code == 302


def test_the_page_asks_the_database_no_more_for_eight_pairs_than_for_one(
    centre: Centre,
    signed_in: Callable[..., Client],
) -> None:
    a_pair(centre)
    client = signed_in(centre)
    one = queries(client, "duplicates")
    for n in ("One", "Two", "Three", "Four"):
        a_connectee(centre, f"Amina {n}")
        a_connector(centre, f"{n} Amina")
    with house_of(centre):
        assert look_for_pairs(centre=centre) >= 5
    assert queries(client, "duplicates") == one <= MOST_QUERIES


def network(client: Client, connectee: UUID) -> str:
    return client.get(reverse("coordinator:network", args=[connectee])).content.decode()


def test_e15_the_network_counts_a_contact_asked_twice_once(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    match, client = met(centre), signed_in(centre)
    first, second = asked(centre, match, "Ana One", "Ana One-Smith")
    agreed(centre, first, second)
    before = network(client, match.connectee_id)
    with house_of(centre) as house:
        merge_files(stays=first.contact_id, goes=second.contact_id, by=house)
    after = network(client, match.connectee_id)
    assert "counted once" in after
    assert "counted once" not in before


def test_the_connectees_own_page_shows_a_merged_contact_once_and_can_tell_of_the_meeting(
    centre: Centre,
) -> None:
    match = met(centre)
    first, second = asked(centre, match, "Ana One", "Ana One-Smith")
    agreed(centre, second)
    with house_of(centre) as house:
        merge_files(stays=first.contact_id, goes=second.contact_id, by=house)
        link = SignedLink.objects.get(party_id=match.connectee_id, purpose="meeting")
        token = token_for(link)
    body = Client().get(f"/l/{token}/").content.decode()
    assert body.count("Ana One") > 0
    assert "Ana One-Smith" not in body
    with house_of(centre):
        referral = Referral.objects.get(pk=second.pk)
        log_referral_meeting(referral=referral, on=referral.asked_at.date())
        assert Connectee.objects.filter(pk=match.connectee_id).exists()


@pytest.mark.parametrize("said", ["yes", "no"])
def test_a_contact_whose_file_was_merged_answers_through_the_link_they_had(
    centre: Centre, said: str
) -> None:
    match = met(centre)
    first, second = asked(centre, match, "Ana One", "Ana One-Smith")
    with house_of(centre) as house:
        merge_files(stays=first.contact_id, goes=second.contact_id, by=house)
        token = token_for(SignedLink.objects.get(party_id=second.contact_id))
    client = Client()
    assert client.get(f"/l/{token}/").status_code == 200
    assert client.post(f"/l/{token}/{said}/").status_code == 303
    page = client.get(f"/l/{token}/").content.decode()
    with house_of(centre):
        state = Referral.objects.get(pk=second.pk).state
    assert state == {"yes": "agreed", "no": "declined"}[said]
    assert ("Amina Example" in page) == (said == "yes")
