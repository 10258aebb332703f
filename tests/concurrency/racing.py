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


def races(
    rounds: int, act: Callable[[int, int], Any], *, between: Callable[[], Any] | None = None
) -> list[list[Any]]:
    """Many races one after the other by the same sixteen, each on one connection: the answers of
    `act(round, runner)`, round by round. `between` puts things right after each race."""

    def tidy_up() -> None:
        if between is not None:
            between()

    start, end = threading.Barrier(THREADS), threading.Barrier(THREADS, action=tidy_up)
    answers: list[list[Any]] = [[None] * THREADS for _round in range(rounds)]

    def run(number: int) -> None:
        try:
            for turn in range(rounds):
                start.wait(timeout=240)
                try:
                    answers[turn][number] = act(turn, number)
                except Exception as problem:
                    answers[turn][number] = problem
                end.wait(timeout=240)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    return answers
