"""MAIL_URL: one address for the mail server, as `smtp://USER:PASSWORD@HOST:PORT?tls=starttls`."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from takeroot.config.problems import EnvironmentProblem

EXPECTED = "expected smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT"
_TLS = ("starttls", "implicit", "none")
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over. `starttls`: encrypted after the greeting; `tls`: from the
    first byte. `timeout` in seconds."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True
    tls: bool = False
    timeout: int = 20


def read_mail_url(url: str) -> MailServer | None:
    """The mail server of an address; None when it is empty. Raises EnvironmentProblem, whose
    message never repeats the password."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        raise EnvironmentProblem(f"MAIL_URL begins with «{parts.scheme}»; {EXPECTED}.")
    try:
        host, port = parts.hostname, parts.port
    except ValueError as problem:
        raise EnvironmentProblem(f"MAIL_URL: its port is not a number; {EXPECTED}.") from problem
    if not host:
        raise EnvironmentProblem(
            f"MAIL_URL names no host; {EXPECTED}. Write @ in a user name as %40, / in a password "
            "as %2F."
        )
    tls, timeout = _options(parts.query, "implicit" if parts.scheme == "smtps" else "")
    # On this very machine a mail server needs no encryption; anywhere else it does.
    tls = tls or ("none" if host in _HERE else "starttls")
    if parts.password and tls == "none" and host not in _HERE:
        raise EnvironmentProblem(
            "MAIL_URL would send a password over the network unencrypted (tls=none). Use "
            "tls=starttls or smtps://."
        )
    return MailServer(
        host=host,
        port=port or _PORTS[tls],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=tls == "starttls",
        tls=tls == "implicit",
        timeout=timeout,
    )


def _options(query: str, tls: str) -> tuple[str, int]:
    given = {key: values[-1] for key, values in parse_qs(query).items()}
    timeout = given.pop("timeout", "20")
    if not timeout.isdigit() or not 1 <= int(timeout) <= 300:
        raise EnvironmentProblem(
            f"MAIL_URL: timeout is «{timeout}»; expected seconds from 1 to 300."
        )
    asked = given.pop("tls", tls)
    if asked and asked not in _TLS:
        raise EnvironmentProblem(f"MAIL_URL: tls is «{asked}»; expected one of {', '.join(_TLS)}.")
    if given:
        raise EnvironmentProblem(
            f"MAIL_URL: «{next(iter(given))}» is not known; expected tls or timeout."
        )
    return asked, int(timeout)
