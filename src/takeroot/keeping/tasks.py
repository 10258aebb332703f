"""Timers of keeping files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.keeping.services.erasing import write_missing
from takeroot.keeping.services.merging import forget_old_merges
from takeroot.keeping.services.pairs import look_for_pairs


@app.periodic(cron="47 7 * * *")
@app.task(name="takeroot.keeping.look_after_files", queueing_lock="look_after_files")
def look_after_files(timestamp: int) -> None:
    """Each day: look for files that may be one person's, empty what merges kept for undoing once
    that is over, and bring the list of erasures outside the database up to date. Safe to repeat."""
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="keeping")):
            look_for_pairs(centre=centre)
            forget_old_merges()
    write_missing(Path(settings.HOME))
