"""Looking at a staff page as a browser does, and counting what it asks of the database."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

FIXED_QUERIES = 5  # session, user, membership, actor and audit
MOST_QUERIES = 10 + FIXED_QUERIES


def address(page: str, *args: Any) -> str:
    return reverse(f"coordinator:{page}", args=args)


def text(client: Client, page: str, /, *args: Any, **query: Any) -> str:
    """The page's words, as read; it must open."""
    answer = client.get(address(page, *args), query)
    assert answer.status_code == 200, (page, answer.status_code)
    return unescape(answer.content.decode())


def post(client: Client, page: str, /, *args: Any, **data: Any) -> Any:
    return client.post(address(page, *args), data)


def said(client: Client, answer: Any) -> str:
    """The page behind a redirect, with its messages."""
    assert answer.status_code in (302, 303), answer.status_code
    return unescape(client.get(answer["Location"]).content.decode())


def queries(client: Client, page: str, *args: Any) -> int:
    """How often a page asks the database at its second look, savepoints and settings aside."""
    url = address(page, *args)
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len([q for q in seen if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]])
