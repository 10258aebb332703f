"""Taking a backup: one consistent moment of the database, read while people go on working."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from takeroot.backup.archive import (
    KEYS,
    MANIFEST,
    Archive,
    Content,
    Manifest,
    member,
    new_file,
    reading,
    writing,
)
from takeroot.backup.errors import BackupProblem
from takeroot.backup.tables import (
    LEFT_OUT,
    Link,
    check_sees_everything,
    read_rows,
    sequences,
    settle,
    tables,
)

Say = Callable[[str], None]


def make_backup(
    *, owner_url: str, path: Path, passphrase: str | None, secret_key: str, say: Say
) -> Manifest:
    """Write the archive, read it back, and only then give it its name. Without a passphrase it is
    plain and holds no key. Raises BackupProblem."""
    with new_file(path) as (file, partial):
        with psycopg.connect(owner_url) as link:
            settle(link)
            link.commit()
            link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            link.read_only = True
            _refuse_nothing(link)
            check_sees_everything(link)
            with writing(file, passphrase) as inside:
                manifest = _fill(link, inside, secret_key if passphrase else None)
        file.flush()
        with reading(partial, passphrase) as archive:
            _compare(archive, manifest)
    say(f"{path}: {manifest.rows} rows of {len(manifest.tables)} tables, read back and compared.")
    return manifest


def _refuse_nothing(link: Link) -> None:
    row = link.execute("SELECT to_regclass('public.accounts_centre') IS NOT NULL").fetchone()
    if not row or not row[0]:
        raise BackupProblem(
            "There is no Takeroot in this database: nothing to back up. Check TAKEROOT_HOME or "
            "DATABASE_URL. No file was written."
        )


def _fill(link: Link, inside: zipfile.ZipFile, secret_key: str | None) -> Manifest:
    contents: dict[str, Content] = {}
    for table in tables(link):
        with inside.open(member(table.name), "w", force_zip64=True) as text:
            rows, digest = read_rows(link, table, text.write)
        contents[table.name] = Content(table.columns, rows, digest)
    if secret_key:
        inside.writestr(KEYS, json.dumps({"SECRET_KEY": secret_key}))
    manifest = Manifest(
        version=version("takeroot"),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        server=str(link.info.parameter_status("server_version")),
        migrations=[
            (str(app), str(name))
            for app, name in link.execute(
                "SELECT app, name FROM django_migrations ORDER BY app, name"
            )
        ],
        tables=contents,
        # Counters stand outside transactions: read last, they are never behind the rows.
        sequences=sequences(link),
        left_out=sorted(LEFT_OUT),
    )
    inside.writestr(MANIFEST, manifest.to_json())
    return manifest


def _compare(archive: Archive, manifest: Manifest) -> None:
    if archive.manifest != manifest:
        raise BackupProblem(
            "The file that was written does not read back as it should; no backup was kept. The "
            "disk may be failing: write to another one. Your data is as it was."
        )
