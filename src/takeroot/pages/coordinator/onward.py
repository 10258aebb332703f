"""«Not now»: the kind answer with an onward step, taking it up again, and what came in again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION, PEOPLE_WORK
from takeroot.access.services import record_read
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.enums_applying import OnwardReason
from takeroot.connections.models import Connectee
from takeroot.connections.selectors import connectees_visible_to
from takeroot.connections.services.applying import looked_again
from takeroot.connections.services.onward import (
    WAIT_DAYS,
    send_onward,
    suggested_steps,
    take_up_again,
)
from takeroot.connections.services.ratings import ask_how_it_was
from takeroot.pages.coordinator.people_applied import applied_context
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


class OnwardForm(forms.Form):
    """Which of two answers, why, and where the person can go on."""

    state = forms.ChoiceField(
        label=gettext_lazy("What do you tell them?"),
        choices=[
            (
                ConnecteeState.WAITING_DOCUMENTS,
                gettext_lazy("One thing is missing; then it goes on"),
            ),
            (ConnecteeState.NOT_ELIGIBLE, gettext_lazy("The programme cannot take them now")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two answers.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=OnwardReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the reason that comes nearest.")},
    )
    steps = forms.MultipleChoiceField(
        label=gettext_lazy("Where can they turn?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Your centre's own list; change it in the settings."),
    )
    step = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Which agency, whom to ask for, a link, a course. They read this."),
    )
    again_on = forms.DateField(
        label=gettext_lazy("If one thing is missing: look again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, row: Connectee, **more: Any) -> None:
        super().__init__(*args, **more)
        found = suggested_steps(row.centre, row.person.party.language)
        if found:
            self.fields["steps"].choices = [(step, step) for step in found]  # type: ignore[attr-defined]
        else:
            del self.fields["steps"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("steps") and not (data.get("step") or "").strip():
            self.add_error(
                "step",
                _("Say where the person can turn, or what comes next: nobody is left alone."),
            )
        day = data.get("again_on")
        if day and day <= timezone.localdate():
            self.add_error("again_on", _("This day has passed; choose a later one."))
        return data

    @property
    def onward(self) -> str:
        return "\n".join(
            [*self.cleaned_data.get("steps", []), self.cleaned_data["step"].strip()]
        ).strip()


def _one(request: Request, pk: UUID) -> Connectee:
    rows = connectees_visible_to(request.actor).select_related("centre")
    return get_object_or_404(rows, pk=pk)


def _back(row: Connectee) -> HttpResponse:
    return redirect(reverse("coordinator:application", args=[row.pk]))


@require_GET
def application(request: Request, pk: UUID) -> HttpResponse:
    """How somebody came in, what they were told, how they see themselves."""
    row = _one(request, pk)
    actor = request.actor
    record_read(by=actor, subject_id=row.pk, centre_id=row.centre_id, page="application")
    may_answer = COORDINATION.allows(actor)
    context = {"row": row, **applied_context(actor, row, may_answer=may_answer)}
    return render(request, "coordinator/application.html", context)


@require_http_methods(["GET", "POST"])
def onward(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    today = timezone.localdate()
    form = form_for(
        request, OnwardForm, row=row, initial={"again_on": today + timedelta(days=WAIT_DAYS)}
    )
    if submitted(request, form):
        try:
            send_onward(
                connectee=row,
                state=form.cleaned_data["state"],
                reason=form.cleaned_data["reason"],
                step=form.onward,
                again_on=form.cleaned_data["again_on"],
                by=request.actor,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            name = row.person.party.name
            said = (
                _("%(name)s is told by letter, with the next step.")
                if row.person.party.email
                else _("Written down. %(name)s has no e-mail: call them and say it.")
            )
            messages.success(request, said % {"name": name})
            return _back(row)
    context = {"form": form, "row": row}
    return render(request, "coordinator/onward.html", context, status=status_of(form))


@require_POST
def again(request: Request, pk: UUID) -> HttpResponse:
    """Take a file up again."""
    row = _one(request, pk)
    take_up_again(connectee=row, by=request.actor)
    messages.success(
        request,
        _("The file of %(name)s goes on; the readiness list is owed again.")
        % {"name": row.person.party.name},
    )
    return _back(row)


@require_POST
def looked(request: Request, pk: UUID) -> HttpResponse:
    """What came in again has been compared with the file."""
    row = _one(request, pk)
    looked_again(connectee=row, by=request.actor)
    messages.success(request, _("Done: what came in again is deleted, the file stays as it is."))
    return _back(row)


@require_POST
def ask_rating(request: Request, pk: UUID) -> HttpResponse:
    """Send the four questions of afterwards."""
    row = _one(request, pk)
    try:
        ask_how_it_was(connectee=row, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(name)s gets a letter with the four questions.") % {"name": row.person.party.name},
        )
    return _back(row)


urls = [
    page("people/<uuid:pk>/application/", application, "application", PEOPLE_WORK),
    page("people/<uuid:pk>/onward/", onward, "onward", COORDINATION),
    page("people/<uuid:pk>/again/", again, "take_up_again", COORDINATION),
    page("people/<uuid:pk>/looked/", looked, "looked_again", PEOPLE_WORK),
    page("people/<uuid:pk>/ask-rating/", ask_rating, "ask_rating", PEOPLE_WORK),
]
