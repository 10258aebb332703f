"""An answer that waits: on Today with its text, and the page where a person decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from tests.connections.test_replies import answered, waiting
from tests.pages.links.stage import passed, yesterday

pytestmark = pytest.mark.django_db


def test_unclear_answer_stands_on_today_with_its_text_and_is_settled_on_its_page(
    centre: Centre, signed_in: Any
) -> None:
    pair = passed(centre)
    row = answered(pair, "It was <b>lovely</b>, though short")
    client = signed_in(centre)
    today = client.get(reverse("coordinator:today")).content.decode()
    assert "Read what Amina Example has answered" in today
    assert "It was &lt;b&gt;lovely&lt;/b&gt;, though short" in today
    url = reverse("coordinator:reply", args=[row.pk])
    assert "though short" in client.get(url).content.decode()
    assert client.post(url, {"meaning": "met"}).status_code == 422
    assert client.post(url, {"meaning": "met", "on": str(yesterday(centre))}).status_code == 302
    assert (pair.meeting.state, waiting(centre)) == ("held", [])
    assert "Read by the centre" in client.get(url).content.decode()


def test_answer_that_needs_nothing_is_put_away(centre: Centre, signed_in: Any) -> None:
    row = answered(passed(centre), "What a winter we have")
    client = signed_in(centre, Role.WORKER)
    url = reverse("coordinator:reply", args=[row.pk])
    assert client.post(url, {"meaning": "nothing"}).status_code == 302
    assert waiting(centre) == []


def test_answer_is_not_there_for_another_centre_or_role(
    centre: Centre, other_centre: Centre, signed_in: Any
) -> None:
    url = reverse("coordinator:reply", args=[answered(passed(centre), "Hm").pk])
    assert signed_in(centre).get(url).status_code == 200
    assert signed_in(other_centre).get(url).status_code == 404
    assert signed_in(centre, Role.NEWCOMER).get(url).status_code == 404
