"""«Something was not right»: one page for either of the two, and contact stops."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from takeroot.common.errors import Refused
from takeroot.connections import link_selectors as reads
from takeroot.connections.link_selectors import OPENED
from takeroot.connections.services.concerns import readers_of, report_as_contact, report_concern
from takeroot.pages.concern_fields import ConcernForm
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.meeting import seen_by
from takeroot.pages.links.visit import Visit, dead


def contact_concern(visit: Visit) -> HttpResponse:
    """The same for a contact who said yes, about the newcomer."""
    referral = reads.referral_to(visit.actor, visit.link.subject_id)
    if referral is None:
        return dead(visit.request, spent=True)
    if referral.state not in OPENED:
        return visit.back()
    person = reads.person_behind(referral.connectee_id)
    other = reads.acquaintance(visit.actor, person, language=visit.language)
    if other is None:
        return dead(visit.request, spent=True)
    with visit.house():
        readers = readers_of(visit.party.centre)
    form = form_for(visit.request, ConcernForm, readers=readers)
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                report_as_contact(
                    referral=referral,
                    text=form.cleaned_data["text"],
                    by=house,
                    withheld_from=form.withheld_from,
                )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            answer = redirect("links:heard")
            answer.status_code = 303
            return answer
    context = {"other": other, "form": form, "as_contact": True}
    return visit.show("concern", context, status=status_of(form))


def concern(visit: Visit) -> HttpResponse:
    """Says first who reads it and what then happens; the button stops all contact."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    with visit.house():
        readers = readers_of(visit.party.centre)
    form = form_for(visit.request, ConcernForm, readers=readers)
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                report_concern(
                    match=seen.meeting.match,
                    about=seen.other_person.party_id,
                    said_by=visit.party,
                    text=form.cleaned_data["text"],
                    via="link",
                    by=house,
                    withheld_from=form.withheld_from,
                )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            answer = redirect("links:heard")
            answer.status_code = 303
            return answer
    context = {"seen": seen, "other": seen.other, "form": form}
    return visit.show("concern", context, status=status_of(form))
