"""The demonstration's mailbox: letters of one's own centre, and only where no mail leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from tests.cast import deliver
from tests.connections.people import an_introduced_pair

pytestmark = pytest.mark.django_db
MAILBOX = "coordinator:mailbox"


@pytest.fixture
def _kept(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "takeroot.messaging.backends.MailboxBackend"
    settings.MAILBOX = tmp_path / "mailbox"


@pytest.mark.usefixtures("_kept")
def test_letters_stand_in_the_mailbox_with_links_that_can_be_followed(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    assert "No letter has left yet" in client.get(reverse(MAILBOX)).content.decode()
    an_introduced_pair(centre)
    assert deliver() == 2
    listed = client.get(reverse(MAILBOX))
    assert len(listed.context["lines"]) == 2
    key = next(line["key"] for line in listed.context["lines"] if "amina" in line["to"].lower())
    page = client.get(reverse("coordinator:mailbox_letter", args=[key])).content.decode()
    assert "Hello Amina" in page
    assert 'href="http' in page
    foreign = signed_in(other_centre)
    assert not foreign.get(reverse(MAILBOX)).context["lines"]
    assert foreign.get(reverse("coordinator:mailbox_letter", args=[key])).status_code == 404
    assert client.get(reverse("coordinator:mailbox_letter", args=["none"])).status_code == 404


def test_there_is_no_mailbox_where_mail_leaves_the_house(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    assert signed_in(centre).get(reverse(MAILBOX)).status_code == 404


@pytest.mark.usefixtures("_kept")
def test_the_mailbox_is_for_those_who_work_with_people(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    assert signed_in(centre, Role.ANALYST).get(reverse(MAILBOX)).status_code == 404
    assert signed_in(centre, Role.WORKER).get(reverse(MAILBOX)).status_code == 200
