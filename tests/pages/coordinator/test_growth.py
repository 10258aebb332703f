"""«How networks grow» and «Who stayed»: the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.services.stays import Answer, answer_stay
from tests.cast import house_of
from tests.connections.chain import a_network, agreed, asked, met
from tests.connections.people import a_connectee
from tests.pages.coordinator.reading import MOST_QUERIES, address, queries, text

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def test_before_anybody_met_the_page_teaches(centre: Centre, signed_in: SignedIn) -> None:
    page = text(signed_in(centre), "growth")
    assert "One Connector, three doors, then nine." in page


def test_e15_the_picture_and_the_table_say_the_same(centre: Centre, signed_in: SignedIn) -> None:
    with time_machine.travel(datetime(2026, 1, 15, 15, tzinfo=UTC)):
        match = met(centre)
        first = asked(centre, match, "Ana One", "Ben Two")
        agreed(centre, first[0])
    with time_machine.travel(datetime(2026, 3, 20, 15, tzinfo=UTC)):
        agreed(centre, first[1])
    page = text(signed_in(centre), "growth")
    assert page.count("<polyline") == 3
    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert '<th scope="row">March 2026</th><td class="num">1</td><td class="num">2</td>' in rows
    assert "ideal 13" in page
    assert "a rate stands here from ten people" in page


def test_the_page_keeps_to_its_queries(centre: Centre, signed_in: SignedIn) -> None:
    a_network(centre)
    client = signed_in(centre)
    assert queries(client, "growth") <= MOST_QUERIES
    assert queries(client, "stays") <= MOST_QUERIES


def test_e01_who_stayed_stands_within_two_bounds(centre: Centre, signed_in: SignedIn) -> None:
    client = signed_in(centre)
    for number in range(10):
        row = a_connectee(centre, f"Person {'ABCDEFGHIJ'[number]} Example")
        with house_of(centre) as house:
            check = StayCheck(centre=centre, connectee=row, months=3, due_on=timezone.localdate())
            check.save(force_insert=True)
            if number < 6:
                where = "community" if number < 5 else "province"
                answer_stay(check=check, answer=Answer(where=where), by=house)
    page = text(client, "stays")
    line = page[page.index("3 months on") : page.index("6 months on")]
    for words in ("5 to 9", "(50 to 90 %)", "6 to 10", "(60 to 100 %)"):
        assert words in line


def test_only_those_who_coordinate_see_the_figures(centre: Centre, signed_in: SignedIn) -> None:
    for name in ("growth", "stays"):
        assert signed_in(centre, Role.SUPERVISOR).get(address(name)).status_code == 200
        assert signed_in(centre, Role.WORKER).get(address(name)).status_code == 404
