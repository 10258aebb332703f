"""Whoever stands on the list of a year: is it welcome, may others know, and the certificate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections.enums_recognition import Answer, Outcome, RecognitionState
from takeroot.connections.models_recognition import Nominee
from takeroot.connections.recognised import nominees_visible_to
from takeroot.connections.recognition import rules_of
from takeroot.connections.recognition_words import counts_in_words, rule_in_words
from takeroot.connections.services.recognition import answer_nomination
from takeroot.pages.coordinator.nominees import certificate_of
from takeroot.pages.coordinator.recognition_forms import AnswerForm
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.visit import Visit, dead


def _row(visit: Visit) -> Nominee | None:
    """The rule belongs to the centre: its house reads it for whoever is asked."""
    with visit.house() as house:
        rows = nominees_visible_to(house).select_related("recognition__centre")
        return rows.filter(pk=visit.link.subject_id, speaks=visit.link.party_id).first()


def page(visit: Visit) -> HttpResponse:
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    given = row.answer if row.answer != Answer.WAITING else ""
    form = form_for(visit.request, AnswerForm, initial={"answer": given})
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                answer_nomination(nominee=row, answer=form.cleaned_data["answer"], by=house)
            messages.success(visit.request, _("Kept. It holds from now on, everywhere."))
            return visit.back()
        except Refused as refusal:
            refuse(form, refusal)
    rule = next(one for one in rules_of(row.recognition.rules) if one.category == row.category)
    closed = row.recognition.state == RecognitionState.DECIDED
    won = row.outcome == Outcome.RECOGNISED
    context = {
        "row": row,
        "form": form,
        "rule": rule_in_words(rule, row.centre),
        "counts": counts_in_words(row.category, row.counts),
        "own": row.party_id == row.speaks_id,
        "won": won,
        "over": closed and not won,
    }
    return visit.show("recognition", context, status=status_of(form))


def certificate(visit: Visit) -> HttpResponse:
    row = _row(visit)
    if row is None or row.outcome != Outcome.RECOGNISED:
        return dead(visit.request, spent=True)
    return visit.show("certificate", certificate_of(row))
