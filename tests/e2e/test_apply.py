"""Une demande sur un téléphone de 360 pixels, en français, du début à la réponse promise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from takeroot.connections.models import Connectee
from tests.cast import house_of, make_centre
from tests.e2e.conftest import PHONE, link_for, press
from tests.e2e.test_accessibility import faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def test_e04_e18_une_demande_en_francais_sur_un_telephone(visitor: Callable[..., Page]) -> None:
    centre = make_centre("edmundston", timezone="America/Moncton", place_code="edmundston-nb")
    fatou = visitor(language="fr", size=PHONE)
    found: list[str] = []

    def look(where: str) -> None:
        found.extend(faults(fatou, where))

    fatou.goto(f"/apply/{centre.slug}/")
    expect(fatou.locator("main")).to_contain_text("Aucun emploi n’est promis")
    look("begin")
    press(fatou, "#main-form button.main")
    fatou.fill("input[name=name]", "Fatou Exemple")
    fatou.fill("input[name=email]", "fatou@people.example")
    look("you")
    # La langue change au milieu : rien de ce qui est écrit ne se perd.
    fatou.locator("button[name=_language]").first.click()
    expect(fatou.locator("html")).to_have_attribute("lang", "en")
    expect(fatou.locator("input[name=name]")).to_have_value("Fatou Exemple")
    fatou.locator("button[name=_language]").first.click()
    expect(fatou.locator("html")).to_have_attribute("lang", "fr")
    fatou.check("input[name=language][value=fr]")
    press(fatou, "#main-form button.main")

    fatou.fill("input[name=occupation]", "infirmière")
    fatou.check("input[name=meeting][value=video]")
    look("work")
    press(fatou, "#main-form button.main")

    # La ligne tombe : la même adresse, dans un autre navigateur, continue là où elle était.
    address = fatou.url
    other = visitor(language="fr", size=PHONE)
    other.goto(address)
    other.select_option("select[name=french]", "advanced")
    other.fill("input[name=community]", "Edmundston, N.-B.")
    press(other, "#main-form button.main")
    expect(other.locator("main")).to_contain_text("infirmière")
    fatou.goto(other.url)
    look("agreement")
    for tick in ("introduction", "referral"):
        fatou.check(f"input[name=agreed][value={tick}]")
    press(fatou, "#main-form button.main")
    expect(fatou.locator("h1")).to_contain_text("Votre demande est arrivée")
    look("sent")
    for name in ("market", "networking", "contacts", "confidence"):
        fatou.check(f"input[name={name}][value='2']")
    press(fatou, "#main-form button.main")
    expect(fatou.locator(".note.success")).to_have_count(1)

    with house_of(centre):
        row = Connectee.objects.select_related("person__party").get()
        assert row.person.party.language == "fr"
        assert row.person.languages == {"fr": 9}
    fatou.goto(link_for("fatou@people.example"))
    expect(fatou.locator("h1")).to_contain_text("Fatou")
    look("own page")
    fatou.goto(f"/connect/{centre.slug}/")
    look("connect")
    assert found == []
