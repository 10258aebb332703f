"""The typed environment: what a deployment may change, read once, with clear errors."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from takeroot.config.mail import MailServer, read_mail_url
from takeroot.config.problems import EnvironmentProblem

LEAST_KEY = 32
# 64 characters may stand before the @ (RFC 5321); the mark of a letter takes 43 of them.
LONGEST_NAME = 21


@dataclass(frozen=True)
class Environment:
    """What the process was told. `home` holds data when no other place is given."""

    home: Path
    database_url: str = field(repr=False)
    database_owner_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    former_keys: tuple[str, ...] = field(repr=False)
    allowed_hosts: tuple[str, ...]
    base_url: str
    mail: MailServer | None
    mail_from: str
    inbox: Path
    reply_to: str
    demo: bool
    secure: bool
    proxies: int
    port: int


def takeroot_home() -> Path:
    """Where the embedded database, keys and the demonstration's mailbox live."""
    return Path(os.environ.get("TAKEROOT_HOME") or Path.cwd() / ".takeroot").expanduser().absolute()


def secret_key(home: Path) -> str:
    """`SECRET_KEY`, or one made once and kept in the home folder, readable by its owner alone."""
    if given := os.environ.get("SECRET_KEY"):
        if len(given) < LEAST_KEY:
            raise EnvironmentProblem(
                f"SECRET_KEY has fewer than {LEAST_KEY} characters. Use a long random text, such "
                "as from: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
            )
        return given
    try:
        return _kept_key(home)
    except OSError as problem:
        raise EnvironmentProblem(
            f"The key in {home / 'secret_key'} cannot be read or made ({problem.strerror}). Run "
            "Takeroot as the user who ran it first, or set TAKEROOT_HOME to a folder of your own. "
            "Nothing was changed."
        ) from problem


def _kept_key(home: Path) -> str:
    file = home / "secret_key"
    if not file.exists():
        _make_key(file)
    key = file.read_text().strip()
    if len(key) < LEAST_KEY:
        raise EnvironmentProblem(
            f"The key in {file} is not whole ({len(key)} characters). Put the key of a backup "
            "there, or delete the file: a new key is made, links sent before stop working, and "
            "everybody signs in again."
        )
    return key


def _make_key(file: Path) -> None:
    """Written aside and linked into place: nobody ever reads half a key, and of two processes
    that start at once one makes it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".secret_key.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
            handle.flush()
            os.fsync(handle.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, file)
    finally:
        aside.unlink(missing_ok=True)


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


def _hosts(base_url: str) -> tuple[str, ...]:
    """Names that this installation answers to: those given, else its own address and this
    machine."""
    own = urlsplit(base_url).hostname or ""
    given = os.environ.get("ALLOWED_HOSTS") or f"{own},localhost,127.0.0.1,[::1]"
    return tuple(dict.fromkeys(host.strip() for host in given.split(",") if host.strip()))


def _reply_address(given: str) -> str:
    """Where answers come in: each letter gets an address of its own made from it, with a plus."""
    name, at, domain = given.rpartition("@")
    if given and not (name and at and domain and len(name) <= LONGEST_NAME and "+" not in name):
        raise EnvironmentProblem(
            f"TAKEROOT_REPLY_TO is «{given}»; expected an address such as answers@example.org, "
            f"with at most {LONGEST_NAME} characters before the @ and no plus: Takeroot adds one."
        )
    return given


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
        former_keys=tuple(os.environ.get("TAKEROOT_FORMER_KEYS", "").split()),
        allowed_hosts=_hosts(base_url),
        base_url=base_url,
        mail=read_mail_url(os.environ.get("MAIL_URL", "").strip()),
        mail_from=os.environ.get("MAIL_FROM", "Takeroot <takeroot@localhost>"),
        inbox=Path(os.environ.get("TAKEROOT_INBOX") or home / "inbox").expanduser().absolute(),
        reply_to=_reply_address(os.environ.get("TAKEROOT_REPLY_TO", "").strip()),
        demo=_flag("TAKEROOT_DEMO", default=False),
        secure=_flag("TAKEROOT_HTTPS", default=base_url.startswith("https://")),
        proxies=_number("TAKEROOT_PROXIES", 0),
        port=port,
    )
