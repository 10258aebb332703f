"""Words that are scripts where they are not escaped, where they are planted, and who notices.

A payload that runs calls `struck()`, which the browser reports. Used by tests/e2e/test_scripts.py
and, with all of them in all fields, by benchmarks/xss.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model
from playwright.sync_api import Error, Page
from psycopg import sql

from takeroot.access.walls import walled_models
from takeroot.accounts.models import Centre

# Short ones first: a field with little room gets one that fits.
PAYLOADS = (
    "<img src onerror=struck()>",
    "<svg onload=struck()>",
    '"><svg onload=struck()>',
    "javascript:struck()",
    "<script>struck()</script>",
    "'><svg onload=struck()>",
    "';struck();//",
    '";struck();//',
    "</script><script>struck()</script>",
    "</title><svg onload=struck()>",
    "</textarea><svg onload=struck()>",
    "</style><svg onload=struck()>",
    "--><svg onload=struck()>",
    '" onfocus=struck() autofocus x="',
    "' onfocus=struck() autofocus x='",
    "x onfocus=struck() autofocus",
    "<input onfocus=struck() autofocus>",
    "<details open ontoggle=struck()>",
    "<iframe src=javascript:parent.struck()>",
    "<iframe srcdoc='<script>parent.struck()</script>'>",
    "<body onload=struck()>",
    "<video><source onerror=struck()></video>",
    "<audio src onerror=struck()>",
    "<style onload=struck()></style>",
    "<math><mtext></form><img src onerror=struck()>",
    "<noscript><p title='</noscript><img src onerror=struck()>'>",
    "<svg><script>struck()</script></svg>",
    "<svg><animate onbegin=struck() attributeName=x dur=1s>",
    "${struck()}{{constructor.constructor('struck()')()}}",
    "<a href=javascript:struck() id=go>x</a>",
)
# Columns that the house itself reads: with other words in them no page would open.
TECHNICAL = {
    "timezone", "language", "sort_key", "search_key", "slug", "edition", "place_code",
    "occupation_code",
}  # fmt: skip
# How far the payloads move on with each turn.
STRIDE = 5
# A page of nobody's, which the browser is handed without a network.
CONTROL, HTML = "http://control.example/", "text/html; charset=utf-8"
# What a browser would run if somebody pointed at it or chose it.
WAITING = """() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]
    .filter(a => /^on/i.test(a.name) || (/^(href|src|action|formaction|data|xlink:href)$/i
        .test(a.name) && /^[\\s\\x00-\\x1f]*(javascript|vbscript|data:text)/i.test(a.value)))
    .map(a => `${e.tagName} ${a.name}=${a.value}`))"""


def texts_of(model: type[Model]) -> Iterator[Any]:
    """The columns in which somebody's own words can stand."""
    for column in model._meta.local_concrete_fields:
        base = column.base_field if isinstance(column, ArrayField) else column
        is_text = isinstance(base, (models.CharField, models.TextField))
        if is_text and not base.choices and column.name not in TECHNICAL and not base.primary_key:
            yield column


def payload_for(column: Any, number: int) -> str:
    """The payload of that number, or the next that the column has room for, and as many of those
    that follow as fit behind it."""
    base = column.base_field if isinstance(column, ArrayField) else column
    room = base.max_length or 4_000
    text = ""
    for step in range(len(PAYLOADS)):
        longer = f"{text} {PAYLOADS[(number + step) % len(PAYLOADS)]}".strip()
        if len(longer) <= room:
            text = longer
    return text or PAYLOADS[0][:room]


@dataclass
class Planted:
    """How many columns hold payloads, and which the database refuses to have them."""

    columns: int = 0
    refused: set[str] = field(default_factory=set)


def plant(admin: str, turn: int) -> Planted:
    """Write payloads into every text of every row, as the server's own user with triggers off: what
    no form lets in may still stand there. Each column gets another one each turn."""
    done = Planted()
    tables = [model for model, _wall in walled_models() if model._meta.managed]
    with psycopg.connect(admin, autocommit=True) as link:
        link.execute("SET session_replication_role = replica")
        number = turn * STRIDE
        for model in dict.fromkeys([*tables, Centre]):
            for column in texts_of(model):
                number += 1
                text = payload_for(column, number)
                value = [text] if isinstance(column, ArrayField) else text
                try:
                    link.execute(
                        sql.SQL("UPDATE {} SET {} = %s").format(
                            sql.Identifier(model._meta.db_table), sql.Identifier(column.column)
                        ),
                        [value],
                    )
                    done.columns += 1
                except psycopg.errors.IntegrityError:
                    _one_row(link, model, column, value, done)
    return done


def _one_row(link: Any, model: Any, column: Any, value: Any, done: Planted) -> None:
    """Where no two rows may say the same: the newest row alone."""
    table, name = sql.Identifier(model._meta.db_table), sql.Identifier(column.column)
    key = sql.Identifier(model._meta.pk.column)
    statement = "UPDATE {0} SET {1} = %s WHERE {2} = (SELECT {2} FROM {0} LIMIT 1)"
    try:
        link.execute(sql.SQL(statement).format(table, name, key), [value])
        done.columns += 1
    except psycopg.errors.IntegrityError:
        done.refused.add(f"{model._meta.db_table}.{column.column}")


class Watch:
    """One browser page that reports whatever is run on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.struck = 0
        self._control = ""
        page.expose_function("reported", self._strike)
        page.add_init_script("window.struck = () => { reported() }")
        page.route(CONTROL, lambda route: route.fulfill(body=self._control, content_type=HTML))
        page.on("dialog", lambda dialog: dialog.dismiss())

    def _strike(self) -> None:
        self.struck += 1

    def open(self, address: str) -> tuple[int, list[str]]:
        """Go there; the status, and what ran or would run on a click."""
        before = self.struck
        answer = self.page.goto(address, wait_until="load")
        waiting = self.page.evaluate(WAITING)
        self.page.wait_for_timeout(20)
        ran = ["something ran"] * (self.struck - before)
        return (answer.status if answer else 0), [*ran, *waiting]

    def strikes(self, payload: str) -> bool:
        """Whether a payload runs somewhere on a page that escapes nothing: in its text, in
        attributes with and without quotes, in a script, a title, a comment, an address."""
        for place in PLACES:
            before = self.struck
            self._control = place.replace("PAYLOAD", payload)
            # A payload may lead the page away while it is loaded: what counts is that it ran.
            with suppress(Error):
                self.page.goto("about:blank")
                self.page.goto(CONTROL, wait_until="load")
                self.page.evaluate("() => document.querySelectorAll('a').forEach(a => a.click())")
            self.page.wait_for_timeout(60)
            if self.struck > before:
                return True
        return False


PLACES = (
    "<html><body><p>PAYLOAD</p></body></html>",
    '<p title="PAYLOAD">x</p>',
    "<p title='PAYLOAD'>x</p>",
    '<input value="PAYLOAD">',
    "<input value='PAYLOAD'>",
    "<input value=PAYLOAD>",
    '<a href="PAYLOAD">x</a>',
    "<script>var a = 'PAYLOAD';</script>",
    '<script>var a = "PAYLOAD";</script>',
    "<script>var a = `PAYLOAD`;</script>",
    "<title>PAYLOAD</title>",
    "<textarea>PAYLOAD</textarea>",
    "<style>PAYLOAD</style>",
    "<!-- PAYLOAD -->",
    "<noscript>PAYLOAD</noscript>",
    "PAYLOAD",
)
