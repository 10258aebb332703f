"""B83: a form of another site changes nothing, and neither does any page that is only looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.middleware.csrf import _get_new_csrf_string
from django.test.client import ClientHandler

from takeroot.access.actor import SYSTEM, Actor, acting
from takeroot.accounts.enums import Role
from tests.matrix.asking import HTMX, Asker
from tests.matrix.cells import ANONYMOUS, Page, pages
from tests.matrix.shared import World

pytestmark = pytest.mark.xdist_group("forged")
SAFE = ("GET", "HEAD", "OPTIONS")
# Opening a file leaves a trace, and a session its time: nothing else may change by looking.
# (allauth notes the address of an account when a reset link of it is first opened.)
MAY_CHANGE = {"access_read", "django_session", "account_emailaddress"}


def asker_of(world: World, page: Page) -> Asker:
    """Somebody to whom the page is open."""
    if page.policy.public:
        return world.askers[ANONYMOUS]
    likely = (Role.COORDINATOR, Role.OPERATOR)
    return world.askers[next(role for role in (*likely, *Role.values) if role in page.policy.roles)]


def path_of(world: World, page: Page) -> str:
    return page.path(page.states[0], world.mine, world.theirs)


def posting_pages(world: World) -> list[Page]:
    """Every page that accepts POST from somebody."""
    found = []
    for page in pages():
        answer = asker_of(world, page).try_out("POST", path_of(world, page))
        if answer.status_code != 405:
            found.append(page)
    return found


def test_b83_a_forged_form_is_refused_at_every_url_that_accepts_one(world: World) -> None:
    posting = posting_pages(world)
    assert len(posting) >= 20
    for page in posting:
        asker, where = asker_of(world, page), path_of(world, page)
        guarded = Asker()
        guarded.headers = dict(asker.headers)
        guarded.handler = ClientHandler(enforce_csrf_checks=True)
        good = _get_new_csrf_string()
        cookie = "; ".join(filter(None, [asker.headers.get("HTTP_COOKIE"), f"csrftoken={good}"]))
        tries: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
            "no token": ({}, {}),
            "a wrong token": ({"csrfmiddlewaretoken": _get_new_csrf_string()}, {}),
            "a foreign origin": (
                {"csrfmiddlewaretoken": good},
                {"HTTP_ORIGIN": "https://elsewhere.example"},
            ),
        }
        for name, (body, headers) in tries.items():
            extra = {"HTTP_COOKIE": cookie, **headers}
            answer = guarded.try_out("POST", where, body, **extra)
            assert answer.status_code == 403, f"{page.name} takes a form with {name}"
        # Positive control: the form of our own page is not refused.
        right = guarded.try_out("POST", where, {"csrfmiddlewaretoken": good}, HTTP_COOKIE=cookie)
        assert right.status_code != 403, f"{page.name} refuses its own form"


def contents(world: World) -> dict[str, str]:
    """Every table's rows, as one hash each."""
    houses = (world.mine.centre.pk, world.theirs.centre.pk)
    found = {}
    with acting(Actor(role=SYSTEM, centres=houses, purpose="test")), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
                f' FROM "{table}" t'
            )
            found[table] = hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()
    return found


@contextmanager
def writes() -> Iterator[set[str]]:
    """The tables that statements wrote to."""
    seen: set[str] = set()

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        words = str(sql).replace('"', "").split()
        if words and words[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            seen.add(words[1] if words[0].upper() == "UPDATE" else words[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def test_b83_looking_at_any_page_writes_nothing_but_the_trace_of_reading(world: World) -> None:
    before = contents(world)
    readers = 0
    for page in pages():
        for method in SAFE:
            for extra in ({}, HTMX):
                with writes() as seen:
                    answer = asker_of(world, page).ask(method, path_of(world, page), **extra)
                readers += "access_read" in seen
                assert seen <= MAY_CHANGE, f"{method} {page.name} writes to {seen - MAY_CHANGE}"
                assert answer.status_code < 500
    after = contents(world)
    assert {table for table in before if before[table] != after[table]} <= MAY_CHANGE
    # Positive control: readings are traced, and a button does change something.
    assert readers > 0
    with writes() as seen:
        where = f"/rounds/{world.mine.keys['open_round']}/accept/"
        world.askers[Role.COORDINATOR].ask("POST", where)
    assert "connections_match" in seen
    assert contents(world)["connections_match"] != after["connections_match"]
