"""The import's pages: choose, look, load; templates and export."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from takeroot.access.models import Read
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee
from tests.cast import house_of
from tests.connections.people import a_connectee
from tests.connections.test_importing import PEOPLE

pytestmark = pytest.mark.django_db


def upload(client: Client, text: str = PEOPLE, kind: str = "connectee", **more: Any) -> Any:
    file = SimpleUploadedFile("people.csv", text.encode(), content_type="text/csv")
    return client.post(reverse("coordinator:import"), {"kind": kind, "file": file, **more})


def test_b80_a_list_is_looked_at_before_it_is_loaded(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    bad = PEOPLE + "C-3,Bea Example,zzqqxx,en:8,,,,either,,,,\nC-4,Cy,nurse,en:99,,,,either,,,,\n"
    address = upload(client, bad)["Location"]
    page = client.get(address).content.decode()
    for words in (
        "This list adds 3 and changes 0",
        "What could not be read",
        "zzqqxx",
        "the whole row",
        "only this field",
        "UTF-8",
        "cells parted by commas",
        "Amina Example",
    ):
        assert words in page, words
    with house_of(centre):
        assert not Connectee.objects.exists()
    draft = address.rstrip("/").rsplit("/", 1)[1]
    for _click in range(2):
        done = client.post(reverse("coordinator:import_load", args=[draft]), follow=True)
        assert "people.csv is loaded" in done.content.decode()
    with house_of(centre):
        assert Connectee.objects.count() == 3
    again = client.get(upload(client, bad)["Location"]).content.decode()
    assert "There is nothing to change" in again


def test_a_changed_row_shows_old_and_new(centre: Centre, signed_in: Callable[..., Client]) -> None:
    client = signed_in(centre)
    draft = upload(client)["Location"].rstrip("/").rsplit("/", 1)[1]
    client.post(reverse("coordinator:import_load", args=[draft]))
    changed = PEOPLE.replace("en:8;fr:5;ar", "en:9;fr:5;ar")
    page = client.get(upload(client, changed)["Location"]).content.decode()
    assert "This list adds 0 and changes 1" in page
    assert "English (CLB 8, intermediate)" in page
    assert "English (CLB 9, advanced)" in page


def test_columns_with_unknown_headings_are_chosen_on_the_page(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    address = upload(client, "Kennung,Wer,Sprachen,Wie\nC-9,Amina Example,en:8,video\n")["Location"]
    page = client.get(address).content.decode()
    assert "Some columns need a name first" in page
    assert "Load the list" not in page
    chosen = {"id": "0", "name": "1", "languages": "2", "mode": "3"}
    assert client.post(address, {**chosen, "mode": ""}).status_code == 422
    assert client.post(address, chosen).status_code == 302
    assert "This list adds 1 and changes 0" in client.get(address).content.decode()


def test_a_list_can_be_set_aside(centre: Centre, signed_in: Callable[..., Client]) -> None:
    client = signed_in(centre)
    address = upload(client)["Location"]
    draft = address.rstrip("/").rsplit("/", 1)[1]
    client.post(reverse("coordinator:import_drop", args=[draft]))
    assert client.get(address).status_code == 404


def test_what_is_no_list_is_refused_beside_the_field(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    answer = upload(signed_in(centre), "%PDF-1.7")
    assert answer.status_code == 422
    assert "This is a PDF file. Save it as CSV or XLSX" in answer.content.decode()


def test_an_upload_of_another_centre_is_a_missing_one(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    theirs = upload(signed_in(other_centre))["Location"]
    draft = theirs.rstrip("/").rsplit("/", 1)[1]
    client = signed_in(centre)
    assert client.get(theirs).status_code == 404
    assert client.post(reverse("coordinator:import_load", args=[draft])).status_code == 404
    missing = reverse("coordinator:import_draft", args=[uuid.uuid4()])
    assert client.get(missing).status_code == 404
    assert client.get(upload(client)["Location"]).status_code == 200


def test_a_worker_may_not_import_or_export_while_a_coordinator_may(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    for name, args in (
        ("import", []),
        ("export", ["connectees"]),
        ("import_template", ["connectors", "fr"]),
    ):
        url = reverse(f"coordinator:{name}", args=args)
        assert signed_in(centre, Role.WORKER).get(url).status_code == 404
        assert signed_in(centre).get(url).status_code == 200


def test_b80_an_export_holds_ours_alone_and_leaves_a_trace(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    a_connectee(centre, "Ours Sample")
    a_connectee(other_centre, "Foreign Person")
    answer = signed_in(centre).get(reverse("coordinator:export", args=["connectees"]))
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith('attachment; filename="connectees-')
    assert "Ours Sample" in text
    assert "Foreign Person" not in text
    with house_of(centre):
        assert Read.objects.filter(page="export_connectees").count() == 1


def test_an_unknown_list_is_not_there(centre: Centre, signed_in: Callable[..., Client]) -> None:
    client = signed_in(centre)
    for name, args in (("export", ["x"]), ("import_template", ["connectees", "de"])):
        assert client.get(reverse(f"coordinator:{name}", args=args)).status_code == 404
