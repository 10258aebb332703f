"""A copy of one's own file holds everything on the person and nobody whom they do not know."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from takeroot.access.models import Read
from takeroot.access.services import record_read
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models import Match, Meeting
from takeroot.connections.services.meetings import save_notes
from takeroot.keeping.services.copying import send_copy_link, take_copy
from takeroot.keeping.services.merging import merge_files
from takeroot.messaging.models import Letter, SignedLink
from takeroot.messaging.services import token_for
from tests.cast import actor_for, deliver, house_of, member
from tests.connections.chain import a_network, asked, met
from tests.connections.people import a_connectee


def unzip(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def copy_of(centre: Centre, key: Any) -> dict[str, str]:
    with house_of(centre) as house:
        return unzip(take_copy(party=Party.objects.get(pk=key), by=house))


def test_the_copy_is_a_page_and_a_spreadsheet_in_each_language_and_data(centre: Centre) -> None:
    files = copy_of(centre, a_connectee(centre).pk)
    assert sorted(files) == [
        "data.json", "dossier-fr.csv", "dossier-fr.html", "file-en.csv", "file-en.html",
    ]  # fmt: skip
    assert '<html lang="fr">' in files["dossier-fr.html"]
    assert "What is held on Amina Example" in files["file-en.html"]
    assert "Ce qui est conservé" in files["dossier-fr.html"]


def test_it_holds_what_they_told_what_was_written_and_what_happened(centre: Centre) -> None:
    match = a_network(centre)
    deliver()
    data = json.loads(copy_of(centre, match.connectee_id)["data.json"])
    tables = data["tables"]
    assert tables["accounts_party"][0]["email"] == "amina.example@people.example"
    assert tables["people_person"][0]["languages"] == {"en": 8}
    assert len(tables["access_consent"]) == 2
    assert any("Paul Sample" in letter["body"] for letter in tables["messaging_letter"])
    assert "met" in {event["kind"] for event in tables["ledger_event"]}
    assert tables["connections_meeting"][0]["other_person"] == "Paul Sample"


def test_nobody_stands_in_it_whom_the_person_does_not_know(centre: Centre) -> None:
    match = met(centre)
    asked(centre, match, "Ana One", "Ben Two")
    with house_of(centre):
        meeting = Meeting.objects.get(match=match)
        connector = Party.objects.get(pk=match.connector_id)
        save_notes(meeting=meeting, author=connector, notes={"skills": "Hesitates a little"})
        Match.objects.filter(pk=match.pk).update(note="Paul would rather not, ask again")
    deliver()
    text = "".join(copy_of(centre, match.connectee_id).values())
    # Contacts who have not said yes, the Connector's own notes, a note of the staff on both.
    for words in ("Ana One", "ana.one", "Ben Two", "Hesitates", "would rather not"):
        assert words not in text
    theirs = "".join(copy_of(centre, match.connector_id).values())
    assert "Hesitates a little" in theirs


def test_it_says_who_opened_the_file_and_when_staff_by_name(centre: Centre) -> None:
    row = a_connectee(centre)
    worker = member(centre, Role.WORKER)
    with house_of(centre):
        record_read(by=actor_for(worker), subject_id=row.pk, centre_id=centre.pk, page="connectee")
    files = copy_of(centre, row.pk)
    opened = json.loads(files["data.json"])["opened_by"]
    assert [one["who"] for one in opened] == ["Worker Sample", ""]
    assert "Worker Sample" in files["file-en.html"]


def test_what_was_merged_into_the_file_is_in_the_copy(centre: Centre) -> None:
    stays, goes = a_connectee(centre), a_connectee(centre, "Example Amina")
    with house_of(centre) as house:
        merge_files(stays=stays.pk, goes=goes.pk, by=house)
    data = json.loads(copy_of(centre, stays.pk)["data.json"])
    assert {row["name"] for row in data["tables"]["accounts_party"]} == {
        "Amina Example",
        "Example Amina",
    }
    assert len([e for e in data["tables"]["ledger_event"] if e["kind"] == "applied"]) == 2


def test_a_cell_that_would_begin_a_formula_is_text(centre: Centre) -> None:
    row = a_connectee(centre, interests=["=HYPERLINK(1)"])
    files = copy_of(centre, row.pk)
    cells = [cell for line in csv.reader(io.StringIO(files["file-en.csv"])) for cell in line]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell[:1] in "=@" and cell]


def test_links_in_letters_are_not_repeated(centre: Centre) -> None:
    match = met(centre)
    deliver()
    files = copy_of(centre, match.connectee_id)
    assert "{link:" not in "".join(files.values())
    assert "[your link stood here]" in files["file-en.html"]


def test_the_coordinator_takes_it_in_one_click_and_it_leaves_a_trace(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre)
    answer = signed_in(centre).post(reverse("coordinator:file_copy", args=[row.pk]))
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert "data.json" in unzip(answer.content)
    with house_of(centre):
        assert Read.objects.filter(subject_id=row.pk, page="own_copy").count() == 1


def test_the_person_takes_it_through_a_link_and_gets_their_own_alone(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row, other = a_connectee(centre), a_connectee(centre, "Omar Sample")
    signed_in(centre).post(reverse("coordinator:file_send", args=[row.pk]))
    with house_of(centre):
        token = token_for(SignedLink.objects.get(purpose="own_file"))
        assert Letter.objects.filter(party_id=row.pk, kind="own_copy").count() == 1
        before = Read.objects.filter(page="own_copy").count()
    client = Client()
    assert "Amina" in client.get(f"/l/{token}/").content.decode()
    with house_of(centre):  # opening the page alone takes nothing
        assert Read.objects.filter(page="own_copy").count() == before
    files = unzip(client.post(f"/l/{token}/copy/").content)
    assert "Amina Example" in files["file-en.html"]
    assert other.person.party.name not in "".join(files.values())
    # A link for another thing opens no file.
    with house_of(centre):
        link = SignedLink.objects.get(purpose="own_file")
        SignedLink.objects.filter(pk=link.pk).update(purpose="referral")
    assert client.post(f"/l/{token}/copy/").status_code == 404


def test_without_an_address_no_link_is_sent_and_the_page_says_what_to_do(centre: Centre) -> None:
    row = a_connectee(centre)
    with house_of(centre) as house:
        Party.objects.filter(pk=row.pk).update(email="")
        with pytest.raises(Refused, match="hand it to them"):
            send_copy_link(party=Party.objects.get(pk=row.pk), by=house)
