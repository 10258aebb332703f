"""A passkey as the second lock, with the authenticator that Chromium plays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from tests.cast import PASSWORD, member
from tests.e2e.conftest import press
from tests.e2e.test_accessibility import faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """Browsers give passkeys to names, not to numbers: localhost instead of 127.0.0.1."""
    settings.SECOND_FACTOR_FOR_STAFF = True
    settings.BASE_URL = str(live_server.url).replace("127.0.0.1", "localhost")
    return settings.BASE_URL


def give_device(page: Page) -> tuple[Any, str]:
    """A fingerprint reader, so to speak: (the browser's debugger, the reader's id)."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    answer = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return debugger, answer["authenticatorId"]


def give_password(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    press(page, "#main-form .btn.main")


def test_b83_a_passkey_is_the_second_lock(visitor: Callable[..., Page], centre: Centre) -> None:
    coordinator = member(centre, Role.COORDINATOR)
    page = visitor()
    debugger, device = give_device(page)
    give_password(page, coordinator.email)
    # The page that asks for a second lock offers a passkey too.
    page.fill("input[name=password]", PASSWORD)
    press(page, "#main-form .btn.main")
    page.get_by_role("link", name="Use a passkey instead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")
    assert faults(page, "adding") == []
    page.fill("input[name=name]", "My laptop")
    press(page, "form[data-passkey] .btn")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these codes on paper")
    page.goto("/people/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/people/")
    page.goto("/accounts/2fa/")
    expect(page.locator("main")).to_contain_text("My laptop")
    assert faults(page, "the account") == []

    # Signing in: the password opens nothing by itself, the device does.
    page.context.clear_cookies()
    give_password(page, coordinator.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step: your passkey")
    assert faults(page, "the second step") == []
    kept = debugger.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    debugger.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    page.locator("form[data-passkey] .btn").click()
    expect(page.locator("[data-failed]")).to_be_visible()
    debugger.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": kept[0]})
    press(page, "form[data-passkey] .btn")
    page.wait_for_url("**/today/")

    # It is taken away again, after they showed with it once more that it is them.
    page.goto("/accounts/2fa/passkeys/remove/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it still you?")
    page.locator("a[href*='passkeys/reauthenticate']").click()
    assert faults(page, "showing once more") == []
    press(page, "form[data-passkey] .btn")
    page.check("input[name=key]")
    assert faults(page, "taking away") == []
    press(page, "#main-form .btn.danger")
    assert not Authenticator.objects.filter(user=coordinator).exists()
    page.goto("/people/")
    assert "/2fa/totp/activate/" in page.url


def test_b83_without_script_the_page_says_what_else_there_is(
    visitor: Callable[..., Page], centre: Centre
) -> None:
    page = visitor(language="fr", java_script_enabled=False)
    give_password(page, member(centre, Role.COORDINATOR).email)
    page.goto("/accounts/2fa/passkeys/add/")
    page.fill("input[name=password]", PASSWORD)
    press(page, "#main-form .btn.main")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    expect(page.locator("[data-without]")).to_be_visible()
