"""Leads to work that is not advertised, on a Connector's page: left and withdrawn by the staff."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from takeroot.access.actor import Actor
from takeroot.access.policies import PEOPLE_WORK
from takeroot.common.errors import Refused
from takeroot.connections.selectors import connectors_visible_to
from takeroot.outcomes.models_work import Lead
from takeroot.outcomes.services.leads import leave_lead, withdraw_lead
from takeroot.outcomes.work import leads_visible_to
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.pages.work_forms import LeadForm

page = pages_of("coordinator")
USUAL_DAYS = timedelta(days=30)


def leads_of(actor: Actor, connector: UUID, *, today: date) -> list[Lead]:
    """Leads that hold, told in the name of this Connector."""
    rows = leads_visible_to(actor).filter(
        match__connector=connector, withdrawn_at__isnull=True, until__gte=today
    )
    return list(rows.select_related("left_by", "match__connectee__person__party"))


@require_http_methods(["GET", "POST"])
def leads(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(connectors_visible_to(request.actor).select_related("centre"), pk=pk)
    today = timezone.localdate()
    form = form_for(request, LeadForm, initial={"until": today + USUAL_DAYS})
    if submitted(request, form):
        try:
            made = leave_lead(connector=row, opening=form.opening(), by=request.actor)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            said = ngettext(
                "One person sees it, behind their link, and nobody else.",
                "%(n)d people see it, behind their links, and nobody else.",
                len(made),
            )
            messages.success(request, said % {"n": len(made)})
            return redirect("coordinator:leads", row.pk)
    context = {"form": form, "row": row, "leads": leads_of(request.actor, row.pk, today=today)}
    return render(request, "coordinator/leads.html", context, status=status_of(form))


@require_POST
def withdraw(request: Request, key: UUID) -> HttpResponse:
    rows = leads_visible_to(request.actor).select_related("match")
    lead = get_object_or_404(rows, pk=key)
    withdraw_lead(lead=lead, by=request.actor)
    messages.success(request, _("Withdrawn: nobody sees this lead any more."))
    return redirect("coordinator:leads", lead.match.connector_id)


urls = [
    page("connectors/<uuid:pk>/leads/", leads, "leads", PEOPLE_WORK),
    page("leads/<uuid:key>/withdraw/", withdraw, "lead_withdraw", PEOPLE_WORK),
]
