"""G17: five hundred forms, each sent again in three ways (a double click, «back», a retry after a
time-out), are stored exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.services.enrolment import enrol_connectee, enrol_connector, once
from takeroot.ledger.models import Event
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.people import details
from tests.pages.coordinator.test_people import filled

FORMS = 500
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


class TimeOut(Exception):
    """The answer never came: the web server was stopped before it had stored anything."""


def send(centre: Centre, key: UUID, number: int, house: Actor) -> UUID:
    """One form, as the page's view stores it; every fourth is about a Connector."""
    connector = number % 4 == 0
    model: Any = Connector if connector else Connectee
    known = details(f"Sent {number}")
    known.party["id"] = key
    enrol: Any = enrol_connector if connector else enrol_connectee
    row = once(lambda: enrol(centre=centre, details=known, by=house), model, key)
    return row.pk  # type: ignore[no-any-return]


def by_two(work: Callable[[int], None]) -> None:
    """Two clicks on each form, as nearly at once as two threads come."""
    start = threading.Barrier(2)
    faults: list[Exception] = []

    def run() -> None:
        try:
            for number in range(FORMS):
                start.wait(timeout=60)
                work(number)
        except Exception as problem:
            faults.append(problem)
            start.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _click in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert faults == []


def test_g17_five_hundred_forms_sent_again_in_three_ways_are_stored_once(centre: Centre) -> None:
    keys = [uuid4() for _form in range(FORMS)]

    def click(number: int) -> None:
        with house_of(centre) as house:
            assert send(centre, keys[number], number, house) == keys[number]

    def cut_off(number: int) -> None:
        with house_of(centre) as house:
            send(centre, keys[number], number, house)
            raise TimeOut

    for number in range(0, FORMS, 5):
        # The first try of some is cut off before it is stored, then sent again below.
        with pytest.raises(TimeOut):
            cut_off(number)
    by_two(click)
    with house_of(centre) as house:
        for _way in ("back, and the button once more", "a retry, since the answer was lost"):
            again = [send(centre, key, number, house) for number, key in enumerate(keys)]
            assert again == keys
    connectees = FORMS - -(-FORMS // 4)
    with house_of(centre):
        assert set(Party.objects.filter(pk__in=keys).values_list("pk", flat=True)) == set(keys)
        assert Party.objects.filter(name__startswith="Sent ").count() == FORMS
        assert Connectee.objects.count() == connectees
        assert Event.objects.filter(kind="applied").count() == connectees
        assert Event.objects.filter(kind="became_connector").count() == FORMS - connectees
        assert Promise.objects.filter(kind="sign_readiness").count() == connectees


@pytest.mark.parametrize("name", ["connectee", "connector"])
def test_g17_through_the_pages_a_form_sent_again_leads_to_the_same_person(
    centre: Centre, signed_in: Callable[..., Client], name: str
) -> None:
    client = signed_in(centre)
    address = reverse(f"coordinator:{name}_new")
    for number in range(5):
        typed = filled(name=f"Sent {number}", capacity="2", organization="")
        answers = [client.post(address, typed) for _try in range(3)]
        assert {a.status_code for a in answers} == {302}
        assert len({a["Location"] for a in answers}) == 1
    with house_of(centre):
        assert Party.objects.filter(name__startswith="Sent ").count() == 5
