"""The demonstration's mailbox: letters of one's own centre, and only where no mail leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from tests.cast import deliver, member
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


@pytest.mark.usefixtures("_kept")
@pytest.mark.parametrize("demo", [True, False])
def test_letters_about_passwords_are_shown_in_the_demonstration_and_nowhere_else(
    centre: Centre, signed_in: Callable[..., Client], settings: Any, demo: bool
) -> None:
    settings.DEMO = demo
    client = signed_in(centre)
    email = member(centre, Role.COORDINATOR).email
    Client(HTTP_ACCEPT_LANGUAGE="fr-CA").post("/accounts/password/reset/", {"email": email})
    lines = client.get(reverse(MAILBOX)).context["lines"]
    assert [(line["to"], line["subject"]) for line in lines] == (
        [(email, "Choisissez un nouveau mot de passe pour Takeroot")] if demo else []
    )
    if demo:
        page = client.get(reverse("coordinator:mailbox_letter", args=[lines[0]["key"]]))
        link = re.search(r'href="http://testserver(/accounts/password/reset/key/[^"]+)"', page.text)
        assert link
        assert Client().get(link[1]).status_code == 302
