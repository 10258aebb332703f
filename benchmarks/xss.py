"""Thirty scripts in every text of every table, every page opened in Chromium without CSP. (G12)

    python benchmarks/xss.py [--turns 30]

The two centres of the access matrix, with one of everything, stand in a PostgreSQL of their own.
Each turn writes another of the thirty payloads into each text column of each row; then every page
that opens by GET is opened in Chromium, as somebody who may see it, with the content security
policy switched off, so that nothing but escaping stands between a payload and its running. Whatever
runs, or would at a click, is a fault. First the control: on pages that escape nothing each payload
must be caught running. Returns 1 when a payload ran, a control did not, or a page broke.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scratch import load, product

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from tests.matrix.shared import World

# Reading a page is what counts here; these end the session or change the language.
LEFT_OUT = {"account_logout"}


def addresses(world: World) -> list[tuple[str, str, str]]:
    """Every page that answers a GET with 200, with its address and a role that may open it."""
    from tests.matrix.cells import ANONYMOUS, OWN, VALID, pages

    from takeroot.accounts.enums import Role

    found = []
    for page in pages():
        state = (VALID,) if "token" in page.blanks else tuple(OWN for _blank in page.blanks)
        if "uidb36" in page.blanks or page.name in LEFT_OUT:
            continue
        path = page.path(state, world.mine, world.theirs)
        roles = [ANONYMOUS] if page.policy.public else [r for r in Role if r in page.policy.roles]
        for role in sorted(roles, key=lambda one: one != Role.COORDINATOR)[:1]:
            answer = world.askers[role].try_out("GET", path)
            html = answer.headers.get("Content-Type", "").startswith("text/html")
            inline = "attachment" not in answer.headers.get("Content-Disposition", "")
            if answer.status_code == 200 and html and inline:
                found.append((page.name, path, role))
    return found


def contexts(browser: Any, world: World, url: str) -> dict[str, BrowserContext]:
    made = {}
    for role, asker in world.askers.items():
        context = browser.new_context(base_url=url, locale="en-CA")
        context.set_default_timeout(60_000)
        if "sessionid" in asker.cookies:
            value = asker.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": value, "url": url}])
        made[role] = context
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description="Scripts in every text, every page opened.")
    parser.add_argument("--turns", type=int, default=30)
    options = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with product(EMAIL_BACKEND="takeroot.messaging.backends.MailboxBackend"):
        from django.conf import settings
        from django.test import override_settings

        quiet = [name for name in settings.MIDDLEWARE if name != "csp.middleware.CSPMiddleware"]
        with override_settings(MIDDLEWARE=quiet, SESSION_COOKIE_AGE=86_400):
            return attack(options.turns)


def attack(turns: int) -> int:
    from playwright.sync_api import sync_playwright
    from pytest_django.live_server_helper import LiveServer
    from scripts.ensure_browser import find_browser
    from tests.e2e.conftest import FLAGS
    from tests.hostile.scripts import PAYLOADS, Watch, plant
    from tests.matrix.shared import make_world

    world = make_world()
    places = addresses(world)
    admin = os.environ["DATABASE_OWNER_URL"].replace("takeroot_owner@", "postgres@", 1)
    server, begun, busy = LiveServer("127.0.0.1"), time.monotonic(), load()
    statuses: Counter[int] = Counter()
    faults: set[str] = set()
    opened = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        control = Watch(browser.new_context().new_page())
        deaf = [payload for payload in PAYLOADS if not control.strikes(payload)]
        print(f"control: {len(PAYLOADS) - len(deaf)} of {len(PAYLOADS)} payloads run unescaped")
        print("\n".join(f"  never ran: {payload}" for payload in deaf), flush=True)
        watches = {
            role: Watch(context.new_page())
            for role, context in contexts(browser, world, str(server.url)).items()
        }
        for turn in range(turns):
            planted = plant(admin, turn)
            for name, path, role in places:
                status, found = watches[role].open(path)
                opened += 1
                statuses[status] += 1
                faults |= {f"{name} as {role}: {one}" for one in found}
                if status >= 500:
                    faults.add(f"{name} as {role}: {status}, the page broke")
            if turn == 0:
                print(
                    f"{planted.columns} columns hold payloads; the database refuses them in "
                    f"{len(planted.refused)}: {', '.join(sorted(planted.refused))}",
                    flush=True,
                )
        browser.close()
    server.stop()
    print(
        f"{len(places)} pages, {turns} turns, {opened:,} openings in "
        f"{time.monotonic() - begun:.0f} s, {busy}"
    )
    print(f"answers: {dict(statuses)}")
    print(f"{len(faults)} payloads ran, would have run, or broke a page")
    print("\n".join(sorted(faults)[:40]))
    return int(bool(faults or deaf))


if __name__ == "__main__":
    sys.exit(main())
