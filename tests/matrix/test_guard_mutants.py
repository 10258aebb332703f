"""B83: take each guard away in turn, and the tests notice. A guard that no test misses is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from takeroot.access import actor as actors
from takeroot.access import policies
from takeroot.access.actor import Actor
from takeroot.access.policies import PUBLIC, SIGNED_IN
from takeroot.access.walls import walled_models
from takeroot.accounts.enums import FILE_ROLES, Role
from takeroot.config.database import with_name
from tests.access.test_second_wall import foreign_to, rows_of
from tests.cast import actor_for, make_centre
from tests.matrix.cells import OTHER, OWN, Cell, Page, pages
from tests.matrix.shared import World
from tests.matrix.test_matrix import fault_of
from tests.matrix.world import AWAY, HOME, build

pytestmark = pytest.mark.xdist_group("guards")
# Rooms that are open without a sign-in: nobody's data but that of a link's own party.
OPEN_ROOMS = ("health", "account_", "mfa_authenticate", "public:", "links:", "joining:")


def loose_policies() -> list[str]:
    """Pages whose policy opens more than the room they stand in may: said here once more, apart
    from the table."""
    loose = []
    for page in pages():
        if page.policy.public and not page.name.startswith(OPEN_ROOMS):
            loose.append(page.name)
        about_somebody = page.blanks and page.name.startswith("coordinator:")
        if about_somebody and not page.policy.roles <= FILE_ROLES:
            loose.append(page.name)
    return loose


def test_b83_no_policy_is_looser_than_its_room() -> None:
    assert loose_policies() == []


@pytest.mark.parametrize("hole", [PUBLIC, SIGNED_IN], ids=["public", "signed in"])
def test_b83_a_policy_opened_by_mistake_is_noticed(
    monkeypatch: pytest.MonkeyPatch, hole: Any
) -> None:
    names = [p.name for p in pages() if p.blanks and p.name.startswith("coordinator:")]
    assert len(names) > 20
    for name in names:
        with monkeypatch.context() as patch:
            patch.setitem(policies._table, name, hole)
            assert loose_policies() == [name]


def foreign_cells(page: Page) -> Iterator[Cell]:
    for state in page.states:
        if OTHER in state and all(one in (OWN, OTHER) for one in state):
            yield Cell(page, Role.COORDINATOR, state, "GET", htmx=False)


def opened_next_door(world: World) -> set[str]:
    """Pages on which our coordinator sees an object of the next centre."""
    found = set()
    for page in pages():
        if not page.name.startswith("coordinator:") or not page.blanks:
            continue
        for cell in foreign_cells(page):
            where = page.path(cell.state, world.mine, world.theirs)
            if fault_of(cell, world.askers[cell.role].try_out("GET", where)):
                found.add(page.name)
    return found


def without_second_wall(world: World, patch: pytest.MonkeyPatch) -> None:
    """The database is told that everybody works in both centres: its walls hide nothing."""
    both = (world.mine.centre.pk, world.theirs.centre.pk)
    tell = actors._tell_database

    def tell_all(actor: Actor) -> None:
        tell(Actor(role=Role.COORDINATOR, party=actor.party, centres=both, purpose="test"))

    patch.setattr(actors, "_tell_database", tell_all)


def test_b83_each_wall_alone_keeps_the_next_centre_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (world.mine.centre.pk, world.theirs.centre.pk)
    every = property(lambda actor: both if actor.is_staff else actor.centres)
    told = actors._tell_database

    def told_rightly(actor: Actor) -> None:
        centres = actor.centres if actor.reads_files else ()
        with monkeypatch.context() as patch:
            patch.setattr(Actor, "file_centres", property(lambda _actor: centres))
            told(actor)

    with monkeypatch.context() as patch:
        without_second_wall(world, patch)
        assert opened_next_door(world) == set()
    with monkeypatch.context() as patch:
        patch.setattr(Actor, "file_centres", every)
        patch.setattr(actors, "_tell_database", told_rightly)
        assert opened_next_door(world) == set()
    # Both gone: the matrix notices.
    with monkeypatch.context() as patch:
        patch.setattr(Actor, "file_centres", every)
        assert len(opened_next_door(world)) > 10


@pytest.mark.django_db(transaction=True)
def test_b83_a_hole_in_any_tables_wall_is_noticed(database_urls: Any) -> None:
    mine, _theirs = build(make_centre(HOME)), build(make_centre(AWAY))
    staff = actor_for(mine.users[Role.COORDINATOR])
    owner = with_name(database_urls.owner, connection.settings_dict["NAME"])
    with psycopg.connect(owner, autocommit=True) as link:
        for model, wall in walled_models():
            table = model._meta.db_table

            def foreign(model: Any = model, wall: Any = wall) -> int:
                with transaction.atomic():
                    rows = rows_of(model, staff)
                return sum(foreign_to(mine.centre, wall, row) for row in rows)

            assert foreign() == 0
            link.execute(f"CREATE POLICY hole ON {table} FOR SELECT USING (true)")
            assert foreign() > 0, f"a hole in the wall of {table} goes unnoticed"
            link.execute(f"DROP POLICY hole ON {table}")
            assert foreign() == 0
