"""A move between centres, on the pages of both and behind the person's link."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Connectee
from takeroot.keeping.models import Transfer
from takeroot.ledger.models import Event
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.messaging.services import token_for
from tests.cast import house_of
from tests.connections.people import a_connectee, an_introduced_pair
from tests.keeping.moving import WHY, agreed, proposed
from tests.pages.coordinator.reading import MOST_QUERIES, address, post, queries, said, text

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def link_of(centre: Centre) -> str:
    with house_of(centre):
        return f"/l/{token_for(SignedLink.objects.get(purpose=LinkPurpose.TRANSFER))}/"


def test_d08_from_the_proposal_to_the_file_in_the_other_centre(
    centre: Centre, other_centre: Centre, signed_in: SignIn, client: Client
) -> None:
    mine, theirs = signed_in(centre), signed_in(other_centre)
    row = a_connectee(centre)
    assert "Move to another centre" in text(mine, "connectee", row.pk)
    assert "What moves" in text(mine, "transfer_new", row.pk)
    answer = post(mine, "transfer_new", row.pk, to=str(other_centre.pk), reason=WHY)
    assert "Nothing moves before their yes" in said(mine, answer)
    assert "waits for the person's answer" in text(mine, "transfers")
    assert "Amina Example was asked whether the file may move" in text(mine, "today")
    page = unescape(client.get(link_of(centre)).content.decode())
    for words in (WHY, "What moves", "What stays here without the name", "after 28 days"):
        assert words in page
    made = Transfer.objects.none()
    with house_of(centre):
        made = Transfer.objects.get()
    assert theirs.get(address("transfer", made.pk)).status_code == 404
    done = client.post(f"{link_of(centre)}transfer/", {"answer": "yes"})
    assert done.status_code == 303
    assert "decides now" in unescape(client.get(link_of(centre)).content.decode())
    assert "asks you to take over a newcomer" in text(theirs, "today")
    page = text(theirs, "transfer", made.pk)
    assert WHY in page
    assert "Amina" not in page
    assert mine.post(address("transfer_decide", made.pk), {"answer": "yes"}).status_code == 404
    page = said(theirs, post(theirs, "transfer_decide", made.pk, answer="yes"))
    assert "The file of Amina Example is with you now." in page
    assert "came from another centre" in page
    assert mine.get(address("connectee", row.pk)).status_code == 404
    page = text(mine, "transfer", made.pk)
    assert "The file moved to Gander centre" in page
    assert "Amina" not in page


def test_d08_what_the_person_says_by_telephone_is_written_down_so(
    centre: Centre, other_centre: Centre, signed_in: SignIn
) -> None:
    mine = signed_in(centre)
    with house_of(centre):
        meeting = an_introduced_pair(centre)
        row = Connectee.objects.select_related("centre").get(pk=meeting.connectee_party)
    made = proposed(row, other_centre)
    assert "would still like to meet" in text(mine, "transfer", made.pk)
    post(mine, "transfer_told", made.pk, answer="yes", via="phone", touch="on")
    with house_of(centre):
        known = Transfer.objects.get()
        assert (known.state, known.keep_in_touch) == ("agreed", True)
        assert Event.objects.filter(kind="consented", via="phone").count() == 1
    post(mine, "transfer_told", made.pk, answer="no", via="phone")
    with house_of(centre):
        assert Transfer.objects.get().state == "refused"


def test_d08_a_proposal_is_taken_back_and_a_no_of_the_centre_moves_nothing(
    centre: Centre, other_centre: Centre, signed_in: SignIn
) -> None:
    mine, theirs = signed_in(centre), signed_in(other_centre)
    row = a_connectee(centre)
    first = agreed(row, other_centre)
    assert "Taken back" in said(mine, post(mine, "transfer_back", first.pk))
    assert theirs.get(address("transfer", first.pk)).status_code == 404
    second = agreed(row, other_centre)
    page = said(theirs, post(theirs, "transfer_decide", second.pk, answer="no"))
    assert "stays with their centre" in page
    with house_of(centre):
        assert Party.objects.get(pk=row.pk).name == "Amina Example"


def test_d08_only_whoever_coordinates_proposes_a_move(centre: Centre, signed_in: SignIn) -> None:
    row = a_connectee(centre)
    for role, status in ((Role.WORKER, 404), (Role.COORDINATOR, 200), (Role.SUPERVISOR, 200)):
        answer = signed_in(centre, role).get(address("transfer_new", row.pk))
        assert answer.status_code == status


def test_pages_of_moves_cost_the_same_for_one_and_for_many(
    centre: Centre, other_centre: Centre, signed_in: SignIn
) -> None:
    mine = signed_in(centre)
    row = a_connectee(centre)
    made = proposed(row, other_centre)
    few = queries(mine, "transfers")
    for number in range(8):
        proposed(a_connectee(centre, f"Person{number} Example"), other_centre)
    assert queries(mine, "transfers") == few <= MOST_QUERIES
    assert queries(mine, "transfer", made.pk) <= MOST_QUERIES
    assert queries(mine, "transfer_new", row.pk) <= MOST_QUERIES
