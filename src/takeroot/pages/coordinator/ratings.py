"""Before and after: what people say of themselves, with the number who said it both times."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.views.decorators.http import require_GET

from takeroot.access.policies import PEOPLE_WORK
from takeroot.connections.rating_figures import rating_changes
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


def _number(value: float | None, *, signed: bool = False) -> str:
    """One decimal, as the language writes it; a true minus."""
    if value is None:
        return ""
    sign = ("+" if value > 0 else "−" if value < 0 else "") if signed else ""
    return f"{sign}{number_format(abs(value) if signed else value, 1)}"


@require_GET
def ratings(request: Request) -> HttpResponse:
    found = rating_changes(request.actor)
    lines = [
        {
            "words": row.words,
            "before": _number(row.before),
            "after": _number(row.after),
            "change": _number(row.change, signed=True),
        }
        for row in found.rows
    ]
    return render(request, "coordinator/ratings.html", {"found": found, "lines": lines})


urls = [page("people/before-and-after/", ratings, "ratings", PEOPLE_WORK)]
