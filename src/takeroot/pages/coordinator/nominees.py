"""One name on the list of a year: left out, answered by telephone, its certificate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from takeroot.access.enums import GivenHow
from takeroot.access.policies import COORDINATION
from takeroot.connections import recognised as reads
from takeroot.connections.enums_recognition import Outcome
from takeroot.connections.models_recognition import Nominee
from takeroot.connections.recognition import rules_of
from takeroot.connections.recognition_words import counts_in_words, rule_in_words
from takeroot.connections.services import recognition as services
from takeroot.ledger.enums import Via
from takeroot.ledger.services import telling
from takeroot.pages.coordinator.recognition import press
from takeroot.pages.coordinator.recognition_forms import AnswerForm, LeaveOutForm
from takeroot.pages.forms import form_for, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


def _nominee(request: Request, nominee: UUID) -> Nominee:
    rows = reads.nominees_visible_to(request.actor).select_related("recognition")
    return get_object_or_404(rows, pk=nominee)


@require_http_methods(["GET", "POST"])
def leave_out(request: Request, nominee: UUID) -> HttpResponse:
    row = _nominee(request, nominee)
    form = form_for(request, LeaveOutForm)
    if submitted(request, form):
        reason = form.cleaned_data["reason"]
        return press(
            request,
            row.recognition,
            lambda: services.leave_out(nominee=row, reason=reason, by=request.actor),
            _("Left out; the reason is kept."),
        )
    context = {"form": form, "row": row}
    return render(request, "coordinator/recognition_out.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def told(request: Request, nominee: UUID) -> HttpResponse:
    """What somebody on the list answered by telephone."""
    row = _nominee(request, nominee)
    form = form_for(request, AnswerForm)

    def write() -> None:
        with telling(Via.PHONE):
            services.answer_nomination(
                nominee=row,
                answer=form.cleaned_data["answer"],
                how=GivenHow.PHONE,
                by=request.actor,
            )

    if submitted(request, form):
        return press(request, row.recognition, write, _("Noted in their name."))
    context = {"form": form, "row": row}
    return render(request, "coordinator/recognition_told.html", context, status=status_of(form))


@require_GET
def certificate(request: Request, nominee: UUID) -> HttpResponse:
    """To print, while their yes stands."""
    row = _nominee(request, nominee)
    day = timezone.localdate(timezone=row.centre.zone)
    if row.outcome != Outcome.RECOGNISED or not reads.agrees(row, day):
        messages.error(request, _("There is a certificate for whoever is recognized and agrees."))
        return redirect("coordinator:recognition_year", row.recognition_id)
    return render(request, "coordinator/certificate.html", certificate_of(row))


def certificate_of(row: Nominee) -> dict[str, Any]:
    """What a certificate says; for the staff and behind the person's own link."""
    rule = next(one for one in rules_of(row.recognition.rules) if one.category == row.category)
    return {
        "row": row,
        "certified": row.party.whole.name,
        "award": rule_in_words(rule, row.centre).title,
        "counts": counts_in_words(row.category, row.counts),
    }


urls = [
    page("recognition/list/<uuid:nominee>/out/", leave_out, "nominee_out", COORDINATION),
    page("recognition/list/<uuid:nominee>/told/", told, "nominee_told", COORDINATION),
    page("recognition/list/<uuid:nominee>/certificate/", certificate, "certificate", COORDINATION),
]
