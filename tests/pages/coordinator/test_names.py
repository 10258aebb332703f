"""G11: no name is lost or bent, in any script: form, database, page, spreadsheet, search."""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from takeroot.accounts.models import Centre, Party
from takeroot.common.text import search_key, tidy
from takeroot.connections.calendar import calendar_file
from takeroot.connections.letters import times_proposed
from takeroot.connections.models import Connectee
from takeroot.connections.selectors import connectees_visible_to, found_by_name
from takeroot.connections.services.importing import export_csv
from takeroot.messaging.models import Letter
from takeroot.messaging.tasks import message_for
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


def test_g11_every_name_arrives_in_the_letter_that_speaks_of_it(centre: Centre) -> None:
    """Subject and body, through the bytes that leave for the mail server."""
    with house_of(centre):
        reader = Party(centre=centre, name="Reader Sample", email="reader@people.example")
        for number, name in enumerate(names()):
            typed = unicodedata.normalize("NFD" if number % 2 else "NFC", name)
            other = Party(centre=centre, name=tidy(typed))
            text = times_proposed(reader=reader, other=other, when=["today"], link="https://l")
            letter = Letter(centre=centre, party=reader, subject=text.subject, body=text.body)
            raw = message_for(letter).message().as_bytes()
            arrived = message_from_bytes(raw, policy=policy.default)
            # A long first word stands on a line of its own: the fold before it is not part of it.
            assert arrived["Subject"].strip() == f"{tidy(name)} proposes three times"
            assert f"{tidy(name)} proposes these times" in arrived.get_content()


def test_g11_a_name_of_each_script_arrives_in_the_calendar() -> None:
    for name in {script_of(name): tidy(name) for name in names()}.values():
        text = calendar_file(
            uid="g11",
            sequence=1,
            method="REQUEST",
            starts_at=timezone.now(),
            minutes=30,
            summary=name,
            where="",
            people=[Party(name=name, email="other@people.example")],
            stamp=timezone.now(),
        )
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        assert (event["SUMMARY"], event["ATTENDEE"].params["CN"]) == (name, name)
