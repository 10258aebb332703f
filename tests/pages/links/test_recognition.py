"""Behind the links of a year's recognition: is it welcome, the jury, the certificate."""

from __future__ import annotations

from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connector
from takeroot.connections.models_recognition import Juror, Nominee, Recognition, Recusal, Vote
from takeroot.connections.services.deciding import decide
from takeroot.messaging.models import LinkPurpose
from tests.cast import house_of
from tests.connections.recognising import (
    MET,
    a_juror,
    agreed,
    asked,
    connectors_who_met,
    nominee,
    prepared,
)
from tests.pages.links.stage import Reader, reader

pytestmark = pytest.mark.django_db


def before_the_jury(
    centre: Centre, *jurors: str
) -> tuple[Recognition, dict[str, Connector], list[Reader]]:
    """Ann and Bo stand on the list; Ann has agreed."""
    people = connectors_who_met(centre, Ann=2, Bo=1)
    row = prepared(centre, MET, least_votes=1)
    named = [a_juror(row, name) for name in jurors]
    asked(row)
    agreed(row, people["Ann"].pk)
    links = [reader(centre, one.party_id, LinkPurpose.JURY, one.pk) for one in named]
    return row, people, links


def own_link(centre: Centre, row: Recognition, party: Connector) -> Reader:
    one = nominee(row, party.pk)
    return reader(centre, one.speaks_id, LinkPurpose.RECOGNITION, one.pk)


def seen(who: Reader, name: str = "") -> str:
    return unescape(who.text(name))


def key(who: Reader, row: Recognition, party: Connector) -> dict[str, str]:
    one = nominee(row, party.pk)
    return {"nominee": str(one.pk)}


def ballot(
    row: Recognition, party: Connector, yes: str = "yes", reason: str = ""
) -> dict[str, str]:
    one = nominee(row, party.pk)
    mark = str(one.pk)[:8]
    return {"nominee": str(one.pk), f"{mark}-yes": yes, f"{mark}-reason": reason}


def test_e21_a_juror_reads_only_names_that_agreed_and_decides_by_link(centre: Centre) -> None:
    row, people, (jo, kim) = before_the_jury(centre, "Jo Outside", "Kim Outside")
    page = seen(jo)
    assert "Ann Sample" in page
    assert "Bo Sample" not in page
    assert "1 more stands on the list" in page
    refused = jo.post("jury/", **ballot(row, people["Ann"], "no"))
    assert refused.status_code == 422
    assert "Say why not" in unescape(refused.content.decode())
    assert jo.post("jury/", **ballot(row, people["Ann"], "no", "Too early")).status_code == 303
    assert "you said not this year" in seen(jo)
    assert "Too early" not in seen(kim), "the others' votes stand there after one's own"
    kim.post("jury/", **ballot(row, people["Ann"]))
    assert "not this year: Too early" in seen(kim)
    assert "Jo Outside" not in seen(kim)
    # A name that has not agreed cannot be voted on, whatever is sent.
    jo.post("jury/", **ballot(row, people["Bo"]))
    with house_of(centre):
        assert Vote.objects.count() == 2


def test_e21_standing_aside_by_link_asks_once_is_kept_and_closes_the_votes(
    centre: Centre,
) -> None:
    row, people, (jo, kim) = before_the_jury(centre, "Jo Outside", "Kim Outside")
    kim.post("jury/", **ballot(row, people["Ann"], "no", "Too early"))
    jo.post("jury/", **ballot(row, people["Ann"]))
    assert "Too early" in seen(jo)
    name = f"jury/aside/?nominee={nominee(row, people['Ann'].pk).pk}"
    assert "Stand aside from the decision on Ann Sample?" in seen(jo, name)
    with house_of(centre):
        assert not Recusal.objects.exists(), "looking alone does nothing"
    assert jo.post(name).status_code == 303
    page = seen(jo)
    assert "you stand aside" in page
    assert "Too early" not in page
    jo.post("jury/", **ballot(row, people["Ann"]))
    with house_of(centre):
        assert Vote.objects.get().juror.party_id == kim.party.pk
        assert Recusal.objects.get().basis == "said"


def test_e21_whoever_stands_on_the_list_answers_and_takes_it_back_by_the_same_link(
    centre: Centre,
) -> None:
    row, people, (jo,) = before_the_jury(centre, "Jo Outside")
    bo = own_link(centre, row, people["Bo"])
    assert "May we thank you for" in seen(bo)
    assert "1 person met" in seen(bo)
    assert bo.post("recognition/").status_code == 422
    assert bo.post("recognition/", answer="jury").status_code == 303
    assert "Bo Sample" in seen(jo)
    bo.post("recognition/", answer="no")
    assert "Bo Sample" not in seen(jo)
    assert bo.get("certificate/").status_code == 410


def test_e21_the_recognized_print_their_certificate_in_either_language(centre: Centre) -> None:
    row, people, (jo,) = before_the_jury(centre, "Jo Outside")
    jo.post("jury/", **ballot(row, people["Ann"]))
    with house_of(centre) as house:
        decide(recognition=row, by=house)
    ann, bo = (own_link(centre, row, people[name]) for name in ("Ann", "Bo"))
    assert "Thank you: you are “Connector of the year”" in seen(ann)
    page = seen(ann, "certificate/")
    assert "Ann Sample" in page
    assert "2 people met" in page
    ann.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert "2 personnes rencontrées" in seen(ann, "certificate/")
    assert "recognizes others" in seen(bo)
    late = bo.post("recognition/", answer="public")
    assert "The jury has decided for this year" in unescape(late.content.decode())
    assert "The year is decided" in seen(jo)


def test_e21_a_connector_reads_the_rule_and_who_agreed_on_their_own_page(centre: Centre) -> None:
    row, people, (jo,) = before_the_jury(centre, "Jo Outside")
    bo = reader(centre, people["Bo"].pk, LinkPurpose.CONNECTOR_PAGE, people["Bo"].pk)
    page = seen(bo)
    assert "at least 1 person met" in page
    assert "Ann Sample" not in page
    jo.post("jury/", **ballot(row, people["Ann"]))
    with house_of(centre) as house:
        decide(recognition=row, by=house)
    assert "Ann Sample" in seen(bo)
    own_link(centre, row, people["Ann"]).post("recognition/", answer="jury")
    page = seen(bo)
    assert "Ann Sample" not in page
    assert "We thank 1 who would rather not be named." in page


def test_e21_a_link_of_one_opens_nothing_of_another(centre: Centre) -> None:
    _row, people, (jo,) = before_the_jury(centre, "Jo Outside")
    with house_of(centre):
        juror, other = Juror.objects.get(), Nominee.objects.get(party_id=people["Bo"].pk)
    # Somebody else's subject under one's own signature.
    for party, purpose, subject in (
        (people["Ann"].pk, LinkPurpose.JURY, juror.pk),
        (people["Ann"].pk, LinkPurpose.RECOGNITION, other.pk),
    ):
        assert reader(centre, party, purpose, subject).get().status_code == 410
    assert Client().get(jo.url("recognition/")).status_code == 404
