"""Sixteen at once: each thread with a database connection of its own, all let go together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

THREADS = 16


def race(*runners: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; what each returned, or the exception it raised."""
    start = threading.Barrier(len(runners))
    answers: list[Any] = [None] * len(runners)

    def go(number: int, runner: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            answers[number] = runner()
        except Exception as problem:
            answers[number] = problem
        finally:
            connection.close()

    threads = [
        threading.Thread(target=go, args=(number, runner)) for number, runner in enumerate(runners)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers
