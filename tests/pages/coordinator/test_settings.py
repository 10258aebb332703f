"""A centre's settings, changing centre, and a new centre in one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Membership, User
from tests.cast import member

pytestmark = pytest.mark.django_db
SETTINGS = "coordinator:settings"


def filled(centre: Centre, **changes: Any) -> dict[str, Any]:
    return {
        "version": centre.version,
        "name_en": centre.name_en,
        "name_fr": centre.name_fr,
        "connector_word_en": "Champion",
        "connector_word_fr": "Guide",
        "community": "Truro, NS",
        "timezone": "America/Halifax",
        "email": "hello@truro.example",
        "postal_address": "12 Prince Street, Truro NS",
        "referrals_asked": 4,
        "hops": 2,
        "capacity_period": "month",
        "least_quality": 400,
        "radius_km": 80,
        "language_floor": 5,
        "accepts_graduates": "on",
        "contact_days": 21,
        "answer_days": 10,
        "draft_days": 20,
        "onward_steps_en": "Settlement agency, 555-0100",
        "onward_steps_fr": "Organisme d’établissement, 555-0100",
        **changes,
    }


def test_e20_every_setting_is_changed_in_one_form(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    assert client.post(reverse(SETTINGS), filled(centre)).status_code == 302
    now = Centre.objects.get(pk=centre.pk)
    assert (now.connector_word_en, now.referrals_asked, now.capacity_period) == (
        "Champion",
        4,
        "month",
    )
    assert (now.least_quality, now.contact_days, now.accepts_temporary_residents) == (
        400,
        21,
        False,
    )
    assert now.place_code
    assert (now.answer_days, now.draft_days) == (10, 20)
    page = client.get(reverse(SETTINGS)).content.decode()
    assert "Truro" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("least_quality", 1001),
        ("hops", 4),
        ("referrals_asked", 0),
        ("contact_days", 3),
        ("timezone", "Mars/Olympus"),
        ("community", "Nowhereville QQ"),
        ("name_fr", ""),
    ],
)
def test_a_setting_that_cannot_be_is_told_at_its_field(
    centre: Centre, signed_in: Callable[..., Client], field: str, value: Any
) -> None:
    answer = signed_in(centre).post(reverse(SETTINGS), filled(centre, **{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Centre.objects.get(pk=centre.pk).version == centre.version


def test_g16_two_editors_of_the_settings(centre: Centre, signed_in: Callable[..., Client]) -> None:
    client = signed_in(centre)
    client.post(reverse(SETTINGS), filled(centre))
    answer = client.post(reverse(SETTINGS), filled(centre, least_quality=555))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="555"' in page
    assert "The record as it is now" in page
    assert Centre.objects.get(pk=centre.pk).least_quality == 400


def test_a_worker_may_not_change_settings(centre: Centre, signed_in: Callable[..., Client]) -> None:
    assert signed_in(centre, Role.WORKER).get(reverse(SETTINGS)).status_code == 404
    assert signed_in(centre).get(reverse(SETTINGS)).status_code == 200


def new_centre(**changes: Any) -> dict[str, Any]:
    return {
        "template": "regional",
        "name_en": "Western Shore",
        "name_fr": "Rive ouest",
        "community": "Corner Brook, NL",
        "connector_word_en": "Connector",
        "connector_word_fr": "Connecteur",
        "coordinator_name": "Jo Example",
        "coordinator_email": "jo@shore.example",
        "language": "fr",
        **changes,
    }


def test_e20_a_new_centre_is_ready_in_one_form(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    operator, url = signed_in(centre, Role.OPERATOR), reverse("coordinator:centre_new")
    assert operator.post(url, new_centre()).status_code == 302
    made = Centre.objects.get(slug="western-shore")
    assert (made.timezone, made.capacity_period) == ("America/St_Johns", "month")
    user = User.objects.get(email="jo@shore.example")
    assert Membership.objects.get(user=user).role == Role.COORDINATOR
    (letter,) = mail.outbox
    assert letter.to == ["jo@shore.example"]
    assert "/accounts/password/reset/key/" in letter.body
    client = Client()
    client.force_login(user)
    assert client.get(reverse("coordinator:people")).status_code == 200


def test_e20_the_same_form_twice_opens_one_centre(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    operator, url = signed_in(centre, Role.OPERATOR), reverse("coordinator:centre_new")
    operator.post(url, new_centre())
    again = operator.post(url, new_centre())
    assert again.status_code == 422
    assert "A centre of this name is here already" in again.content.decode()
    assert len(mail.outbox) == 1


def test_only_an_operator_opens_centres(centre: Centre, signed_in: Callable[..., Client]) -> None:
    url = reverse("coordinator:centre_new")
    assert signed_in(centre, Role.COORDINATOR).get(url).status_code == 404
    assert signed_in(centre, Role.OPERATOR).get(url).status_code == 200


def test_somebody_of_two_centres_chooses_and_of_one_cannot_choose_the_other(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    url = reverse("coordinator:choose_centre")
    client = signed_in(centre)
    assert client.post(url, {"centre": str(other_centre.pk)}).status_code == 404
    user = member(centre, Role.COORDINATOR)
    Membership.objects.create(user=user, centre=other_centre, role=Role.COORDINATOR)
    assert "Work here" in client.get(url).content.decode()
    assert client.post(url, {"centre": str(other_centre.pk)}).status_code == 302
    assert "How Gander centre works" in client.get(reverse(SETTINGS)).content.decode()
