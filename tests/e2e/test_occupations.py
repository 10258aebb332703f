"""Choosing an occupation while typing, by keyboard and with a finger, and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.people.models import Person
from tests.cast import house_of, member
from tests.e2e.conftest import PHONE, press, sign_in
from tests.e2e.test_accessibility import faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
FIELD, MAIN = "input[name=occupation]", "#main-form .btn.main"


def person_of(centre: Centre, name: str) -> Person:
    with house_of(centre):
        return Person.objects.get(party__name=name)


def test_an_occupation_is_chosen_by_keyboard_while_typing(
    visitor: Callable[..., Page], centre: Centre
) -> None:
    page = visitor()
    sign_in(page, member(centre, Role.COORDINATOR))
    page.goto("/people/new/")
    field, fits = page.locator(FIELD), page.get_by_role("listbox")
    page.fill("input[name=name]", "Amina Example")
    page.select_option("select[name=english]", "8")
    field.press_sequentially("dental nurze")
    expect(fits.get_by_role("option")).to_have_count(5)
    expect(page.locator("#said")).to_have_text("5 occupations fit.")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert faults(page, "while typing") == []
    # Escape closes and keeps the words; typing on asks again.
    field.press("Escape")
    expect(fits).to_be_hidden()
    field.press("Backspace")
    expect(fits).to_be_visible()
    field.press("ArrowDown")
    chosen = fits.get_by_role("option", selected=True)
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    title = chosen.locator("span").inner_text()
    field.press("Enter")
    expect(fits).to_be_hidden()
    expect(page.locator(".counts")).to_have_text(f"Counts as: {title}")
    words = field.input_value()
    press(page, MAIN)
    person = person_of(centre, "Amina Example")
    assert person.occupation_code in title
    assert person.occupation_text == words


def test_an_occupation_is_chosen_on_a_phone_in_french(
    visitor: Callable[..., Page], centre: Centre
) -> None:
    page = visitor(language="fr", size=PHONE, has_touch=True)
    sign_in(page, member(centre, Role.COORDINATOR))
    page.goto("/connectors/new/")
    page.fill("input[name=name]", "Paul Exemple")
    page.select_option("select[name=french]", "8")
    page.locator(FIELD).press_sequentially("infirmière")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("31301")
    assert faults(page, "en tapant") == []
    option.tap()
    expect(page.locator(".counts")).to_contain_text("Compte comme")
    press(page, MAIN)
    person = person_of(centre, "Paul Exemple")
    assert (person.occupation_code, person.occupation_text) == ("31301", "infirmière")


def test_without_script_the_page_asks_which_occupation_is_meant(
    visitor: Callable[..., Page], centre: Centre
) -> None:
    page = visitor(java_script_enabled=False)
    sign_in(page, member(centre, Role.COORDINATOR))
    page.goto("/people/new/")
    page.fill("input[name=name]", "Amina Example")
    page.select_option("select[name=english]", "8")
    page.fill(FIELD, "engineer")
    press(page, MAIN)
    page.check("input[name=meant_occupation][value='21301']")
    press(page, MAIN)
    assert person_of(centre, "Amina Example").occupation_code == "21301"
