"""Reports that something was not right: written down by staff, read and decided by few."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION, PEOPLE_WORK, PRIVACY
from takeroot.access.services import record_read
from takeroot.common.errors import Refused
from takeroot.connections.concern_selectors import concerns_visible_to
from takeroot.connections.models import Match
from takeroot.connections.models_concern import Decision
from takeroot.connections.selectors import matches_visible_to
from takeroot.connections.services.concerns import (
    decide_concern,
    readers_of,
    report_concern,
    withhold,
)
from takeroot.pages.concern_fields import ConcernForm
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request, centre_of
from takeroot.pages.routes import pages_of
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import keep_promises

page = pages_of("coordinator")
ROWS = 25


class StaffConcernForm(ConcernForm):
    """Told to staff: by whom, about whom, and how."""

    about = forms.ChoiceField(label=gettext_lazy("About whom?"), widget=forms.RadioSelect)
    via = forms.ChoiceField(
        label=gettext_lazy("How were you told?"),
        choices=[
            ("phone", gettext_lazy("by telephone")),
            ("paper", gettext_lazy("in writing")),
            ("staff", gettext_lazy("in person, or seen by ourselves")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("about", "via", "text", "withheld")

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        two = (match.connectee.person.party, match.connector.person.party)
        self.two = {str(party.pk): party for party in two}
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            (str(party.pk), party.name) for party in two
        ]


@require_http_methods(["GET", "POST"])
def new(request: Request, key: UUID) -> HttpResponse:
    """Written down by whoever was told. They need not be one of those who may read it later."""
    match = get_object_or_404(matches_visible_to(request.actor), pk=key)
    readers = readers_of(centre_of(request))
    form = form_for(request, StaffConcernForm, match=match, readers=readers)
    if submitted(request, form):
        about = form.two[form.cleaned_data["about"]]
        other = next(party for key, party in form.two.items() if party.pk != about.pk)
        try:
            report_concern(
                match=match,
                about=about.pk,
                said_by=other if form.cleaned_data["via"] != "staff" else None,
                text=form.cleaned_data["text"],
                via=form.cleaned_data["via"],
                by=request.actor,
                withheld_from=form.withheld_from,
            )
            messages.success(
                request, _("All contact is stopped. Those who may read the report see it on Today.")
            )
            return redirect("coordinator:network", match.connectee_id)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "match": match}
    return render(request, "coordinator/concern_new.html", context, status=status_of(form))


@require_GET
def index(request: Request) -> HttpResponse:
    rows = Paginator(concerns_visible_to(request.actor), ROWS).get_page(request.GET.get("page"))
    return render(request, "coordinator/concerns.html", {"shown": rows})


class DecideForm(forms.Form):
    """What is decided about whoever was reported, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"), choices=Decision, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Why?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithholdForm(forms.Form):
    """Who of the staff knows one of the two."""

    party = forms.ChoiceField(label=gettext_lazy("Who knows one of the two?"))

    def __init__(self, *args: Any, readers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [  # type: ignore[attr-defined]
            ("", _("choose")),
            *((str(party.pk), party.name) for party in readers),
        ]


@require_http_methods(["GET", "POST"])
def show(request: Request, key: UUID) -> HttpResponse:
    """One report; a coordinator or supervisor decides."""
    actor = request.actor
    row = get_object_or_404(concerns_visible_to(actor), pk=key)
    # The trace names the report, not the person: on a person's page nobody learns of it.
    record_read(by=actor, subject_id=row.pk, centre_id=row.centre_id, page="concern")
    may_decide = COORDINATION.allows(actor) and not row.decision
    form = form_for(request, DecideForm)
    if may_decide and submitted(request, form):
        try:
            decide_concern(concern=row, by=actor, **form.cleaned_data)
            messages.success(request, _("Your decision is kept."))
            return redirect("coordinator:concern", key)
        except Refused as refusal:
            refuse(form, refusal)
    readers = [party for party in readers_of(row.centre) if party.pk not in row.withheld_from]
    context = {
        "row": row,
        "form": form if may_decide else None,
        "withhold": WithholdForm(readers=readers) if len(readers) > 1 else None,
        "sides": row.sides.select_related("party").order_by("party__sort_key"),
    }
    return render(request, "coordinator/concern.html", context, status=status_of(form))


@require_POST
def keep_from(request: Request, key: UUID) -> HttpResponse:
    row = get_object_or_404(concerns_visible_to(request.actor), pk=key)
    form = WithholdForm(request.POST, readers=readers_of(row.centre))
    if form.is_valid():
        try:
            withhold(concern=row, party=UUID(form.cleaned_data["party"]), by=request.actor)
            messages.success(request, _("They can no longer read it."))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("coordinator:concerns")


@require_POST
def cared(request: Request, key: UUID, side: UUID) -> HttpResponse:
    """«I have spoken with them»: the word that was owed to one of the two."""
    row = get_object_or_404(concerns_visible_to(request.actor), pk=key)
    found = get_object_or_404(row.sides.all(), pk=side)
    keep_promises(subject_id=found.pk, kind=PromiseKind.LOOK_AFTER)
    messages.success(request, _("Noted: they have been looked after."))
    return redirect("coordinator:concern", key)


urls = [
    page("matches/<uuid:key>/not-right/", new, "concern_new", PEOPLE_WORK),
    page("reports/", index, "concerns", PRIVACY),
    page("reports/<uuid:key>/", show, "concern", PRIVACY),
    page("reports/<uuid:key>/withhold/", keep_from, "concern_withhold", PRIVACY),
    page("reports/<uuid:key>/cared/<uuid:side>/", cared, "concern_cared", PRIVACY),
]
