"""Putting a backup into an empty database: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from takeroot.backup.archive import Archive, Manifest, reading
from takeroot.backup.errors import BackupProblem
from takeroot.backup.tables import Link, Table, read_rows, settle, tables, write_rows

Say = Callable[[str], None]


def restore_backup(
    *, owner_url: str, path: Path, passphrase: str | None, say: Say
) -> tuple[Manifest, str | None]:
    """Restore into the empty database that Django and `owner_url` point at, as the owner.

    The file is checked whole first; the tables are made as they were; every row is loaded and
    compared by hash in one transaction. The caller raises the walls (`config.install`) afterwards:
    until then the serving role has no rights. Returns the manifest and the archived SECRET_KEY
    (None in a plain archive). Raises BackupProblem.
    """
    with reading(path, passphrase) as archive:
        _refuse_unless_empty()
        _make_tables(archive.manifest)
        with psycopg.connect(owner_url) as link:
            settle(link)
            _load(link, archive, say)
        return archive.manifest, archive.secret_key


def _refuse_unless_empty() -> None:
    """Somebody's data is never overwritten: restore goes where there is no centre and nobody."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        held = []
        for table in ("accounts_centre", "accounts_user"):
            if table in present:
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - two fixed names
                held.append(cursor.fetchone()[0])
        foreign = bool(present) and "django_migrations" not in present
    if any(held) or foreign:
        raise BackupProblem(
            "This database is not empty"
            + (f" ({held[0]} centres, {held[1]} sign-ins)" if any(held) else "")
            + ". A restore goes into an empty one only: set TAKEROOT_HOME to a new folder, or "
            "DATABASE_URL to a new database. Nothing was changed."
        )


def _make_tables(manifest: Manifest) -> None:
    """The tables as they were when the backup was taken: the migrations of that day, no later."""
    executor = MigrationExecutor(connection)
    wanted = set(manifest.migrations)
    known = set(executor.loader.graph.nodes) | set(executor.loader.replacements)
    if newer := sorted(wanted - known):
        raise BackupProblem(
            f"The backup was made by Takeroot {manifest.version}, which is newer than this one "
            f"(it has {newer[0][0]} {newer[0][1]}). Install that version or a later one; nothing "
            "was restored."
        )
    if later := sorted(set(executor.loader.applied_migrations) - wanted):
        raise BackupProblem(
            "This database has no centre, but its tables are of a later version than the backup "
            f"({later[0][0]} {later[0][1]}). Give a database without tables: a new TAKEROOT_HOME "
            "or a new DATABASE_URL. Nothing was restored."
        )
    nodes = wanted & set(executor.loader.graph.nodes)
    last = [
        node
        for node in nodes
        if not any(
            child.key in nodes and child.key[0] == node[0]
            for child in executor.loader.graph.node_map[node].children
        )
    ]
    executor.migrate(sorted(last))
    connection.close()


def _load(link: Link, archive: Archive, say: Say) -> None:
    manifest = archive.manifest
    found = {table.name: table for table in tables(link)}
    _refuse_other_shape(found, manifest)
    ordered = _parents_first(link, found)
    walled = _lower(link, list(found))
    link.execute(
        sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, sorted(found))))
    )
    for table in ordered:
        write_rows(link, table, archive.pieces(table.name))
    for name, (at, called) in manifest.sequences.items():
        link.execute("SELECT setval(%s::regclass, %s, %s)", [f'public."{name}"', at, called])
    _compare(link, ordered, manifest, say)
    _raise_again(link, list(found), walled)


def _refuse_other_shape(found: dict[str, Table], manifest: Manifest) -> None:
    for name, content in manifest.tables.items():
        if name not in found or found[name].columns != content.columns:
            raise BackupProblem(
                f"The table {name} of the backup has another shape than this version makes. "
                f"Restore with Takeroot {manifest.version}, then upgrade. Nothing was restored."
            )
    if extra := sorted(set(found) - set(manifest.tables)):
        raise BackupProblem(
            f"This database has tables that the backup does not know ({', '.join(extra[:5])}). "
            "Give a database without tables. Nothing was restored."
        )


def _parents_first(link: Link, found: dict[str, Table]) -> list[Table]:
    """An order in which no row points at one that is not there yet. Keys that are checked at the
    end of the transaction, and tables that point at themselves, ask for no order."""
    needs: dict[str, set[str]] = {name: set() for name in found}
    for child, parent in link.execute(
        "SELECT DISTINCT a.relname, b.relname FROM pg_constraint c"
        " JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid"
        " WHERE c.contype = 'f' AND NOT c.condeferred AND a.oid <> b.oid"
        " AND a.relnamespace = 'public'::regnamespace"
    ):
        if child in needs and parent in needs:
            needs[child].add(parent)
    out: list[Table] = []
    while needs:
        free = sorted(name for name, parents in needs.items() if not parents)
        if not free:
            raise BackupProblem(f"Tables point at each other in a circle: {', '.join(needs)}.")
        for name in free:
            out.append(found[name])
            del needs[name]
        for parents in needs.values():
            parents.difference_update(free)
    return out


def _lower(link: Link, names: list[str]) -> list[tuple[str, bool]]:
    """Inside the transaction only: no triggers (their effects are among the rows), no walls."""
    walled = [
        (str(name), bool(forced))
        for name, forced in link.execute(
            "SELECT relname, relforcerowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
        )
    ]
    for name in names:
        _alter(link, name, "DISABLE TRIGGER USER")
    for name, _forced in walled:
        _alter(link, name, "DISABLE ROW LEVEL SECURITY")
    return walled


def _raise_again(link: Link, names: list[str], walled: list[tuple[str, bool]]) -> None:
    # Keys are checked now: a table with checks still to come cannot be altered.
    link.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in names:
        _alter(link, name, "ENABLE TRIGGER USER")
    for name, forced in walled:
        _alter(link, name, "ENABLE ROW LEVEL SECURITY")
        if forced:
            _alter(link, name, "FORCE ROW LEVEL SECURITY")


def _alter(link: Link, name: str, what: str) -> None:
    link.execute(sql.SQL("ALTER TABLE {} " + what).format(sql.Identifier(name)))


def _compare(link: Link, ordered: list[Table], manifest: Manifest, say: Say) -> None:
    total = 0
    for table in sorted(ordered, key=lambda one: one.name):
        rows, digest = read_rows(link, table)
        wanted = manifest.tables[table.name]
        if (rows, digest) != (wanted.rows, wanted.sha256):
            raise BackupProblem(
                f"The table {table.name} does not compare: {rows} rows came back of "
                f"{wanted.rows}, or their content differs. Nothing was restored."
            )
        total += rows
        say(f"  {table.name:<40} {rows:>9} rows  {digest[:16]}  same")
    centres = manifest.tables.get("accounts_centre")
    if not total or centres is None or not centres.rows:
        raise BackupProblem("The backup holds no centre: it is empty. Nothing was restored.")
