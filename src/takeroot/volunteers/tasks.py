"""Timers of screening."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.messaging.quiet import is_quiet, province_of
from takeroot.volunteers.services.renewing import ask_for_renewals


@app.periodic(cron="23 13 * * *")
@app.task(name="takeroot.volunteers.ask_for_renewals", queueing_lock="ask_for_renewals")
def ask_renewals(timestamp: int) -> None:
    """Each working day: whoever's screening is about to end is asked once for a new one."""
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="promise")):
            if is_quiet(timezone.now(), zone=centre.zone, province=province_of(centre)):
                continue
            ask_for_renewals(centre=centre)
