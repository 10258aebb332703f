"""Testimonials: what waits to be read, what is shown where, what has ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from takeroot.access.policies import PEOPLE_WORK
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import Shown, ToldState
from takeroot.connections.models_told import Testimonial
from takeroot.connections.selectors import connectees_visible_to, connectors_visible_to
from takeroot.connections.services.testimonials import ask_for_words, decide_words
from takeroot.connections.told import testimonials_visible_to
from takeroot.pages.lists import page_shown
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
ROWS = 25


def _line(row: Testimonial) -> dict[str, object]:
    today = timezone.localdate()
    names = dict(Shown.choices)
    over = row.until is not None and row.until < today
    return {
        "row": row,
        "places": "; ".join(str(names[place]) for place in row.places if place in names),
        "waits": row.state == ToldState.GIVEN,
        "shown": row.state == ToldState.APPROVED and not over,
        "over": over,
    }


@require_GET
def index(request: Request) -> HttpResponse:
    rows = testimonials_visible_to(request.actor).exclude(state=ToldState.WITHDRAWN)
    shown = page_shown(request, rows.order_by("-created_at", "pk"), ROWS)
    lines = sorted((_line(row) for row in shown), key=lambda line: not line["waits"])
    waiting = rows.filter(state=ToldState.GIVEN).count()
    context = {"lines": lines, "shown": shown, "waiting": waiting}
    return render(request, "coordinator/testimonials.html", context)


@require_POST
def decide(request: Request, key: UUID) -> HttpResponse:
    row = get_object_or_404(testimonials_visible_to(request.actor), pk=key)
    show = request.POST.get("show") == "yes"
    try:
        decide_words(
            testimonial=row, show=show, seen=request.POST.get("seen", ""), by=request.actor
        )
        said = (
            _("The words are shown from now on, where %(name)s said.")
            if show
            else _("The words are not shown. %(name)s sees that on their own page.")
        )
        messages.success(request, said % {"name": row.party.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:testimonials")


@require_POST
def ask(request: Request, pk: UUID) -> HttpResponse:
    """Ask a Connectee or a Connector of the centre, by letter."""
    connector = connectors_visible_to(request.actor).filter(pk=pk).first()
    row = connector or get_object_or_404(connectees_visible_to(request.actor), pk=pk)
    party: Party = row.person.party
    try:
        ask_for_words(party=party, by=request.actor)
        messages.success(request, _("%(name)s is asked by letter.") % {"name": party.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:connector" if connector else "coordinator:connectee", pk)


urls = [
    page("testimonials/", index, "testimonials", PEOPLE_WORK),
    page("testimonials/<uuid:key>/", decide, "testimonial_decide", PEOPLE_WORK),
    page("testimonials/ask/<uuid:pk>/", ask, "testimonial_ask", PEOPLE_WORK),
]
