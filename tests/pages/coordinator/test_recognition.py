"""The year's recognition on the coordinator's pages, on the public page and on a certificate."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.connections.models_recognition import Nominee, Recognition
from tests.cast import house_of
from tests.connections.recognising import (
    a_juror,
    agreed,
    asked,
    connectors_who_met,
    prepared,
    voted,
)
from tests.pages.coordinator.reading import MOST_QUERIES, post, queries, said, text

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
RULE = {
    "least_votes": 1,
    "connector_met": 1,
    "connector_first": "met",
    "connector_second": "doors",
    "connector_most": 5,
    "organization_first": "active",
    "organization_most": 3,
}


def the_year() -> Recognition:
    return Recognition.objects.select_related("centre").get()


def public(centre: Centre, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    return unescape(client.get(f"/c/{centre.slug}/").content.decode())


def test_e21_from_the_rule_to_the_public_page_and_the_certificate(
    centre: Centre, signed_in: SignIn
) -> None:
    client = signed_in(centre)
    people = connectors_who_met(centre, Ann=2, Bo=1)
    assert "Your first year of thanks will stand here" in text(client, "recognition")
    year = timezone.localdate(timezone=centre.zone).year
    page = said(client, post(client, "recognition_new", year=year, **RULE))
    assert "The rule is kept" in page
    assert "at least 1 person met" in page
    assert "Ann Sample" in page
    with house_of(centre):
        row = the_year()
    juror = {"name": "Jo Outside", "email": "jo@jury.example", "language": "en"}
    assert "is in the jury" in said(client, post(client, "recognition_juror", row.pk, **juror))
    assert "letters are on their way" in said(client, post(client, "recognition_ask", row.pk))
    with house_of(centre):
        ann, bo = (Nominee.objects.get(party_id=people[name].pk) for name in ("Ann", "Bo"))
        jo = row.jurors.get()
    assert "What did they say for Ann Sample?" in text(client, "nominee_told", ann.pk)
    answer = post(client, "nominee_told", ann.pk, answer="public")
    assert "Noted in their name" in said(client, answer)
    answer = post(client, "nominee_out", bo.pk, reason="Asked not to be")
    assert "Reason: Asked not to be" in said(client, answer)
    voted(jo, ann)
    assert "1 vote given" in text(client, "recognition_year", row.pk)
    assert "cannot be undone" in text(client, "recognition_decide", row.pk)
    page = said(client, post(client, "recognition_decide", row.pk))
    assert "1 of 1 juror decided: 1 yes, 0 no." in page
    assert "Ann Sample" not in public(centre), "not before the centre publishes"
    post(client, "recognition_publish", row.pk, publish="yes")
    assert "Ann Sample" in public(centre)
    assert "Connecteur de l’année" in public(centre, "fr")
    assert "Bo Sample" not in public(centre)
    certificate = text(client, "certificate", ann.pk)
    assert "Ann Sample" in certificate
    assert "2 people met" in certificate
    post(client, "recognition_publish", row.pk, publish="no")
    assert "Ann Sample" not in public(centre)


def test_e21_a_certificate_is_for_whoever_agrees(centre: Centre, signed_in: SignIn) -> None:
    client = signed_in(centre)
    people = connectors_who_met(centre, Ann=1)
    row = prepared(centre, least_votes=1)
    with house_of(centre):
        one = Nominee.objects.get(party_id=people["Ann"].pk)
    answer = client.get(f"/recognition/list/{one.pk}/certificate/")
    assert "whoever is recognized and agrees" in said(client, answer)
    assert row.state == "listed"


def test_e21_a_rule_that_cannot_be_is_said_and_what_was_typed_stays(
    centre: Centre, signed_in: SignIn
) -> None:
    client = signed_in(centre)
    year = timezone.localdate(timezone=centre.zone).year
    answer = post(client, "recognition_new", year=year, **{**RULE, "connector_met": 0})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Choose at least one category." in page
    with house_of(centre):
        assert not Recognition.objects.exists()


def test_e21_a_year_without_anybody_is_said_kindly_and_can_be_closed(
    centre: Centre, signed_in: SignIn
) -> None:
    client = signed_in(centre)
    row = prepared(centre)
    page = text(client, "recognition_year", row.pk)
    assert "Nobody reached the rule" in page
    said(client, post(client, "recognition_decide", row.pk))
    post(client, "recognition_publish", row.pk, publish="yes")
    assert "every opened door counts" in public(centre)


def test_e21_the_rule_can_be_changed_and_jurors_taken_off_until_they_are_asked(
    centre: Centre, signed_in: SignIn
) -> None:
    client = signed_in(centre)
    connectors_who_met(centre, Ann=1)
    row = prepared(centre, least_votes=1)
    juror = a_juror(row)
    assert 'value="1"' in text(client, "recognition_rule", row.pk)
    page = said(client, post(client, "recognition_rule", row.pk, **{**RULE, "connector_met": 2}))
    assert "Nobody reached the rule" in page
    post(client, "recognition_rule", row.pk, **RULE)
    assert "no longer in the jury" in said(client, post(client, "juror_off", juror.pk))
    assert "Name at least 1 juror first" in said(client, post(client, "recognition_ask", row.pk))
    a_juror(row)
    asked(row)
    answer = post(client, "recognition_rule", row.pk, **RULE)
    assert "stand as they are" in unescape(answer.content.decode())
    assert "stand as they are" in said(client, post(client, "recognition_again", row.pk))


def test_a_worker_does_not_open_it(centre: Centre, signed_in: SignIn) -> None:
    row = prepared(centre)
    for role, status in (("worker", 404), ("supervisor", 200)):
        client = signed_in(centre, role)
        assert client.get(f"/recognition/{row.pk}/").status_code == status


def test_a_long_list_costs_no_more_questions(centre: Centre, signed_in: SignIn) -> None:
    client = signed_in(centre)
    people = connectors_who_met(centre, **{f"P{number}": 1 for number in range(6)})
    row = prepared(centre, least_votes=1)
    first = a_juror(row)
    with house_of(centre):
        Nominee.objects.exclude(party_id=people["P0"].pk).delete()
    few = queries(client, "recognition_year", row.pk)
    prepared(centre, least_votes=1)
    a_juror(row, "Kim Outside")
    asked(row)
    for one in people.values():
        voted(first, agreed(row, one.pk))
    assert queries(client, "recognition_year", row.pk) == few <= MOST_QUERIES
