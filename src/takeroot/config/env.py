"""The typed environment: what a deployment may change, read once, with clear errors."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


class EnvironmentProblem(Exception):
    """An environment variable holds something unusable; the message says which, and what to do."""


@dataclass(frozen=True)
class Environment:
    """What the process was told. `home` holds data when no other place is given."""

    home: Path
    database_url: str
    database_owner_url: str
    secret_key: str
    allowed_hosts: tuple[str, ...]
    base_url: str
    mail_url: str
    mail_from: str
    demo: bool
    secure: bool
    proxies: int


def takeroot_home() -> Path:
    """Where the embedded database, keys and the demonstration's mailbox live."""
    return Path(os.environ.get("TAKEROOT_HOME") or Path.cwd() / ".takeroot").expanduser().absolute()


def secret_key(home: Path) -> str:
    """`SECRET_KEY`, or one made once and kept in the home folder, readable by its owner alone."""
    if given := os.environ.get("SECRET_KEY"):
        if len(given) < 32:
            raise EnvironmentProblem(
                "SECRET_KEY has fewer than 32 characters. Use a long random text, for example "
                "from: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
            )
        return given
    file = home / "secret_key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return file.read_text().strip()


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if not value else value in {"1", "true", "yes", "on"}
    raise EnvironmentProblem(f"{name} is «{value}»; expected yes or no.")


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise EnvironmentProblem(f"{name} is «{value}»; expected a whole number.")
    return int(value)


def read_environment() -> Environment:
    """Read and check the environment; raises EnvironmentProblem with a sentence."""
    home = takeroot_home()
    port = _number("PORT", 8000)
    base_url = os.environ.get("TAKEROOT_URL", f"http://localhost:{port}").rstrip("/")
    return Environment(
        home=home,
        database_url=os.environ.get("DATABASE_URL", ""),
        database_owner_url=os.environ.get("DATABASE_OWNER_URL", ""),
        secret_key=secret_key(home),
        allowed_hosts=tuple(
            host
            for host in os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
            if host
        ),
        base_url=base_url,
        mail_url=os.environ.get("MAIL_URL", ""),
        mail_from=os.environ.get("MAIL_FROM", "Takeroot <takeroot@localhost>"),
        demo=_flag("TAKEROOT_DEMO", default=False),
        secure=_flag("TAKEROOT_HTTPS", default=base_url.startswith("https://")),
        proxies=_number("TAKEROOT_PROXIES", 0),
    )
