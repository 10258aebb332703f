"""Web workers killed (kill -9) while people save forms: is anything lost, or there twice? (G18)

    python benchmarks/killed_web.py [--kills 20] [--clients 4] [--port 8397]

`takeroot serve` on a scratch home of its own. Each client sends the form of a new Connectee, with
the key that the page gives every form, again and again until it is answered; meanwhile a web
worker chosen by chance is killed at a moment chosen by chance. At the end: writes that were
acknowledged and are not there (lost), that are there more than once (duplicates), that never got
an answer. Returns 1 when there is any.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scratch import load, scratch_home

EMAIL, LONGEST, AGAIN = "jo@truro.example", 60.0, 0.05


@dataclass
class Client:
    """One person at one form after the other."""

    number: int
    port: int
    cookies: str
    csrf: str
    acknowledged: dict[UUID, str] = field(default_factory=dict)
    given_up: list[UUID] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    tries: int = 0

    def write(self) -> None:
        """One form, sent until it is answered with the address of the new file."""
        key = uuid4()
        name = f"Killed {self.number} {len(self.acknowledged) + len(self.given_up)}"
        typed = {
            "csrfmiddlewaretoken": self.csrf, "key": str(key), "name": name, "language": "en",
            "email": f"{key}@people.example", "mode": "either", "waiting_since": "2026-01-02",
            "english": "8",
        }  # fmt: skip
        begun = time.monotonic()
        while time.monotonic() - begun < LONGEST:
            self.tries += 1
            if self._send(urlencode(typed), key):
                self.acknowledged[key] = name
                self.seconds.append(time.monotonic() - begun)
                return
            time.sleep(AGAIN)
        self.given_up.append(key)

    def _send(self, body: str, key: UUID) -> bool:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        with contextlib.closing(link), contextlib.suppress(OSError, http.client.HTTPException):
            link.request("POST", "/people/new/", body, {
                "Cookie": self.cookies, "Host": f"localhost:{self.port}",
                "Content-Type": "application/x-www-form-urlencoded",
            })  # fmt: skip
            answer = link.getresponse()
            content = answer.read()
            if answer.status == 302:
                if str(key) not in answer.headers["Location"]:
                    raise SystemExit(f"a form led to {answer.headers['Location']}")
                return True
            if answer.status < 500:
                raise SystemExit(f"the form was answered {answer.status}: {content[:600]!r}")
        return False


def prepare() -> str:
    """A centre, its coordinator, and a session of theirs; the tables are there already."""
    from takeroot.config.commands import _set_up

    _set_up()
    from django.test import Client as Browser
    from tests.cast import make_centre, member

    from takeroot.accounts.enums import Role

    centre = make_centre("truro", timezone="America/Halifax")
    browser = Browser()
    browser.force_login(member(centre, Role.COORDINATOR))
    return f"sessionid={browser.cookies['sessionid'].value}"


def sign_of(port: int, cookies: str) -> tuple[str, str]:
    """What the empty form gives: the cookies with the one against forgery, and its sign."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", "/people/new/", headers={"Cookie": cookies, "Host": f"localhost:{port}"})
    answer = link.getresponse()
    page = answer.read().decode()
    link.close()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    given = re.search(r"csrftoken=([^;]+)", str(answer.headers))
    if answer.status != 200 or not found or not given:
        raise SystemExit(f"the form of a new Connectee answers {answer.status}")
    return f"{cookies}; csrftoken={given[1]}", found[1]


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            if link.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise SystemExit("takeroot serve did not start")


def web_workers(server: psutil.Process) -> list[psutil.Process]:
    """The processes of the web server that answer requests."""
    for child in server.children():
        with contextlib.suppress(psutil.Error):
            if "gunicorn" in " ".join(child.cmdline()):
                return child.children()
    return []


def kill_some(server: psutil.Process, kills: int, longest: float) -> int:
    """Kill that many workers at random moments; returns how often all of them were down."""
    chance, none_left = random.Random(18), 0
    for _kill in range(kills):
        time.sleep(chance.uniform(0.2, longest))
        until = time.monotonic() + 60
        while not (workers := web_workers(server)) and time.monotonic() < until:
            time.sleep(0.05)
        victim = chance.choice(workers)
        with contextlib.suppress(psutil.Error):
            os.kill(victim.pid, signal.SIGKILL)
        none_left += len(workers) == 1
    return none_left


def judge(clients: list[Client]) -> dict[str, int]:
    """What the database holds beside what the clients were told."""
    from tests.cast import house_of

    from takeroot.accounts.models import Centre, Party
    from takeroot.connections.models import Connectee
    from takeroot.ledger.models import Event

    told = {key: name for client in clients for key, name in client.acknowledged.items()}
    with house_of(Centre.objects.get()):
        there = dict(Party.objects.filter(name__startswith="Killed ").values_list("pk", "name"))
        files = set(Connectee.objects.values_list("pk", flat=True))
        applied = Counter(Event.objects.filter(kind="applied").values_list("party_id", flat=True))
    names = Counter(there.values())
    return {
        "acknowledged": len(told),
        "sent": sum(client.tries for client in clients),
        "lost": sum(there.get(key) != name or key not in files for key, name in told.items()),
        "duplicates": sum(n - 1 for n in (*names.values(), *applied.values()) if n > 1),
        "half stored": len(set(there) ^ files),
        "never completed": sum(len(client.given_up) for client in clients),
    }


def under_load(clients: list[Client], work: Any) -> Any:
    """Run `work` while every client writes."""
    over = threading.Event()

    def run(client: Client) -> None:
        while not over.is_set():
            client.write()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        return work()
    finally:
        over.set()
        for thread in threads:
            thread.join(2 * LONGEST)


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill web workers under load.")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--longest", type=float, default=6, help="seconds between two kills")
    parser.add_argument("--port", type=int, default=8397)
    options = parser.parse_args()
    with scratch_home():
        # As a demonstration, whose staff sign in without a second factor; its people are not built.
        os.environ.update(PORT=str(options.port), TAKEROOT_DEMO="yes")
        words = [sys.executable, "-m", "takeroot.cli"]
        subprocess.run([*words, "migrate"], check=True)
        session = prepare()
        server = subprocess.Popen([*words, "serve"], stdout=subprocess.DEVNULL)
        try:
            wait_until_ready(server, options.port)
            cookies, csrf = sign_of(options.port, session)
            clients = [Client(n, options.port, cookies, csrf) for n in range(options.clients)]
            for client in clients:
                client.write()
                client.seconds.clear()
            begun, busy = time.monotonic(), load()
            family = psutil.Process(server.pid)
            none_left = under_load(
                clients, lambda: kill_some(family, options.kills, options.longest)
            )
            spent = time.monotonic() - begun
            alive = server.poll() is None
        finally:
            server.terminate()
            server.wait(60)
        found = judge(clients)
    seconds = sorted(one for client in clients for one in client.seconds)
    cuts = statistics.quantiles(seconds, n=100)
    print(f"{options.kills} workers killed in {spent:.0f} s, {options.clients} clients, {busy}")
    for name, number in found.items():
        print(f"{number:>8,}  {name}")
    print(f"{none_left:>8,}  moments with no worker left")
    print(
        f"p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, p99 {cuts[98]:.2f} s, "
        f"most {seconds[-1]:.2f} s"
    )
    bad = ("lost", "duplicates", "half stored", "never completed")
    return int(not alive or any(found[name] for name in bad))


if __name__ == "__main__":
    sys.exit(main())
