"""Yearly recognition: the rule, the list, the jury, and what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION
from takeroot.common.errors import Refused
from takeroot.connections import recognised as reads
from takeroot.connections.enums_recognition import Outcome, RecognitionState
from takeroot.connections.models_recognition import Juror, Nominee, Recognition
from takeroot.connections.recognition import rules_of
from takeroot.connections.recognition_words import (
    RuleWords,
    counts_in_words,
    jury_in_words,
    nobody_in_words,
    rule_in_words,
)
from takeroot.connections.services import deciding, jury
from takeroot.connections.services import recognition as services
from takeroot.pages.coordinator.recognition_forms import (
    JurorForm,
    RuleForm,
)
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


@dataclass(frozen=True)
class Line:
    """Somebody on the list, as the staff read it."""

    nominee: Nominee
    shared: bool
    counts: str
    state: str
    jury: str
    quiet: bool
    certificate: bool


def _one(request: Request, key: UUID) -> Recognition:
    return get_object_or_404(reads.recognitions_visible_to(request.actor), pk=key)


def _back(row: Recognition) -> HttpResponse:
    return redirect("coordinator:recognition_year", row.pk)


def press(request: Request, row: Recognition, act: Callable[[], Any], said: str) -> HttpResponse:
    """Press one button of the page: done and said, or refused in words."""
    try:
        act()
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(row)


@require_GET
def index(request: Request) -> HttpResponse:
    rows = reads.recognitions_visible_to(request.actor)
    return render(request, "coordinator/recognitions.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    today = timezone.localdate(timezone=centre_of(request).zone)
    taken = set(reads.recognitions_visible_to(request.actor).values_list("year", flat=True))
    years = [year for year in (today.year, today.year - 1) if year not in taken]
    return _rule(request, None, years)


@require_http_methods(["GET", "POST"])
def rule(request: Request, key: UUID) -> HttpResponse:
    return _rule(request, _one(request, key), [])


def _rule(request: Request, row: Recognition | None, years: list[int]) -> HttpResponse:
    form = form_for(request, RuleForm, years=years, row=row)
    if submitted(request, form):
        try:
            made = services.set_rules(
                centre=centre_of(request),
                year=row.year if row else form.cleaned_data["year"],
                rules=form.rules,
                least_votes=form.cleaned_data["least_votes"],
                by=request.actor,
            )
            messages.success(request, _("The rule is kept, and the list is drawn by it."))
            return _back(made)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "row": row}
    return render(request, "coordinator/recognition_rule.html", context, status=status_of(form))


@require_GET
def year(request: Request, key: UUID) -> HttpResponse:
    row = _one(request, key)
    nominees = list(reads.nominees_visible_to(request.actor).filter(recognition=row))
    jurors = list(reads.jurors_visible_to(request.actor).filter(recognition=row))
    standing = sum(one.outcome != Outcome.LEFT_OUT for one in nominees)
    context = {
        "row": row,
        "categories": [
            (words, _lines(row, rule.category, nominees, len(jurors)))
            for rule, words in _words(row)
        ],
        "jurors": _jurors(row, jurors),
        "listed": row.state == RecognitionState.LISTED,
        "decided": row.state == RecognitionState.DECIDED,
        "ready": standing and len(jurors) >= row.least_votes,
        "standing": standing,
        "nobody": nobody_in_words(row) if not nominees else "",
    }
    return render(request, "coordinator/recognition.html", context)


def _words(row: Recognition) -> list[tuple[Any, RuleWords]]:
    return [(rule, rule_in_words(rule, row.centre)) for rule in rules_of(row.rules)]


def _lines(row: Recognition, category: str, nominees: list[Nominee], jurors: int) -> list[Line]:
    day = timezone.localdate(timezone=row.centre.zone)
    here = [one for one in nominees if one.category == category]
    ranks = Counter(one.rank for one in here)
    return [_line(one, ranks[one.rank] > 1, row.state, jurors, day) for one in here]


def _line(nominee: Nominee, shared: bool, state: str, jurors: int, day: Any) -> Line:
    asked = state != RecognitionState.LISTED
    recognised = nominee.outcome == Outcome.RECOGNISED
    voted = nominee.votes_for + nominee.votes_against + nominee.stood_aside
    return Line(
        nominee=nominee,
        shared=shared,
        counts=counts_in_words(nominee.category, nominee.counts),
        state=nominee.get_outcome_display()
        if nominee.outcome
        else nominee.get_answer_display()
        if asked
        else "",
        jury=jury_in_words(nominee, jurors) if voted else "",
        quiet=not recognised,
        certificate=recognised and reads.agrees(nominee, day),
    )


def _jurors(row: Recognition, jurors: list[Juror]) -> list[tuple[Juror, int, int]]:
    """Each juror, on how many names they have voted, and from how many they stand aside."""
    found = jury.how_far(row)
    return [(one, *found.get(one.pk, (0, 0))) for one in jurors]


@require_POST
def again(request: Request, key: UUID) -> HttpResponse:
    row = _one(request, key)
    said = _("The list is drawn anew, by the same rule, on what is known today.")
    return press(request, row, lambda: services.draw_again(recognition=row, by=request.actor), said)


@require_POST
def publish(request: Request, key: UUID) -> HttpResponse:
    row = _one(request, key)
    wanted = request.POST.get("publish") == "yes"
    said = (
        _("The public page of your community tells it from now on.")
        if wanted
        else _("The public page tells nothing of it any more.")
    )
    return press(
        request,
        row,
        lambda: services.publish_recognition(recognition=row, publish=wanted, by=request.actor),
        said,
    )


@require_http_methods(["GET", "POST"])
def juror_new(request: Request, key: UUID) -> HttpResponse:
    row = _one(request, key)
    form = form_for(request, JurorForm, initial={"language": request.LANGUAGE_CODE[:2]})
    if submitted(request, form):
        try:
            made = jury.name_juror(recognition=row, by=request.actor, **form.cleaned_data)
            said = _("%(name)s is in the jury.") % {"name": made.party.name}
            messages.success(request, said)
            return _back(row)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "row": row}
    return render(request, "coordinator/recognition_juror.html", context, status=status_of(form))


@require_POST
def dismiss(request: Request, juror: UUID) -> HttpResponse:
    found = get_object_or_404(
        reads.jurors_visible_to(request.actor).select_related("recognition"), pk=juror
    )
    said = _("%(name)s is no longer in the jury.") % {"name": found.party.name}
    row = found.recognition
    return press(request, row, lambda: jury.dismiss_juror(juror=found, by=request.actor), said)


@require_POST
def ask(request: Request, key: UUID) -> HttpResponse:
    row = _one(request, key)
    said = _("The letters are on their way: to everybody on the list, and to the jury.")
    return press(request, row, lambda: jury.ask_the_jury(recognition=row, by=request.actor), said)


@require_http_methods(["GET", "POST"])
def decide(request: Request, key: UUID) -> HttpResponse:
    row = _one(request, key)
    if request.method == "POST" and not request.switching:
        said = _("The year is decided, and the letters of thanks are on their way.")
        return press(request, row, lambda: deciding.decide(recognition=row, by=request.actor), said)
    return render(request, "coordinator/recognition_decide.html", {"row": row})


urls = [
    page("recognition/", index, "recognition", COORDINATION),
    page("recognition/new/", new, "recognition_new", COORDINATION),
    page("recognition/<uuid:key>/", year, "recognition_year", COORDINATION),
    page("recognition/<uuid:key>/rule/", rule, "recognition_rule", COORDINATION),
    page("recognition/<uuid:key>/again/", again, "recognition_again", COORDINATION),
    page("recognition/<uuid:key>/publish/", publish, "recognition_publish", COORDINATION),
    page("recognition/<uuid:key>/juror/", juror_new, "recognition_juror", COORDINATION),
    page("recognition/<uuid:key>/ask/", ask, "recognition_ask", COORDINATION),
    page("recognition/<uuid:key>/decide/", decide, "recognition_decide", COORDINATION),
    page("recognition/jurors/<uuid:juror>/off/", dismiss, "juror_off", COORDINATION),
]
