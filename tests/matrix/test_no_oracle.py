"""G4: an object of another centre and one that never existed get the same answer: status, headers,
body, and as many questions to the database (benchmarks/oracle.py measures what those take).
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from takeroot.accounts.enums import Role
from tests.matrix.asking import masked
from tests.matrix.cells import OTHER, OWN, WORDS, Page, pages
from tests.matrix.shared import World

pytestmark = pytest.mark.xdist_group("oracle")
# Forms that name an object in their body or query, beside those whose address does.
NAMED_INSIDE = (
    ("GET", "coordinator:trace", "person", "connectee:Met"),
    ("POST", "coordinator:round_choose", "connector", "free_connector"),
    ("POST", "coordinator:choose_centre", "centre", "centre"),
)


def with_keys() -> list[Page]:
    """Pages whose address ends in the key of an object (a link's token is a secret of its own)."""
    return [
        page
        for page in pages()
        if page.blanks
        and page.blanks[-1] not in WORDS
        and not {"token", "uidb36"} & set(page.blanks)
    ]


def paths(page: Page, world: World) -> tuple[str, str]:
    """The address with a foreign key last, and with one that was never given."""
    state = (*(OWN for _blank in page.blanks[1:]), OTHER)
    filled = page._kwargs(state, world.mine, world.theirs)
    foreign = reverse(page.name, kwargs=filled)
    return foreign, reverse(page.name, kwargs={**filled, page.blanks[-1]: uuid4()})


def told(world: World, role: str, method: str, path: str, body: Any = None) -> Any:
    """All that somebody could compare."""
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = world.askers[role].try_out(method, path, body)
    headers = sorted((k, v) for k, v in answer.headers.items() if k != "Content-Length")
    key = path.rstrip("/").rsplit("/", 1)[-1].encode()
    plain = [(k, v.replace(path, "/path/")) for k, v in headers]
    status, target, content = masked(answer, path)
    return status, target, content.replace(key, b"key"), plain, len(asked), sorted(answer.cookies)


def test_g4_a_foreign_object_is_answered_like_one_that_never_existed(world: World) -> None:
    compared, apart = 0, []
    for page in with_keys():
        for role in Role.values:
            if role not in page.policy.roles:
                continue
            for method in ("GET", "POST"):
                foreign, missing = (told(world, role, method, p) for p in paths(page, world))
                compared += 1
                if foreign != missing:
                    apart.append(f"{method} {page.name} as {role}: {foreign} / {missing}"[:400])
    assert apart == []
    assert compared > 200


@pytest.mark.parametrize(("method", "name", "field", "kind"), NAMED_INSIDE)
def test_g4_a_foreign_object_named_inside_a_form_or_query_is_answered_like_a_missing_one(
    world: World, method: str, name: str, field: str, kind: str
) -> None:
    (page,) = (page for page in pages() if page.name == name)
    path = page.path(tuple(OWN for _blank in page.blanks), world.mine, world.theirs)
    role = next(role for role in (Role.COORDINATOR, *Role.values) if role in page.policy.roles)
    theirs = world.theirs.centre.pk if kind == "centre" else world.theirs.keys[kind]
    answers = []
    for key in (str(theirs), str(uuid4())):
        body = {field: key} if method == "POST" else None
        where = path if method == "POST" else f"{path}?{field}={key}"
        answers.append(told(world, role, method, where, body))
    assert answers[0] == answers[1]
