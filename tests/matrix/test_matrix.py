"""B83: every URL, for every role, in every state of its object, by every method."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import path

from takeroot.access import policies
from tests.matrix import cells
from tests.matrix.asking import HTMX, masked
from tests.matrix.cells import (
    BODIES,
    FORGED,
    GOOD,
    NEXT_DOOR,
    OWN,
    ROLES,
    SPENT,
    TAKEN,
    VALID,
    Cell,
    Page,
    cells_of,
    pages,
    share_of,
)
from tests.matrix.shared import World

SHARES = 6
LEAST_CELLS = 20_000
OPENS = {200, 204, 302, 303, 400, 405, 422}
# A button pressed again after it has ended the link leads to the page that says so.
PARTING = {"links:leave", "links:concern", "links:shared_ask", "links:transfer"}
PARTING |= {"links:contact_concern"}
# allauth's pages of a second factor that this account does not have: there is no such page.
NOTHING_TO_SHOW = {"mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp"}


def actor_role(role: str) -> str:
    return cells.ANONYMOUS if role in cells.SIGNED_OUT else role


def fault_of(cell: Cell, answer: Any) -> str:
    """What is wrong with an answer, or nothing."""
    status = answer.status_code
    if status >= 500:
        return f"{status}: the product broke"
    if not cell.page.is_open_to(cell.role):
        return _refusal_fault(cell, answer)
    if cell.page.blanks and "token" in cell.page.blanks:
        return _link_fault(cell, status)
    if all(state in (OWN, GOOD) for state in cell.state):
        allowed = OPENS | ({404} if cell.page.name in NOTHING_TO_SHOW else set())
        return "" if status in allowed else f"{status}: it should open"
    if "uidb36" in cell.page.blanks:
        return "" if status in (200, 405) else f"{status}: a bad key should be told so"
    return "" if status in (404, 405) else f"{status}: foreign and missing objects are not here"


def _refusal_fault(cell: Cell, answer: Any) -> str:
    if actor_role(cell.role) == cells.ANONYMOUS:
        to_door = answer.headers.get("Location", "").startswith("/accounts/login/?next=")
        return "" if answer.status_code == 302 and to_door else "visitors are sent to the sign-in"
    return "" if answer.status_code == 404 else f"{answer.status_code}: it should not be here"


def _link_fault(cell: Cell, status: int) -> str:
    state = cell.state[0]
    if state in (VALID, NEXT_DOOR):
        return "" if status in OPENS else f"{status}: a live link should open"
    if status == 405:
        return ""
    if state == FORGED:
        return "" if status == 404 else f"{status}: a forged link opens nothing"
    assert state in (SPENT, TAKEN)
    parting = cell.page.name in PARTING and cell.method == "POST" and status == 302
    return "" if status == 410 or parting else f"{status}: a dead link opens nothing"


def _ask(world: World, cell: Cell) -> Any:
    body: dict[str, Any] = {}
    if cell.method == "POST" and cell.page.name in BODIES:
        body = BODIES[cell.page.name](world.mine)
    where = cell.page.path(cell.state, world.mine, world.theirs)
    extra = HTMX if cell.htmx else {}
    asker = world.askers[cell.role]
    if not cell.page.is_open_to(cell.role):
        # Nothing is done behind a closed door, so that there is nothing to undo.
        return asker.ask(cell.method, where, body, **extra)
    return asker.try_out(cell.method, where, body, **extra)


@pytest.mark.parametrize(
    "share",
    [pytest.param(n, marks=pytest.mark.xdist_group(f"matrix{n}")) for n in range(SHARES)],
)
def test_b83_every_cell_of_the_matrix_opens_or_closes_as_its_policy_says(
    world: World, share: int
) -> None:
    faults: list[str] = []
    ran = 0
    for page in share_of(share, SHARES):
        opened: Counter[str] = Counter()
        closed: dict[tuple[str, str, bool], set[Any]] = {}
        for cell in cells_of(page):
            ran += 1
            answer = _ask(world, cell)
            if fault := fault_of(cell, answer):
                faults.append(f"{cell}: {fault}")
            if answer.status_code in (200, 302, 303, 400, 422) and page.is_open_to(cell.role):
                opened[cell.role] += all(one in (OWN, GOOD, VALID) for one in cell.state)
            if answer.status_code in (404, 410) or not page.is_open_to(cell.role):
                key = (cell.role, cell.method, cell.htmx)
                closed.setdefault(key, set()).add(_likeness(cell, answer))
        faults += _oracles(page, closed)
        faults += [
            f"{page.name}: {role} may open it, and never could (the denials prove nothing)"
            for role in ROLES
            if page.is_open_to(role) and not opened[role] and page.name not in NOTHING_TO_SHOW
        ]
    assert ran == sum(1 for page in share_of(share, SHARES) for _cell in cells_of(page))
    assert not faults, f"{len(faults)} of {ran} cells unexpected:\n" + "\n".join(faults[:40])


def _likeness(cell: Cell, answer: Any) -> Any:
    """What a stranger could compare; a link that once was ours may say so (410) and no more."""
    status, target, body = masked(answer, answer.wsgi_request.path)
    if "token" in cell.page.blanks:
        return (status if cell.state[0] == FORGED else "spent"), target, body
    return status, target, body


def _oracles(page: Page, closed: dict[tuple[str, str, bool], set[Any]]) -> list[str]:
    """Foreign, missing and refused look the same to one role asking in one way."""
    most = 2 if "token" in page.blanks else 1
    return [
        f"{method} {page.name} as {role}: {len(seen)} different refusals, so they tell apart"
        for (role, method, _htmx), seen in closed.items()
        if len(seen) > most
    ]


def test_b83_the_matrix_has_twenty_thousand_cells_and_every_url() -> None:
    count = sum(1 for page in pages() for _cell in cells_of(page))
    print(f"{len(pages())} URL patterns, {len(ROLES)} roles, {count} cells")
    assert len(ROLES) == 15
    assert count >= LEAST_CELLS
    shared = [page for n in range(SHARES) for page in share_of(n, SHARES)]
    assert sorted(page.name for page in shared) == sorted(page.name for page in pages())


def test_b83_every_url_has_a_policy_and_its_blanks_can_be_filled() -> None:
    for page in pages():
        assert page.policy is not None
        for blank in page.blanks:
            known = "token" in page.blanks or "uidb36" in page.blanks or blank in cells.WORDS
            assert known or page.object_kind(blank)


def test_b83_no_policy_stands_for_a_page_that_is_not_there() -> None:
    assert set(policies.all_policies()) - {page.name for page in pages()} == set()


def test_b83_a_new_url_without_a_policy_or_a_filler_fails_by_name() -> None:
    def view(request: Any) -> HttpResponse:
        return HttpResponse(secrets.token_hex(4))

    pattern = path("strange/<uuid:thing>/", view, name="strange")
    (page,) = cells._walk([pattern], (), "")
    with pytest.raises(LookupError, match="«strange» at /strange/<uuid:thing>/ has no policy"):
        _ = page.policy
    with pytest.raises(LookupError, match="cannot fill «thing» of the page «strange»"):
        page.object_kind("thing")
