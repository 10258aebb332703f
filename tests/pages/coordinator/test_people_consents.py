"""Consents: written down once, shown, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takeroot.access.models import Consent
from takeroot.accounts.models import Centre
from takeroot.ledger.models import Event
from tests.cast import house_of
from tests.connections.people import a_connectee
from tests.pages.coordinator.test_people import post

pytestmark = pytest.mark.django_db


def consent(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "purpose": "introduction",
        "shares": ["name", "contact"],
        "audience": "Connectors of this centre",
        "given_on": today.isoformat(),
        "until": (today + timedelta(days=300)).isoformat(),
        "how": "interpreter",
        "interpreter_language": "Arabic",
        **changes,
    }


def test_a_consent_is_recorded_once_shown_and_withdrawn(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre, consents=False)
    client = signed_in(centre)
    for _click in range(3):
        assert post(client, "consent_new", row.pk, **consent()).status_code == 302
    with house_of(centre):
        yes = Consent.objects.get()
        assert list(Event.objects.filter(kind="consented").values_list("about_id")) == [(yes.pk,)]
    page = client.get(reverse("coordinator:connectee", args=[row.pk])).content.decode()
    assert "Given through an interpreter (Arabic)" in page
    end = reverse("coordinator:consent_end", args=[row.pk, yes.pk])
    assert "Does Amina Example take this consent back?" in client.get(end).content.decode()
    with house_of(centre):
        assert Consent.objects.get().withdrawn_at is None
    for _click in range(2):
        client.post(end)
    with house_of(centre):
        assert Consent.objects.get().withdrawn_at is not None
        assert Event.objects.filter(kind="withdrew").count() == 1


def test_a_consent_that_cannot_be_right_is_refused_and_nothing_typed_is_lost(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre, consents=False)
    client = signed_in(centre)
    answer = post(client, "consent_new", row.pk, **consent(interpreter_language=""))
    assert answer.status_code == 422
    assert "Say through which language the interpreter worked" in answer.content.decode()
    assert 'value="Connectors of this centre"' in answer.content.decode()
    with house_of(centre):
        assert not Consent.objects.exists()
