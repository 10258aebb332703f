"""The secretariat: all centres added up in releases, a new centre in one form, nobody's file."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Membership
from takeroot.outcomes.models import Release, Threshold
from takeroot.outcomes.selectors import last_full_month
from tests.connections.people import a_connectee
from tests.outcomes.makers import YEAR, happened, released

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
FIGURES = "/figures/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_e20_the_secretariat_makes_looks_at_and_publishes_a_release(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    happened(centre, "met", 12, month=1)
    happened(other_centre, "met", 31, month=1)
    client = signed_in(centre, Role.SECRETARIAT)
    assert "Make the first release" in text(client, FIGURES)
    months = last_full_month()
    answer = client.post("/figures/new/", {"until": f"{months.year}-{months.through:02}"})
    assert answer.url == "/figures/1/"
    assert "Not public yet." in text(client, "/figures/1/")
    assert Client().get("/figures/1/").status_code == 302
    assert "cannot be taken back" in text(client, "/figures/1/publish/")
    assert client.post("/figures/1/publish/").status_code == 302
    assert "Not public yet." not in text(client, "/figures/1/")
    assert "Release 1: " in text(client, FIGURES)


def test_e20_d17_the_overview_adds_up_and_says_each_centres_own_word(
    centre: Centre, other_centre: Centre, signed_in: SignedIn
) -> None:
    Centre.objects.filter(pk=other_centre.pk).update(connector_word_en="Champion")
    happened(centre, "became_connector", 12, month=1)
    happened(other_centre, "became_connector", 31, month=1)
    released()
    page = text(signed_in(centre, Role.SECRETARIAT), FIGURES)
    row = page[page.index("Connectors joined") :]
    cells = [part.split("</td>")[0] for part in row.split('<td class="num">')[1:4]]
    assert cells == ["43", "31", "12"]
    assert "says “Champion”" in page


def test_small_figures_are_held_back_and_the_page_says_so_kindly(
    centre: Centre, signed_in: SignedIn
) -> None:
    happened(centre, "met", 4, month=1)
    released()
    page = text(signed_in(centre, Role.SECRETARIAT), "/figures/1/?month=1")
    assert "Nothing can be told yet." in page
    assert '<td class="num">4</td>' not in page
    assert "Figures from 1 to 9 are not shown" in page


def test_d05_every_count_has_its_definition_beside_it(centre: Centre, signed_in: SignedIn) -> None:
    released()
    page = text(signed_in(centre, Role.SECRETARIAT), "/figures/1/")
    assert "Newcomers with at least one such meeting in the calendar year" in page
    for word in ("Place", "Period", "Source", "Release 1 of"):
        assert word in page


def test_the_spreadsheet_holds_figures_definitions_and_no_formula(
    centre: Centre, signed_in: SignedIn
) -> None:
    Centre.objects.filter(pk=centre.pk).update(name_en="=2+2", connector_word_en="@SUM(A1)")
    happened(centre, "met", 12, month=1)
    released()
    answer = signed_in(centre, Role.ANALYST).get("/figures/1/table.xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="all-centres-{YEAR}.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Figures", "Definitions"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "'=2+2" for cell in cells)
    lines = {row[0]: row[2:] for row in book["Figures"].iter_rows(values_only=True)}
    assert lines["First meetings"][:2] == (12, 12)
    assert {"Place", "Period", "Source", "Note"} <= set(lines)


def test_the_secretariat_reads_nobodys_file(centre: Centre, signed_in: SignedIn) -> None:
    row = a_connectee(centre)
    client = signed_in(centre, Role.SECRETARIAT)
    assert signed_in(centre).get(reverse("coordinator:connectee", args=[row.pk])).status_code == 200
    for address in ("/people/", reverse("coordinator:connectee", args=[row.pk]), "/report/"):
        assert client.get(address).status_code == 404
    assert "Amina" not in text(client, "/today/")


@pytest.mark.parametrize(
    "address", ["/figures/new/", "/figures/thresholds/", "/figures/1/publish/"]
)
def test_a_funder_reads_and_decides_nothing(
    centre: Centre, signed_in: SignedIn, address: str
) -> None:
    released(publish=False)
    assert signed_in(centre, Role.SECRETARIAT).get(address).status_code == 200
    assert signed_in(centre, Role.ANALYST).get(address).status_code == 404
    assert signed_in(centre, Role.ANALYST).get("/figures/1/").status_code == 200
    assert signed_in(centre, Role.COORDINATOR).get("/figures/1/").status_code == 404


@pytest.mark.parametrize("edition", ["0", "2", "abc", "99999999999"])
def test_a_release_that_is_not_there_is_not_found(
    centre: Centre, signed_in: SignedIn, edition: str
) -> None:
    released()
    assert signed_in(centre, Role.SECRETARIAT).get(f"/figures/{edition}/").status_code == 404


def test_lowering_a_threshold_asks_for_a_reason(centre: Centre, signed_in: SignedIn) -> None:
    client = signed_in(centre, Role.SECRETARIAT)
    form: dict[str, Any] = {"least": 8, "least_sensitive": 20, "reason": ""}
    answer = client.post("/figures/thresholds/", form)
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert not Threshold.objects.exists()
    assert client.post("/figures/thresholds/", form | {"reason": "Agreed"}).status_code == 302
    assert Threshold.objects.get().decided_by is not None


def test_switching_the_language_makes_and_publishes_nothing(
    centre: Centre, signed_in: SignedIn
) -> None:
    released(publish=False)
    client = signed_in(centre, Role.SECRETARIAT)
    months = last_full_month()
    form = {"until": f"{months.year}-{months.through:02}", "_language": "fr"}
    client.post("/figures/new/", form)
    client.post("/figures/1/publish/", {"_language": "fr"})
    assert Release.objects.get().number == 1
    assert not Release.objects.filter(publication__isnull=False).exists()


def test_e20_a_centre_opens_in_one_form_and_its_coordinator_can_begin(
    centre: Centre, signed_in: SignedIn
) -> None:
    client = signed_in(centre, Role.SECRETARIAT)
    form = {
        "template": "small",
        "name_en": "Lunenburg centre",
        "name_fr": "Centre de Lunenburg",
        "community": "Lunenburg, NS",
        "connector_word_en": "Champion",
        "connector_word_fr": "Guide",
        "postal_address": "1 Example Street, Lunenburg NS",
        "coordinator_name": "New Sample",
        "coordinator_email": "new@lunenburg.example",
        "language": "en",
    }
    assert client.post("/centre/new/", form).status_code == 302
    opened = Centre.objects.get(slug="lunenburg-centre")
    assert opened.postal_address == form["postal_address"]
    member = Membership.objects.get(centre=opened)
    assert (member.role, member.user.email) == (Role.COORDINATOR, "new@lunenburg.example")
    assert [letter.to for letter in mail.outbox] == [["new@lunenburg.example"]]
    assert "Lunenburg centre" in text(Client(), "/c/lunenburg-centre/")
    begun = Client()
    begun.force_login(member.user)
    for address in ("/today/", "/people/", "/report/", "/settings/"):
        assert begun.get(address).status_code == 200
    happened(opened, "met", 15, month=1)
    happened(centre, "met", 20, month=1)
    released()
    assert '<td class="num">35</td>' in text(client, "/figures/1/")


@pytest.mark.parametrize("centres", [1, 4])
def test_the_overview_asks_as_little_for_many_centres(
    centre: Centre, signed_in: SignedIn, centres: int, django_assert_max_num_queries: Any
) -> None:
    from tests.cast import make_centre

    for number in range(centres - 1):
        make_centre(f"town{number}")
    released()
    client = signed_in(centre, Role.SECRETARIAT)
    client.get(FIGURES)
    with django_assert_max_num_queries(16):
        client.get(FIGURES)
