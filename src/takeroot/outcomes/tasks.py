"""Timers of what came of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.messaging.quiet import is_quiet, province_of
from takeroot.outcomes.services.stays import ask_who_stayed


@app.periodic(cron="23 14 * * *")
@app.task(name="takeroot.outcomes.ask_who_stayed", queueing_lock="ask_who_stayed")
def ask_whether_they_stayed(timestamp: int) -> None:
    """Each working day: whoever came 3, 6 or 12 months ago is asked once whether they stayed."""
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="promise")):
            if is_quiet(timezone.now(), zone=centre.zone, province=province_of(centre)):
                continue
            ask_who_stayed(centre=centre)
