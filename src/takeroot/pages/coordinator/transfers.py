"""Files that move between centres: proposed by one, agreed to by the person, taken by the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.enums import GivenHow
from takeroot.access.policies import COORDINATION
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.letters import occupation_words
from takeroot.connections.models import Connectee
from takeroot.connections.selectors import connectees_visible_to
from takeroot.connections.services.leaving import may_keep_in_touch
from takeroot.keeping.enums import TransferState
from takeroot.keeping.models_moving import OPEN, Transfer
from takeroot.keeping.selectors import transfers_visible_to
from takeroot.keeping.services.transferring import (
    answer_transfer,
    decide_transfer,
    propose_transfer,
    take_transfer_back,
)
from takeroot.ledger.enums import Via
from takeroot.ledger.services import telling
from takeroot.pages.coordinator.people_words import languages_in_words
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.moving_words import groups_of
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand

page = pages_of("coordinator")
MOST = 100
# How it was told, and how a consent that is told so was given.
_HOWS = {Via.PHONE.value: GivenHow.PHONE, Via.PAPER.value: GivenHow.PAPER}


class ProposeForm(forms.Form):
    """To which centre, and why."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("To which centre"), queryset=Centre.objects.none(), empty_label="–"
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The person reads it, and from their yes on the other centre too. No name, please."
        ),
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Centre.objects.exclude(pk=centre.pk).order_by("slug")
        self.fields["to"].queryset = others  # type: ignore[attr-defined]


class ToldForm(forms.Form):
    """What the person said to the staff."""

    answer = forms.ChoiceField(
        label=gettext_lazy("May the file move?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    touch = forms.BooleanField(
        label=gettext_lazy(
            "They would still like to meet the Connector they were introduced to; each keeps the "
            "other's name and e-mail"
        ),
        required=False,
    )
    via = forms.ChoiceField(
        label=gettext_lazy("How did they tell you?"),
        choices=[
            (Via.PHONE.value, gettext_lazy("by telephone")),
            (Via.PAPER.value, gettext_lazy("on paper")),
        ],
        initial=Via.PHONE,
        widget=forms.RadioSelect,
    )


def _connectee(request: Request, pk: UUID) -> Connectee:
    rows = connectees_visible_to(request.actor).select_related("centre")
    return get_object_or_404(rows, pk=pk)


def _one(request: Request, pk: UUID) -> Transfer:
    return get_object_or_404(transfers_visible_to(request.actor), pk=pk)


@require_http_methods(["GET", "POST"])
def propose(request: Request, pk: UUID) -> HttpResponse:
    row = _connectee(request, pk)
    form = form_for(request, ProposeForm, centre=row.centre)
    if submitted(request, form):
        try:
            made = propose_transfer(connectee=row, by=request.actor, **form.cleaned_data)
            said = _("%(name)s is asked. Nothing moves before their yes.")
            messages.success(request, said % {"name": row.person.party.name})
            return redirect("coordinator:transfer", pk=made.pk)
        except Refused as refusal:
            refuse(form, refusal)
    context = {
        "row": row,
        "form": form,
        "groups": groups_of(row),
        "otherwise": told_beforehand(centre=row.centre, kind=PromiseKind.ANSWER_TRANSFER),
        "then": told_beforehand(centre=row.centre, kind=PromiseKind.DECIDE_TRANSFER),
    }
    return render(request, "coordinator/transfer_new.html", context, status=status_of(form))


@require_GET
def index(request: Request) -> HttpResponse:
    centre = centre_of(request)
    rows = list(transfers_visible_to(request.actor)[:MOST])
    context = {
        "lines": [
            (row, row.centre_id == centre.pk, row.state in OPEN, row.answered_at) for row in rows
        ]
    }
    return render(request, "coordinator/transfers.html", context)


def _page(request: Request, row: Transfer, form: forms.Form) -> HttpResponse:
    ours = row.centre_id in request.actor.centres
    language = (get_language() or "en")[:2]
    connectee = _connectee(request, row.party_id) if ours and row.state in OPEN else None
    context = {
        "row": row,
        "ours": ours,
        "open": row.state in OPEN,
        "asked": ours and row.state == TransferState.ASKED,
        "agreed": row.state == TransferState.AGREED,
        "name": connectee.person.party.name if connectee else "",
        "connectee": connectee,
        "form": form,
        "facts": [
            (_("Works as"), occupation_words(row.occupation_code, "", language)),
            (_("Speaks"), "; ".join(languages_in_words(dict.fromkeys(row.languages)))),
            (_("Why"), row.reason),
        ],
        "otherwise": told_beforehand(
            centre=row.centre if row.state == TransferState.ASKED else row.to,
            kind=PromiseKind.ANSWER_TRANSFER
            if row.state == TransferState.ASKED
            else PromiseKind.DECIDE_TRANSFER,
        ),
    }
    return render(request, "coordinator/transfer.html", context, status=status_of(form))


def _told_form(request: Request, row: Transfer) -> forms.Form:
    form = form_for(request, ToldForm)
    ours = row.centre_id in request.actor.centres and row.state in OPEN
    connectee = connectees_visible_to(request.actor).filter(pk=row.party_id).first()
    if not ours or connectee is None or not may_keep_in_touch(connectee):
        del form.fields["touch"]
    return form


@require_GET
def one(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    return _page(request, row, _told_form(request, row))


@require_POST
def told(request: Request, pk: UUID) -> HttpResponse:
    """What the person said by telephone or on paper."""
    rows = transfers_visible_to(request.actor).filter(centre_id__in=request.actor.centres)
    row = get_object_or_404(rows, pk=pk)
    form = _told_form(request, row)
    if submitted(request, form):
        data = form.cleaned_data
        try:
            with telling(data["via"]):
                answer_transfer(
                    transfer=row,
                    yes=data["answer"] == "yes",
                    how=_HOWS[data["via"]],
                    keep_in_touch=data.get("touch", False),
                    by=request.actor,
                )
            messages.success(request, _("Noted in their name."))
            return redirect("coordinator:transfer", pk=row.pk)
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, row, form)


@require_POST
def back(request: Request, pk: UUID) -> HttpResponse:
    rows = transfers_visible_to(request.actor).filter(centre_id__in=request.actor.centres)
    row = get_object_or_404(rows, pk=pk)
    try:
        take_transfer_back(transfer=row, by=request.actor)
        messages.success(request, _("Taken back. The person has been told; nothing has moved."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coordinator:transfer", pk=row.pk)


@require_POST
def decide(request: Request, pk: UUID) -> HttpResponse:
    """The other centre's yes or no."""
    rows = transfers_visible_to(request.actor).filter(shown_to_id__in=request.actor.centres)
    row = get_object_or_404(rows, pk=pk)
    answer = request.POST.get("answer")
    if answer not in ("yes", "no"):
        return redirect("coordinator:transfer", pk=row.pk)
    try:
        party = decide_transfer(transfer=row, take=answer == "yes", by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("coordinator:transfer", pk=row.pk)
    if party is None:
        messages.success(request, _("Said. The person stays with their centre and is told."))
        return redirect("coordinator:transfers")
    messages.success(request, _("The file of %(name)s is with you now.") % {"name": party.name})
    return redirect("coordinator:connectee", pk=party.pk)


urls = [
    page("people/<uuid:pk>/transfer/", propose, "transfer_new", COORDINATION),
    page("transfers/", index, "transfers", COORDINATION),
    page("transfers/<uuid:pk>/", one, "transfer", COORDINATION),
    page("transfers/<uuid:pk>/told/", told, "transfer_told", COORDINATION),
    page("transfers/<uuid:pk>/back/", back, "transfer_back", COORDINATION),
    page("transfers/<uuid:pk>/decide/", decide, "transfer_decide", COORDINATION),
]
