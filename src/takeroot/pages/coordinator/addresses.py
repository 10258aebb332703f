"""Letters come back: an address that works after all, said by somebody who knows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from takeroot.access.policies import PEOPLE_WORK
from takeroot.accounts.models import Party
from takeroot.connections.selectors import connectors_visible_to
from takeroot.connections.services.bounces import address_works
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


@require_POST
def works(request: Request, key: UUID) -> HttpResponse:
    actor = request.actor
    party = get_object_or_404(
        Party.objects.filter(centre_id__in=actor.file_centres, person__isnull=False), pk=key
    )
    address_works(party=party)
    messages.success(
        request,
        _("Letters go to %(address)s again; what they owe goes on from today.")
        % {"address": party.email},
    )
    connector = connectors_visible_to(actor).filter(pk=key).exists()
    return redirect("coordinator:connector" if connector else "coordinator:connectee", key)


urls = [page("people/<uuid:key>/address-works/", works, "address_works", PEOPLE_WORK)]
