"""Every page in both languages: no axe violation (WCAG 2.2 AA), no sideways scroll on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Match
from takeroot.connections.services.meetings import log_meeting
from takeroot.connections.services.referrals import Door, refer, say_yes
from takeroot.connections.services.rounds import propose_round
from takeroot.outcomes.selectors import last_full_month
from takeroot.outcomes.services.releases import make_release, publish_release
from takeroot.pages.coordinator import urls as coordinator
from tests.cast import actor_for, house_of, make_centre, member
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.e2e.conftest import PHONE, link_for, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

# All rules, but of what passes only one example is gathered: nobody reads the rest.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Colours are those of the English page; to measure them takes most of the time.
IN_FRENCH = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
PUBLIC_PAGES = (
    "/",
    "/credits/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/gallery/",
    "/help/",
    "/nowhere/",
)


def faults(page: Page, where: str) -> list[str]:
    """What axe finds, and a page wider than the screen."""
    french = page.locator("html").get_attribute("lang") == "fr"
    results = Axe().run(page, options=IN_FRENCH if french else RULES)
    found = [
        f"{where}: {violation['id']}: {node['html'][:120]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        found.append(f"{where}: scrolls sideways at {page.viewport_size}")
    return found


def scene() -> tuple[Centre, dict[str, UUID]]:
    """A centre with somebody in each state, and the keys that addresses need."""
    centre = make_centre("truro")
    meeting = an_introduced_pair(centre)
    with house_of(centre) as house:
        log_meeting(
            meeting=meeting, held=True, on=timezone.localdate(timezone=centre.zone), by=None
        )
        match = Match.objects.get(pk=meeting.match_id)
        connector = Party.objects.get(pk=meeting.connector_party)
        doors = [Door(name=n, email=f"{n[:3]}@contacts.example") for n in ("Ana One", "Ben Two")]
        first, _second = refer(match=match, referrer=connector, doors=doors)
        say_yes(referral=first)
    waiting = a_connectee(centre, "Dmytro Demo")
    a_connectee(centre, "Ngozi Specimen", ready=False, consents=False)
    a_connector(centre, "Claire Specimen", capacity=1)
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name="Round", by=house)
        proposed = Match.objects.get(round=round_)
    keys = {
        "round": round_.pk,
        "match": match.pk,
        "proposed": proposed.pk,
        "connectee": match.connectee_id,
        "connector": match.connector_id,
        "referral": first.pk,
        "waiting": waiting.pk,
    }
    return centre, keys


def staff_pages(keys: dict[str, UUID]) -> list[str]:
    """An address for every page of the coordinator that opens by GET, from the routes."""
    found = []
    for route in coordinator.urlpatterns:
        address = f"/{route.pattern}"
        key = keys["connectee"]
        if "connectors/" in address:
            key = keys["connector"]
        elif "rounds/" in address:
            key = keys["round"]
        elif "referrals/" in address:
            key = keys["referral"]
        elif "matches/" in address:
            wants_proposal = "refuse" in address
            key = keys["proposed"] if wants_proposal else keys["match"]
        address = address.replace("<uuid:key>", str(key)).replace("<uuid:pk>", str(key))
        address = address.replace("<uuid:connectee>", str(keys["waiting"]))
        if "<" not in address:
            found.append(address)
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_public_pages_have_no_axe_violation(visitor: Callable[..., Page], language: str) -> None:
    found = []
    for scheme in ("light", "dark"):
        page = visitor(language=language, size=PHONE, color_scheme=scheme)
        for address in PUBLIC_PAGES:
            page.goto(address)
            assert page.locator("html").get_attribute("lang") == language
            found += faults(page, f"{address} {language} {scheme}")
    assert found == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_staff_pages_have_no_axe_violation(
    visitor: Callable[..., Page], language: str, settings: Any
) -> None:
    centre, keys = scene()
    coordinator_user = member(centre, Role.COORDINATOR)
    page = visitor(language=language)
    sign_in(page, coordinator_user)
    small = visitor(language=language, size=PHONE, color_scheme="dark")
    sign_in(small, coordinator_user)
    found, opened = [], 0
    for address in staff_pages(keys):
        answer = page.context.request.get(address)
        if answer.status != 200 or "html" not in answer.headers["content-type"]:
            # Buttons' addresses (405), pages of other roles and downloads have no page to look at.
            assert answer.status in (200, 404, 405), address
            continue
        page.goto(address)
        opened += 1
        assert page.locator("h1").count() == 1, address
        found += faults(page, f"{address} {language}")
        if language == "en":
            # The phone and the dark: once, since no words decide them.
            small.goto(address)
            found += faults(small, f"{address} {language} phone, dark")
    assert opened >= 12
    assert found == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_behind_links_have_no_axe_violation(
    visitor: Callable[..., Page], language: str
) -> None:
    scene()
    page = visitor(language=language, size=PHONE)
    found = []
    for address in (
        "amina.example@people.example",
        "paul.sample@people.example",
        "Ana@contacts.example",
        "Ben@contacts.example",
    ):
        where = link_for(address)
        page.goto(where)
        found += faults(page, f"link of {address}")
    assert found == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_e19_e20_pages_of_figures_have_no_axe_violation(
    visitor: Callable[..., Page], language: str
) -> None:
    centre = make_centre("truro", email="hello@truro.example")
    user = member(centre, Role.SECRETARIAT)
    months = last_full_month()
    page, small = visitor(language=language), visitor(language=language, size=PHONE)
    sign_in(page, user)
    sign_in(small, user)
    found = []
    for address in ("/figures/", "/figures/new/", "/figures/thresholds/", "/c/truro/"):
        page.goto(address)
        found += faults(page, f"{address} {language}")
    release = make_release(year=months.year, through=months.through, by=actor_for(user))
    for address in ("/figures/1/publish/", "/figures/1/", "/figures/", "/centre/new/"):
        small.goto(address)
        found += faults(small, f"{address} {language} phone")
    publish_release(release=release, by=actor_for(user))
    for address in ("/c/truro/", "/c/"):
        small.goto(address)
        found += faults(small, f"{address} {language} phone")
    assert found == []
