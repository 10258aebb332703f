"""G16: two editors at one record, through the pages, two hundred times: of four hundred edits none
is lost in silence, and whoever is refused finds what they typed still in the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.access.models import Change
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee
from tests.cast import house_of
from tests.concurrency.racing import race
from tests.connections.people import a_connectee
from tests.pages.coordinator.test_people import filled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
TURNS = 200


def test_g16_of_four_hundred_edits_by_two_through_the_pages_none_is_lost_in_silence(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre, consents=False)
    address = reverse("coordinator:connectee_edit", args=[row.pk])
    editors = [signed_in(centre, role) for role in (Role.COORDINATOR, Role.SUPERVISOR)]
    version, told = row.version, 0
    for turn in range(TURNS):
        typed = [f"Editor {number} in turn {turn}" for number in range(2)]

        def save(number: int, typed: list[str] = typed, seen: int = version) -> Any:
            return editors[number].post(address, filled(name=typed[number], version=str(seen)))

        answers = race(lambda: save(0), lambda: save(1))
        assert sorted(answer.status_code for answer in answers) == [302, 422]
        winner = [answer.status_code for answer in answers].index(302)
        kept = answers[1 - winner].content.decode()
        assert f'value="{typed[1 - winner]}"' in kept
        assert "Somebody else changed this record while you were editing" in kept
        with house_of(centre):
            now = Connectee.objects.select_related("person__party").get(pk=row.pk)
        assert now.person.party.name == typed[winner]
        assert now.version == version + 1
        version, told = now.version, told + 1
    assert told == TURNS
    with house_of(centre):
        names = Change.objects.filter(table="accounts_party", row_id=row.pk, operation="UPDATE")
        assert names.count() >= TURNS
