"""A Connectee's network, and what the coordinator can say in somebody's name."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from takeroot.access.policies import COORDINATION, PEOPLE_WORK
from takeroot.access.services import record_read
from takeroot.common.errors import Refused
from takeroot.connections.enums import ReferralOutcome
from takeroot.connections.network import Network, network_of
from takeroot.connections.selectors import (
    connectees_visible_to,
    matches_visible_to,
    meetings_visible_to,
    referrals_visible_to,
)
from takeroot.connections.services.endings import end_by_centre
from takeroot.connections.services.meetings import log_meeting
from takeroot.connections.services.referrals import log_referral_meeting
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request, centre_of
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


def _title(network: Network) -> str:
    name = network.connectee.person.party.first_name
    if not network.roots:
        return _("%(name)s has not been introduced to anybody yet.") % {"name": name}
    if not network.people and all(root.ended for root in network.roots):
        return _("The introduction of %(name)s ended before a first conversation.") % {"name": name}
    if not network.people:
        return _("%(name)s has been introduced; the first conversation is still to come.") % {
            "name": name
        }
    return ngettext(
        "%(name)s knows one more person here now.",
        "%(name)s knows %(n)d more people here now.",
        network.people,
    ) % {"name": name, "n": network.people}


@require_GET
def show(request: Request, key: UUID) -> HttpResponse:
    actor = request.actor
    connectee = get_object_or_404(connectees_visible_to(actor), pk=key)
    record_read(by=actor, subject_id=connectee.pk, centre_id=connectee.centre_id, page="network")
    network = network_of(actor=actor, connectee=connectee, centre=centre_of(request))
    meetings = list(meetings_visible_to(actor).filter(match__connectee=connectee))
    context = {
        "network": network,
        "connectee": connectee,
        "title": _title(network),
        "meetings": meetings,
        # Only those who may open the letters are sent there.
        "letters_due": matches_visible_to(actor).filter(connectee=connectee, state="accepted")
        if COORDINATION.allows(actor)
        else [],
    }
    return render(request, "coordinator/network.html", context)


class HowItWent(forms.Form):
    """Said by staff in somebody's name: on the telephone, on paper."""

    held = forms.ChoiceField(
        label=gettext_lazy("Did they meet?"),
        choices=[("yes", gettext_lazy("Yes, they met")), ("no", gettext_lazy("No, not this time"))],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(
        label=gettext_lazy("On which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )


@require_http_methods(["GET", "POST"])
def log(request: Request, key: UUID) -> HttpResponse:
    meeting = get_object_or_404(meetings_visible_to(request.actor), match_id=key)
    form = form_for(request, HowItWent, initial={"on": timezone.localdate()})
    if submitted(request, form):
        try:
            log_meeting(
                meeting=meeting,
                held=form.cleaned_data["held"] == "yes",
                on=form.cleaned_data["on"],
                by=None,
            )
            messages.success(request, _("Noted. Whoever owes the next step has been told."))
            return redirect("coordinator:network", meeting.match.connectee_id)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "meeting": meeting}
    return render(request, "coordinator/meeting_log.html", context, status=status_of(form))


class MetContact(forms.Form):
    """The Connectee met somebody who had said yes."""

    on = forms.DateField(
        label=gettext_lazy("On which day did they meet?"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        required=False,
        choices=[("", gettext_lazy("not known yet")), *ReferralOutcome.choices],
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "POST"])
def met(request: Request, key: UUID) -> HttpResponse:
    referral = get_object_or_404(referrals_visible_to(request.actor), pk=key)
    form = form_for(request, MetContact, initial={"on": timezone.localdate(), "outcome": ""})
    if submitted(request, form):
        try:
            log_referral_meeting(referral=referral, **form.cleaned_data)
            messages.success(request, _("Noted."))
            return redirect("coordinator:network", referral.connectee_id)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "referral": referral}
    return render(request, "coordinator/referral_met.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def end(request: Request, key: UUID) -> HttpResponse:
    match = get_object_or_404(matches_visible_to(request.actor), pk=key)
    if request.method == "POST":
        try:
            end_by_centre(match=match, by=request.actor)
            messages.success(
                request, _("The match has ended. Links and shared details are closed.")
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("coordinator:network", match.connectee_id)
    return render(request, "coordinator/match_end.html", {"match": match})


urls = [
    page("people/<uuid:key>/network/", show, "network", PEOPLE_WORK),
    page("matches/<uuid:key>/meeting/", log, "meeting_log", PEOPLE_WORK),
    page("matches/<uuid:key>/end/", end, "match_end", PEOPLE_WORK),
    page("referrals/<uuid:key>/met/", met, "referral_met", PEOPLE_WORK),
]
