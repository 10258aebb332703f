"""Choosing the time zone in which the pages speak."""

from __future__ import annotations

from django.http import HttpResponse

from takeroot.connections.services.meetings import choose_zone as remember
from takeroot.pages.forms import form_for, submitted
from takeroot.pages.links.forms import ZoneForm
from takeroot.pages.links.visit import Visit


def choose_zone(visit: Visit) -> HttpResponse:
    """Remembered with the person, for pages and letters alike."""
    form = form_for(visit.request, ZoneForm, zone=visit.zone)
    if submitted(visit.request, form):
        with visit.house():
            remember(party=visit.party, zone=form.cleaned_data["zone"])
    return visit.back()
