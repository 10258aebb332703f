"""Rounds: start one, look at each proposal, decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION
from takeroot.common.errors import Refused
from takeroot.connections.enums import MatchState, RefusalReason, RoundState
from takeroot.connections.models import Match, Round
from takeroot.connections.round_words import left_out, reasons_of, reasons_of_match, scarce
from takeroot.connections.selectors import (
    connectees_visible_to,
    connectors_visible_to,
    matches_visible_to,
    pool_counts,
    rounds_visible_to,
)
from takeroot.connections.services import rounds as services
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.lists import page_shown
from takeroot.pages.requests import Request, centre_of
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
PER_PAGE = 25


class NewRound(forms.Form):
    """One field: what this round is called."""

    name = forms.CharField(
        label=gettext_lazy("Name of the round"),
        max_length=120,
        help_text=gettext_lazy("You will find it again by this name."),
    )


@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    actor = request.actor
    centre = centre_of(request)
    month = date_format(timezone.localdate(), "F Y")
    suggested = _("Round of %(month)s") % {"month": month}
    form = form_for(request, NewRound, initial={"name": suggested})
    if submitted(request, form):
        try:
            round_ = services.propose_round(centre=centre, name=form.cleaned_data["name"], by=actor)
            return redirect("coordinator:round", round_.pk)
        except Refused as refusal:
            refuse(form, refusal)
    rows = rounds_visible_to(actor)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "shown": shown,
        "open_round": rows.filter(state=RoundState.PROPOSED).first(),
        "counts": pool_counts(actor, centre, timezone.localdate()),
    }
    return render(request, "coordinator/rounds.html", context, status=status_of(form))


def _round(request: Request, key: UUID) -> Round:
    return get_object_or_404(rounds_visible_to(request.actor), pk=key)


def _match(request: Request, key: UUID) -> Match:
    return get_object_or_404(
        matches_visible_to(request.actor).select_related("round"), pk=key, round__isnull=False
    )


@require_GET
def show(request: Request, key: UUID) -> HttpResponse:
    actor = request.actor
    round_ = _round(request, key)
    matches = matches_visible_to(actor).filter(round=round_)
    open_ = round_.state == RoundState.PROPOSED
    wanted = (
        (MatchState.PROPOSED,)
        if open_
        else (MatchState.ACCEPTED, MatchState.INTRODUCED, MatchState.ENDED)
    )
    proposals = matches.filter(state__in=wanted).order_by("-locked", "-score", "pk")
    shown = page_shown(request, proposals, PER_PAGE)
    refused = list(matches.filter(state=MatchState.REFUSED).order_by("pk")[:PER_PAGE])
    findings = round_.findings if open_ else {}
    missing = [UUID(entry["id"]) for entry in findings.get("unplaced", [])]
    busy = [UUID(entry["id"]) for entry in findings.get("scarce", [])]
    people = connectees_visible_to(actor).in_bulk(missing[:PER_PAGE]) if missing else {}
    connectors = connectors_visible_to(actor).in_bulk(busy) if busy else {}
    context = {
        "round": round_,
        "open": open_,
        "shown": shown,
        "rows": [{"match": match, "why": reasons_of_match(match)} for match in shown],
        "title": _title(round_, shown.paginator.count, open_),
        "left_out": left_out(round_, people) if open_ else [],
        "left_out_count": len(missing),
        "scarce": scarce(round_, connectors) if open_ else [],
        "refused": refused,
        "reasons": RefusalReason.choices,
    }
    return render(request, "coordinator/round.html", context)


def _title(round_: Round, proposals: int, open_: bool) -> str:
    values = {"name": round_.name, "people": round_.people, "n": proposals}
    if not open_:
        return (
            ngettext("%(name)s: one match accepted", "%(name)s: %(n)d matches accepted", proposals)
            % values
        )
    return (
        ngettext(
            "%(name)s: %(people)d people, one proposal",
            "%(name)s: %(people)d people, %(n)d proposals",
            proposals,
        )
        % values
    )


def _back(request: Request, round_id: UUID, at: UUID | None = None) -> HttpResponse:
    """To the round again, on the page and at the proposal where the person was."""
    number = request.POST.get("page", "")
    address = reverse("coordinator:round", args=[round_id])
    query = f"?page={number}" if number.isdigit() and number != "1" else ""
    return redirect(f"{address}{query}{f'#m-{at}' if at else ''}")


@require_POST
def solve(request: Request, key: UUID) -> HttpResponse:
    round_ = _round(request, key)
    try:
        before = set(_pairs(round_))
        round_ = services.solve_round(round_=round_, by=request.actor)
        moved = len(set(_pairs(round_)) - before)
        messages.success(
            request,
            ngettext(
                "Solved again around your choices: one proposal is new.",
                "Solved again around your choices: %(n)d proposals are new.",
                moved,
            )
            % {"n": moved}
            if moved
            else _("Solved again around your choices: nothing better was found; all stays."),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(request, key)


def _pairs(round_: Round) -> list[tuple[UUID, UUID]]:
    rows = Match.objects.filter(round=round_, state=MatchState.PROPOSED)
    return list(rows.values_list("connectee_id", "connector_id"))


@require_POST
def accept(request: Request, key: UUID) -> HttpResponse:
    try:
        accepted, problems = services.accept_round(round_=_round(request, key), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("coordinator:round", key)
    for problem in problems:
        messages.warning(request, problem)
    count = len(accepted)
    messages.success(
        request,
        ngettext(
            "One match is accepted, and its letters are written. Read them once, then send.",
            "%(n)d matches are accepted, and their letters are written. Read them once, then send.",
            count,
        )
        % {"n": count},
    )
    return redirect("coordinator:introductions")


@require_http_methods(["GET", "POST"])
def set_aside(request: Request, key: UUID) -> HttpResponse:
    round_ = _round(request, key)
    if request.method == "POST":
        try:
            services.set_aside(round_=round_, by=request.actor)
            messages.success(request, _("The round is set aside. Nobody had been told anything."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("coordinator:rounds")
    return render(request, "coordinator/round_set_aside.html", {"round": round_})


@require_POST
def lock(request: Request, key: UUID) -> HttpResponse:
    match = _match(request, key)
    wanted = request.POST.get("locked") == "1"
    try:
        services.lock_match(match=match, locked=wanted, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(request, match.round_id, match.pk)  # type: ignore[arg-type]


class Refusal(forms.Form):
    """Why a proposal is refused."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"), choices=RefusalReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only staff of your centre can read this."),
    )


@require_http_methods(["GET", "POST"])
def refuse_match(request: Request, key: UUID) -> HttpResponse:
    match = _match(request, key)
    form = form_for(request, Refusal)
    if submitted(request, form):
        try:
            services.refuse_match(
                match=match,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                by=request.actor,
            )
            messages.success(
                request,
                _("Refused. Solve again, and somebody else is proposed for %(name)s.")
                % {"name": match.connectee.person.party.name},
            )
            return redirect("coordinator:round", match.round_id)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "match": match}
    return render(request, "coordinator/match_refuse.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def choose(request: Request, key: UUID, connectee: UUID) -> HttpResponse:
    """Everybody who could meet one Connectee, best first; the coordinator chooses."""
    actor = request.actor
    round_ = _round(request, key)
    person = get_object_or_404(connectees_visible_to(actor), pk=connectee)
    if request.method == "POST":
        connector = get_object_or_404(
            connectors_visible_to(actor), pk=_uuid(request.POST.get("connector", ""))
        )
        try:
            match = services.add_by_hand(
                round_=round_, connectee=person, connector=connector, by=actor
            )
            messages.success(request, _("Your choice is locked. Solve again to settle the rest."))
            return _back(request, key, match.pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    candidates = services.candidates_for(round_=round_, connectee_id=person.pk, by=actor)
    shown = Paginator(candidates, PER_PAGE).get_page(request.GET.get("page"))
    rows = connectors_visible_to(actor).in_bulk([pair.connector for pair in shown])
    context: dict[str, Any] = {
        "round": round_,
        "connectee": person,
        "shown": shown,
        "rows": [
            {
                "pair": pair,
                "connector": rows[pair.connector],
                "why": reasons_of(person, rows[pair.connector], pair.parts),
            }
            for pair in shown
            if pair.connector in rows
        ],
    }
    return render(request, "coordinator/round_choose.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


urls = [
    page("rounds/", index, "rounds", COORDINATION),
    page("rounds/<uuid:key>/", show, "round", COORDINATION),
    page("rounds/<uuid:key>/solve/", solve, "round_solve", COORDINATION),
    page("rounds/<uuid:key>/accept/", accept, "round_accept", COORDINATION),
    page("rounds/<uuid:key>/set-aside/", set_aside, "round_set_aside", COORDINATION),
    page("rounds/<uuid:key>/choose/<uuid:connectee>/", choose, "round_choose", COORDINATION),
    page("matches/<uuid:key>/lock/", lock, "match_lock", COORDINATION),
    page("matches/<uuid:key>/refuse/", refuse_match, "match_refuse", COORDINATION),
]
