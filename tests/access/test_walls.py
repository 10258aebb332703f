"""The second wall: with the application's filters set aside, PostgreSQL still keeps centres
apart."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from takeroot.access.actor import NOBODY, acting
from takeroot.access.models import Change
from takeroot.access.walls import walled_models
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.ledger.models import Event
from takeroot.ledger.services import record
from takeroot.people.services import open_file
from tests.cast import actor_for, house_of, member

pytestmark = pytest.mark.django_db


def _person(centre: Centre, name: str) -> Party:
    with house_of(centre):
        return open_file(centre=centre, party={"name": name}, person={}).party


def test_app_role_is_neither_owner_nor_superuser_nor_bypass() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname='public' AND tableowner = current_user"
        )
        assert cursor.fetchone() == (0,)


def test_every_table_with_a_centre_stands_behind_a_forced_wall() -> None:
    # A membership is read before anybody is known: it says who works where, nothing more.
    before_sign_in = {"accounts_membership"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'centre_id'"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        standing = dict(cursor.fetchall())
    assert set(standing) - before_sign_in == {m._meta.db_table for m, _w in walled_models()}
    assert [table for table, up in standing.items() if not up] == ["accounts_membership"]


def test_foreign_rows_do_not_exist_for_staff_of_another_centre(
    centre: Centre, other_centre: Centre
) -> None:
    mine, theirs = _person(centre, "Amina Example"), _person(other_centre, "Paul Sample")
    staff = actor_for(member(centre, Role.COORDINATOR))
    with acting(staff):
        seen = set(Party.objects.values_list("pk", flat=True))
    assert mine.pk in seen
    assert theirs.pk not in seen


def test_nobody_sees_nothing(centre: Centre) -> None:
    _person(centre, "Amina Example")
    with acting(NOBODY):
        assert Party.objects.count() == 0


def test_nobody_writes_nothing(centre: Centre) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(NOBODY):
        Party.objects.create(centre=centre, kind="person", name="Intruder")


def test_staff_cannot_write_into_another_centre(centre: Centre, other_centre: Centre) -> None:
    staff = actor_for(member(centre, Role.COORDINATOR))
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(staff):
        Party.objects.create(centre=other_centre, kind="person", name="Intruder")


def test_the_ledger_is_never_rewritten(centre: Centre) -> None:
    party = _person(centre, "Amina Example")
    with house_of(centre):
        event = record(party=party, kind="applied")
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(kind="met")
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            Event.objects.filter(pk=event.pk).delete()


def test_every_write_leaves_a_trace_with_its_actor(centre: Centre) -> None:
    party = _person(centre, "Amina Example")
    staff = actor_for(member(centre, Role.COORDINATOR))
    with acting(staff):
        # Not through a service and not through save(): the trigger sees it all the same.
        Party.objects.filter(pk=party.pk).update(phone="555-0100")
        trace = Change.objects.filter(row_id=party.pk, operation="UPDATE").get()
    assert (trace.actor_id, trace.role) == (staff.party, "coordinator")
    assert trace.before == {"phone": ""}
    assert trace.after == {"phone": "555-0100"}
