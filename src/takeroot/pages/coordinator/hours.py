"""Hours that one Connector gives: this year's sum, what was written down, and their own link."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from takeroot.access.policies import PEOPLE_WORK
from takeroot.common.errors import Refused
from takeroot.connections.hours import given_minutes, meeting_minutes
from takeroot.connections.selectors import connectors_visible_to
from takeroot.connections.services.asking import ask_for_hours
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.hours_forms import HoursForm, first_day, in_hours
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.volunteers.selectors import hours_visible_to
from takeroot.volunteers.services.hours import log_hours

page = pages_of("coordinator")


@require_http_methods(["GET", "POST"])
def hours(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(connectors_visible_to(request.actor), pk=pk)
    today = timezone.localdate()
    form = form_for(request, HoursForm, initial=first_day(today))
    if submitted(request, form):
        try:
            log_hours(person=row.person, by=request.actor, **form.values())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is written down. Thank you for keeping count."))
            return redirect("coordinator:hours", row.pk)
    given = given_minutes(actor=request.actor, people=[row.pk], year=today.year)[row.pk]
    met = meeting_minutes(actor=request.actor, people=[row.pk], year=today.year).get(row.pk, 0)
    written = hours_visible_to(request.actor).filter(person_id=row.pk)[:50]
    context = {
        "row": row,
        "form": form,
        "year": str(today.year),
        "given": in_hours(given),
        "met": in_hours(met),
        "written": [(entry, in_hours(entry.minutes)) for entry in written],
    }
    return render(request, "coordinator/hours.html", context, status=status_of(form))


@require_POST
def hours_link(request: Request, pk: UUID) -> HttpResponse:
    """Send the page on which they write their hours down themselves."""
    row = get_object_or_404(connectors_visible_to(request.actor), pk=pk)
    try:
        ask_for_hours(connector=row, by=request.actor)
        messages.success(request, _("A letter with their own page is on its way."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:hours", row.pk)


urls = [
    page("connectors/<uuid:pk>/hours/", hours, "hours", PEOPLE_WORK),
    page("connectors/<uuid:pk>/hours/link/", hours_link, "hours_link", PEOPLE_WORK),
]
