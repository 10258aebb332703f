"""What commands tell the person who runs them."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """One line, at once: progress must be seen while it happens."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line on the error stream."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
