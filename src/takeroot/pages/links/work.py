"""«I have found work», and «are you still here?»: a Connectee's own words, through a link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.outcomes.enums import StayState, Told
from takeroot.outcomes.services.jobs import report_job
from takeroot.outcomes.services.stays import answer_stay
from takeroot.outcomes.stays import own_stay_check
from takeroot.outcomes.work import own_jobs
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.visit import Visit, dead
from takeroot.pages.work_forms import StayForm, WorkForm


def connectee_of(visit: Visit) -> Connectee | None:
    """The visitor as a Connectee, if they are one."""
    rows = Connectee.objects.select_related("centre", "person__party")
    return rows.filter(pk=visit.party.pk).first()


def work(visit: Visit) -> HttpResponse:
    """Tell the centre about work."""
    row = connectee_of(visit)
    if row is None:
        return dead(visit.request, spent=False)
    form = form_for(
        visit.request,
        WorkForm,
        language=visit.language,
        initial={"starts_on": timezone.localdate()},
    )
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                job = report_job(connectee=row, work=form.work(told=Told.LINK), by=house)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            said = (
                _("Congratulations! The centre has it.")
                if job.counts
                else _("Thank you. The centre has it, and goes on looking with you for more.")
            )
            messages.success(visit.request, said)
            return visit.back("work")
    with visit.house():
        # Employers stand behind a wall of their own; these are the visitor's.
        context = {"form": form, "jobs": list(own_jobs(visit.actor))}
    return visit.show("work", context, status=status_of(form))


def stay(visit: Visit) -> HttpResponse:
    """Two questions; an answer may be changed as long as the link lives."""
    check = own_stay_check(visit.actor, visit.link.subject_id)
    if check is None:
        return dead(visit.request, spent=True)
    initial = {
        "where": check.where,
        "employer": check.employer,
        "reasons": check.reasons,
        "change": check.change,
    }
    form = form_for(visit.request, StayForm, initial=initial)
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                answer_stay(check=check, answer=form.answer(), by=house)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(visit.request, _("Thank you. Your answer is kept."))
            return visit.back()
    context = {
        "form": form,
        "check": check,
        "answered": check.state == StayState.ANSWERED,
    }
    return visit.show("stay", context, status=status_of(form))
