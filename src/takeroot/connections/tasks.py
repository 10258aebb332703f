"""Timers of the Connector Program."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.connections.services.importing import forget_old_drafts
from takeroot.connections.services.profiles import ask_for_old_files
from takeroot.connections.services.referrals import forget_silent_contacts
from takeroot.messaging.quiet import is_quiet, province_of


@app.periodic(cron="17 8 * * *")
@app.task(name="takeroot.connections.forget_silent", queueing_lock="forget_silent")
def forget_silent(timestamp: int) -> None:
    """Each day: addresses of contacts who never answered and lists that were never loaded are
    deleted. Safe to repeat."""
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="retention")):
            forget_silent_contacts(centre=centre)
            forget_old_drafts(centre=centre)


@app.periodic(cron="41 13 * * *")
@app.task(name="takeroot.connections.ask_old_files", queueing_lock="ask_old_files")
def ask_old_files(timestamp: int) -> None:
    """Each working day: whoever has not looked at their file for half a year is asked once."""
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="promise")):
            province = province_of(centre)
            if is_quiet(timezone.now(), zone=centre.zone, province=province):
                continue
            ask_for_old_files(centre=centre)
