"""Whoever has gone their own way may open doors for others: the invitation, by staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from takeroot.access.policies import COORDINATION, PEOPLE_WORK
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.own_page import ALUMNI
from takeroot.connections.selectors import connectees_visible_to
from takeroot.connections.services.joining import invite_alumnus
from takeroot.connections.services.ratings import complete_way
from takeroot.messaging.models import Letter
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


def invitation_of(row: Connectee) -> dict[str, Any]:
    """Whether the page of somebody offers the invitation, or says that it went out."""
    if row.state not in ALUMNI or Connector.objects.filter(pk=row.pk).exists():
        return {}
    asked = Letter.objects.filter(party_id=row.pk, kind="open_doors").exists()
    return {"alumnus": not asked, "alumnus_asked": asked}


@require_POST
def complete(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(connectees_visible_to(request.actor), pk=pk)
    try:
        complete_way(connectee=row, by=request.actor)
        said = _("The way of %(name)s is complete. They are asked whether it changed anything.")
        messages.success(request, said % {"name": row.person.party.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:connectee", row.pk)


@require_POST
def invite(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(connectees_visible_to(request.actor).select_related("centre"), pk=pk)
    try:
        invite_alumnus(connectee=row, by=request.actor)
        said = _("%(name)s is invited, by a letter with their own link.")
        messages.success(request, said % {"name": row.person.party.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:connectee", row.pk)


urls = [
    page("people/<uuid:pk>/complete/", complete, "complete", COORDINATION),
    page("people/<uuid:pk>/invite/", invite, "alumnus", PEOPLE_WORK),
]
