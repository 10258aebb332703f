"""The whole path in a real browser: from two spreadsheets to the ninth introduction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from takeroot.accounts.enums import Role
from takeroot.connections.models import Match, Referral, Round
from tests.cast import house_of, make_centre, member
from tests.e2e.conftest import DESKTOP, PHONE, link_for, press, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

CONNECTEES = """id,name,email,occupation,languages,interests,target_organizations,community,mode,waiting_since,not_with
C1,Amina Example,amina@people.example,registered nurse,en:8;ar,choir,Regional Hospital,"Truro, NS",either,2026-03-05,
C2,Dmytro Demo,dmytro@people.example,72106,en:6;uk,,,"Truro, NS",in_person,2026-05-01,
C3,Ngozi Specimen,ngozi@people.example,data analyst,en:9,chess,,"Bible Hill, NS",video,2026-06-12,K1
"""
CONNECTORS = """id,name,email,occupation,organization,capacity,languages,interests,community,mode,lived_experience,not_with
K1,Ruth Sample,ruth@locals.example,31301,Regional Hospital,1,en,choir,"Truro, NS",either,no,
K2,Paul Specimen,paul@locals.example,72106,Prototype Steel,2,en,,"Truro, NS",either,yes,
K3,Claire Muster,claire@locals.example,21223,Demo Software,1,en,chess,"Truro, NS",either,no,
"""
CONNECTEES_FR = """id;nom;courriel;profession;langues;intérêts;organisations_visées;collectivité;mode;en_attente_depuis;pas_avec
C1;Fatou Exemple;fatou@people.example;infirmière;fr:9;chorale;;Edmundston, N.-B.;indifférent;2026-03-05;
"""
CONNECTORS_FR = """id;nom;courriel;profession;organisation;capacité;langues;intérêts;collectivité;mode;expérience_vécue;pas_avec
K1;Réjean Échantillon;rejean@locals.example;infirmier autorisé;Hôpital régional;1;fr;chorale;Edmundston, N.-B.;en_personne;non;
"""


def bring(page: Page, folder: Path, kind: str, text: str, *, encoding: str = "utf-8") -> None:
    """Import a spreadsheet: choose, look, load."""
    file = folder / f"{kind}.csv"
    file.write_bytes(text.encode(encoding))
    page.goto("/import/")
    page.check(f"input[name=kind][value={kind}]")
    page.set_input_files("input[name=file]", str(file))
    press(page, "#main-form button.main")
    expect(page.locator("#counts .fig").first).to_contain_text(str(text.count("\n") - 1))
    press(page, "#counts button.main")
    expect(page.locator("h1")).to_contain_text(file.name)


def sign_everybody(page: Page) -> None:
    page.goto("/people/ready/")
    for box in page.locator("input[name=people]").all():
        box.check()
    page.check("input[name=agreed]")
    press(page, "#main-form button.main")
    page.wait_for_url("**/rounds/")


def propose(page: Page, link: str) -> None:
    page.goto(link)
    start = timezone.now() + timedelta(days=2)
    for name, days in (("first", 0), ("second", 1), ("third", 2)):
        moment = (start + timedelta(days=days)).strftime("%Y-%m-%dT10:00")
        page.fill(f"input[name={name}]", moment)
    page.check("input[name=mode][value=in_person]")
    page.fill("input[name=where]", "Example Café")
    press(page, "#main-form button.main")


def choose(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("input[name=time]").nth(1).check()
    press(page, "#main-form button.main")


def say_met(page: Page, link: str, centre_day: str) -> None:
    page.goto(f"{link}met/")
    page.check("input[name=met][value=yes]")
    page.fill("input[name=on]", centre_day)
    press(page, "#main-form button.main")
    expect(page.locator(".summary")).to_have_count(0)


def name_three(page: Page, link: str, prefix: str) -> list[str]:
    """Name three people; returns their addresses."""
    page.goto(link)
    addresses = []
    for number in (1, 2, 3):
        address = f"{prefix}{number}@contacts.example"
        page.fill(f"input[name=p-name_{number}]", f"{prefix.title()} {number}")
        page.fill(f"input[name=p-email_{number}]", address)
        addresses.append(address)
    press(page, "#main-form button.main")
    return addresses


def say_yes(page: Page, link: str) -> None:
    page.goto(link)
    press(page, "form[action$='/yes/'] button")


def test_e13_e14_from_two_spreadsheets_to_the_ninth_introduction(
    visitor: Callable[..., Page], tmp_path: Path
) -> None:
    centre = make_centre("truro", place_code="truro-ns", radius_km=100)
    jo = visitor(size=DESKTOP)
    sign_in(jo, member(centre, Role.COORDINATOR))

    bring(jo, tmp_path, "connectee", CONNECTEES)
    bring(jo, tmp_path, "connector", CONNECTORS)
    sign_everybody(jo)

    # The round: three proposals with reasons; lock one, solve again around it, accept.
    press(jo, "#main-form button.main")
    expect(jo.locator("h1")).to_contain_text("3 people, 3 proposals")
    nurse = jo.locator("article.match", has_text="Amina Example")
    expect(nurse).to_contain_text("Ruth Sample")
    expect(nurse).to_contain_text("Wants to meet Regional Hospital")
    lock = nurse.get_by_role("button", name="Lock")
    lock.focus()
    jo.keyboard.press("Enter")
    expect(jo.locator("article.match.locked")).to_contain_text("Amina Example")
    press(jo, "form[action$='/solve/'] button")
    expect(jo.locator("article.match.locked")).to_have_count(1)
    press(jo, "form[action$='/accept/'] button")

    # The letters: one pair's is read and changed, all are sent.
    expect(jo.locator("h1")).to_contain_text("3 pairs wait for their letters")
    jo.goto(str(jo.locator("li", has_text="Amina").get_by_role("link").get_attribute("href")))
    body = jo.locator("textarea[name=connectee_body]")
    body.fill(f"Dear Amina,\n\n{body.input_value()}")
    press(jo, "button[name=keep]")
    jo.goto("/introductions/")
    press(jo, "main form button.main")
    expect(jo.locator(".messages")).to_contain_text("3 pairs are introduced")

    # Without an account, on a phone: propose, choose, meet.
    amina, ruth = visitor(size=PHONE), visitor(size=PHONE)
    propose(amina, link_for("amina@people.example"))
    expect(amina.locator("h1")).to_contain_text("Ruth")
    choose(ruth, link_for("ruth@locals.example"))
    expect(ruth.locator("main")).to_contain_text("Example Café")
    today = timezone.localdate(timezone=centre.zone).isoformat()
    say_met(amina, link_for("amina@people.example"), today)

    # Three doors, then nine.
    contact = visitor(size=PHONE)
    first = name_three(ruth, link_for("ruth@locals.example"), "first")
    for number, address in enumerate(first):
        say_yes(contact, link_for(address))
        expect(contact.locator("main")).to_contain_text("Amina Example")
        name_three(contact, link_for(address), f"second{'abc'[number]}")
    with house_of(centre):
        assert Referral.objects.filter(hop=1, state="agreed").count() == 3
        assert Referral.objects.filter(hop=2, state="asked").count() == 9
        key = Match.objects.get(connectee__reference="C1").connectee_id
    say_yes(contact, link_for("seconda1@contacts.example"))

    jo.goto(f"/people/{key}/network/")
    expect(jo.locator("h1")).to_contain_text("5 more people")
    expect(jo.locator("#hops")).to_contain_text("of 9")
    jo.goto("/today/")
    expect(jo.locator("#theirs")).to_contain_text("was asked whether to meet Amina Example")


def test_b24_le_parcours_en_francais_sur_un_telephone(
    visitor: Callable[..., Page], tmp_path: Path
) -> None:
    centre = make_centre("edmundston", timezone="America/Moncton", place_code="edmundston-nb")
    camille = visitor(language="fr", size=PHONE)
    sign_in(camille, member(centre, Role.COORDINATOR))
    expect(camille.locator("html")).to_have_attribute("lang", "fr")
    bring(camille, tmp_path, "connectee", CONNECTEES_FR, encoding="cp1252")
    bring(camille, tmp_path, "connector", CONNECTORS_FR)
    sign_everybody(camille)

    # La langue change au milieu d’un formulaire : rien de ce qui est écrit ne se perd.
    camille.fill("input[name=name]", "Ronde d’essai")
    switch = camille.locator("button[name=_language][value=en]:visible")
    if not switch.count():
        camille.locator("details.folded > summary").click()
    switch.first.click()
    expect(camille.locator("html")).to_have_attribute("lang", "en")
    expect(camille.locator("input[name=name]")).to_have_value("Ronde d’essai")
    with house_of(centre):
        assert Round.objects.count() == 0
    camille.locator("button[name=_language][value=fr]").first.evaluate("b => b.click()")
    expect(camille.locator("html")).to_have_attribute("lang", "fr")

    press(camille, "#main-form button.main")
    expect(camille.locator("article.match")).to_contain_text("Même profession")
    press(camille, "form[action$='/accept/'] button")
    press(camille, "main form button.main")

    fatou, rejean = visitor(language="fr", size=PHONE), visitor(language="fr", size=PHONE)
    propose(fatou, link_for("fatou@people.example"))
    choose(rejean, link_for("rejean@locals.example"))
    expect(rejean.locator("html")).to_have_attribute("lang", "fr")
    today = timezone.localdate(timezone=centre.zone).isoformat()
    say_met(rejean, link_for("rejean@locals.example"), today)
    name_three(rejean, link_for("rejean@locals.example"), "porte")
    with house_of(centre):
        assert Referral.objects.filter(hop=1).count() == 3
