"""Background work: a task is handed to the queue in the same transaction that made it due."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app


def enqueue(task: str, **arguments: Any) -> None:
    """Defer `task` (its full name) with plain arguments: ids only, never names or addresses."""
    app.configure_task(task).defer(**arguments)


def work() -> None:
    """Work the queue until told to stop. Waiting jobs are announced by the database; jobs of a
    worker that died are taken up again by `takeroot.common.tasks.retry_stalled`."""
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker(concurrency=2, delete_jobs="successful", name="takeroot")
