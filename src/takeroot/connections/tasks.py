"""Timers of the Connector Program."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.connections.letters_applying import draft_link
from takeroot.connections.models_applying import Application
from takeroot.connections.services.applying import draft_url, forget_old_applications
from takeroot.connections.services.importing import forget_old_drafts
from takeroot.connections.services.joining import end_rests
from takeroot.connections.services.profiles import ask_for_old_files
from takeroot.connections.services.referrals import forget_silent_contacts
from takeroot.messaging.backends import CENTRE_HEADER
from takeroot.messaging.quiet import is_quiet, province_of


@app.periodic(cron="17 8 * * *")
@app.task(name="takeroot.connections.forget_silent", queueing_lock="forget_silent")
def forget_silent(timestamp: int) -> None:
    """Each day: addresses of contacts who never answered, lists that were never loaded and
    applications that were never sent are deleted; rests whose day has come end. Safe to
    repeat."""
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="retention")):
            forget_silent_contacts(centre=centre)
            forget_old_drafts(centre=centre)
            forget_old_applications(centre=centre)
            end_rests(centre=centre)


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


@app.task(
    name="takeroot.connections.send_draft_link",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def send_draft_link(application: str, centre: str) -> None:
    """The private address of a draft, to the e-mail typed in it. No file and no letter is made
    of somebody who has not applied yet."""
    with transaction.atomic(), acting(system_actor(UUID(centre), purpose="letter")):
        row = (
            Application.objects.select_related("centre")
            .filter(pk=application, sent_at__isnull=True)
            .first()
        )
        if row is None or not row.answers.get("email"):
            return
        text = draft_link(centre=row.centre, language=row.language, url=draft_url(row))
        EmailMessage(
            subject=text.subject,
            body=text.body,
            to=[row.answers["email"]],
            reply_to=[row.centre.email] if row.centre.email else None,
            headers={
                "Message-ID": f"<{row.pk}.{row.saved_at:%Y%m%d%H%M%S}@takeroot>",
                "Content-Language": row.language,
                "Auto-Submitted": "auto-generated",
                CENTRE_HEADER: str(row.centre_id),
            },
        ).send()
