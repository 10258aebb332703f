"""A centre's own report: exact, by month and by year, on paper and as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
import time_machine
from django.test import Client

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from tests.outcomes.makers import YEAR, happened

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def test_e20_a_coordinator_reports_exact_figures_of_a_month(
    centre: Centre, signed_in: SignedIn
) -> None:
    happened(centre, "met", 4, month=3)
    page = signed_in(centre).get(f"/report/?year={YEAR}&month=3").content.decode()
    assert f"March {YEAR}" in page
    assert '<th scope="row">First meetings</th><td class="num">4</td>' in page
    assert "First meetings of a newcomer with a Connector" in page


def test_e20_a_year_has_its_months_and_their_sum(centre: Centre, signed_in: SignedIn) -> None:
    happened(centre, "met", 4, month=3)
    happened(centre, "met", 2, month=11)
    answer = signed_in(centre).get(f"/report/table.xlsx?year={YEAR}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Figures"]
    lines = {row[0]: row[2:] for row in sheet.iter_rows(values_only=True)}
    assert lines["First meetings"] == (6, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0)
    assert lines["Place"][-1] is None


def test_d17_a_report_says_the_centres_own_word(centre: Centre, signed_in: SignedIn) -> None:
    Centre.objects.filter(pk=centre.pk).update(connector_word_en="Champion")
    page = signed_in(centre).get("/report/").content.decode()
    assert "Truro centre says “Champion” for “Connector”." in page


def test_the_report_is_in_french_too(centre: Centre, signed_in: SignedIn) -> None:
    client = signed_in(centre, HTTP_ACCEPT_LANGUAGE="fr")
    page = client.get(f"/report/?year={YEAR}&month=3").content.decode()
    assert f"mars {YEAR}" in page
    assert "Premières rencontres" in page


@pytest.mark.parametrize("query", ["year=1", "year=abc&month=13", "month=²", "year=99999999999"])
def test_a_period_that_cannot_be_shows_this_year(
    centre: Centre, signed_in: SignedIn, query: str
) -> None:
    with time_machine.travel("2026-05-20 12:00Z"):
        page = signed_in(centre).get(f"/report/?{query}").content.decode()
    assert "report for January to May 2026" in page


def test_only_the_coordination_of_the_centre_reads_exact_figures(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    happened(centre, "met", 4, month=3)
    for role in (Role.WORKER, Role.PRIVACY_OFFICER, Role.SECRETARIAT, Role.ANALYST, Role.OPERATOR):
        assert signed_in(centre, role).get("/report/").status_code == 404
    foreign = signed_in(other_centre).get(f"/report/?year={YEAR}&month=3").content.decode()
    assert '<th scope="row">First meetings</th><td class="num">0</td>' in foreign
