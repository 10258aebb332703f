"""Measure every page of a coordinator on a filled installation, and the pages behind links.

    python benchmarks/pages.py HOME [--requests 60] [--clients 4] [--json FILE]
        [--people 92] [--pause 10] [--seconds 120]

In this process: queries of a page (session, user, membership and audit included). Against a real
gunicorn of two workers on this machine: p50 and p95 in milliseconds, one client at a time and with
several at once, and the milliseconds that web server and database compute for one page (which
other work on the machine does not change). Then as an office works: `--people` clients, each of
whom asks for a page, reads about `--pause` seconds (half to one and a half times), and asks for
the next, nine times of ten one that lists or shows people. Bytes of a first view: the page, style
sheet, script and icons, as a proxy with Brotli sends them. HOME is a folder that
`benchmarks/load.py` filled.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

PORT = 8399
# Around the page, not of it: transactions, savepoints, and the announcement of the actor.
_FRAME = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE)|set_config\('app\.")


@dataclass
class Page:
    """One page and what was measured of it."""

    name: str
    path: str
    cookies: str = ""
    statements: int = 0
    of_frame: int = 0
    size: int = 0
    first_view: int = 0
    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    cpu: float = 0.0
    at_work: list[float] = field(default_factory=list)


# Of ten pages asked by somebody at work: nine are these three alike, one is any of the others.
READ_MOST = ("Today", "People, list", "Connectee")
READ_TOO = ("People, search", "Connectors, list", "Connector", "Network of a Connectee", "Round")


def set_up(home: Path) -> Any:
    os.environ["TAKEROOT_HOME"] = str(home.absolute())
    os.environ["TAKEROOT_DEMO"] = "yes"
    os.environ["PORT"] = str(PORT)
    from takeroot.config.commands import _set_up

    return _set_up()


def cookie_of(email: str) -> str:
    """A session of somebody, as signing in makes it."""
    from django.test import Client

    from takeroot.accounts.models import User

    client = Client()
    client.force_login(
        User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return f"sessionid={client.cookies['sessionid'].value}"


def choose_pages(email: str) -> list[Page]:
    """Pages that exist in this version, each on a row that has a story."""
    from django.db import transaction
    from django.urls import NoReverseMatch, reverse

    from takeroot.access.actor import acting, system_actor
    from takeroot.accounts.models import User
    from takeroot.connections.models import Connectee, Connector, Match, Round
    from takeroot.messaging.models import SignedLink
    from takeroot.messaging.services import token_for

    centre = User.objects.get(email=email).memberships.get().centre
    with transaction.atomic(), acting(system_actor(centre.pk, purpose="benchmark")):
        connectee = Connectee.objects.filter(state="referring").order_by("pk")[0]
        connector = Connector.objects.filter(matches__state="introduced").order_by("pk")[0]
        open_round = Round.objects.filter(state="proposed").order_by("-created_at")[0]
        match = Match.objects.filter(state="accepted").order_by("pk").first()
        tokens = {
            link.purpose: token_for(link)
            for link in SignedLink.objects.filter(revoked_at__isnull=True).order_by("pk")[:400]
        }
    wanted: list[tuple[str, str, list[Any], str]] = [
        ("Today", "coordinator:today", [], ""),
        ("People, list", "coordinator:people", [], ""),
        ("People, page 40", "coordinator:people", [], "?page=40"),
        ("People, search", "coordinator:people", [], "?q=amina+go"),
        ("Connectee", "coordinator:connectee", [connectee.pk], ""),
        ("Connectors, list", "coordinator:connectors", [], ""),
        ("Connector", "coordinator:connector", [connector.pk], ""),
        ("Network of a Connectee", "coordinator:network", [connectee.pk], ""),
        ("Rounds, list", "coordinator:rounds", [], ""),
        ("Round", "coordinator:round", [open_round.pk], ""),
        ("Introductions, list", "coordinator:introductions", [], ""),
        ("Several at once: readiness", "coordinator:people_ready", [], ""),
        ("Import", "coordinator:import", [], ""),
        ("Settings", "coordinator:settings", [], ""),
        ("Who did what", "coordinator:trace", [], ""),
        ("First page", "public:home", [], ""),
        ("Sign-in", "account_login", [], ""),
    ]
    if match is not None:
        wanted.append(("Introduction", "coordinator:introduction", [match.pk], ""))
    wanted += [(f"Link: {purpose}", "links:open", [t], "") for purpose, t in tokens.items()]
    pages = []
    for name, route, args, query in wanted:
        try:
            pages.append(Page(name, reverse(route, args=args) + query))
        except NoReverseMatch:
            print(f"(no page «{name}» in this version)")
    return pages


def count_statements(pages: list[Page]) -> None:
    """Statements of the second visit: the first one fills caches of the process."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    for page in pages:
        client = Client(HTTP_COOKIE=page.cookies, raise_request_exception=False)
        client.get(page.path)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(page.path)
        if answer.status_code != 200:
            raise SystemExit(f"{page.name}: {page.path} answers {answer.status_code}")
        statements = [row["sql"] for row in seen.captured_queries]
        page.of_frame = sum(1 for text in statements if _FRAME.search(text))
        page.statements = len(statements)
        page.size = len(answer.content)
        page.first_view = first_view(answer.content)


def first_view(content: bytes) -> int:
    """Bytes of the page with what it loads, Brotli for text, as they travel."""
    import brotli
    from django.conf import settings

    total = len(brotli.compress(content, quality=5))
    for name in sorted(set(re.findall(rb'(?:href|src)="/static/([^"#]+)', content))):
        plain = Path(settings.STATIC_ROOT) / name.decode()
        packed = plain.with_name(plain.name + ".br")
        total += (packed if packed.exists() else plain).stat().st_size
    return total


def ask(page: Page) -> float:
    """Milliseconds of one request on a connection of its own."""
    begun = time.perf_counter()
    link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    link.request("GET", page.path, headers={"Cookie": page.cookies, "Host": f"localhost:{PORT}"})
    answer = link.getresponse()
    answer.read()
    link.close()
    if answer.status != 200:
        raise SystemExit(f"{page.name}: the server answers {answer.status}")
    return (time.perf_counter() - begun) * 1000


def serve(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "gunicorn", "takeroot.config.wsgi:application", "--bind"]
    words += [f"127.0.0.1:{PORT}", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    words += ["--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen(words, env=environment)
    for _attempt in range(300):
        try:
            link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            link.request("GET", "/healthz", headers={"Host": f"localhost:{PORT}"})
            link.getresponse().read()
            return process
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise SystemExit("The web server did not start.")


def computing(families: list[psutil.Process]) -> dict[int, float]:
    """Seconds that each process of web server and database has computed so far."""
    spent = {}
    for family in families:
        for process in [family, *family.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                spent[process.pid] = sum(process.cpu_times()[:2])
    return spent


def measure(pages: list[Page], requests: int, clients: int, families: list[psutil.Process]) -> None:
    for page in pages:
        for _warm in range(6):
            ask(page)
        before = computing(families)
        page.alone = [ask(page) for _ in range(requests)]
        after = computing(families)
        spent = sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
        page.cpu = spent / requests * 1000
        with ThreadPoolExecutor(clients) as pool:
            page.together = list(pool.map(lambda _n, p=page: ask(p), range(requests)))


def at_work(pages: list[Page], people: int, pause: float, seconds: float) -> float:
    """Pages per second that `people` ask for together, thinking between two pages. Each has a
    connection and a chance of their own; the first half pause spreads them."""
    by_name = {page.name: page for page in pages}
    most, too = (
        [by_name[name] for name in names if name in by_name] for names in (READ_MOST, READ_TOO)
    )
    until = time.monotonic() + seconds

    def one(number: int) -> int:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, pause))
        asked = 0
        while time.monotonic() < until:
            page = chance.choice(most if chance.random() < 0.9 else too)
            page.at_work.append(ask(page))
            asked += 1
            time.sleep(pause * chance.uniform(0.5, 1.5))
        return asked

    with ThreadPoolExecutor(people) as pool:
        return sum(pool.map(one, range(people))) / seconds


def table_at_work(pages: list[Page]) -> str:
    head = "| page | asked | p50 ms | p95 ms |\n|---|---|---|---|\n"
    return head + "\n".join(
        f"| {p.name} | {len(p.at_work)} | {percentile(p.at_work, 0.5):.0f} "
        f"| {percentile(p.at_work, 0.95):.0f} |"
        for p in pages
        if len(p.at_work) > 1
    )


def percentile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100)[round(share * 100) - 1]


def table(pages: list[Page], clients: int) -> str:
    head = (
        "| page | queries | computing ms | p50 ms | p95 ms | "
        f"p50 with {clients} | p95 with {clients} | KB |\n|---|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(
        f"| {p.name} | {p.statements - p.of_frame} | {p.cpu:.0f} "
        f"| {percentile(p.alone, 0.5):.0f} "
        f"| {percentile(p.alone, 0.95):.0f} | {percentile(p.together, 0.5):.0f} "
        f"| {percentile(p.together, 0.95):.0f} | {p.first_view / 1000:.1f} |"
        for p in pages
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("home", type=Path)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--people", type=int, default=92)
    parser.add_argument("--pause", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    urls = set_up(options.home)
    from django.core.management import call_command
    from django.db import connection

    call_command("collectstatic", interactive=False, verbosity=0)
    email = "jo@colchester.example"
    pages = choose_pages(email)
    cookies, privacy = cookie_of(email), cookie_of("pat@colchester.example")
    for page in pages:
        if page.name == "Who did what":
            page.cookies = privacy
        elif not page.name.startswith(("Link", "First page", "Sign-in")):
            page.cookies = cookies
    count_statements(pages)
    connection.close()
    server = serve({**os.environ, "DATABASE_URL": urls.application})
    try:
        lock = options.home / "postgres" / "postmaster.pid"
        families = [psutil.Process(server.pid), psutil.Process(int(lock.read_text().split()[0]))]
        measure(pages, options.requests, options.clients, families)
        alone = os.getloadavg()[0]
        before = computing(families)
        a_second = at_work(pages, options.people, options.pause, options.seconds)
        spent = sum(computing(families).values()) - sum(before.values())
    finally:
        server.terminate()
        server.wait(20)
    print(f"{os.cpu_count()} cores, {options.requests} requests a page, load {alone:.1f}\n")
    print(table(pages, options.clients))
    print(
        f"\n{options.people} people at work, a page every {options.pause:g} s each: "
        f"{a_second:.1f} pages a second, {spent / options.seconds:.2f} cores computing, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    print(table_at_work(pages))
    if options.json:
        options.json.write_text(json.dumps([vars(page) for page in pages], indent=1))


if __name__ == "__main__":
    main()
