"""Screening: who is valid, due or ended; what was seen of one person; what the centre asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION, PEOPLE_WORK
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnectorState
from takeroot.connections.models import Connector
from takeroot.connections.selectors import connectors_visible_to
from takeroot.pages.coordinator.settings import show_problem
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.volunteers.enums import BLOCKING, ScreeningKind, Standing
from takeroot.volunteers.models import ScreeningPlan
from takeroot.volunteers.selectors import Check, checks, plan_of, screenings_visible_to
from takeroot.volunteers.services.screening import (
    choose_plan,
    record_screening,
    remove_screening,
)

page = pages_of("coordinator")
# The most pressing first.
ORDER = (Standing.EXPIRED, Standing.MISSING, Standing.GRACE, Standing.DUE, Standing.VALID)
_CHIPS = {
    Standing.VALID: "normal",
    Standing.DUE: "soon",
    Standing.GRACE: "soon",
    Standing.EXPIRED: "late",
    Standing.MISSING: "late",
}
_DAY = {"invalid": gettext_lazy("Write the day like this: 2026-11-28 (year, month, day).")}


def _day_field(**options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, error_messages=_DAY, **options)


class SeenForm(forms.Form):
    """What somebody of the centre has seen."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What have you seen?"), choices=ScreeningKind, widget=forms.RadioSelect
    )
    received_on = _day_field(label=gettext_lazy("On which day?"))
    valid_until = _day_field(
        label=gettext_lazy("Until when does it hold?"),
        required=False,
        help_text=gettext_lazy("Leave it empty where it does not end, as with an orientation."),
    )


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the centre asks for before a first match."""

    needed = forms.MultipleChoiceField(
        label=gettext_lazy("What do you ask for before somebody is matched?"),
        choices=ScreeningKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Nothing is a sound choice: meetings of the programme take place in public. Whoever "
            "lacks what you tick is proposed to nobody until it is written down."
        ),
    )

    class Meta:
        model = ScreeningPlan
        fields = ("needed", "renew_days", "grace_days")


def chip_of(check: Check) -> dict[str, Any]:
    """One check as a chip: the kind, how it stands, and until when."""
    return {
        "label": check.label,
        "words": check.standing.label,
        "kind": _CHIPS[check.standing],
        "until": check.until,
        "blocks": check.blocks,
    }


def checks_of(request: Request, row: Connector) -> list[dict[str, Any]]:
    """What the centre asks of one Connector, for their page."""
    centre = centre_of(request)
    found = checks(
        actor=request.actor,
        plan=plan_of(centre),
        people=[row.pk],
        day=timezone.localdate(timezone=centre.zone),
    )
    return [chip_of(check) for check in found[row.pk]]


def _worst(found: Sequence[Check]) -> Standing:
    return min((check.standing for check in found), key=ORDER.index)


def _lines(request: Request, plan: ScreeningPlan, day: date) -> list[dict[str, Any]]:
    """Everybody who takes part, the most pressing first."""
    rows = connectors_visible_to(request.actor).exclude(state=ConnectorState.RETIRED)
    people = {row.pk: row for row in rows.order_by("person__party__sort_key", "pk")}
    found = checks(actor=request.actor, plan=plan, people=people, day=day)
    lines = [
        {"row": row, "checks": [chip_of(c) for c in found[key]], "worst": _worst(found[key])}
        for key, row in people.items()
    ]
    return sorted(lines, key=lambda line: ORDER.index(line["worst"]))


@require_GET
def index(request: Request) -> HttpResponse:
    centre = centre_of(request)
    plan = plan_of(centre)
    day = timezone.localdate(timezone=centre.zone)
    lines = _lines(request, plan, day) if plan.needed else []
    shown = request.GET.get("standing", "")
    counts = [
        (standing, standing.label, sum(line["worst"] == standing for line in lines))
        for standing in ORDER
    ]
    context = {
        "plan": plan,
        "kinds": ", ".join(str(ScreeningKind(kind).label) for kind in plan.needed),
        "lines": [line for line in lines if not shown or line["worst"] == shown],
        "counts": counts,
        "shown": shown,
        "blocked": sum(line["worst"] in BLOCKING for line in lines),
        "may_change": COORDINATION.allows(request.actor),
    }
    return render(request, "coordinator/screening.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: Request) -> HttpResponse:
    centre = centre_of(request)
    form = form_for(request, PlanForm, instance=plan_of(centre))
    if submitted(request, form):
        try:
            choose_plan(centre=centre, by=request.actor, **form.cleaned_data)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("The settings are saved and hold from now on."))
            return redirect("coordinator:screening")
    return render(
        request, "coordinator/screening_plan.html", {"form": form}, status=status_of(form)
    )


@require_http_methods(["GET", "POST"])
def one(request: Request, pk: UUID) -> HttpResponse:
    """What was seen of one Connector, and the form for what is seen now."""
    row = get_object_or_404(connectors_visible_to(request.actor), pk=pk)
    today = timezone.localdate()
    initial = {
        "kind": ScreeningKind.POLICE,
        "received_on": today,
        "valid_until": today + timedelta(days=3 * 365),
    }
    form = form_for(request, SeenForm, initial=initial)
    if submitted(request, form):
        try:
            record_screening(person=row.person, by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is written down. Give the document back."))
            return redirect("coordinator:screenings", row.pk)
    context = {
        "row": row,
        "form": form,
        "checks": checks_of(request, row),
        "seen": screenings_visible_to(request.actor).filter(person=row.person),
    }
    return render(request, "coordinator/screenings.html", context, status=status_of(form))


@require_POST
def remove(request: Request, pk: UUID, screening: UUID) -> HttpResponse:
    row = get_object_or_404(screenings_visible_to(request.actor), pk=screening, person_id=pk)
    remove_screening(screening=row, by=request.actor)
    messages.success(request, _("It was taken out; the trace says who did it."))
    return redirect("coordinator:screenings", pk)


urls = [
    page("screening/", index, "screening", PEOPLE_WORK),
    page("screening/settings/", plan, "screening_plan", COORDINATION),
    page("connectors/<uuid:pk>/screening/", one, "screenings", PEOPLE_WORK),
    page(
        "connectors/<uuid:pk>/screening/<uuid:screening>/remove/",
        remove,
        "screening_remove",
        PEOPLE_WORK,
    ),
]
