"""Words for others, from the letter to the public page and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.connections.models_told import Testimonial as Words
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.messaging.services import token_for
from tests.cast import house_of
from tests.connections.people import a_connector
from tests.pages.coordinator.reading import MOST_QUERIES, post, queries, said, text

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def seen(address: str) -> str:
    return unescape(Client().get(address).content.decode())


def typed(**more: Any) -> dict[str, Any]:
    until = (timezone.localdate() + timedelta(days=60)).isoformat()
    words = "Half an hour, and a door opened."
    return {
        "text": words, "places": ["public"], "shown_name": "first", "until": until, **more,
    }  # fmt: skip


def asked(client: Client, centre: Centre, name: str = "Paul Sample") -> str:
    row = a_connector(centre, name)
    assert "is asked by letter" in said(client, post(client, "testimonial_ask", row.pk))
    with house_of(centre):
        link = SignedLink.objects.get(purpose=LinkPurpose.TESTIMONIAL, party_id=row.pk)
    return f"/l/{token_for(link)}/"


def test_e22_words_go_by_link_past_the_staff_to_the_public_page_and_back_by_the_same_link(
    centre: Centre, signed_in: SignIn
) -> None:
    client, public = signed_in(centre), f"/c/{centre.slug}/"
    link = asked(client, centre)
    assert "What would you tell somebody who hesitates?" in seen(link)
    assert Client().post(f"{link}words/", typed()).status_code == 303
    assert "they are shown once somebody has read them" in seen(link)
    assert "a door opened" not in seen(public)
    assert "1 testimonial waits to be read" in text(client, "testimonials")
    with house_of(centre):
        row = Words.objects.get()
    answer = post(client, "testimonial_decide", row.pk, show="yes", seen=row.text)
    assert "shown from now on" in said(client, answer)
    page = seen(public)
    assert "a door opened" in page
    assert "Paul" in page
    assert "Paul Sample" not in page
    # A look alone takes nothing back: mail scanners open links too.
    assert "gone from every page at once" in seen(f"{link}words/back/")
    assert "a door opened" in seen(public)
    assert Client().post(f"{link}words/back/").status_code == 303
    assert "a door opened" not in seen(public)
    assert "Half an hour, and" not in text(client, "testimonials")
    assert "taken back and shown nowhere" in seen(link)


def test_e22_what_cannot_be_is_said_and_what_was_typed_stays(
    centre: Centre, signed_in: SignIn
) -> None:
    link = asked(signed_in(centre), centre)
    answer = Client().post(f"{link}words/", typed(until=timezone.localdate().isoformat()))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Choose a last day after today" in page
    assert "a door opened" in page


def test_words_changed_meanwhile_are_not_shown_unread(centre: Centre, signed_in: SignIn) -> None:
    client = signed_in(centre)
    link = asked(client, centre)
    Client().post(f"{link}words/", typed())
    with house_of(centre):
        row = Words.objects.get()
    Client().post(f"{link}words/", typed(text="Call me at 555."))
    answer = post(client, "testimonial_decide", row.pk, show="yes", seen=row.text)
    assert "Read them again" in said(client, answer)
    assert "555" not in seen(f"/c/{centre.slug}/")


def test_testimonials_of_many_cost_no_more_questions(centre: Centre, signed_in: SignIn) -> None:
    client = signed_in(centre)
    asked(client, centre)
    one = queries(client, "testimonials")
    for number in range(4):
        asked(client, centre, f"Sample {number}")
    assert queries(client, "testimonials") == one <= MOST_QUERIES
