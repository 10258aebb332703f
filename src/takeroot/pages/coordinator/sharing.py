"""Other centres: with whom we share Connectors, whom we share, and whom we may ask."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from takeroot.access.policies import COORDINATION
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.enums import AskState, ConnecteeState, ConnectorState
from takeroot.connections.letters import occupation_words
from takeroot.connections.models import Connector
from takeroot.connections.models_shared import SharedAsk
from takeroot.connections.resting import Rest, rests
from takeroot.connections.selectors import connectees_visible_to, connectors_visible_to
from takeroot.connections.services.resting import ask_all_the_same
from takeroot.connections.services.sharing import (
    agree_to_share,
    ask_shared,
    end_sharing,
    share_connector,
)
from takeroot.connections.shared import (
    asks_visible_to,
    offers_visible_to,
    shared_keys,
    sides_visible_to,
)
from takeroot.pages.coordinator.people_words import languages_in_words
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
MOST = 200


def rest_of(row: Connector) -> Rest | None:
    """Why one Connector is not asked now, if so."""
    day = timezone.localdate(timezone=row.centre.zone)
    return rests([row], centre=row.centre, day=day).get(row.pk)


def _centres(request: Request, centre: Centre) -> list[dict[str, object]]:
    sides = {(side.centre_id, side.other_id) for side in sides_visible_to(request.actor)}
    return [
        {
            "centre": other,
            "ours": (centre.pk, other.pk) in sides,
            "theirs": (other.pk, centre.pk) in sides,
        }
        for other in Centre.objects.exclude(pk=centre.pk).order_by("slug")
    ]


def _asked(request: Request, centre: Centre) -> list[dict[str, object]]:
    """Our requests to others, and theirs to us, with the answers."""
    names = {
        row.pk: row.person.party.name
        for row in connectees_visible_to(request.actor).filter(shared_asks__isnull=False)
    }
    return [
        {
            "ask": ask,
            "ours": ask.centre_id == centre.pk,
            "name": names.get(ask.connectee_id, "") if ask.connectee_id else "",
            "work": _work(ask.occupation_code),
            "across": (ask.get_met_display() or _("said yes; how did it go?"))
            if hasattr(ask, "answer") and ask.answer.state == AskState.YES
            else "",
            "answer": ask.answer.get_state_display() if hasattr(ask, "answer") else "",
        }
        for ask in asks_visible_to(request.actor)[:50]
    ]


def _work(code: str) -> str:
    return occupation_words(code, "", (get_language() or "en")[:2]) or _("a line of work not said")


@require_GET
def index(request: Request) -> HttpResponse:
    centre, actor = centre_of(request), request.actor
    places = [
        {
            "offer": offer,
            "work": _work(offer.occupation_code),
            "spoken": "; ".join(languages_in_words(dict.fromkeys(offer.languages))),
        }
        for offer in offers_visible_to(actor, centre)[:MOST]
    ]
    ready = connectees_visible_to(actor).filter(state=ConnecteeState.READY)
    active = connectors_visible_to(actor).filter(state=ConnectorState.ACTIVE)
    shared = shared_keys(actor)
    context = {
        "centres": _centres(request, centre),
        "places": places,
        "ready": ready.order_by("waiting_since", "pk")[:MOST],
        "connectors": [
            (row, row.pk in shared)
            for row in active.order_by("person__party__sort_key", "pk")[:MOST]
        ],
        "asked": _asked(request, centre),
    }
    return render(request, "coordinator/sharing.html", context)


@require_POST
def with_centre(request: Request, slug: str) -> HttpResponse:
    """Our side: yes, or the end."""
    centre, other = centre_of(request), get_object_or_404(Centre, slug=slug)
    try:
        if request.POST.get("share") == "yes":
            agree_to_share(centre=centre, other=other, by=request.actor)
            said = _("Your side is said. Places are offered once %(centre)s has said its own.")
        else:
            end_sharing(centre=centre, other=other, by=request.actor)
            said = _("Sharing with %(centre)s has ended: no place is offered any more.")
        messages.success(request, said % {"centre": other.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:sharing")


@require_POST
def connector(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(connectors_visible_to(request.actor).select_related("centre"), pk=pk)
    share = request.POST.get("share") == "yes"
    try:
        share_connector(connector=row, share=share, by=request.actor)
        said = (
            _("%(name)s is offered to your partners, without a name.")
            if share
            else _("%(name)s is no longer offered.")
        )
        messages.success(request, said % {"name": row.person.party.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:sharing")


@require_POST
def ask(request: Request, pk: UUID) -> HttpResponse:
    """Ask the person behind a partner's place for one of our Connectees."""
    offer = get_object_or_404(offers_visible_to(request.actor, centre_of(request)), pk=pk)
    key = request.POST.get("connectee", "")
    rows = connectees_visible_to(request.actor).select_related("centre")
    chosen = next(
        (row for row in rows.filter(state=ConnecteeState.READY) if str(row.pk) == key), None
    )
    if chosen is None:
        messages.error(request, _("Choose for whom you ask."))
        return redirect("coordinator:sharing")
    try:
        made: SharedAsk = ask_shared(offer=offer, connectee=chosen, by=request.actor)
        said = _("%(centre)s asks its Connector in its own words; the answer will stand here.")
        messages.success(request, said % {"centre": made.to.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:sharing")


@require_POST
def all_the_same(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(connectors_visible_to(request.actor), pk=pk)
    try:
        ask_all_the_same(connector=row, reason=request.POST.get("reason", ""), by=request.actor)
        messages.success(request, _("One more request is allowed; the reason is kept."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:connector", row.pk)


urls = [
    page("sharing/", index, "sharing", COORDINATION),
    page("sharing/with/<slug:slug>/", with_centre, "sharing_with", COORDINATION),
    page("sharing/places/<uuid:pk>/", ask, "sharing_ask", COORDINATION),
    page("connectors/<uuid:pk>/share/", connector, "connector_share", COORDINATION),
    page("connectors/<uuid:pk>/all-the-same/", all_the_same, "ask_all_the_same", COORDINATION),
]
