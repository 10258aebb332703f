"""Bringing a database up to this version: tables, walls, facts. Runs as the owner."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from takeroot.access.walls import raise_walls
from takeroot.places.services import load_places


def install(*, role: str, verbosity: int = 0) -> None:
    """Migrate, make the shared cache's table, raise the walls for `role`, load the places.

    Safe to repeat; each step is one transaction. The connection must be the owner's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = 0")
    call_command("migrate", interactive=False, verbosity=verbosity)
    if "db.DatabaseCache" in settings.CACHES["default"]["BACKEND"]:
        call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        raise_walls(role=role)
        load_places()
