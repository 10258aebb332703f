"""Asking for pages through the whole middleware stack, each time as if nothing had happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils import timezone

from takeroot.accounts.models import User

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "main"}
_MASKS = (
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'), b"csrf"),
    (re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), b"uuid"),
    (re.compile(rb"/l/[\w-]{60,}/"), b"/l/token/"),
    (re.compile(rb"/key/[\w-]+/"), b"/key/masked/"),
    (re.compile(rb"(%2F|/)[0-9A-Za-z]+-[0-9a-z]+-[0-9a-f]{32}(%2F|/)"), b"/masked/"),
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block does to the database is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Asker:
    """Somebody with a session (or none), asking one page after the other."""

    def __init__(self, session: str = "") -> None:
        self.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: session} if session else {})
        self.factory = RequestFactory()
        self.handler = ClientHandler(enforce_csrf_checks=False)
        cookie = self.cookies.output(header="", attrs=[], sep=";").strip()
        self.headers = {"HTTP_COOKIE": cookie} if cookie else {}

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **extra: Any) -> Any:
        """One request; what it changes stays."""
        make = getattr(self.factory, method.lower())
        if method == "POST":
            request = make(path, body or {}, **{**self.headers, **extra})
        else:
            request = make(path, **{**self.headers, **extra})
        return self.handler(request.environ)

    def try_out(
        self, method: str, path: str, body: dict[str, Any] | None = None, **extra: Any
    ) -> Any:
        """One request, undone: the next begins where this one began."""
        cache.clear()
        with undone():
            return self.ask(method, path, body, **extra)


def session_of(user: User) -> str:
    """A session in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def expire(session: str) -> None:
    Session.objects.filter(pk=session).update(expire_date=timezone.now() - timedelta(seconds=1))


def masked(response: Any, path: str) -> tuple[int, str, bytes]:
    """Status, target and body without what differs from one request to the next, and without
    the address that was asked for (a page may repeat it)."""
    parts = []
    for raw in (response.headers.get("Location", "").encode(), bytes(response.content)):
        raw = raw.replace(path.encode(), b"/path/")
        for pattern, word in _MASKS:
            raw = pattern.sub(word, raw)
        parts.append(raw)
    return response.status_code, parts[0].decode(), parts[1]
