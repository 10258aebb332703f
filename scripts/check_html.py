"""Hold every page of a running demonstration, in both languages, against the Nu HTML checker.

    python scripts/check_html.py path/to/vnu.jar [http://localhost:8000]

The checker needs Java and is no part of `make check`; its jar is in the npm package `vnu-jar`.
Start the demonstration first (`make run`). Each of its people opens whatever their pages lead to,
and the links of the letters in the mailbox; only GET is used, so nothing changes. At most three
pages of one shape are looked at. Returns 1 when the checker found an error.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from http.cookiejar import Cookie, CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from takeroot.demo.accounts import ACCOUNTS, PASSWORD

LANGUAGES = ("en", "fr")
MOST_OF_A_SHAPE = 3
_PUBLIC = ("/", "/nowhere/", "/accounts/password/reset/", "/accounts/inactive/", "/gallery/")
_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/l/)[\w-]+|(?<=/mailbox/)[^/]+|\d+")


class Links(HTMLParser):
    """Every address that a page leads to by a plain link, and its hidden tokens."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.token = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "a" and known.get("href"):
            self.found.append(str(known["href"]))
        if known.get("name") == "csrfmiddlewaretoken":
            self.token = str(known["value"])


class Visitor:
    """A browser of somebody: cookies, a language, and which pages were seen."""

    def __init__(self, base: str, language: str) -> None:
        self.base, self.language = base, language
        self.opener = build_opener(HTTPCookieProcessor(jar := CookieJar()))
        host = urlsplit(base).hostname or ""
        jar.set_cookie(_cookie("django_language", language, host))

    def get(self, address: str, data: dict[str, str] | None = None) -> tuple[str, str]:
        """(address in the end, page); an empty page when the answer is no HTML."""
        body = urlencode(data).encode() if data else None
        headers = {"Accept-Language": f"{self.language}-CA", "Referer": self.base}
        # The address is the one given on the command line, http or https.
        asked = Request(urljoin(self.base, address), body, headers)
        try:
            answer = self.opener.open(asked, timeout=60)
        except HTTPError as refused:
            answer = refused
        with answer:
            html = answer.headers.get_content_type() == "text/html"
            return answer.geturl(), answer.read().decode() if html else ""

    def sign_in(self, email: str) -> None:
        _where, page = self.get("/accounts/login/")
        token = Links(page).token
        typed = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
        where, _page = self.get("/accounts/login/", typed)
        if "/accounts/login/" in where:
            raise SystemExit(f"{email} cannot sign in at {self.base}: is it the demonstration?")

    def walk(self, start: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Every page that can be reached from `start` by links."""
        shapes: Counter[str] = Counter()
        seen: set[str] = set()
        waiting = deque(start)
        while waiting:
            address = waiting.popleft().partition("#")[0]
            shape = _KEY.sub("*", address)
            if address in seen or shapes[shape] >= MOST_OF_A_SHAPE or "logout" in address:
                continue
            seen.add(address)
            shapes[shape] += 1
            where, page = self.get(address)
            if not page:
                continue
            yield address, page
            for link in Links(page).found:
                whole = urljoin(where, link)
                if whole.startswith(self.base):
                    waiting.append(whole.removeprefix(self.base))


def _cookie(name: str, value: str, host: str) -> Cookie:
    domain = f"{host}.local" if "." not in host else host
    return Cookie(
        0, name, value, None, False, domain, False, False, "/", True, False, None, True, None,
        None, {},
    )  # fmt: skip


def pages(base: str) -> Iterator[tuple[str, str]]:
    """(what to call it, page) for everybody in both languages."""
    for language in LANGUAGES:
        for address, page in Visitor(base, language).walk(_PUBLIC):
            yield f"{language} visitor {address}", page
        for account in ACCOUNTS:
            visitor = Visitor(base, language)
            visitor.sign_in(account.email)
            for address, page in visitor.walk(["/today/", "/mailbox/", "/accounts/2fa/"]):
                yield f"{language} {account.role} {address}", page


def check(jar: Path, folder: Path) -> list[dict[str, object]]:
    """What the checker says of every file of a folder."""
    command = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]
    done = subprocess.run(
        [*command, "--errors-only", str(folder)], capture_output=True, text=True, check=True
    )
    messages: list[dict[str, object]] = json.loads(done.stdout)["messages"]
    return messages


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jar", type=Path, help="vnu.jar of the npm package vnu-jar")
    parser.add_argument("address", nargs="?", default="http://localhost:8000")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder, called = Path(name), {}
        for number, (what, page) in enumerate(pages(options.address.rstrip("/"))):
            file = folder / f"{number:05}.html"
            file.write_text(page, encoding="utf-8")
            called[file.name] = what
        found = check(options.jar, folder)
    for fault in found:
        what = called[str(fault["url"]).rpartition("/")[2]]
        print(f"{what}, line {fault.get('lastLine')}: {fault['message']}")
        print(f"    {str(fault.get('extract', '')).strip()[:160]}")
    print(f"{len(called)} pages, {len(found)} errors")
    return 1 if found or not called else 0


if __name__ == "__main__":
    sys.exit(main())
