"""One promise and its ladder; what happens when nobody answers; handing over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION, PEOPLE_WORK
from takeroot.accounts.enums import FILE_ROLES, Role
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections.services.reaching import reached
from takeroot.messaging.services import letters_to_tell
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request, centre_of
from takeroot.pages.routes import pages_of
from takeroot.promises import services
from takeroot.promises.enums import CloseReason, PromiseKind, PromiseState
from takeroot.promises.models import Promise
from takeroot.promises.policies import policies, policy_for
from takeroot.promises.selectors import (
    chosen_days,
    handovers_visible_to,
    open_promises_visible_to,
    promises_visible_to,
)
from takeroot.promises.words import (
    owed_in_words,
    rungs_in_words,
    told_beforehand,
)

page = pages_of("coordinator")
# What staff may say; the other reasons are the house's own.
REASONS = (
    CloseReason.DONE,
    CloseReason.DECLINED,
    CloseReason.NO_TIME,
    CloseReason.WITHDRAWN,
    CloseReason.NO_ANSWER,
)


class MoreTime(forms.Form):
    """Until when somebody is given more time."""

    due_on = forms.DateField(
        label=gettext_lazy("Until which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )


class Settle(forms.Form):
    """Why something is no longer owed."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it settled?"),
        choices=[(reason.value, reason.label) for reason in REASONS],
        widget=forms.RadioSelect,
    )


def _staff(request: Request) -> list[Party]:
    """The people of the centre's staff who see to things."""
    return list(
        Party.objects.filter(
            centre=centre_of(request),
            user__is_active=True,
            user__memberships__centre=centre_of(request),
            user__memberships__role__in=FILE_ROLES - {Role.PRIVACY_OFFICER},
        )
        .distinct()
        .order_by("sort_key", "pk")
    )


class SeesToIt(forms.Form):
    """Who of the staff sees to what the centre owes."""

    owner = forms.ChoiceField(label=gettext_lazy("Who sees to it?"), required=False)

    def __init__(self, *args: Any, staff: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(party.pk): party for party in staff}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("whoever is there")),
            *((key, party.name) for key, party in self.people.items()),
        ]

    def chosen(self) -> Party | None:
        return self.people.get(self.cleaned_data["owner"])


@dataclass(frozen=True)
class Shown:
    """A promise as its page shows it."""

    promise: Promise
    line: Any
    rungs: list[tuple[str, bool]]
    otherwise: str
    is_call: bool


def _shown(request: Request, key: UUID) -> Shown:
    promise = get_object_or_404(promises_visible_to(request.actor), pk=key)
    lines = owed_in_words(actor=request.actor, promises=[promise], today=timezone.localdate())
    return Shown(
        promise=promise,
        line=lines.get(promise.pk),
        rungs=rungs_in_words(promise),
        otherwise=told_beforehand(centre=promise.centre, kind=promise.kind),
        is_call=promise.kind == PromiseKind.CALL,
    )


@require_GET
def show(request: Request, key: UUID) -> HttpResponse:
    return _page(request, _shown(request, key))


def _page(request: Request, shown: Shown, **forms_shown: forms.Form) -> HttpResponse:
    promise = shown.promise
    context = {
        "shown": shown,
        "promise": promise,
        "is_open": promise.state == PromiseState.OPEN,
        "what": shown.line.what if shown.line else policy_for(promise.kind).what,
        "more_time": forms_shown.get("more_time") or MoreTime(),
        "settle": forms_shown.get("settle") or Settle(),
        "letters": letters_to_tell(promise.creditor_id)
        if promise.kind == PromiseKind.CALL and promise.creditor_id
        else [],
        "sees_to_it": SeesToIt(
            staff=_staff(request), initial={"owner": str(promise.owner_id or "")}
        )
        if promise.debtor_id is None
        else None,
    }
    form = next(iter(forms_shown.values()), None)
    status = status_of(form) if form else 200
    return render(request, "coordinator/promise.html", {**context, "form": form}, status=status)


def _open(request: Request, key: UUID) -> Promise:
    return get_object_or_404(open_promises_visible_to(request.actor), pk=key)


@require_http_methods(["GET", "POST"])
def more_time(request: Request, key: UUID) -> HttpResponse:
    promise = _open(request, key)
    form = form_for(request, MoreTime)
    if submitted(request, form):
        try:
            services.postpone(promise=promise, due_on=form.cleaned_data["due_on"], by=request.actor)
            messages.success(request, _("More time is given; the reminders move with it."))
            return redirect("coordinator:promise", key)
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, _shown(request, key), more_time=form)


@require_http_methods(["GET", "POST"])
def settle(request: Request, key: UUID) -> HttpResponse:
    promise = _open(request, key)
    form = form_for(request, Settle)
    if submitted(request, form):
        try:
            services.settle_by_hand(
                promise=promise, reason=form.cleaned_data["reason"], by=request.actor
            )
            messages.success(request, _("It is settled, and no longer on Today."))
            return redirect("coordinator:today")
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, _shown(request, key), settle=form)


@require_POST
def assign(request: Request, key: UUID) -> HttpResponse:
    promise = _open(request, key)
    form = form_for(request, SeesToIt, staff=_staff(request))
    if submitted(request, form):
        owner = form.chosen()
        services.take_on(promise=promise, owner=owner, by=request.actor)
        words = (
            _("%(name)s sees to it.") % {"name": owner.name}
            if owner
            else _("Whoever is there sees to it.")
        )
        messages.success(request, words)
    return redirect("coordinator:promise", key)


@require_POST
def answered(request: Request, key: UUID) -> HttpResponse:
    """«I reached them»: the call is made, and whoever had been set aside is back."""
    promise = _open(request, key)
    try:
        reached(promise=promise, by=request.actor)
        messages.success(
            request, _("Noted. Write down for them what they said, on their page or here below.")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:promise", key)


class Days(forms.Form):
    """The centre's own number of days for one kind."""

    kind = forms.CharField(widget=forms.HiddenInput)
    days = forms.IntegerField(min_value=1, max_value=365)


@require_http_methods(["GET", "POST"])
def policy_table(request: Request) -> HttpResponse:
    """Every kind of promise: who owes it, by when, and what happens when nothing comes."""
    centre = centre_of(request)
    may_change = COORDINATION.allows(request.actor)
    problem = ""
    if request.method == "POST" and not request.switching and may_change:
        form = Days(request.POST)
        if form.is_valid() and any(p.kind == form.cleaned_data["kind"] for p in policies()):
            try:
                services.choose_days(centre=centre, by=request.actor, **form.cleaned_data)
                messages.success(request, _("It holds for what is promised from now on."))
                return redirect("coordinator:policies")
            except Refused as refusal:
                problem = str(refusal)
        else:
            problem = _("Write a number of days between 1 and 365.")
    chosen = chosen_days(request.actor)
    rows = [
        {
            "policy": policy,
            "days": getattr(centre, policy.setting)
            if policy.setting
            else chosen.get(policy.kind, policy.days),
            "own": policy.kind in chosen and not policy.setting,
            "otherwise": told_beforehand(centre=centre, kind=policy.kind),
            "rungs": [(rung.after, rung.act) for rung in policy.ladder],
        }
        for policy in policies()
    ]
    context = {"rows": rows, "may_change": may_change, "problem": problem}
    status = 422 if problem else 200
    return render(request, "coordinator/policies.html", context, status=status)


class HandOver(forms.Form):
    """From when to when, and to whom."""

    away = forms.ChoiceField(label=gettext_lazy("Who is away?"))
    deputy = forms.ChoiceField(label=gettext_lazy("Who sees to it meanwhile?"))
    starts_on = forms.DateField(
        label=gettext_lazy("First day away"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day away"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, staff: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(party.pk): party for party in staff}
        for name in ("away", "deputy"):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (key, party.name) for key, party in self.people.items()
            ]

    def period(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "away": self.people[data["away"]],
            "deputy": self.people[data["deputy"]],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
        }


@require_http_methods(["GET", "POST"])
def handover(request: Request) -> HttpResponse:
    """Hand over everything for some days, and print what waits."""
    actor, centre = request.actor, centre_of(request)
    today: date = timezone.localdate()
    form = form_for(
        request, HandOver, staff=_staff(request), initial={"away": str(actor.party or "")}
    )
    if submitted(request, form):
        try:
            row = services.hand_over(centre=centre, by=actor, **form.period())
            messages.success(
                request,
                _("From %(start)s to %(end)s, all that waits for %(away)s waits for %(deputy)s.")
                % {
                    "start": row.starts_on,
                    "end": row.ends_on,
                    "away": row.away.name,
                    "deputy": row.deputy.name,
                },
            )
            return redirect("coordinator:handover")
        except Refused as refusal:
            refuse(form, refusal)
    waiting = list(open_promises_visible_to(actor)[:200])
    lines = owed_in_words(actor=actor, promises=waiting, today=today)
    context = {
        "form": form,
        "handovers": handovers_visible_to(actor, since=today),
        "ours": [lines[p.pk] for p in waiting if p.pk in lines and p.debtor_id is None],
        "theirs": [lines[p.pk] for p in waiting if p.pk in lines and p.debtor_id is not None],
        "today": today,
    }
    return render(request, "coordinator/handover.html", context, status=status_of(form))


@require_POST
def handover_end(request: Request, key: UUID) -> HttpResponse:
    rows = handovers_visible_to(request.actor, since=timezone.localdate())
    services.end_handover(handover=get_object_or_404(rows, pk=key), by=request.actor)
    messages.success(request, _("The handover has ended; everything is where it was before."))
    return redirect("coordinator:handover")


urls = [
    page("promises/<uuid:key>/", show, "promise", PEOPLE_WORK),
    page("promises/<uuid:key>/time/", more_time, "promise_time", PEOPLE_WORK),
    page("promises/<uuid:key>/settle/", settle, "promise_settle", PEOPLE_WORK),
    page("promises/<uuid:key>/owner/", assign, "promise_owner", PEOPLE_WORK),
    page("promises/<uuid:key>/reached/", answered, "promise_reached", PEOPLE_WORK),
    page("when-nobody-answers/", policy_table, "policies", PEOPLE_WORK),
    page("handover/", handover, "handover", PEOPLE_WORK),
    page("handover/<uuid:key>/end/", handover_end, "handover_end", PEOPLE_WORK),
]
