"""A backup restores into an empty database, every row of every table the same, behind its walls;
anything else restores nothing and says why."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from takeroot.backup.archive import new_file, reading
from takeroot.backup.errors import BackupProblem
from takeroot.backup.making import make_backup
from takeroot.backup.tables import read_rows, sequences, settle, tables
from takeroot.config.database import Urls
from tests.backup.conftest import PASSPHRASE, Installation, takeroot


def content(url: str) -> dict[str, tuple[int, str]]:
    """(rows, hash) of every table, read anew."""
    with psycopg.connect(url) as link:
        settle(link)
        return {table.name: read_rows(link, table) for table in tables(link)}


def counters(url: str) -> dict[str, tuple[int, bool]]:
    with psycopg.connect(url) as link:
        return sequences(link)


@pytest.fixture(scope="module")
def restored(
    installation: Installation,
    scratch: Callable[..., Urls],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Urls, Path, str]:
    """(addresses, home, what was printed) of a restore into a blank database and a new home."""
    urls, home = scratch("backup_b"), tmp_path_factory.mktemp("home_b")
    done = takeroot(urls, home, "restore", str(installation.archive))
    assert done.returncode == 0, done.stderr
    return urls, home, done.stdout


def test_g23_every_row_of_every_table_comes_back_the_same(
    installation: Installation, restored: tuple[Urls, Path, str]
) -> None:
    before, after = content(installation.urls.owner), content(restored[0].owner)
    assert before == after
    # Not an empty success: the tables that matter hold something, on both sides.
    for table in (
        "accounts_party",
        "connections_match",
        "ledger_event",
        "messaging_letter",
        "procrastinate_jobs",
        "access_change",
    ):
        assert after[table][0] > 0, table


def test_counters_go_on_where_they_stood(
    installation: Installation, restored: tuple[Urls, Path, str]
) -> None:
    assert counters(restored[0].owner) == counters(installation.urls.owner)
    with psycopg.connect(restored[0].owner) as link:
        row = link.execute(
            "SELECT nextval('access_change_id_seq') > (SELECT max(id) FROM access_change)"
        ).fetchone()
    assert row == (True,)


def test_the_walls_stand_in_the_restored_database(restored: tuple[Urls, Path, str]) -> None:
    urls = restored[0]
    with psycopg.connect(urls.application) as link:
        assert link.execute("SELECT count(*) FROM accounts_party").fetchone() == (0,)
        centre = link.execute("SELECT id FROM accounts_centre WHERE slug='truro'").fetchone()
        assert centre is not None
        link.execute("SELECT set_config('app.centres', %s, false)", [f"{{{centre[0]}}}"])
        # The positive control: the same role sees its own centre's people.
        row = link.execute("SELECT count(*) FROM accounts_party").fetchone()
        assert row is not None
        assert row[0] > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("UPDATE ledger_event SET kind = 'met'")
    with psycopg.connect(urls.owner) as link:
        unwalled = link.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " AND a.attname = 'centre_id' WHERE c.relkind = 'r'"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        ).fetchall()
        assert unwalled == [("accounts_membership",)]
        sleeping = link.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
        ).fetchone()
        assert sleeping == (0,)


def test_a_link_sent_before_works_after(
    installation: Installation, restored: tuple[Urls, Path, str]
) -> None:
    urls, home, _printed = restored
    program = (
        "import django; django.setup()\n"
        "from takeroot.messaging.services import open_link\n"
        f"print(open_link({installation.link!r})[1].purpose)"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": urls.application,
        "TAKEROOT_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "takeroot.config.settings.base",
    }
    environment.pop("SECRET_KEY", None)
    works = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert works.stdout.strip() in {"meeting", "referring", "referral"}, works.stderr
    # The control: with another key the same link is dead.
    environment["SECRET_KEY"] = "another-key-" + "x" * 40
    dead = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert "DeadLink" in dead.stderr


def test_the_key_comes_back_readable_by_its_owner_alone(
    installation: Installation, restored: tuple[Urls, Path, str]
) -> None:
    file = restored[1] / "secret_key"
    assert file.read_text() == (installation.home / "secret_key").read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_each_table_is_named_with_its_hash(restored: tuple[Urls, Path, str]) -> None:
    printed = restored[2]
    assert "accounts_party" in printed
    assert printed.count(" same\n") >= 30
    assert "every one the same" in printed


def test_who_was_signed_in_is_left_out(installation: Installation) -> None:
    assert "django_session" not in content(installation.urls.owner)


def test_a_database_with_a_centre_is_never_overwritten(
    installation: Installation, restored: tuple[Urls, Path, str]
) -> None:
    before = content(restored[0].owner)
    done = takeroot(restored[0], restored[1], "restore", str(installation.archive))
    assert done.returncode == 2
    assert "not empty (2 centres" in done.stderr
    assert content(restored[0].owner) == before


def test_a_fresh_installation_without_a_centre_takes_a_restore(
    installation: Installation, scratch: Callable[..., Urls], tmp_path: Path
) -> None:
    urls = scratch("backup_c", blank=False)
    done = takeroot(urls, tmp_path, "restore", str(installation.archive))
    assert done.returncode == 0, done.stderr
    assert content(urls.owner) == content(installation.urls.owner)


@pytest.mark.parametrize("harm", ["cut", "changed", "not an archive", "other passphrase"])
def test_a_harmed_file_is_refused_before_the_database_is_touched(
    harm: str, installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "harmed.takeroot"
    file.write_bytes(harmed(installation.archive.read_bytes(), harm))
    passphrase = "other words altogether" if "other" in harm else PASSPHRASE
    with pytest.raises(BackupProblem, match="Nothing was restored"), reading(file, passphrase):
        pass


def harmed(data: bytes, harm: str) -> bytes:
    middle = len(data) // 2
    return {
        "cut": data[:middle],
        "changed": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "not an archive": b"id;name\r\n1;Amina Example\r\n",
    }.get(harm, data)


def test_a_changed_file_restores_nothing_and_the_command_says_so(
    installation: Installation, scratch: Callable[..., Urls], tmp_path: Path
) -> None:
    file = tmp_path / "harmed.takeroot"
    file.write_bytes(harmed(installation.archive.read_bytes(), "changed"))
    urls = scratch("backup_d")
    done = takeroot(urls, tmp_path, "restore", str(file))
    assert done.returncode == 2
    assert "Nothing was restored" in done.stderr
    assert "Traceback" not in done.stderr
    with psycopg.connect(urls.owner) as link:
        assert tables(link) == []


def test_a_plain_archive_is_open_to_read_and_holds_no_key(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "plain.zip"
    done = takeroot(installation.urls, installation.home, "backup", str(file), "--plain")
    assert done.returncode == 0, done.stderr
    assert "not encrypted" in done.stdout
    with zipfile.ZipFile(file) as inside:
        assert "keys.json" not in inside.namelist()
        manifest = json.loads(inside.read("manifest.json"))
        party = inside.read("tables/accounts_party.copy").decode()
    assert "Amina Example" in party
    assert manifest["tables"]["accounts_party"]["rows"] == party.count("\n") > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_plain_archive_with_a_changed_row_is_refused(
    installation: Installation, tmp_path: Path
) -> None:
    good, bad = tmp_path / "plain.zip", tmp_path / "bad.zip"
    make_backup(
        owner_url=installation.urls.owner, path=good, passphrase=None, secret_key="", say=print
    )
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"Amina", b"Anina"))
    with reading(good, None) as archive:  # the control: unchanged, it opens
        assert archive.manifest.rows > 0
    with pytest.raises(BackupProblem, match="damaged"), reading(bad, None):
        pass


def test_a_sealed_archive_shows_no_name_and_no_key(installation: Installation) -> None:
    data = installation.archive.read_bytes()
    for secret in (b"Amina", b"accounts_party", (installation.home / "secret_key").read_bytes()):
        assert secret not in data
    assert stat.S_IMODE(installation.archive.stat().st_mode) == 0o600


def test_a_backup_never_overwrites_a_file(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "there"
    file.write_text("precious")
    done = takeroot(installation.urls, installation.home, "backup", str(file))
    assert (done.returncode, file.read_text()) == (2, "precious")
    assert "never overwrites" in done.stderr


def test_a_full_disk_is_told_and_leaves_no_half_file(installation: Installation) -> None:
    # The device that is always full: writing to it fails with ENOSPC, as a full disk does.
    folder = installation.home
    before = sorted(folder.iterdir())
    with (
        pytest.raises(BackupProblem, match="is full; no backup was kept"),
        new_file(folder / "full.takeroot"),
        open("/dev/full", "wb", 0) as full,
    ):
        full.write(b"x")
    assert sorted(folder.iterdir()) == before


def test_a_role_that_does_not_see_every_row_makes_no_backup(
    installation: Installation, tmp_path: Path
) -> None:
    app_only = Urls(owner=installation.urls.application, application=installation.urls.application)
    file = tmp_path / "partial"
    done = takeroot(app_only, installation.home, "backup", str(file))
    assert done.returncode == 2
    assert "does not see every row" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_owner_reads_every_row_and_the_serving_role_gains_nothing(
    installation: Installation,
) -> None:
    with psycopg.connect(installation.urls.owner) as link:
        row = link.execute("SELECT count(*) FROM accounts_party").fetchone()
        assert row is not None
        assert row[0] > 0
        # Reading only: the owner's policy neither writes nor deletes.
        assert link.execute("DELETE FROM messaging_letter").rowcount == 0
        link.rollback()
        assert link.execute(
            "SELECT pg_has_role('takeroot_app', 'takeroot_owner', 'MEMBER')"
        ).fetchone() == (False,)
    with psycopg.connect(installation.urls.application) as link:
        for (table,) in link.execute(
            "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname"
        ).fetchall():
            assert link.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,), table
