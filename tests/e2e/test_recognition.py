"""E21 in a browser: every page of a year of thanks, on a phone and a desk, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from takeroot.accounts.enums import Role
from takeroot.connections.services.deciding import decide
from takeroot.connections.services.recognition import publish_recognition
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.messaging.services import token_for
from tests.cast import house_of, make_centre, member
from tests.connections.recognising import (
    a_juror,
    agreed,
    asked,
    connectors_who_met,
    prepared,
    voted,
)
from tests.e2e.conftest import PHONE, sign_in
from tests.e2e.test_accessibility import faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_e21_pages_of_recognition_have_no_axe_violation(
    visitor: Callable[..., Page], language: str
) -> None:
    centre = make_centre("truro", email="hello@truro.example")
    page, small = visitor(language=language), visitor(language=language, size=PHONE)
    for one in (page, small):
        sign_in(one, member(centre, Role.COORDINATOR))
    found: list[str] = []

    def look(*addresses: str) -> None:
        for address in addresses:
            for one in (page, small):
                answer = one.goto(address)
                assert answer is not None
                assert answer.status == 200, address
                assert one.locator("h1").count() == 1, address
                found.extend(faults(one, f"{address} {language}"))

    look("/recognition/", "/recognition/new/")
    people = connectors_who_met(centre, Ann=2, Bo=2, Cy=1)
    row = prepared(centre)
    year = f"/recognition/{row.pk}/"
    jurors = [a_juror(row, name) for name in ("Jo Outside", "Kim Outside")]
    look("/recognition/", year, f"{year}rule/", f"{year}juror/")
    asked(row)
    ann, bo = (agreed(row, people[name].pk) for name in ("Ann", "Bo"))
    voted(jurors[0], ann)
    voted(jurors[1], ann, yes=False)
    for juror in jurors:
        voted(juror, bo)
    with house_of(centre):
        jury = SignedLink.objects.get(purpose=LinkPurpose.JURY, subject_id=jurors[0].pk)
        own = SignedLink.objects.get(purpose=LinkPurpose.RECOGNITION, subject_id=bo.pk)
    line = f"/recognition/list/{bo.pk}/"
    aside = f"/l/{token_for(jury)}/jury/aside/?nominee={ann.pk}"
    look(year, f"{line}out/", f"{line}told/", f"{year}decide/")
    look(f"/l/{token_for(jury)}/", aside, f"/l/{token_for(own)}/")
    with house_of(centre) as house:
        decide(recognition=row, by=house)
        publish_recognition(recognition=row, publish=True, by=house)
    look(year, f"{line}certificate/", "/c/truro/")
    look(f"/l/{token_for(jury)}/", f"/l/{token_for(own)}/", f"/l/{token_for(own)}/certificate/")
    assert found == []
