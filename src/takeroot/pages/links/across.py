"""«You and somebody of another centre»: how it went, and which doors opened."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse

from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import AcrossState
from takeroot.connections.models_shared import SharedAnswer, SharedAsk
from takeroot.connections.services.across import say_across, say_doors
from takeroot.pages.across_forms import AcrossForm, DoorsForm
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.visit import Visit, dead


def page(visit: Visit) -> HttpResponse:
    # Both rows are read by a house: the request is one centre's, the answer the other's.
    with visit.house():
        ask = SharedAsk.objects.filter(pk=visit.link.subject_id).first()
        answer = SharedAnswer.objects.filter(ask=ask, connector__isnull=False).first()
        if ask is None or answer is None:
            return dead(visit.request, spent=True)
        newcomer = visit.party.pk == ask.connectee_id
        other_key = answer.connector_id if newcomer else ask.connectee_id
    other = Party.objects.filter(pk=other_key).first() if other_key else None
    if other is None:
        return dead(visit.request, spent=True)
    form = _form(visit, ask, answer, newcomer)
    if form is not None and submitted(visit.request, form):
        try:
            with visit.house():
                if isinstance(form, AcrossForm):
                    met, on = form.said
                    say_across(ask=ask, said_by=visit.party.pk, met=met, on=on)
                else:
                    say_doors(ask=ask, doors=form.cleaned_data["doors"])
            return visit.back()
        except Refused as refusal:
            refuse(form, refusal)
    context = {
        "other": other,
        "form": form,
        "met": ask.met == AcrossState.MET,
        "doors": isinstance(form, DoorsForm),
    }
    return visit.show("across", context, status=status_of(form) if form is not None else 200)


def _form(visit: Visit, ask: SharedAsk, answer: SharedAnswer, newcomer: bool) -> forms.Form | None:
    """What is asked now, if anything."""
    if ask.met in ("", AcrossState.UNKNOWN):
        return form_for(visit.request, AcrossForm)
    if ask.met == AcrossState.MET and not newcomer and answer.doors is None:
        return form_for(visit.request, DoorsForm)
    return None
