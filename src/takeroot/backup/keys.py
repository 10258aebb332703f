"""The key of links and sessions, and the passphrase of an archive: where they come from and go."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from takeroot.backup.errors import BackupProblem
from takeroot.backup.sealing import check_passphrase

PASSPHRASE = "TAKEROOT_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable


def passphrase_for(file: Path | None, *, twice: bool) -> str:
    """From a file, the environment, or typed (never from the command line: other users of the
    machine see that). Raises BackupProblem."""
    if file is not None:
        try:
            return check_passphrase(file.read_text().strip())
        except OSError as problem:
            raise BackupProblem(f"{file} cannot be read ({problem.strerror}).") from problem
    if given := os.environ.get(PASSPHRASE):
        return check_passphrase(given)
    if not sys.stdin.isatty():
        raise BackupProblem(
            f"A passphrase is needed: set {PASSPHRASE}, or give --passphrase-file FILE."
        )
    typed = check_passphrase(getpass.getpass("Passphrase of the archive: "))
    if twice and typed != getpass.getpass("The same passphrase again: "):
        raise BackupProblem("The two passphrases differ. No file was written.")
    return typed


def put_back(home: Path, restored: str | None, *, was_there: bool) -> str:
    """Put the archived key where Takeroot looks for it; returns what to tell the person."""
    file = home / "secret_key"
    if restored is None:
        return (
            "A plain archive holds no key: links in letters sent before work again only with the "
            "SECRET_KEY of the old installation."
        )
    if os.environ.get("SECRET_KEY"):
        if os.environ["SECRET_KEY"] == restored:
            return "SECRET_KEY is the one of the archive: links sent before go on working."
        kept = _write(home / "secret_key.restored", restored)
        return (
            "SECRET_KEY in the environment is another one than the archive's: links sent before "
            f"do not work with it. The archive's is in {kept}: put it into SECRET_KEY, then delete "
            "that file."
        )
    if was_there and file.exists() and file.read_text().strip() != restored:
        file.replace(home / "secret_key.before-restore")
    _write(file, restored)
    return f"The key of links and sessions is in {file} again: links sent before go on working."


def _write(path: Path, text: str) -> Path:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    return path
