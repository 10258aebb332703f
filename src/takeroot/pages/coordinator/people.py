"""Connectees: the list, the page of one, and the forms that change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.enums import Share
from takeroot.access.models import Consent
from takeroot.access.policies import COORDINATION, PEOPLE_WORK, PRIVACY
from takeroot.access.selectors import consents_visible_to, reads_visible_to
from takeroot.access.services import record_read
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import TOGETHER, ConnecteeState
from takeroot.connections.models import Connectee, Qualification
from takeroot.connections.selectors import (
    connectees_visible_to,
    found_by_name,
    referrals_visible_to,
)
from takeroot.connections.services.enrolment import (
    edit_connectee,
    enrol_connectee,
    give_consent,
    sign_readiness,
    take_consent_back,
)
from takeroot.keeping.selectors import whole_key
from takeroot.ledger.selectors import timeline
from takeroot.pages.coordinator.alumni import invitation_of
from takeroot.pages.coordinator.consent_forms import ConsentForm, ReadinessForm
from takeroot.pages.coordinator.files import Kind, change_file, new_file
from takeroot.pages.coordinator.people_forms import ConnecteeForm
from takeroot.pages.coordinator.people_words import (
    Step,
    address,
    languages_in_words,
    matches_in_short,
    maybe,
    next_step,
    occupation_in_full,
    occupation_title,
    situation_of,
    situations,
    state_kind,
    waiting_words,
    with_list_columns,
)
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.coordinator.timeline_words import timeline_items
from takeroot.pages.coordinator.work import outcomes_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.lists import page_shown
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
ROWS = 25
READS = 8


@dataclass(frozen=True)
class Line:
    """One Connectee in the list."""

    row: Connectee
    work: str
    waiting: str
    step: Step
    kind: str


def _one(request: Request, pk: UUID) -> Connectee:
    rows = connectees_visible_to(request.actor).select_related("qualification__signed_by", "centre")
    # A file that was merged into another is read there, under its old address too.
    return rows.filter(pk=pk).first() or get_object_or_404(rows, pk=whole_key(request.actor, pk))


def _filtered(request: Request) -> QuerySet[Connectee]:
    rows = connectees_visible_to(request.actor)
    state = request.GET.get("state", "")
    if state in ConnecteeState.values:
        rows = rows.filter(state=state)
    text = request.GET.get("q", "").strip()
    return found_by_name(rows, text) if text else rows.order_by("waiting_since", "pk")


@require_GET
def index(request: Request) -> HttpResponse:
    centre = centre_of(request)
    today = timezone.localdate()
    shown = page_shown(request, with_list_columns(_filtered(request)), ROWS)
    rows = list(shown)
    now = situations(request.actor, rows, today=today)
    lines = [
        Line(
            row,
            occupation_title(row.person),
            waiting_words(row.waiting_since, today),
            next_step(row, now[row.pk], centre),
            state_kind(row.state),
        )
        for row in rows
    ]
    context = {
        "shown": shown,
        "lines": lines,
        "q": request.GET.get("q", "").strip(),
        "state": request.GET.get("state", ""),
        "states": ConnecteeState.choices,
        "may_import": COORDINATION.allows(request.actor),
    }
    return render(request, "coordinator/people.html", context)


@require_GET
def connectee(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    actor = request.actor
    record_read(by=actor, subject_id=row.pk, centre_id=row.centre_id, page="connectee")
    return render(request, "coordinator/connectee.html", _page_of(request, row))


def _page_of(request: Request, row: Connectee) -> dict[str, Any]:
    actor = request.actor
    today, person = timezone.localdate(), row.person
    matches = list(
        matches_in_short(actor)
        .filter(connectee=row, state__in=TOGETHER)
        .order_by("-created_at", "-pk")
    )
    consents = list(consents_visible_to(actor).filter(party_id=row.pk))
    now = situation_of(actor, row, consents=consents, matches=matches)
    referrals = (
        referrals_visible_to(actor)
        .filter(connectee=row)
        .select_related(None)
        .select_related("contact__party")
        .only("state", "contact__party__name")
    )
    profile = [
        (_("Occupation"), occupation_in_full(person)),
        (_("Languages"), "; ".join(languages_in_words(person.languages))),
        (_("Interests"), ", ".join(person.interests)),
        (_("Would like to meet"), ", ".join(row.target_organizations)),
        (_("Community"), person.place.label if person.place else ""),
        (_("Likes to meet"), person.get_mode_display()),
        (
            _("Would rather meet"),
            _("somebody who has settled here themselves") if row.prefers_lived else "",
        ),
        (_("Status in Canada"), person.get_status_display()),
        (_("Waiting"), waiting_words(row.waiting_since, today)),
        (_("E-mail"), address(person.party.email)),
        (_("Telephone"), person.party.phone),
        (_("Letters in"), person.party.get_language_display()),
    ]
    if row.not_with:
        profile.append((_("Never to be matched with"), ", ".join(row.not_with)))
    list_ = row.qualification
    points = [
        (Qualification._meta.get_field(name).verbose_name, getattr(list_, name))  # type: ignore[union-attr]
        for name in Qualification.POINTS
    ]
    may_sign = COORDINATION.allows(actor)
    return {
        "row": row,
        "person": person,
        "party": person.party,
        "profile": profile,
        "step": next_step(row, now, row.centre),
        "kind": state_kind(row.state),
        "list": list_,
        "points": points,
        "done": sum(done for _label, done in points),
        "readiness": ReadinessForm(row=list_) if may_sign else None,
        "consents": _consents(consents),
        "matches": matches,
        "referrals": list(referrals[:50]),
        "timeline": timeline_items(timeline(actor=actor, party_id=row.pk)[:100], person.party.name),
        "network_url": maybe("coordinator:network", row.pk),
        **_reads(request, row),
        **outcomes_of(actor, row),
        **invitation_of(row),
    }


def _consents(found: list[Consent]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    names = dict(Share.choices)
    return [
        {
            "row": consent,
            "what": ", ".join(str(names.get(share, share)) for share in consent.shares),
            "live": consent.withdrawn_at is None and consent.until >= today,
            "ended": consent.withdrawn_at is None and consent.until < today,
        }
        for consent in found
    ]


def _reads(request: Request, row: Connectee) -> dict[str, Any]:
    """Who opened this file lately, for those who may know."""
    actor = request.actor
    if not PRIVACY.allows(actor):
        return {"reads": None}
    found = list(reads_visible_to(actor).filter(subject_id=row.pk)[:READS])
    known = {read.actor_id for read in found if read.actor_id}
    names: dict[UUID | None, str] = {}
    names.update(Party.objects.filter(pk__in=known).values_list("pk", "name"))
    house = _("The house itself")
    return {
        "reads": [(names.get(read.actor_id, house), read.at) for read in found],
        "trace_url": maybe("coordinator:trace"),
    }


KIND = Kind(
    name="connectee",
    model=Connectee,
    form=ConnecteeForm,
    enrol=enrol_connectee,
    edit=lambda row, **typed: edit_connectee(connectee=row, **typed),
    one=_one,
)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    return new_file(request, KIND)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    return change_file(request, KIND, pk)


@require_POST
def readiness(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    form = ReadinessForm(request.POST, row=row.qualification)
    form.is_valid()
    try:
        signed = sign_readiness(connectee=row, points=form.cleaned_data, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        name = row.person.party.name
        said = (
            _("The list is signed: %(name)s is ready for a round.")
            if signed.complete
            else _("Saved. The list of %(name)s is not complete yet.")
        )
        messages.success(request, said % {"name": name})
    return redirect(reverse("coordinator:connectee", args=[row.pk]) + "#readiness")


@require_http_methods(["GET", "POST"])
def consent_new(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    wanted = request.GET.get("purpose", "")
    form = form_for(request, ConsentForm, centre=row.centre, purpose=wanted)
    if submitted(request, form):
        try:
            give_consent(connectee=row, by=request.actor, **form.cleaned_data)
            messages.success(
                request,
                _("The consent of %(name)s is recorded.") % {"name": row.person.party.name},
            )
            return redirect(reverse("coordinator:connectee", args=[row.pk]))
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "row": row}
    return render(request, "coordinator/person_consent.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def consent_end(request: Request, pk: UUID, consent: UUID) -> HttpResponse:
    row = _one(request, pk)
    yes = get_object_or_404(consents_visible_to(request.actor).filter(party_id=row.pk), pk=consent)
    back = reverse("coordinator:connectee", args=[row.pk])
    if request.method == "POST":
        take_consent_back(consent=yes, by=request.actor)
        messages.success(request, _("The consent is withdrawn. What rested on it is closed."))
        return redirect(back)
    context = {"row": row, "consent": yes, "back": back}
    return render(request, "coordinator/person_consent_end.html", context)


urls = [
    page("people/", index, "people", PEOPLE_WORK),
    page("people/new/", new, "connectee_new", PEOPLE_WORK),
    page("people/<uuid:pk>/", connectee, "connectee", PEOPLE_WORK),
    page("people/<uuid:pk>/edit/", edit, "connectee_edit", PEOPLE_WORK),
    page("people/<uuid:pk>/readiness/", readiness, "readiness", COORDINATION),
    page("people/<uuid:pk>/consent/", consent_new, "consent_new", PEOPLE_WORK),
    page("people/<uuid:pk>/consent/<uuid:consent>/end/", consent_end, "consent_end", PEOPLE_WORK),
]
