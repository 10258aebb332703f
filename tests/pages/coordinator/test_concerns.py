"""The pages of a report: told through a link or to staff, read by few, decided once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.models_concern import Concern, ConcernSide
from takeroot.promises.models import Promise
from tests.cast import house_of, member
from tests.pages.links.stage import booked, held

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["connectee", "connector"])
@pytest.mark.parametrize("stage", [booked, held])
def test_either_of_the_two_says_it_on_their_page_before_or_after_meeting(
    centre: Centre, who: str, stage: Any
) -> None:
    pair = stage(centre)
    reader = getattr(pair, who)
    assert reader.url("not-right/") in reader.text()
    page = reader.text("not-right/")
    assert "your province" in page
    assert "911" in page
    answer = reader.post("not-right/", text="It was not right", withheld="")
    assert (answer.status_code, answer["Location"]) == (303, "/l/heard/")
    with house_of(centre):
        assert Concern.objects.get().said_by_id == reader.party.pk
    assert "911" in reader.client.get("/l/heard/").content.decode()
    assert reader.post("not-right/").status_code == 302


def test_worker_who_was_called_writes_it_down_and_cannot_read_it_afterwards(
    centre: Centre, signed_in: Any
) -> None:
    pair = booked(centre)
    member(centre, Role.COORDINATOR)
    client = signed_in(centre, Role.WORKER)
    url = reverse("coordinator:concern_new", args=[pair.meeting.match_id])
    about = str(pair.connector.party.pk)
    data = {"about": about, "via": "phone", "text": "She called", "withheld": ""}
    assert "your province" in client.get(url).content.decode()
    assert client.post(url, data).status_code == 302
    with house_of(centre):
        row = Concern.objects.get()
        assert (row.via, row.said_by_id) == ("phone", pair.connectee.party.pk)
    assert client.get(reverse("coordinator:concern", args=[row.pk])).status_code == 404
    assert client.get(reverse("coordinator:concerns")).status_code == 404
    for name in ("today", "handover"):
        assert "Look after" not in client.get(reverse(f"coordinator:{name}")).content.decode()


def test_coordinator_finds_it_on_today_speaks_with_both_and_decides(
    centre: Centre, signed_in: Any
) -> None:
    pair = booked(centre)
    pair.connectee.post("not-right/", text="Not right", withheld="")
    officer = signed_in(centre, Role.PRIVACY_OFFICER)
    reports = reverse("coordinator:concerns")
    assert reports in officer.get(reverse("coordinator:trace")).content.decode()
    assert "Amina Example" in officer.get(reports).content.decode()
    client = signed_in(centre)
    assert "Look after Amina Example" in client.get("/today/").content.decode()
    with house_of(centre):
        row = Concern.objects.get()
        sides = list(ConcernSide.objects.values_list("pk", flat=True))
    url = reverse("coordinator:concern", args=[row.pk])
    assert "Not right" in client.get(url).content.decode()
    for side in sides:
        assert client.post(f"{url}cared/{side}/").status_code == 302
    assert client.post(url, {"decision": "back", "note": ""}).status_code == 422
    assert client.post(url, {"decision": "back", "note": "Both heard"}).status_code == 302
    with house_of(centre):
        assert not Promise.objects.filter(kind="look_after", state="open").exists()
    assert "Both heard" in client.get(url).content.decode()
    assert "decided" in client.get(reverse("coordinator:concerns")).content.decode()


def test_nobody_elses_page_shows_that_a_report_exists(centre: Centre, signed_in: Any) -> None:
    pair = booked(centre)
    pair.connectee.post("not-right/", text="Not right", withheld="")
    client = signed_in(centre, Role.WORKER)
    for name, key in (
        ("connectee", pair.connectee.party.pk),
        ("connector", pair.connector.party.pk),
        ("network", pair.connectee.party.pk),
    ):
        page = client.get(reverse(f"coordinator:{name}", args=[key])).content.decode()
        assert "Not right" not in page
        assert "report" not in page.casefold()
