"""Connectors: the list with free places, the page of one, and the forms that change it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION, PEOPLE_WORK
from takeroot.access.services import record_read
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.common.text import search_key
from takeroot.connections.enums import TOGETHER, Circle, ConnectorState
from takeroot.connections.enums_applying import ConnectorKind
from takeroot.connections.models import Connector
from takeroot.connections.selectors import (
    connectors_visible_to,
    found_by_name,
    matches_visible_to,
    with_free_places,
)
from takeroot.connections.services.enrolment import (
    edit_connector,
    enrol_connector,
    pause_connector,
)
from takeroot.connections.services.joining import (
    WAITING,
    confirm_connector,
    decline_connector,
)
from takeroot.keeping.selectors import whole_key
from takeroot.ledger.selectors import timeline
from takeroot.pages.coordinator.files import Kind, change_file, new_file
from takeroot.pages.coordinator.people_forms import ConnectorForm
from takeroot.pages.coordinator.people_words import (
    address,
    languages_in_words,
    occupation_in_full,
    occupation_title,
)
from takeroot.pages.coordinator.screening import checks_of
from takeroot.pages.coordinator.sharing import rest_of
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.coordinator.timeline_words import timeline_items
from takeroot.pages.lists import page_shown
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
ROWS = 25


def _rows(request: Request, centre: Centre) -> QuerySet[Connector]:
    return with_free_places(
        connectors_visible_to(request.actor).select_related("centre"),
        centre=centre,
        day=timezone.localdate(timezone=centre.zone),
    )


def _free(row: Connector) -> int:
    """Places left in this period: `with_free_places` has counted them."""
    return max(0, int(getattr(row, "free", 0)))


def _one(request: Request, pk: UUID) -> Connector:
    rows = _rows(request, centre_of(request))
    # A file that was merged into another is read there, under its old address too.
    return rows.filter(pk=pk).first() or get_object_or_404(rows, pk=whole_key(request.actor, pk))


def _filtered(request: Request, centre: Centre) -> QuerySet[Connector]:
    rows = _rows(request, centre)
    state, circle = request.GET.get("state", ""), request.GET.get("circle", "")
    if state == "free":
        rows = rows.filter(Q(("free__gt", 0)), state=ConnectorState.ACTIVE)
    elif state in ConnectorState.values:
        rows = rows.filter(state=state)
    if circle in Circle.values:
        rows = rows.filter(circles__contains=[circle])
    kind = request.GET.get("kind", "")
    if kind == "hiring":
        rows = rows.filter(also_hiring=True)
    elif kind in ConnectorKind.values:
        rows = rows.filter(town_roles__contains=[kind])
    text = request.GET.get("q", "").strip()
    if not text:
        return rows.order_by("person__party__sort_key", "pk")
    named = found_by_name(rows, text)
    if named.exists():
        return named
    at = Q(organization__party__search_key__contains=search_key(text))
    return rows.filter(at).order_by("person__party__sort_key", "pk")


def circles_in_words(row: Connector) -> str:
    names = dict(Circle.choices)
    return ", ".join(str(names[circle]) for circle in row.circles if circle in names)


def kinds_in_words(row: Connector) -> str:
    names = dict(ConnectorKind.choices)
    return ", ".join(str(names[kind]) for kind in row.town_roles if kind in names)


@require_GET
def index(request: Request) -> HttpResponse:
    centre = centre_of(request)
    shown = page_shown(request, _filtered(request, centre), ROWS)
    lines = [
        {
            "row": row,
            "work": occupation_title(row.person),
            "circles": circles_in_words(row),
            "free": _free(row),
        }
        for row in shown
    ]
    context = {
        "shown": shown,
        "lines": lines,
        "q": request.GET.get("q", "").strip(),
        "state": request.GET.get("state", ""),
        "circle": request.GET.get("circle", ""),
        "states": ConnectorState.choices,
        "circles": Circle.choices,
        "kind": request.GET.get("kind", ""),
        "kinds": ConnectorKind.choices,
        "may_import": COORDINATION.allows(request.actor),
    }
    return render(request, "coordinator/connectors.html", context)


@require_GET
def connector(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    actor, person = request.actor, row.person
    record_read(by=actor, subject_id=row.pk, centre_id=row.centre_id, page="connector")
    matches = (
        matches_visible_to(actor)
        .filter(connector=row, state__in=TOGETHER)
        .select_related(None)
        .select_related("connectee__person__party", "meeting")
        .order_by("-created_at")[:50]
    )
    profile = [
        (_("Organization"), row.organization.party.name if row.organization else ""),
        (_("Occupation"), occupation_in_full(person)),
        (_("What they are in town"), kinds_in_words(row)),
        (_("Circles"), circles_in_words(row)),
        (_("Languages"), "; ".join(languages_in_words(person.languages))),
        (_("Interests"), ", ".join(person.interests)),
        (_("Community"), person.place.label if person.place else ""),
        (_("Likes to meet"), person.get_mode_display()),
        (_("Has settled here themselves"), _("yes") if row.lived_experience else _("no")),
        (_("E-mail"), address(person.party.email)),
        (_("Telephone"), person.party.phone),
        (_("Letters in"), person.party.get_language_display()),
    ]
    if row.not_with:
        profile.append((_("Never to be matched with"), ", ".join(row.not_with)))
    context = {
        "row": row,
        "party": person.party,
        "profile": profile,
        "matches": list(matches),
        "free": _free(row),
        "waits": row.state in WAITING,
        "may_answer": COORDINATION.allows(actor),
        "checks": checks_of(request, row),
        "rest": rest_of(row),
        "timeline": timeline_items(timeline(actor=actor, party_id=row.pk)[:100], person.party.name),
    }
    return render(request, "coordinator/connector.html", context)


KIND = Kind(
    name="connector",
    model=Connector,
    form=ConnectorForm,
    enrol=enrol_connector,
    edit=lambda row, **typed: edit_connector(connector=row, **typed),
    one=_one,
)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    return new_file(request, KIND)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    return change_file(request, KIND, pk)


@require_POST
def offer(request: Request, pk: UUID) -> HttpResponse:
    """Answer somebody who offers to open doors: yes, or a kind no."""
    row = _one(request, pk)
    name = row.person.party.name
    try:
        if "no" in request.POST:
            decline_connector(connector=row, by=request.actor)
            said = _("%(name)s is thanked by letter; no round uses them.") % {"name": name}
        else:
            confirm_connector(connector=row, by=request.actor)
            said = _("%(name)s is welcome: the next round may propose them.") % {"name": name}
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(reverse("coordinator:connector", args=[row.pk]))


@require_POST
def pause(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    resting = request.POST.get("pause") == "yes"
    try:
        pause_connector(connector=row, pause=resting, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = (
            _("%(name)s rests: no round proposes them until you end the pause.")
            if resting
            else _("%(name)s is back: the next round may propose them.")
        )
        messages.success(request, said % {"name": row.person.party.name})
    return redirect(reverse("coordinator:connector", args=[row.pk]))


urls = [
    page("connectors/", index, "connectors", PEOPLE_WORK),
    page("connectors/new/", new, "connector_new", PEOPLE_WORK),
    page("connectors/<uuid:pk>/", connector, "connector", PEOPLE_WORK),
    page("connectors/<uuid:pk>/edit/", edit, "connector_edit", PEOPLE_WORK),
    page("connectors/<uuid:pk>/offer/", offer, "connector_offer", COORDINATION),
    page("connectors/<uuid:pk>/pause/", pause, "connector_pause", PEOPLE_WORK),
]
