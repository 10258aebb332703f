"""Work that a Connectee found, and whether they stayed: on their page, written down for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takeroot.access.actor import Actor
from takeroot.access.policies import COORDINATION, PEOPLE_WORK
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.connections.selectors import connectees_visible_to
from takeroot.outcomes.enums import CountFrom, Evidence, StayState, Told, Where
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.models_work import Job
from takeroot.outcomes.services.jobs import end_job, report_job
from takeroot.outcomes.services.stays import answer_stay, choose_rule
from takeroot.outcomes.stays import MOMENTS, stay_checks_visible_to
from takeroot.outcomes.work import counting_rule, jobs_visible_to
from takeroot.pages.coordinator.people_words import group_title
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.pages.work_forms import EndForm, StaffStayForm, StaffWorkForm

page = pages_of("coordinator")


@dataclass(frozen=True)
class Moment:
    """One of the three moments on a Connectee's page."""

    months: int
    check: StayCheck | None
    kind: str
    words: str


def stay_in_words(check: StayCheck | None) -> tuple[str, str]:
    """How one moment stands: the look of its chip, and its words."""
    if check is None:
        return "quiet", _("not due yet")
    if check.state == StayState.ASKED:
        return "soon", _("asked, no answer yet")
    if check.state == StayState.UNKNOWN or check.where == Where.RATHER_NOT:
        return "quiet", _("not known")
    return "normal", str(check.get_where_display())


def outcomes_of(actor: Actor, row: Connectee) -> dict[str, Any]:
    """Jobs and stays for the page of one Connectee. Two queries."""
    checks = {
        check.months: check
        for check in stay_checks_visible_to(actor).select_related(None).filter(connectee=row)
    }
    moments = []
    for months in MOMENTS:
        check = checks.get(months)
        gone_by = check is None and any(later > months for later in checks)
        kind, words = ("quiet", _("was not asked")) if gone_by else stay_in_words(check)
        moments.append(Moment(months, check, kind, words))
    jobs = jobs_visible_to(actor).select_related(None).select_related("employer__party")
    known = [(job, what(job)) for job in jobs.filter(connectee=row)]
    return {"moments": moments, "jobs": known}


def what(job: Job) -> str:
    """What somebody does in a job: in their words, else the title of its group."""
    return job.occupation_text or (group_title(job.occupation_code) if job.occupation_code else "")


def _connectee(request: Request, pk: UUID) -> Connectee:
    return get_object_or_404(connectees_visible_to(request.actor), pk=pk)


def _back(row_id: UUID, mark: str) -> HttpResponse:
    answer = redirect("coordinator:connectee", row_id)
    answer["Location"] += f"#{mark}"
    return answer


@require_http_methods(["GET", "POST"])
def new(request: Request, pk: UUID) -> HttpResponse:
    row = _connectee(request, pk)
    form = form_for(
        request,
        StaffWorkForm,
        language=(get_language() or "en")[:2],
        initial={"evidence": Evidence.PERSON, "told": Told.PHONE},
    )
    if submitted(request, form):
        work = form.work(told=form.cleaned_data["told"], evidence=form.cleaned_data["evidence"])
        try:
            job = report_job(connectee=row, work=work, by=request.actor)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            said = (
                _("Written down. %(name)s is now “at work in their field”.")
                if job.counts
                else _("Written down. %(name)s stays in the programme, and the file stays open.")
            )
            messages.success(request, said % {"name": row.person.party.name})
            return _back(row.pk, "work")
    context = {"form": form, "row": row, "rule": counting_rule(row.centre)}
    return render(request, "coordinator/work_new.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def ended(request: Request, key: UUID) -> HttpResponse:
    job = get_object_or_404(jobs_visible_to(request.actor), pk=key)
    form = form_for(request, EndForm, initial={"on": timezone.localdate()})
    if submitted(request, form):
        try:
            end_job(job=job, on=form.cleaned_data["on"], by=request.actor)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Written down: the job has ended. It still counts."))
            return _back(job.connectee_id, "work")
    context = {"form": form, "job": job}
    return render(request, "coordinator/work_ended.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def stay(request: Request, key: UUID) -> HttpResponse:
    """Write down what somebody said by telephone or on paper."""
    check = get_object_or_404(stay_checks_visible_to(request.actor), pk=key)
    initial = {
        "where": check.where,
        "employer": check.employer,
        "reasons": check.reasons,
        "change": check.change,
        "told": check.told if check.told in (Told.PAPER, Told.IN_PERSON) else Told.PHONE,
    }
    form = form_for(request, StaffStayForm, initial=initial)
    if submitted(request, form):
        try:
            answer = form.answer(told=form.cleaned_data["told"])
            answer_stay(check=check, answer=answer, by=request.actor)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The answer is written down."))
            return _back(check.connectee_id, "stays")
    context = {"form": form, "check": check}
    return render(request, "coordinator/stay.html", context, status=status_of(form))


class RuleForm(forms.Form):
    """What the centre counts."""

    full_time_hours = forms.IntegerField(
        label=gettext_lazy("Hours a week from which work is full time"),
        min_value=1,
        max_value=60,
        help_text=gettext_lazy(
            "A job counts as work in the field when it is in their field and has so many hours."
        ),
    )
    count_from = forms.ChoiceField(
        label=gettext_lazy("3, 6 and 12 months are counted from"),
        choices=CountFrom.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Questions that were asked already keep their day."),
    )


@require_http_methods(["GET", "POST"])
def counting(request: Request) -> HttpResponse:
    """The counting rules of the centre, with their definitions."""
    centre = centre_of(request)
    rule = counting_rule(centre)
    initial = {"full_time_hours": rule.full_time_hours, "count_from": rule.count_from}
    form = form_for(request, RuleForm, initial=initial)
    if submitted(request, form):
        choose_rule(centre=centre, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("coordinator:counting")
    return render(request, "coordinator/counting.html", {"form": form}, status=status_of(form))


urls = [
    page("people/<uuid:pk>/work/", new, "work_new", PEOPLE_WORK),
    page("jobs/<uuid:key>/ended/", ended, "work_ended", PEOPLE_WORK),
    page("stays/<uuid:key>/", stay, "stay", PEOPLE_WORK),
    page("settings/counting/", counting, "counting", COORDINATION),
]
