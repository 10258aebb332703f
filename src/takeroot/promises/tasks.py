"""The timer of the promises."""

from __future__ import annotations

import logging

from django.db import transaction
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.promises.climbing import climb, due_promises

log = logging.getLogger("takeroot.promises")


@app.periodic(cron="* * * * *")
@app.task(name="takeroot.promises.climb", queueing_lock="climb")
def climb_ladders(timestamp: int) -> None:
    """Each minute: whatever is due. One promise that fails does not stop the others; it is tried
    again the next minute, since nothing of it was kept."""
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="promise")):
            keys = due_promises(centre)
        for key in keys:
            try:
                with transaction.atomic(), acting(system_actor(centre.pk, purpose="promise")):
                    climb(key)
            except Exception as problem:
                # The class alone: messages of errors may hold people's data.
                log.error("a rung failed: promise %s, %s", key, type(problem).__name__)
