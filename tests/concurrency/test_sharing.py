"""D08: eight requests of two agencies at one moment: one person is asked once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.connections.models_shared import Offer, SharedAsk
from takeroot.messaging.models import Letter
from tests.cast import house_of, make_centre
from tests.concurrency.racing import race
from tests.connections.sharing import a_guest, a_shared_connector, ask, offers, shares

pytestmark = pytest.mark.django_db(transaction=True)


def test_d08_eight_requests_of_two_agencies_at_once_ask_one_person_once(centre: Centre) -> None:
    agencies = [make_centre(slug) for slug in ("gander", "moncton")]
    a_shared_connector(centre)
    wanted: list[tuple[Connectee, Offer]] = []
    for agency in agencies:
        shares(centre, agency)
    for agency in agencies:
        (offer,) = offers(agency)
        wanted += [(a_guest(agency, f"Guest{n} Example"), offer) for n in range(4)]
    answers: list[Any] = race(*(partial(ask, guest, offer) for guest, offer in wanted))
    assert sum(isinstance(one, SharedAsk) for one in answers) == 1
    assert sum(isinstance(one, Refused) for one in answers) == 7
    with house_of(centre):
        assert SharedAsk.objects.count() == 1
        assert Letter.objects.filter(kind="shared_ask").count() == 1
