"""B83, the second wall: with the application's filters set aside, every table of every actor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.db.utils import DatabaseError, ProgrammingError
from django.utils import timezone

from takeroot.access.actor import LINK, NOBODY, SYSTEM, Actor, acting
from takeroot.access.models import Grant
from takeroot.access.walls import walled_models
from takeroot.accounts.enums import FILE_ROLES, Role
from takeroot.accounts.models import Centre
from takeroot.common.walls import Wall
from tests.cast import actor_for
from tests.matrix.shared import World
from tests.matrix.world import House

pytestmark = pytest.mark.xdist_group("second_wall")
WALLED = walled_models()
OUTSIDE = sorted(set(Role.values) - FILE_ROLES)


@pytest.fixture
def houses(world: World) -> tuple[House, House]:
    return world.mine, world.theirs


def everything(*centres: Centre) -> Actor:
    return Actor(role=SYSTEM, centres=tuple(centre.pk for centre in centres), purpose="test")


def rows_of(model: type[Model], actor: Actor) -> list[dict[str, Any]]:
    """Every row that the database gives this actor; no filter of ours stands before it."""
    with acting(actor):
        return list(model._base_manager.order_by().values())


def actors_of(house: House) -> Iterator[tuple[str, Actor]]:
    for role, user in house.users.items():
        yield role, actor_for(user)
    for purpose in ("meeting", "referring", "referral"):
        link = house.links[purpose]
        yield (
            f"link ({purpose})",
            Actor(role=LINK, party=link.party_id, centres=(house.centre.pk,), purpose="link"),
        )
    yield "nobody", NOBODY


def foreign_to(centre: Centre, wall: Wall, row: dict[str, Any]) -> bool:
    """A row of another centre that its wall does not name this one as a reader of."""
    return row[wall.centre] != centre.pk and all(row[c] != centre.pk for c in wall.shared)


def test_b83_every_walled_table_of_both_centres_holds_rows(houses: tuple[House, House]) -> None:
    """Without rows to find, finding none would prove nothing."""
    for house in houses:
        for model, wall in WALLED:
            rows = rows_of(model, everything(house.centre))
            own = [row for row in rows if row[wall.centre] == house.centre.pk]
            assert own, f"{model._meta.db_table} of {house.centre.slug} is empty"
            assert not [row for row in rows if foreign_to(house.centre, wall, row)]


def test_b83_no_actor_of_one_centre_reads_a_row_of_another(houses: tuple[House, House]) -> None:
    mine, theirs = houses
    for name, actor in actors_of(mine):
        for model, wall in WALLED:
            foreign = [r for r in rows_of(model, actor) if foreign_to(mine.centre, wall, r)]
            assert not foreign, f"{name} reads {len(foreign)} foreign rows of {model.__name__}"
    # Positive control: their own staff read the same tables.
    staff = actor_for(theirs.users[Role.COORDINATOR])
    assert all(rows_of(model, staff) for model, _wall in WALLED)


def opened_to(party: UUID | None, grants: list[dict[str, Any]]) -> set[UUID]:
    now = timezone.now()
    return {
        grant["subject_id"]
        for grant in grants
        if grant["holder_id"] == party
        and grant["revoked_at"] is None
        and grant["starts_at"] <= now < grant["ends_at"]
    } | ({party} if party else set())


def may_read(row: dict[str, Any], wall: Wall, party: UUID | None, opened: set[UUID]) -> bool:
    own = any(row[column] == party for column in wall.own if party)
    return own or any(row[column] in opened for column in wall.opened)


def test_b83_whoever_works_with_no_files_reads_own_and_opened_rows_alone(
    houses: tuple[House, House],
) -> None:
    mine, theirs = houses
    both = everything(mine.centre, theirs.centre)
    grants = rows_of(Grant, both)
    tables = [(model, wall, rows_of(model, both)) for model, wall in WALLED]
    seen_through_links = 0
    for name, actor in actors_of(mine):
        if actor.role in FILE_ROLES:
            continue
        opened = opened_to(actor.party, grants)
        for model, wall, rows in tables:
            expected = {r["id"] for r in rows if may_read(r, wall, actor.party, opened)}
            seen = {row["id"] for row in rows_of(model, actor)}
            assert seen == expected, f"{name} in {model.__name__}: {len(seen - expected)} too many"
            seen_through_links += len(seen) if actor.role == LINK else 0
    assert seen_through_links > 0


def columns_of(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.local_concrete_fields]


def copy_row(model: type[Model]) -> int:
    """Insert the kept row once more, under another key; by SQL, past every filter."""
    quote = connection.ops.quote_name
    key = model._meta.pk
    assert key is not None
    names = ", ".join(quote(c) for c in columns_of(model) if c != key.column)
    values, made = names, []
    if key.get_internal_type() == "UUIDField":
        names, values, made = f"id, {names}", f"%s, {names}", [uuid4()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM _copy_of", made
        )
        return int(cursor.rowcount)


def keep_copies(model: type[Model], actor: Actor) -> None:
    """One row of a table in a temporary table that no wall guards: something to insert."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS _copy_of")
        wall = next(wall for known, wall in WALLED if known is model)
        cursor.execute(
            f"CREATE TEMPORARY TABLE _copy_of AS SELECT * FROM {model._meta.db_table}"
            f" WHERE {wall.centre} = %s LIMIT 1",
            [actor.centre_id],
        )


def refused(action: Any) -> bool:
    """The wall itself says no: not a missing value, not a duplicate."""
    try:
        with transaction.atomic():
            action()
    except DatabaseError as problem:
        text = str(problem)
        return "row-level security" in text or "permission denied" in text
    return False


def writers(mine: House) -> list[tuple[str, Actor]]:
    return [(n, a) for n, a in actors_of(mine) if a.role not in FILE_ROLES]


def test_b83_links_and_outsiders_write_into_no_walled_table(houses: tuple[House, House]) -> None:
    mine, _theirs = houses
    everybody = everything(mine.centre)
    for model, _wall in WALLED:
        keep_copies(model, everybody)
        for name, actor in writers(mine):
            with acting(actor):
                added = refused(lambda model=model: copy_row(model))
                changed = harmless(model, f"UPDATE {{table}} SET {first_column(model)}")
                ended = harmless(model, "DELETE FROM {table}")
            assert added, f"{name} adds to {model.__name__}"
            assert changed, f"{name} changes {model.__name__}"
            assert ended, f"{name} deletes from {model.__name__}"


def first_column(model: type[Model]) -> str:
    column = connection.ops.quote_name(columns_of(model)[1])
    return f"{column} = {column}"


def harmless(model: type[Model], statement: str) -> bool:
    """A write that touches no row, or is refused outright."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=model._meta.db_table))
            return int(cursor.rowcount) == 0
    except ProgrammingError as problem:
        return "permission denied" in str(problem)


def test_b83_staff_write_into_no_table_of_another_centre(houses: tuple[House, House]) -> None:
    mine, theirs = houses
    staff = actor_for(mine.users[Role.COORDINATOR])
    for model, wall in WALLED:
        keep_copies(model, everything(theirs.centre))
        before = len(rows_of(model, everything(theirs.centre)))
        with acting(staff):
            assert refused(lambda model=model: copy_row(model)), model.__name__
            if not wall.append_only:
                move = f"UPDATE {model._meta.db_table} SET {wall.centre} = %s"
                assert refused(lambda move=move: run(move, theirs.centre.pk)), model.__name__
                gone = f"DELETE FROM {model._meta.db_table} WHERE {wall.centre} = %s"
                assert run(gone, theirs.centre.pk) == 0
        assert len(rows_of(model, everything(theirs.centre))) == before


def run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def test_b83_rows_may_be_added_by_the_staff_of_their_own_centre(
    houses: tuple[House, House],
) -> None:
    """Positive control of the refusals above: the same copy, by the right hands, meets no wall."""
    mine, _theirs = houses
    staff = actor_for(mine.users[Role.COORDINATOR])
    for model, _wall in WALLED:
        if model._meta.db_table == "access_change":
            continue  # the trace is written by triggers alone
        keep_copies(model, everything(mine.centre))
        with acting(staff):
            assert not refused(lambda model=model: copy_row(model)), model.__name__
