"""Home, credits, language: open to everybody, no person's data."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from takeroot.facts.credits import credits as fact_credits
from takeroot.pages.language import FIELD, set_cookie
from takeroot.pages.requests import Request


@require_GET
def home(request: Request) -> HttpResponse:
    if request.actor.user:
        return redirect("coordinator:today")
    return render(request, "public/home.html")


@require_GET
def credits(request: Request) -> HttpResponse:
    return render(request, "public/credits.html", {"credits": fact_credits(get_language() or "en")})


@require_GET
def help_page(request: Request) -> HttpResponse:
    """How the programme works and where to begin, in one page."""
    return render(request, "public/help.html")


@require_POST
def language(request: Request) -> HttpResponse:
    """Switch the language of a page that has no form, and come back to it."""
    wanted = request.POST.get(FIELD, "") or request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    if wanted in dict(settings.LANGUAGES):
        set_cookie(response, wanted)
    return response


@require_GET
def health(request: Request) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
