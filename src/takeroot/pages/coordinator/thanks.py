"""A thank-you, read before it is passed on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takeroot.access.policies import PEOPLE_WORK
from takeroot.connections.models_applying import Thanks
from takeroot.connections.selectors import matches_visible_to
from takeroot.connections.services.thanks import keep_back, pass_on
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


@require_http_methods(["GET", "POST"])
def thanks(request: Request, pk: UUID) -> HttpResponse:
    match = get_object_or_404(matches_visible_to(request.actor), pk=pk)
    row = Thanks.objects.filter(match=match).first()
    if request.method == "POST" and row is not None and not request.switching:
        if "keep" in request.POST:
            keep_back(thanks=row, by=request.actor)
            messages.success(request, _("Kept back: it stays with the centre."))
        else:
            pass_on(thanks=row, by=request.actor)
            messages.success(
                request,
                _("Passed on to %(name)s.") % {"name": match.connector.person.party.name},
            )
        return redirect(reverse("coordinator:today"))
    return render(request, "coordinator/thanks.html", {"match": match, "row": row})


urls = [page("thanks/<uuid:pk>/", thanks, "thanks", PEOPLE_WORK)]
