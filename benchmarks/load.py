"""Fill a scratch installation: 100,000 people in 20 centres, 1,000,000 events in the ledger.

    python benchmarks/load.py HOME [--copies 53] [--spread 10] [--events 1000000]

The demonstration (two centres, 190 people with a year of history, built through the services) is
copied: `--spread` times into other centres and, within each, `--copies` times, with every key
mapped, so that each copy hangs together as the original does. Further events fill the ledger up.
It runs as the embedded server's superuser with triggers off, in a home folder of its own.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

# In an order in which nothing depends: keys are not checked while copying.
TABLES = (
    "accounts_party",
    "people_person",
    "organizations_organization",
    "connections_connectee",
    "connections_connector",
    "connections_qualification",
    "connections_round",
    "connections_match",
    "connections_introduction",
    "connections_meeting",
    "connections_contact",
    "connections_referral",
    "access_consent",
    "access_grant",
    "promises_promise",
    "messaging_letter",
    "messaging_signedlink",
    "ledger_event",
    "access_change",
)
# Copied once for each centre, not for each copy of its people.
ONCE = ("connections_round",)
KINDS = ("times_proposed", "booked", "met", "referral_asked", "referral_agreed", "referral_met")


def superuser(owner: str) -> str:
    return owner.replace("takeroot_owner@", "postgres@", 1)


def shared_keys(link: psycopg.Connection[Any]) -> list[str]:
    """What all copies inside a centre have in common: the centre, its staff, its rounds."""
    rows = link.execute(
        "SELECT id FROM accounts_centre UNION SELECT party_id FROM accounts_user"
        " WHERE party_id IS NOT NULL UNION SELECT id FROM connections_round"
    )
    return [str(row[0]) for row in rows]


def columns(link: psycopg.Connection[Any], table: str) -> list[tuple[str, str]]:
    return [
        (str(name), str(kind))
        for name, kind in link.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attnum > 0"
            " AND NOT attisdropped AND attrelid = %s::regclass ORDER BY attnum",
            [table],
        )
    ]


def mapped(table: str, name: str, kind: str) -> sql.Composable | None:
    """How a column of a copy is made; None: the database gives it (counters)."""
    column = sql.Identifier(name)
    if name == "id" and kind == "bigint":
        return None
    if kind == "uuid":
        return sql.SQL("pg_temp.bench_key({}, c, k)").format(column)
    if name == "reference":
        return sql.SQL("CASE {0} WHEN '' THEN '' ELSE {0} || '-' || k END").format(column)
    if table == "accounts_party" and name in ("name", "sort_key", "search_key"):
        word = (
            sql.SQL("pg_temp.bench_word(k)")
            if name == "name"
            else sql.SQL("lower(pg_temp.bench_word(k))")
        )
        return sql.SQL("CASE WHEN k = 0 THEN {0} ELSE {0} || ' ' || {1} END").format(column, word)
    return column


def copy_table(link: psycopg.Connection[Any], table: str, spread: int, copies: int) -> int:
    made = [(name, mapped(table, name, kind)) for name, kind in columns(link, table)]
    made = [(name, how) for name, how in made if how is not None]
    staff = (
        "AND (k = 0 OR NOT t.id = ANY (pg_temp.bench_shared()))"
        if table == "accounts_party"
        else ""
    )
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM {table} t,"
        " generate_series(0, {spread} - 1) c, generate_series(0, {copies} - 1) k"
        " WHERE (c, k) <> (0, 0) " + staff + " ON CONFLICT DO NOTHING"  # type: ignore[operator,arg-type]
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(sql.Identifier(name) for name, _how in made),
        values=sql.SQL(", ").join(how for _name, how in made),  # type: ignore[misc]
        spread=sql.Literal(spread),
        copies=sql.Literal(1 if table in ONCE else copies),
    )
    return link.execute(statement).rowcount


def helpers(link: psycopg.Connection[Any], shared: list[str]) -> None:
    link.execute(
        sql.SQL(
            "CREATE FUNCTION pg_temp.bench_shared() RETURNS uuid[] LANGUAGE sql IMMUTABLE AS"
            " $$ SELECT {}::uuid[] $$"
        ).format(sql.Literal("{" + ",".join(shared) + "}"))
    )
    link.execute(
        "CREATE FUNCTION pg_temp.bench_key(id uuid, c int, k int) RETURNS uuid LANGUAGE sql"
        " IMMUTABLE AS $$ SELECT CASE WHEN id IS NULL OR (c = 0 AND k = 0) THEN id"
        " WHEN id = ANY (pg_temp.bench_shared()) THEN"
        "  CASE WHEN c = 0 THEN id ELSE md5(id::text || ':' || c)::uuid END"
        " ELSE md5(id::text || ':' || c || ':' || k)::uuid END $$"
    )
    # A family name for each copy, so that sorting and searching have something to tell apart.
    link.execute(
        "CREATE FUNCTION pg_temp.bench_word(k int) RETURNS text LANGUAGE sql IMMUTABLE AS"
        " $$ SELECT (ARRAY['Ba','De','Fi','Go','Lu','Ma','Ne','Pi','Ro','Su'])[k % 10 + 1]"
        " || (ARRAY['bar','den','fil','gor','lund','mark','ner','pin'])[k / 10 % 8 + 1] $$"
    )
    link.execute("SET search_path = public, pg_temp")


def copy_centres(link: psycopg.Connection[Any], spread: int) -> None:
    names = [name for name, _kind in columns(link, "accounts_centre")]
    values = {
        "id": "pg_temp.bench_key(id, c, 0)",
        "slug": "slug || '-' || c",
        "name_en": "name_en || ' ' || c",
        "name_fr": "name_fr || ' ' || c",
    }
    link.execute(
        f"INSERT INTO accounts_centre ({', '.join(names)}) SELECT "
        f"{', '.join(values.get(name, name) for name in names)} FROM accounts_centre,"
        " generate_series(1, %s) c",  # type: ignore[arg-type]
        [spread - 1],
    )


def fill_ledger(link: psycopg.Connection[Any], wanted: int) -> int:
    row = link.execute(
        "SELECT (SELECT count(*) FROM ledger_event), (SELECT count(*) FROM people_person)"
    ).fetchone()
    assert row is not None
    missing, people = max(0, wanted - row[0]), row[1]
    return link.execute(
        'INSERT INTO ledger_event (id, created_at, kind, "on", about_kind, centre_id, party_id)'
        " SELECT gen_random_uuid(), now() - day, (%s::text[])[n %% 6 + 1], (now() - day)::date, '',"
        " p.centre_id, p.party_id FROM people_person p,"
        " generate_series(1, %s) n, LATERAL (SELECT make_interval(days => (n * 37 +"
        " ('x' || substr(p.id::text, 1, 4))::bit(16)::int) %% 1800) AS day) d LIMIT %s",
        [list(KINDS), -(-missing // people), missing],
    ).rowcount


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("home", type=Path)
    parser.add_argument("--copies", type=int, default=53)
    parser.add_argument("--spread", type=int, default=10)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    os.environ["TAKEROOT_HOME"] = str(options.home.absolute())
    os.environ["TAKEROOT_DEMO"] = "yes"
    from takeroot.cli import main as takeroot
    from takeroot.config.database import start_embedded

    urls = start_embedded(options.home)
    begun = time.monotonic()
    for words in (["migrate"], ["demo", "--if-empty"]):
        if takeroot(words):
            raise SystemExit(2)
    print(f"demonstration built: {time.monotonic() - begun:.0f} s", flush=True)
    with psycopg.connect(superuser(urls.owner)) as link:
        link.execute("SET session_replication_role = replica")
        link.execute("SET synchronous_commit = off")
        link.execute("SET maintenance_work_mem = '256MB'")
        found = link.execute("SELECT count(*) FROM accounts_centre").fetchone()
        if found and found[0] != 2:
            raise SystemExit("This home holds a filled database already; give a new folder.")
        helpers(link, shared_keys(link))
        copy_centres(link, options.spread)
        for table in TABLES:
            rows = copy_table(link, table, options.spread, options.copies)
            print(f"  {table:<30} {rows:>9} rows  {time.monotonic() - begun:5.0f} s", flush=True)
        print(
            f"  further events                 {fill_ledger(link, options.events):>9}", flush=True
        )
        link.commit()
        link.autocommit = True
        link.execute("VACUUM (ANALYZE)")
        for table in ("people_person", "accounts_party", "ledger_event", "access_change"):
            row = link.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]
            print(f"{table}: {row[0] if row else 0}")
    print(f"done: {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
