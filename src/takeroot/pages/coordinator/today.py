"""Today: what waits for me, and what I wait for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from takeroot.access.policies import SIGNED_IN
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "coordinator/today.html")


urls = [page("today/", today, "today", SIGNED_IN)]
