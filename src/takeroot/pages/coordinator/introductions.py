"""Letters that bring two people together: read once, edited where needed, sent."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from takeroot.access.policies import COORDINATION
from takeroot.common.errors import Refused
from takeroot.connections.enums import MatchState
from takeroot.connections.models import Introduction
from takeroot.connections.selectors import introductions_visible_to
from takeroot.connections.services.introductions import edit_introduction, send_introduction
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
PER_PAGE = 25
TEXTS = ("connectee_subject", "connectee_body", "connector_subject", "connector_body")


class Letters(forms.ModelForm):  # type: ignore[type-arg]
    """Both letters. `expected` is the version that the person began with."""

    expected = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Introduction
        fields = TEXTS
        labels = {
            "connectee_subject": gettext_lazy("Subject of the letter to the Connectee"),
            "connectee_body": gettext_lazy("Letter to the Connectee"),
            "connector_subject": gettext_lazy("Subject of the letter to the Connector"),
            "connector_body": gettext_lazy("Letter to the Connector"),
        }
        widgets = {
            "connectee_body": forms.Textarea(attrs={"rows": 14}),
            "connector_body": forms.Textarea(attrs={"rows": 14}),
        }


def _waiting(request: Request):  # type: ignore[no-untyped-def]
    return (
        introductions_visible_to(request.actor)
        .filter(sent_at__isnull=True, match__state=MatchState.ACCEPTED)
        .order_by("created_at", "pk")
    )


@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """All letters that wait; one button sends those that have been read."""
    waiting = _waiting(request)
    if request.method == "POST":
        return _send_all(request, list(waiting))
    shown = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "coordinator/introductions.html", {"shown": shown})


def _send_all(request: Request, rows: list[Introduction]) -> HttpResponse:
    sent = 0
    for row in rows:
        try:
            send_introduction(introduction=row, by=request.actor)
            sent += 1
        except Refused as refusal:
            messages.warning(request, str(refusal))
    if sent:
        messages.success(
            request,
            ngettext(
                "One pair is introduced; both letters are on their way.",
                "%(n)d pairs are introduced; their letters are on their way.",
                sent,
            )
            % {"n": sent},
        )
    return redirect("coordinator:introductions")


@require_http_methods(["GET", "POST"])
def show(request: Request, key: UUID) -> HttpResponse:
    """One pair's two letters."""
    row = get_object_or_404(introductions_visible_to(request.actor), match_id=key)
    form = form_for(request, Letters, instance=row, initial={"expected": row.version})
    if submitted(request, form):
        try:
            # Browsers send CR LF; what nobody touched must not count as changed.
            texts = {name: "\n".join(form.cleaned_data[name].splitlines()) for name in TEXTS}
            row.refresh_from_db()
            if any(getattr(row, name) != value for name, value in texts.items()):
                row = edit_introduction(
                    introduction=row,
                    expected=form.cleaned_data["expected"],
                    texts=texts,
                    by=request.actor,
                )
            if "send" not in request.POST:
                messages.success(request, _("The letters are kept as you wrote them."))
                return redirect("coordinator:introduction", key)
            send_introduction(introduction=row, by=request.actor)
            messages.success(request, _("They are introduced; both letters are on their way."))
            return redirect("coordinator:introductions")
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "introduction": row, "match": row.match}
    return render(request, "coordinator/introduction.html", context, status=status_of(form))


urls = [
    page("introductions/", index, "introductions", COORDINATION),
    page("matches/<uuid:key>/introduction/", show, "introduction", COORDINATION),
]
