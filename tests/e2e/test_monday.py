"""A coordinator's Monday on the demonstration, by keyboard alone, in English and in French."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from takeroot.accounts.models import Centre
from takeroot.connections.models import Match, Meeting
from takeroot.demo.accounts import PASSWORD
from takeroot.demo.build import build_demo
from takeroot.promises.models import Handover, Promise
from tests.cast import house_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
MOST_TABS = 150


@dataclass(frozen=True)
class Words:
    """What the coordinator looks for, in one language."""

    email: str
    slug: str
    language: str
    show_all: str
    send: str
    send_all: str
    open_list: str
    sign: str
    rounds: str
    accept: str
    how_it_went: str
    more: str
    more_time: str
    hand_over_page: str
    hand_over: str


ENGLISH = Words(
    "jo@colchester.example", "colchester", "en", "Show all", "Read and send", "Send both letters",
    "Open the list", "Save, and sign", "Rounds", "Accept", "Say how it went", "More",
    "Give more time", "Hand over while you are away", "Hand over",
)  # fmt: skip
FRENCH = Words(
    "camille@madawaska.example", "madawaska", "fr", "Tout afficher", "Lire et envoyer",
    "Envoyer les deux lettres",
    "Ouvrir la liste", "Enregistrer, et signer", "Rondes", "Accepter", "Dire comment", "Plus",
    "Donner plus de temps", "Passer le relais pendant une absence", "Passer le relais",
)  # fmt: skip


def tab_to(page: Page, words: str, *, role: str = "") -> None:
    """Press Tab until what begins with these words has the focus, as somebody without a mouse."""
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement;
            const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
            return [label || e.innerText || e.value || '', e.tagName, e.name || '']; }"""
        )
        if str(found[0]).strip().startswith(words) and (not role or found[1] == role):
            return
    raise AssertionError(f"“{words}” cannot be reached with the Tab key on {page.url}")


def tab_to_field(page: Page, name: str) -> None:
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the field “{name}” cannot be reached with the Tab key on {page.url}")


def enter(page: Page) -> None:
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def to_today(page: Page) -> None:
    tab_to(page, "Aujourd" if "fr" in page.locator("html").get_attribute("lang") else "Today")  # type: ignore[operator]
    enter(page)


def signs_in(page: Page, words: Words) -> None:
    page.goto("/accounts/login/")
    tab_to_field(page, "login")
    page.keyboard.type(words.email)
    tab_to_field(page, "password")
    page.keyboard.type(PASSWORD)
    enter(page)
    page.wait_for_url("**/today/")
    # The page says in its first words how much waits.
    expect(page.locator("h1")).to_contain_text(words.email.split("@")[0].title())


def sends_the_first_letters(page: Page, words: Words, centre: Centre) -> None:
    tab_to(page, words.show_all)
    enter(page)
    tab_to(page, words.send)
    enter(page)
    tab_to(page, words.send_all)
    enter(page)
    with house_of(centre):
        assert Promise.objects.filter(kind="send_introduction", state="kept").exists()
    to_today(page)


def signs_a_list(page: Page, words: Words, centre: Centre) -> None:
    with house_of(centre):
        before = Promise.objects.filter(kind="sign_readiness", state="open").count()
    tab_to(page, words.open_list)
    enter(page)
    for point in ("meets_criteria", "job_ready", "language_for_field", "resume", "pitch"):
        tab_to_field(page, point)
        page.keyboard.press("Space")
    tab_to(page, words.sign)
    enter(page)
    with house_of(centre):
        assert Promise.objects.filter(kind="sign_readiness", state="open").count() == before - 1
    to_today(page)


def decides_the_round(page: Page, words: Words, centre: Centre) -> None:
    tab_to(page, words.rounds, role="A")
    enter(page)
    tab_to_button = page.locator("main a.btn, main .card a").first.inner_text()
    tab_to(page, tab_to_button.strip().split("\n")[0])
    enter(page)
    with house_of(centre):
        waiting = Match.objects.filter(state="proposed").count()
    tab_to(page, words.accept, role="BUTTON")
    enter(page)
    with house_of(centre):
        assert waiting > 0
        assert Match.objects.filter(state="accepted").count() > 0
    to_today(page)


def says_how_a_meeting_went(page: Page, words: Words, centre: Centre) -> None:
    with house_of(centre):
        held = Meeting.objects.filter(state="held").count()
    tab_to(page, words.how_it_went)
    enter(page)
    if "/network/" in page.url:
        tab_to(page, words.how_it_went)
        enter(page)
    tab_to_field(page, "held")
    page.keyboard.press("Space")
    enter(page)
    with house_of(centre):
        assert Meeting.objects.filter(state="held").count() == held + 1, page.inner_text("main")
    to_today(page)


def gives_more_time(page: Page, words: Words, centre: Centre) -> None:
    tab_to(page, words.more)
    enter(page)
    key = page.url.rstrip("/").split("/")[-1]
    day = timezone.localdate() + timedelta(days=30)
    tab_to_field(page, "due_on")
    _types_a_day(page, day)
    enter(page)
    with house_of(centre):
        assert Promise.objects.get(pk=key).due_on == day, page.inner_text("main")
    to_today(page)


def _types_a_day(page: Page, day: date) -> None:
    """The browser's own date field, part by part, in the order that this browser shows."""
    page.keyboard.type(f"{day:%m%d%Y}")
    assert page.evaluate("document.activeElement.value") == day.isoformat()


def hands_over(page: Page, words: Words, centre: Centre) -> None:
    tab_to(page, words.hand_over_page)
    enter(page)
    tab_to_field(page, "deputy")
    page.keyboard.press("ArrowDown")
    for name in ("starts_on", "ends_on"):
        tab_to_field(page, name)
        _types_a_day(page, timezone.localdate() + timedelta(days=7))
    tab_to(page, words.hand_over, role="BUTTON")
    enter(page)
    expect(page.locator("main .note.success").first).to_be_visible()
    with house_of(centre):
        assert Handover.objects.count() == 1


def test_e07_a_coordinators_monday_is_done_by_keyboard_in_both_languages(
    visitor: Callable[..., Page],
) -> None:
    build_demo(seed=2026)
    for words in (ENGLISH, FRENCH):
        centre = Centre.objects.get(slug=words.slug)
        page = visitor(words.language)
        signs_in(page, words)
        sends_the_first_letters(page, words, centre)
        signs_a_list(page, words, centre)
        says_how_a_meeting_went(page, words, centre)
        decides_the_round(page, words, centre)
        gives_more_time(page, words, centre)
        if words is ENGLISH:
            # In Edmundston the coordinator works alone: there is nobody to hand over to.
            hands_over(page, words, centre)
