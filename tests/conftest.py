"""One PostgreSQL for the whole run, one database for each worker, the plain role for every test.

The schema is built once, as the owner, into a template; each worker copies it. Tests that commit
(`transaction=True`, live servers) get a fresh copy afterwards, since the plain role may not
truncate.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from fasteners import InterProcessLock
from psycopg import sql

from takeroot.config.database import Urls, django_database, start_embedded, with_name

pytest_plugins = ["tests.cast"]

TEMPLATE = "takeroot_template"


def _home() -> Path:
    """A folder shared by the workers of this run, gone with it."""
    return Path(os.environ["TAKEROOT_TEST_RUN"])


def pytest_configure(config: pytest.Config) -> None:
    if "TAKEROOT_TEST_RUN" not in os.environ:
        folder = tempfile.mkdtemp(prefix="takeroot-run-")
        Path(folder).chmod(0o755)
        os.environ["TAKEROOT_TEST_RUN"] = folder


def _point_at(url: str) -> None:
    connections["default"].close()
    entry = django_database(url)
    entry["CONN_MAX_AGE"] = 0
    # A busy machine is no reason to fail: the limits of production are tested by themselves.
    entry["OPTIONS"] = {**entry["OPTIONS"], "options": "-c statement_timeout=240s"}
    for target in (settings.DATABASES["default"], connections["default"].settings_dict):
        target.update(entry)


def _drop(link: psycopg.Connection[Any], name: str) -> None:
    """Drop a database. The server's own housekeeping may be at work in it for a moment; it is not
    ours to end, and goes by itself."""
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for _try in range(40):
        try:
            link.execute(command)
            return
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(0.5)
    link.execute(command)


def _recreate(owner: str, name: str, template: str | None = None) -> None:
    with psycopg.connect(with_name(owner, "postgres"), autocommit=True) as link:
        link.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [name],
        )
        _drop(link, name)
        tail = sql.SQL("")
        if template:
            # Files copied as they are, not page by page through the log.
            tail = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + tail)


def _forget_crashes(urls: Urls) -> None:
    """The server of a test run is gone with it: nothing is written to outlive a power cut."""
    admin = with_name(urls.owner, "postgres").replace("takeroot_owner@", "postgres@", 1)
    with psycopg.connect(admin, autocommit=True) as link:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            link.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        link.execute("SELECT pg_reload_conf()")


def _build_template(urls: Urls) -> None:
    from takeroot.config.install import install

    _recreate(urls.owner, TEMPLATE)
    _point_at(with_name(urls.owner, TEMPLATE))
    connections["default"].ensure_connection()
    install(role="takeroot_app")
    connections["default"].close()


@pytest.fixture(scope="session")
def database_urls(django_db_blocker: Any) -> Urls:
    """Addresses of the run's server; the template stands when this returns."""
    with InterProcessLock(_home() / "lock"):
        urls = start_embedded(_home())
        ready = _home() / "ready"
        if not ready.exists():
            _forget_crashes(urls)
            with django_db_blocker.unblock():
                _build_template(urls)
            ready.touch()
    return urls


@pytest.fixture(scope="session")
def fresh_database(database_urls: Urls) -> Any:
    """A function that gives this worker a new copy of the template."""
    name = f"takeroot_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

    def make() -> str:
        connections["default"].close()
        _recreate(database_urls.owner, name, TEMPLATE)
        url = with_name(database_urls.application, name)
        _point_at(url)
        return url

    return make


@pytest.fixture(scope="session")
def django_db_setup(fresh_database: Any, django_db_blocker: Any) -> None:
    """pytest-django's hook: instead of its own test database, ours, as the plain role."""
    with django_db_blocker.unblock():
        fresh_database()


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    fresh_database: Any,
) -> Iterator[None]:
    """One test: rolled back, or (when it commits) followed by a fresh copy."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or (
        "transactional_db" in request.fixturenames or "live_server" in request.fixturenames
    )
    from django.db import transaction

    with django_db_blocker.unblock():
        if commits:
            yield
            fresh_database()
            return
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        connection.close()
