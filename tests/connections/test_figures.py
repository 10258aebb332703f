"""Figures are counts of the ledger, in one centre, since a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.connections.figures import PeriodFigures, period_figures
from takeroot.connections.models import Connectee
from takeroot.connections.selectors import period_start
from takeroot.connections.services.introductions import end_match
from takeroot.ledger.services import record
from tests.cast import house_of
from tests.connections.chain import a_network
from tests.connections.table import with_settings

pytestmark = pytest.mark.django_db


def figures(centre: Centre, seen_by: Centre | None = None, days: int = 0) -> PeriodFigures:
    since = timezone.localdate(timezone=centre.zone) - timedelta(days=days)
    with house_of(seen_by or centre) as house:
        return period_figures(actor=house, centre=centre, since=since)


def test_e15_the_figures_of_a_period_are_the_ledgers_events(centre: Centre) -> None:
    assert figures(centre) == PeriodFigures(0, 0, 0, 0)
    match = a_network(centre)
    expected = PeriodFigures(introduced=1, met=1, contacts=4, ideal_contacts=13)
    assert figures(centre) == expected
    with house_of(centre) as house:
        # The ledger is what counts: neither an end nor a state takes away what happened.
        end_match(match=match, by=house)
        Connectee.objects.update(state="closed")
    assert figures(centre) == expected
    with house_of(centre):
        party = Party.objects.get(name="Amina Example")
        record(party=party, kind="met", on=timezone.localdate() - timedelta(days=40))
    assert figures(centre) == expected, "before the period"
    assert figures(centre, days=60).met == 2


def test_figures_stay_in_their_centre(centre: Centre, other_centre: Centre) -> None:
    a_network(centre)
    assert figures(centre).introduced == 1
    assert figures(other_centre) == PeriodFigures(0, 0, 0, 0)
    assert figures(centre, seen_by=other_centre) == PeriodFigures(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("period", "first"),
    [("month", "2026-05-01"), ("quarter", "2026-04-01"), ("year", "2026-01-01")],
)
def test_a_period_begins_as_the_centre_counts(centre: Centre, period: str, first: str) -> None:
    with_settings(centre, capacity_period=period)
    with time_machine.travel("2026-05-20 12:00Z"):
        assert str(period_start(centre, timezone.localdate())) == first
