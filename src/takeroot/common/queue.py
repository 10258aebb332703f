"""Background work: a task is handed to the queue in the same transaction that made it due."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app


def enqueue(task: str, **arguments: Any) -> None:
    """Defer `task` (its full name) with plain arguments: ids only, never names or addresses."""
    app.configure_task(task).defer(**arguments)
