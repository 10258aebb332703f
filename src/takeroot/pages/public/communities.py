"""The public page of a community: what its people do for newcomers, in released figures."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from takeroot.accounts.models import Centre
from takeroot.connections.services.public import in_public
from takeroot.facts import places
from takeroot.outcomes.reports import (
    held_back_words,
    period_words,
    public_figures,
    source_words,
)
from takeroot.outcomes.selectors import latest_published
from takeroot.pages.requests import Request


def _place(centre: Centre) -> str:
    found = places.by_id(centre.place_code) if centre.place_code else None
    return found.label(get_language() or "en") if found else centre.name


@require_GET
def communities(request: Request) -> HttpResponse:
    """Every community that takes part."""
    rows = [(centre, _place(centre)) for centre in Centre.objects.order_by("slug")]
    return render(request, "public/communities.html", {"communities": rows})


@require_GET
def community(request: Request, slug: str) -> HttpResponse:
    centre = get_object_or_404(Centre, slug=slug)
    release = latest_published()
    figures = public_figures(release, centre) if release else ()
    context = {
        "community": centre,
        "place": _place(centre),
        "figures": figures,
        "held_back": sum(one.figure is None for one in figures),
    }
    if release:
        context |= {
            "period": period_words(release),
            "source": source_words(release),
            "why": held_back_words(release),
        }
    told = in_public(centre)
    context |= {"words": told.words, "recognised": told.years}
    return render(request, "public/community.html", context)
