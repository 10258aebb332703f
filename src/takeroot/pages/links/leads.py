"""A lead to work that is not advertised: left by a Connector, read by the one they are meeting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections import link_selectors as reads
from takeroot.connections.models import Match
from takeroot.messaging.models import LinkPurpose
from takeroot.outcomes.services.leads import leave_lead
from takeroot.outcomes.work import leads_by
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.visit import Visit, dead
from takeroot.pages.work_forms import LeadForm

USUAL_DAYS = timedelta(days=30)


def _match_id(visit: Visit) -> UUID | None:
    """The match of whoever came as its Connector; None for everybody else."""
    subject = visit.link.subject_id
    if visit.link.purpose == LinkPurpose.REFERRING:
        match = reads.match_referred_by(visit.actor, subject)
        return match.pk if match else None
    meeting = reads.meeting_behind(visit.actor, subject)
    mine = meeting is not None and meeting.connector_party == visit.party.pk
    return meeting.match_id if meeting is not None and mine else None


def lead(visit: Visit) -> HttpResponse:
    """«I know of something»: for this Connectee alone."""
    key = _match_id(visit)
    if key is None:
        return dead(visit.request, spent=False)
    until = timezone.localdate() + USUAL_DAYS
    form = form_for(visit.request, LeadForm, initial={"until": until})
    with visit.house():
        match = Match.objects.select_related("connector__centre", "connectee__person__party").get(
            pk=key
        )
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                leave_lead(connector=match.connector, opening=form.opening(), by=house, match=match)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(visit.request, _("Thank you! It stands on their page now."))
            return visit.back("lead")
    context = {
        "form": form,
        "name": match.connectee.person.party.first_name,
        "leads": list(leads_by(visit.actor, match_id=key)),
    }
    return visit.show("lead", context, status=status_of(form))
