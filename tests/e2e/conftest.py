"""A real browser on the real product: live server, real PostgreSQL, letters from the outbox."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from scripts.ensure_browser import find_browser

from takeroot.accounts.models import User
from tests.cast import PASSWORD, deliver

# Playwright's own loop runs in this thread; Django's check for that would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        pytest.fail(
            "The browser tests need Chromium. On Debian: apt-get install chromium; elsewhere "
            "install it and set TAKEROOT_CHROMIUM to the program."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of the running product; letters point to it."""
    settings.BASE_URL = live_server.url
    settings.CHECK_COMPONENTS = True
    return str(live_server.url)


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A new browser of somebody: `visitor(language="fr", size=PHONE)`. A broken page, a script
    error or anything loaded from elsewhere fails the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def make(language: str = "en", size: dict[str, int] | None = None, **more: Any) -> Page:
        context = chromium.new_context(
            viewport=size or DESKTOP,  # type: ignore[arg-type]
            locale=f"{language}-CA",
            base_url=site,
            **more,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        page.on(
            "response",
            lambda answer: (
                troubles.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
        )
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((site, "data:", "about:"))
                else troubles.append(f"elsewhere: {asked.url}")
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert troubles == []


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/today/")


def press(page: Page, selector: str) -> None:
    """Press a button by keyboard, as somebody without a mouse would, and wait for the answer."""
    page.locator(selector).first.focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def link_for(address: str, *, newest: bool = True) -> str:
    """The link in the newest (or first) letter to an address, after delivering what waits."""
    deliver()
    found = [
        re.search(r"(/l/[\w-]+/)", str(letter.body))
        for letter in mail.outbox
        if letter.to == [address]
    ]
    links = [match[1] for match in found if match]
    assert links, f"no letter with a link went to {address}"
    return links[-1 if newest else 0]
