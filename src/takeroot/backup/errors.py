"""What stops a backup or a restore, as a sentence."""

from __future__ import annotations


class BackupProblem(Exception):
    """A backup or a restore cannot go on; the message says why, what is safe, what to do."""
