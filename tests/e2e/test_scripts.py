"""G12: words that are scripts run on no page, with nothing but escaping in their way: the content
security policy is off. benchmarks/xss.py does the same with every payload on every page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from takeroot.accounts.enums import Role
from takeroot.config.database import Urls, with_name
from tests.cast import member
from tests.e2e.conftest import sign_in
from tests.e2e.test_accessibility import scene
from tests.hostile.scripts import PAYLOADS, Watch, plant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
CSP = "csp.middleware.CSPMiddleware"


def test_g12_payloads_in_every_text_run_on_no_main_page(
    chromium: Browser, site: str, settings: Any, database_urls: Urls
) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != CSP]
    centre, keys = scene()
    admin = database_urls.owner.replace("takeroot_owner@", "postgres@", 1)
    name = str(settings.DATABASES["default"]["NAME"])
    context = chromium.new_context(base_url=site, locale="en-CA")
    page = context.new_page()
    sign_in(page, member(centre, Role.COORDINATOR))
    watch = Watch(page)
    # The detector first: unescaped, each of these runs.
    assert all(watch.strikes(payload) for payload in PAYLOADS[:5])
    assert plant(with_name(admin, name), 0).columns > 30
    for address in (
        "/today/",
        "/people/",
        f"/people/{keys['connectee']}/",
        f"/people/{keys['connectee']}/edit/",
        f"/people/{keys['connectee']}/network/",
        f"/connectors/{keys['connector']}/",
        f"/rounds/{keys['round']}/",
        "/trace/",
    ):
        status, ran = watch.open(address)
        assert (address, ran) == (address, [])
        assert status in (200, 404), address
        if address == f"/people/{keys['connectee']}/":
            assert status == 200
            assert "struck()" in page.content()
    context.close()
