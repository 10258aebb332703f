"""The tables of a database as text in a fixed order, with a hash: the same rows, the same hash.

Rows are read with COPY in PostgreSQL's text format under fixed settings, ordered by primary key
(text by bytes), in one REPEATABLE READ transaction. The hash is SHA-256 of that text, so it does
not depend on the server's version, locale, time zone or on the order of insertion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from takeroot.backup.errors import BackupProblem

Link: TypeAlias = "psycopg.Connection[Any]"

# Whoever is signed in when a backup is taken must not be signed in after a restore; the cache
# holds nothing that is not computed again.
LEFT_OUT = frozenset({"django_session", "takeroot_cache"})

_SETTINGS = {
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "client_encoding": "UTF8",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "search_path": "public",
}


@dataclass(frozen=True)
class Table:
    """One table: its columns in a fixed order and the SQL that orders its rows."""

    name: str
    columns: tuple[str, ...]
    order: tuple[str, ...]

    def read(self) -> sql.Composed:
        """COPY of all its rows, in order."""
        return sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
            _names(self.columns),
            sql.Identifier(self.name),
            sql.SQL(", ").join(sql.SQL(part) for part in self.order),
        )


def _names(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column) for column in columns)


def settle(link: Link) -> None:
    """Settings under which a value has one spelling only."""
    for name, value in _SETTINGS.items():
        link.execute("SELECT set_config(%s, %s, false)", [name, value])


def tables(link: Link) -> list[Table]:
    """Every table of the product in this database, by name, but those left out."""
    names = [
        name
        for (name,) in link.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT EXISTS (SELECT 1 FROM"
            " pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY c.relname"
        )
    ]
    return [_table(link, name) for name in names if name not in LEFT_OUT]


def _table(link: Link, name: str) -> Table:
    rows = link.execute(
        "SELECT a.attname, a.attcollation <> 0,"
        " coalesce(array_position(i.indkey::int2[], a.attnum), -1)"
        " FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary"
        " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"
        " AND a.attgenerated = '' ORDER BY a.attname",
        [f'public."{name}"'],
    ).fetchall()
    key = sorted((place, column, text) for column, text, place in rows if place >= 0)
    # A table without a key is ordered by everything it holds.
    parts = [(column, text) for _place, column, text in key] or [(c, None) for c, _t, _p in rows]
    return Table(
        name=name,
        columns=tuple(column for column, _text, _place in rows),
        order=tuple(_by_bytes(column, text) for column, text in parts),
    )


def _by_bytes(column: str, text: bool | None) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    if text is None:
        return f'{quoted}::text COLLATE "C"'
    return f'{quoted} COLLATE "C"' if text else quoted


def read_rows(
    link: Link, table: Table, keep: Callable[[bytes], object] | None = None
) -> tuple[int, str]:
    """(rows, hash) of a table; `keep` is handed each piece of its text."""
    digest, count = hashlib.sha256(), 0
    with link.cursor() as cursor, cursor.copy(table.read()) as rows:
        for piece in rows:
            data = bytes(piece)
            digest.update(data)
            count += data.count(b"\n")
            if keep:
                keep(data)
    return count, digest.hexdigest()


def write_rows(link: Link, table: Table, pieces: Iterator[bytes]) -> None:
    """Put rows back as they were read."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), _names(table.columns)
    )
    with link.cursor() as cursor, cursor.copy(statement) as rows:
        for piece in pieces:
            rows.write(piece)


def sequences(link: Link) -> dict[str, tuple[int, bool]]:
    """Where each counter stands: (last value, whether it was given out)."""
    names = [
        name
        for (name,) in link.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'S'"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
    ]
    out = {}
    for name in names:
        row = link.execute(
            sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
        ).fetchone()
        assert row is not None
        out[name] = (int(row[0]), bool(row[1]))
    return out


def check_sees_everything(link: Link) -> None:
    """Row-level security drops rows without a word. Refuse to read unless it is certain that this
    role sees every row: it is exempt, or each walled table has a policy that shows it all."""
    row = link.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row and row[0]:
        return
    hidden = [
        name
        for (name,) in link.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relrowsecurity"
            " AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))"
            " AND (EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid"
            "              AND NOT p.polpermissive)"
            "  OR NOT EXISTS (SELECT 1 FROM pg_policy p, pg_roles r WHERE p.polrelid = c.oid"
            "   AND p.polpermissive AND p.polcmd IN ('r', '*') AND r.rolname = current_user"
            "   AND r.oid = ANY (p.polroles) AND pg_get_expr(p.polqual, p.polrelid) = 'true'))"
            " ORDER BY c.relname"
        )
    ]
    if hidden:
        raise BackupProblem(
            f"This role does not see every row of {', '.join(hidden[:5])}"
            f"{' …' if len(hidden) > 5 else ''}: a backup would miss some. Give the owner's "
            "address in DATABASE_OWNER_URL and run «takeroot migrate» once; then try again. No "
            "file was written."
        )
