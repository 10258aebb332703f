"""«They told me»: how a conversation across centres went, written down by either centre's staff for
its own person."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takeroot.access.policies import COORDINATION
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import AcrossState, AskState
from takeroot.connections.models_shared import SharedAsk
from takeroot.connections.services.across import say_across, say_doors
from takeroot.connections.shared import asks_visible_to
from takeroot.ledger.services import telling
from takeroot.pages.across_forms import AcrossForm, DoorsForm
from takeroot.pages.coordinator.told import Told
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


class AcrossTold(Told, AcrossForm):
    """Whether they met."""

    field_order = ("met", "on", "via")


class DoorsTold(Told, DoorsForm):
    """How many people a Connector told of a newcomer."""

    field_order = ("doors", "via")


def _form(request: Request, ask: SharedAsk, ours: bool) -> forms.Form | None:
    if ask.met in ("", AcrossState.UNKNOWN):
        return form_for(request, AcrossTold)
    if ask.met == AcrossState.MET and not ours and ask.answer.doors is None:
        return form_for(request, DoorsTold)
    return None


@require_http_methods(["GET", "POST"])
def across(request: Request, pk: UUID) -> HttpResponse:
    rows = asks_visible_to(request.actor).filter(answer__state=AskState.YES)
    ask = get_object_or_404(rows, pk=pk)
    ours = ask.centre_id in request.actor.centres
    key = ask.connectee_id if ours else ask.answer.connector_id
    party = get_object_or_404(Party, pk=key)
    form = _form(request, ask, ours)
    if form is not None and submitted(request, form):
        try:
            with telling(form.cleaned_data["via"]):
                if isinstance(form, AcrossTold):
                    met, on = form.said
                    say_across(ask=ask, said_by=party.pk, met=met, on=on)
                else:
                    say_doors(ask=ask, doors=form.cleaned_data["doors"])
            messages.success(request, _("Noted in their name."))
            return redirect("coordinator:sharing")
        except Refused as refusal:
            refuse(form, refusal)
    context = {
        "ask": ask,
        "ours": ours,
        "party": party,
        "form": form,
        "answer": ask.answer,
    }
    status = status_of(form) if form is not None else 200
    return render(request, "coordinator/across.html", context, status=status)


urls = [page("sharing/across/<uuid:pk>/", across, "across", COORDINATION)]
