"""`takeroot serve`: everything a centre needs, in one command, and stopped by one Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, TypeAlias
from urllib.parse import urlsplit

import psutil

from takeroot.config.console import complain, say
from takeroot.config.database import DatabaseProblem, Urls, has_centre, remember, urls_for
from takeroot.config.env import Environment, read_environment, takeroot_home
from takeroot.config.problems import EnvironmentProblem

Child: TypeAlias = "subprocess.Popen[bytes]"
Children: TypeAlias = "list[subprocess.Popen[bytes]]"
CHILDREN = "serve.children"
OK = 200
LEAST_FREE_BYTES = 400 * 2**20
STARTING_SECONDS = 60
SETTINGS = "takeroot.config.settings.base"


class StartProblem(Exception):
    """Takeroot cannot start; the message says why and what to do."""


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
                f"Port {port} is taken by another program. Choose another: PORT={port + 1} make run"
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


def note_children(home: Path, children: Children) -> None:
    """Write down which processes are ours, so that the next start can end those that outlived a
    `kill -9` or a crash."""
    rows = []
    for child in children:
        with contextlib.suppress(psutil.Error):
            rows.append([child.pid, psutil.Process(child.pid).create_time()])
    (home / CHILDREN).write_text(json.dumps(rows))


def end_leftovers(home: Path) -> None:
    """End web server and worker of an earlier start that was killed. The number of a process is
    used again; number and moment of birth together are not."""
    try:
        rows = json.loads((home / CHILDREN).read_text())
    except (OSError, ValueError):
        return
    for pid, born in rows:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if process.create_time() != born:
                continue
            family = [process, *process.children(recursive=True)]
            process.terminate()
            for one in psutil.wait_procs(family, timeout=10)[1]:
                one.kill()
    (home / CHILDREN).unlink(missing_ok=True)


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


def _run(home: Path, words: list[str], environment: dict[str, str], what: str) -> None:
    """One step before serving. It is noted like the others: killed in the middle, the next start
    must not meet it still at work."""
    step = subprocess.Popen(words, env=environment)
    note_children(home, [step])
    try:
        code = step.wait()
    except KeyboardInterrupt:
        step.terminate()
        step.wait()
        raise
    if code:
        raise StartProblem(f"{what} did not finish (see the lines above). Your data is as it was.")


def _web(host: str, port: int, environment: dict[str, str], workers: int) -> Children:
    words = [sys.executable, "-m", "gunicorn", "takeroot.config.wsgi:application"]
    words += ["--bind", f"{host}:{port}", "--worker-class", "gthread", "--threads", "4"]
    words += ["--workers", str(workers), "--timeout", "60", "--graceful-timeout", "10"]
    # The product is read once, before the workers are forked: one that is killed is replaced in a
    # moment (benchmarks/killed_web.py), and they share the memory.
    words += ["--preload", "--no-control-socket", "--log-level", "warning"]
    return [_start(words, environment)]


def _start(words: list[str], environment: dict[str, str]) -> Child:
    # A group of its own: Ctrl-C reaches this process alone, which ends its children in order.
    return subprocess.Popen(words, env=environment, start_new_session=True)


def _wait_until_ready(base_url: str, host: str, port: int, children: Children) -> None:
    here = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - compared only
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        if any(child.poll() is not None for child in children):
            break
        link = HTTPConnection(here, port, timeout=5)
        try:
            link.request("GET", "/healthz", headers={"Host": urlsplit(base_url).netloc})
            answer = link.getresponse().status
        except OSError:
            time.sleep(0.1)
            continue
        finally:
            link.close()
        if answer != OK:
            raise StartProblem(f"The web server answers {answer}; the lines above say why.")
        return
    raise StartProblem("The web server did not start; the lines above say why.")


def stop(children: Children) -> None:
    """Ask every child to end, then make it end. A second Ctrl-C does not interrupt this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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
            # Words in two languages want settings, which this process does not have.
            role = str(account.role).replace("_", " ")
            say(f"    {account.email:<34} {role} ({account.centre}, {account.language})")
        say(f"    password for all of them: {PASSWORD}")
        say(f"  Letters that it sends are at {base_url}/mailbox/")
    say("")
    say("  Ctrl-C stops it; your data stays.")


def serve(*, demo: bool, host: str, workers: int) -> int:
    """Start the database when embedded, migrate, serve, work the queue. Returns the exit code."""
    # A service manager's SIGTERM and a closed terminal end like Ctrl-C: children first, then the
    # database.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        if demo:
            os.environ["TAKEROOT_DEMO"] = "yes"
        check_room(takeroot_home())
        env = read_environment()
        with only_one(env.home):
            end_leftovers(env.home)
            check_port(host, env.port)
            return _serve(env, demo=demo, host=host, workers=workers)
    except (StartProblem, DatabaseProblem, EnvironmentProblem) as problem:
        complain(f"Takeroot did not start. {problem}")
        return 2
    except KeyboardInterrupt:
        return 0


def _serve(env: Environment, *, demo: bool, host: str, workers: int) -> int:
    say("Starting the database …")
    urls = urls_for(env.home, env.database_url, env.database_owner_url)
    remember(urls)
    environment = _environment(urls)
    say("Bringing the tables and the pages up to this version …")
    _run(env.home, _takeroot("migrate"), environment, "Bringing the database up to this version")
    if demo and not has_centre(urls.owner):
        _run(env.home, _takeroot("demo", "--if-empty"), environment, "Building the demonstration")
    children: Children = []
    try:
        children += _web(host, env.port, environment, workers)
        children.append(_start(_takeroot("worker"), environment))
        note_children(env.home, children)
        _wait_until_ready(env.base_url, host, env.port, children)
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
        (env.home / CHILDREN).unlink(missing_ok=True)
