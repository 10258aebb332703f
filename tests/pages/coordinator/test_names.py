"""G11: no name is lost or bent, in any script: form, database, page, spreadsheet, search."""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.accounts.models import Centre, Party
from takeroot.common.text import search_key, tidy
from takeroot.connections.models import Connectee
from takeroot.connections.selectors import connectees_visible_to, found_by_name
from takeroot.connections.services.importing import export_csv
from takeroot.pages.coordinator.people_forms import ConnecteeForm
from tests.cast import house_of
from tests.connections.test_importing import bring, dry
from tests.pages.coordinator.names import names, script_of
from tests.pages.coordinator.test_people import filled

pytestmark = pytest.mark.django_db


def as_list() -> bytes:
    """Every name in a list, half of them decomposed, as some phones and computers write them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "name", "languages", "mode"])
    for number, name in enumerate(names()):
        form = "NFD" if number % 2 else "NFC"
        writer.writerow([f"N-{number:03}", unicodedata.normalize(form, name), "en:8", "either"])
    return out.getvalue().encode()


def shown_on(page: str) -> set[str]:
    return {html.unescape(name) for name in re.findall(r"<bdi>(.*?)</bdi>", page)}


def test_g11_the_list_of_names_is_long_and_wide_enough() -> None:
    assert len(names()) >= 500
    assert len({script_of(name) for name in names()}) >= 40


def test_g11_every_name_survives_list_database_page_and_spreadsheet(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    draft, plan = bring(centre, as_list())
    assert (draft.result["new"], plan.problems) == (len(names()), ())
    wanted = {f"N-{number:03}": tidy(name) for number, name in enumerate(names())}
    with house_of(centre) as house:
        rows = Connectee.objects.select_related("person__party")
        assert {row.reference: row.person.party.name for row in rows} == wanted
        data = export_csv(connectees_visible_to(house), kind="connectee", lang="en")
    client, shown = signed_in(centre), set()
    for number in range(1, -(-len(wanted) // 25) + 1):
        page = client.get(reverse("coordinator:people"), {"page": number}).content.decode()
        shown |= shown_on(page)
    assert shown == set(wanted.values())
    again = dry(centre, data)
    assert (len(again.new), len(again.changed), again.unchanged) == (0, 0, len(wanted))


@pytest.fixture(autouse=True, scope="module")
def unworn_tables(django_db_setup: None, django_db_blocker: Any, fresh_database: Any) -> None:
    """A new copy of the database: rows that other tests rolled back would slow 1,500 searches."""
    with django_db_blocker.unblock():
        fresh_database()


def test_g11_every_name_is_found_composed_decomposed_and_in_capitals(centre: Centre) -> None:
    bring(centre, as_list())
    with house_of(centre) as house:
        rows = connectees_visible_to(house)
        missing = []
        for name in names():
            for typed in {name, unicodedata.normalize("NFD", name), name.upper()}:
                found = found_by_name(rows, typed).values_list("person__party__name", flat=True)
                if tidy(name) not in set(found[:25]):
                    missing.append((name, typed))
        assert missing == []


def test_g11_every_name_passes_the_form_unchanged(centre: Centre) -> None:
    for name in names():
        for typed in (name, unicodedata.normalize("NFD", name)):
            form = ConnecteeForm(filled(name=typed), centre=centre)
            assert form.is_valid(), (name, form.errors)
            party = Party(name=form.cleaned_data["name"])
            assert tidy(party.name) == tidy(name)
            assert search_key(party.name) == search_key(name)


def test_g11_a_name_of_each_script_goes_from_the_form_to_the_page(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    of_each = {script_of(name): name for name in names()}
    for name in of_each.values():
        answer = client.post(reverse("coordinator:connectee_new"), filled(name=name, email=""))
        assert answer.status_code == 302, name
        page = html.unescape(client.get(answer["Location"]).content.decode())
        assert f"<h1>{tidy(name)}</h1>" in page
