"""The pages of letters: read once, changed where needed, sent once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.models import Introduction, Match
from takeroot.connections.services.rounds import accept_round
from takeroot.messaging.models import Letter
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector
from tests.connections.table import proposed
from tests.pages.coordinator.reading import MOST_QUERIES, address, post, queries, said, text

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
TEXTS = ("connectee_subject", "connectee_body", "connector_subject", "connector_body")


def letters_of(centre: Centre, *names: str, consents: bool = True) -> list[Introduction]:
    """An accepted match for each name; the letters wait."""
    for name in names or ("Amina Example",):
        a_connectee(centre, name, consents=consents)
    a_connector(centre, capacity=9)
    round_ = proposed(centre)
    with house_of(centre) as house:
        accept_round(round_=round_, by=house)
        return list(Introduction.objects.order_by("created_at", "pk"))


def typed(row: Introduction, **changes: str) -> dict[str, Any]:
    """The form as a browser sends it: line ends are CR LF."""
    kept = {name: getattr(row, name).replace("\n", "\r\n") for name in TEXTS}
    return {**kept, "expected": row.version, **changes}


def now(row: Introduction) -> Introduction:
    with house_of(row.centre):
        return Introduction.objects.get(pk=row.pk)


def sent(centre: Centre) -> int:
    with house_of(centre):
        return Letter.objects.count()


def test_without_letters_the_page_says_where_they_come_from(
    centre: Centre, signed_in: SignedIn
) -> None:
    assert "Letters are written when you accept a match." in text(
        signed_in(centre), "introductions"
    )


def test_e07_both_letters_are_read_then_sent_once_by_two_clicks(
    centre: Centre, signed_in: SignedIn
) -> None:
    (row,) = letters_of(centre)
    client = signed_in(centre)
    page = text(client, "introduction", row.match_id)
    assert "Hello Amina," in page
    assert "Hello Paul," in page
    assert sent(centre) == 0
    form = typed(row, send="1")
    first, second = (post(client, "introduction", row.match_id, **form) for _click in range(2))
    assert [first.status_code, second.status_code] == [302, 302]
    assert "They are introduced; both letters are on their way." in said(client, first)
    assert sent(centre) == 2
    assert now(row).connectee_body == row.connectee_body
    assert "Both letters were sent on" in text(client, "introduction", row.match_id)


def test_e07_the_coordinators_words_are_kept_for_later(centre: Centre, signed_in: SignedIn) -> None:
    (row,) = letters_of(centre)
    client = signed_in(centre)
    body = "Dear Amina,\r\n\r\nhere is Paul: {link}\r\n\r\nJo"
    form = typed(row, connectee_body=body, keep="1")
    page = said(client, post(client, "introduction", row.match_id, **form))
    assert "The letters are kept as you wrote them." in page
    assert now(row).connectee_body == body.replace("\r", "")
    assert (now(row).sent_at, sent(centre)) == (None, 0)
    assert "here is Paul: {link}" in text(client, "introduction", row.match_id)


def test_a_letter_without_its_link_is_refused_and_what_was_typed_stays(
    centre: Centre, signed_in: SignedIn
) -> None:
    (row,) = letters_of(centre)
    client = signed_in(centre)
    form = typed(row, connector_body="Just call each other.", send="1")
    answer = post(client, "introduction", row.match_id, **form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Keep the word {link} in each letter" in page
    assert "Just call each other." in page
    assert now(row).connector_body == row.connector_body
    assert sent(centre) == 0


def test_the_second_editor_is_told_and_keeps_what_they_typed(
    centre: Centre, signed_in: SignedIn
) -> None:
    (row,) = letters_of(centre)
    one, other = signed_in(centre), signed_in(centre, Role.SUPERVISOR)
    post(one, "introduction", row.match_id, **typed(row, connectee_subject="First", keep="1"))
    answer = post(
        other, "introduction", row.match_id, **typed(row, connectee_subject="Second", keep="1")
    )
    assert answer.status_code == 422
    assert "Somebody else changed this record" in answer.content.decode()
    assert 'value="Second"' in answer.content.decode()
    assert now(row).connectee_subject == "First"


def test_sending_all_leaves_out_who_has_not_agreed_and_names_them(
    centre: Centre, signed_in: SignedIn
) -> None:
    a_connectee(centre, "Silent Example", consents=False)
    letters_of(centre, "Amina Example", "Bea Example")
    client = signed_in(centre)
    assert "3 pairs wait for their letters." in text(client, "introductions")
    page = said(client, post(client, "introductions"))
    assert "Silent Example has not yet agreed to be introduced." in page
    assert "2 pairs are introduced; their letters are on their way." in page
    assert "One pair waits for its letters." in page
    assert sent(centre) == 4
    post(client, "introductions")
    assert sent(centre) == 4


def test_e20_letters_of_another_centre_are_the_same_404_as_missing_ones(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    (ours,), (theirs,) = letters_of(centre), letters_of(other_centre, "Foreign Example")
    client = signed_in(centre)
    assert client.get(address("introduction", ours.match_id)).status_code == 200
    for key in (theirs.match_id, uuid.uuid4()):
        assert client.get(address("introduction", key)).status_code == 404
        assert post(client, "introduction", key, **typed(theirs, send="1")).status_code == 404
    assert "Foreign Example" not in text(client, "introductions")
    post(client, "introductions")
    assert (sent(centre), sent(other_centre)) == (2, 0)


def test_a_worker_does_not_send_letters_a_coordinator_does(
    centre: Centre, signed_in: SignedIn
) -> None:
    letters_of(centre)
    assert post(signed_in(centre, Role.WORKER), "introductions").status_code == 404
    assert sent(centre) == 0
    assert post(signed_in(centre), "introductions").status_code == 302
    assert sent(centre) == 2


def test_letters_ask_the_database_as_often_for_three_pairs_as_for_one(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    counts = []
    for where, names in ((centre, ["Ada Example"]), (other_centre, ["Ada A", "Bea B", "Cy C"])):
        letters_of(where, *names)
        with house_of(where):
            key = Match.objects.values_list("pk", flat=True)[0]
        client = signed_in(where)
        counts.append([queries(client, "introductions"), queries(client, "introduction", key)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST_QUERIES
