"""Which PostgreSQL to use, and as whom.

Two roles: the *owner* migrates; the plain *application* role serves, and row-level security binds
it. With no `DATABASE_URL` an embedded server is started from a wheel, in the home folder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import psycopg
from psycopg import sql

from takeroot.config.embedded import FOLDER, running_server

APPLICATION_SUFFIX = "_app"


class DatabaseProblem(Exception):
    """The database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Urls:
    """Connection addresses of one database: as owner and as the plain application role."""

    owner: str
    application: str


def django_database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a postgresql:// address (socket folders in `?host=`)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise DatabaseProblem(
            f"The database address begins with «{parts.scheme or url[:12]}»; "
            "expected postgresql://USER:PASSWORD@HOST:PORT/NAME."
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c statement_timeout=10s -c lock_timeout=5s", **query},
    }


def with_name(url: str, name: str) -> str:
    """The same address for another database."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{quote(name)}{query}"


def role_of(url: str) -> str:
    """The role that an address signs in as."""
    return str(django_database(url)["USER"])


def _socket_url(user: str, name: str, folder: str, port: int) -> str:
    return f"postgresql://{user}@/{name}?{urlencode({'host': folder, 'port': port})}"


def start_embedded(home: Path, name: str = "takeroot") -> Urls:
    """Start (or join) the embedded server under `home`; make roles and database when missing.

    The server stops when the last process that joined it ends. Raises DatabaseProblem.
    """
    home = home.resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
        folder, port = running_server(home)
    except OSError as problem:
        raise DatabaseProblem(
            f"The folder {home} cannot be used ({problem.strerror}). Free some space, or set "
            "TAKEROOT_HOME to a folder you may write to."
        ) from problem
    except Exception as problem:
        raise DatabaseProblem(_why_not_started(home / FOLDER)) from problem
    admin = _socket_url("postgres", "postgres", folder, port)
    with psycopg.connect(admin, autocommit=True) as connection:
        _ensure_roles(connection)
        _ensure_database(connection, name)
        _quiet_logs(connection)
    return Urls(
        owner=_socket_url("takeroot_owner", name, folder, port),
        application=_socket_url("takeroot_app", name, folder, port),
    )


def _why_not_started(folder: Path) -> str:
    log = folder / "log"
    lines = log.read_text(errors="replace").splitlines()[-4:] if log.exists() else []
    tail = " Its last words: " + " | ".join(lines) if lines else ""
    return (
        f"The embedded database in {folder} did not start. If another Takeroot uses this folder, "
        "stop it first; if the disk is full, free some space; your data is where it was." + tail
    )


def _ensure_roles(connection: psycopg.Connection[Any]) -> None:
    for role, rights in (("takeroot_owner", "LOGIN CREATEDB"), ("takeroot_app", "LOGIN")):
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))


def _ensure_database(connection: psycopg.Connection[Any], name: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not found:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER takeroot_owner").format(sql.Identifier(name))
        )


def _quiet_logs(connection: psycopg.Connection[Any]) -> None:
    # PostgreSQL's default logs print row values on an error: names would land in a log file.
    for setting, value in (
        ("log_error_verbosity", "terse"),
        ("log_min_error_statement", "panic"),
        ("log_parameter_max_length_on_error", "0"),
    ):
        connection.execute(
            sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(setting), sql.Literal(value))
        )
    connection.execute("SELECT pg_reload_conf()")


def connect_given(url: str, owner_url: str) -> Urls:
    """Addresses for an external database. With one address only, its role is the owner and a
    plain role named after it (`…_app`) is made for serving. Raises DatabaseProblem."""
    if owner_url:
        return Urls(owner=owner_url, application=url)
    parts = urlsplit(url)
    owner = unquote(parts.username or "")
    if owner.endswith(APPLICATION_SUFFIX):
        # A server process that was given the application address alone never migrates.
        return Urls(owner=url, application=url)
    plain = owner + APPLICATION_SUFFIX
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [plain]
            ).fetchone()
            if not found:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                        sql.Identifier(plain), sql.Literal(unquote(parts.password or ""))
                    )
                )
    except psycopg.errors.InsufficientPrivilege as problem:
        raise DatabaseProblem(
            f"The role «{owner}» may not create the plain role «{plain}». Create it yourself and "
            "give both addresses: DATABASE_URL (plain role) and DATABASE_OWNER_URL (owner)."
        ) from problem
    except psycopg.OperationalError as problem:
        raise DatabaseProblem(
            f"No connection to the database ({str(problem).splitlines()[0]}). Check DATABASE_URL."
        ) from problem
    netloc = parts.netloc.replace(quote(owner), quote(plain), 1)
    return Urls(
        owner=url,
        application=f"{parts.scheme}://{netloc}{parts.path}"
        + (f"?{parts.query}" if parts.query else ""),
    )


def urls_for(home: Path, url: str, owner_url: str) -> Urls:
    """The database this process is to use: the given one, else the embedded one."""
    return connect_given(url, owner_url) if url else start_embedded(home)


def has_centre(url: str) -> bool:
    """Whether somebody works in this database already (its tables are there)."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT EXISTS (SELECT 1 FROM accounts_centre)").fetchone()
    return bool(row and row[0])


def remember(urls: Urls) -> None:
    """Hand the addresses to child processes (web server, worker, migrations)."""
    os.environ["DATABASE_URL"] = urls.application
    os.environ["DATABASE_OWNER_URL"] = urls.owner
