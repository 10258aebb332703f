"""«I know people in town»: the sign-up of a Connector, on one page, without an account."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from takeroot.access.policies import PUBLIC
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.services.applying import answer_by
from takeroot.connections.services.joining import offer_help
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.joining import desk
from takeroot.pages.joining.connect_forms import NewForm
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("joining")


@require_safe
def where(request: Request) -> HttpResponse:
    centres = list(Centre.objects.order_by("slug"))
    if len(centres) == 1:
        return redirect("joining:connect", centre=centres[0].slug)
    return render(request, "joining/where.html", {"centres": centres, "page": "joining:connect"})


@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: Request, centre: str) -> HttpResponse:
    """The eight questions. Whether an address is known is told to nobody."""
    home = desk.centre_called(centre)
    form = form_for(request, NewForm, centre=home, initial={"key": uuid.uuid4()})
    if submitted(request, form):
        if desk.in_a_hurry(request, "connect", most=desk.MOST_BEGUN):
            return desk.slow_down(request, home)
        try:
            with desk.house_of(home):
                offer_help(centre=home, key=form.cleaned_data["key"], details=form.details())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            answer = redirect("joining:connected", centre=home.slug)
            answer.status_code = 303
            return answer
    return desk.show(request, home, "connect/form", {"form": form}, status=status_of(form))


@require_safe
def connected(request: Request, centre: str) -> HttpResponse:
    """What happens next, and by when."""
    home = desk.centre_called(centre)
    return desk.show(request, home, "connect/done", {"due": answer_by(home)})


urls = [
    page("connect/", where, "connect_where", PUBLIC),
    page("connect/<slug:centre>/", connect, "connect", PUBLIC),
    page("connect/<slug:centre>/thank-you/", connected, "connected", PUBLIC),
]
