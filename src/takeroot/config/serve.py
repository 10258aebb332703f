"""`takeroot serve`: everything a centre needs, in one command, and stopped by one Ctrl-C."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from takeroot.config.database import DatabaseProblem, Urls, remember, urls_for
from takeroot.config.env import EnvironmentProblem, read_environment

LEAST_FREE_BYTES = 400 * 2**20
STARTING_SECONDS = 60
SETTINGS = "takeroot.config.settings.base"


class StartProblem(Exception):
    """Takeroot cannot start; the message says why and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def check_port(host: str, port: int) -> None:
    """Refuse a taken port with a sentence."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EACCES:
                raise StartProblem(
                    f"Port {port} needs more rights than this user has. Choose one above 1023: "
                    f"PORT=8001 make run"
                ) from problem
            raise StartProblem(
                f"Port {port} is taken by another program. Choose another: "
                f"PORT={port + 1} make run"
            ) from problem


def check_room(home: Path) -> None:
    """Refuse a full disk before anything is half written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(home).free
        trial = home / ".trial"
        trial.write_text("x")
        trial.unlink()
    except OSError as problem:
        raise StartProblem(
            f"The folder {home} cannot be written ({problem.strerror}). Set TAKEROOT_HOME to a "
            "folder you may write to. Nothing was changed."
        ) from problem
    if free < LEAST_FREE_BYTES:
        raise StartProblem(
            f"The disk with {home} has {free // 2**20} MB left; Takeroot needs "
            f"{LEAST_FREE_BYTES // 2**20} MB. Free some space or set TAKEROOT_HOME to another "
            "disk. Your data is as it was."
        )


@contextmanager
def only_one(home: Path) -> Iterator[IO[str]]:
    """Hold the home folder for this process; a second one is told."""
    with open(home / "serve.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise StartProblem(
                f"Takeroot is running from {home} already. Stop it first (Ctrl-C where it runs), "
                "or set TAKEROOT_HOME to another folder."
            ) from problem
        yield handle


def _environment(urls: Urls, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS),
        "DATABASE_URL": urls.application,
        "DATABASE_OWNER_URL": urls.owner,
        **more,
    }


def _takeroot(*words: str) -> list[str]:
    return [sys.executable, "-m", "takeroot.cli", *words]


def _run(words: list[str], environment: dict[str, str], what: str) -> None:
    done = subprocess.run(words, env=environment, check=False)
    if done.returncode:
        raise StartProblem(f"{what} did not finish (see the lines above). Your data is as it was.")


def _web(host: str, port: int, environment: dict[str, str], workers: int) -> subprocess.Popen[bytes]:
    words = [
        sys.executable, "-m", "gunicorn", "takeroot.config.wsgi:application",
        "--bind", f"{host}:{port}", "--worker-class", "gthread", "--workers", str(workers),
        "--threads", "4", "--timeout", "60", "--graceful-timeout", "10", "--no-control-socket",
        "--log-level", "warning",
    ]
    return subprocess.Popen(words, env=environment, start_new_session=True)


def _wait_until_ready(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        if any(child.poll() is not None for child in children):
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise StartProblem("The web server did not start; the lines above say why.")


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask every child to end, then make it end."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _announce(base_url: str, demo: bool) -> None:
    say("")
    say(f"  Takeroot is ready:  {base_url}")
    if demo:
        from takeroot.demo.accounts import ACCOUNTS, PASSWORD

        say("")
        say("  This is a demonstration; its people are fictional. Sign in with:")
        for account in ACCOUNTS:
            say(f"    {account.email:<34} {account.role_words} ({account.centre_words})")
        say(f"    password for all of them: {PASSWORD}")
        say(f"  Letters that it sends are at {base_url}/mailbox/")
    say("")
    say("  Ctrl-C stops it; your data stays.")


def serve(*, demo: bool, host: str, workers: int) -> int:
    """Start the database when embedded, migrate, serve, work the queue. Returns the exit code."""
    try:
        if demo:
            os.environ["TAKEROOT_DEMO"] = "yes"
        env = read_environment()
        port = int(os.environ.get("PORT", "8000"))
        check_room(env.home)
        check_port(host, port)
        with only_one(env.home):
            return _serve(demo, host, port, workers)
    except (StartProblem, DatabaseProblem, EnvironmentProblem) as problem:
        print(f"Takeroot did not start. {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _serve(demo: bool, host: str, port: int, workers: int) -> int:
    env = read_environment()
    say("Starting the database …")
    urls = urls_for(env.home, env.database_url, env.database_owner_url)
    remember(urls)
    environment = _environment(urls)
    say("Bringing the tables and the pages up to this version …")
    _run(_takeroot("migrate"), environment, "Bringing the database up to this version")
    if demo:
        _run(_takeroot("demo", "--if-empty"), environment, "Building the demonstration")
    children: list[subprocess.Popen[bytes]] = []
    # SIGTERM (a service manager, `kill`) ends like Ctrl-C: children first, then the database.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        children.append(_web(host, port, environment, workers))
        children.append(
            subprocess.Popen(_takeroot("worker"), env=environment, start_new_session=True)
        )
        _wait_until_ready(port, children)
        _announce(env.base_url, demo)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        say("A part of Takeroot stopped; stopping the rest. The lines above say why.")
        return 1
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        stop(children)
