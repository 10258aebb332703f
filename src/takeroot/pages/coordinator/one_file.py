"""Somebody's right to their own file: a copy of all of it, and its erasure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from takeroot.access.policies import PEOPLE_WORK, PRIVACY
from takeroot.access.services import record_read
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.keeping.enums import AskedBy, ErasureState, Verified
from takeroot.keeping.models import Erasure
from takeroot.keeping.selectors import (
    erasures_visible_to,
    keys_of_person,
    people_visible_to,
    whole_key,
)
from takeroot.keeping.services.copying import send_copy_link, take_copy
from takeroot.keeping.services.emptying import tables_with_rows
from takeroot.keeping.services.erasing import erase, record_wish, take_wish_back
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


class WishForm(forms.Form):
    """Who asked to be forgotten, when, and how that was made sure."""

    asked_by = forms.ChoiceField(
        label=gettext_lazy("Who asked"), choices=AskedBy.choices, widget=forms.RadioSelect
    )
    verified = forms.ChoiceField(
        label=gettext_lazy("How you made sure that it is them"),
        choices=Verified.choices,
        widget=forms.RadioSelect,
    )
    asked_on = forms.DateField(
        label=gettext_lazy("Asked on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _party(request: Request, pk: UUID) -> Party:
    rows = people_visible_to(request.actor).select_related("centre")
    return rows.filter(pk=pk).first() or get_object_or_404(rows, pk=whole_key(request.actor, pk))


def _wish(request: Request, party: Party) -> Erasure | None:
    wishes = erasures_visible_to(request.actor).filter(party=party, state=ErasureState.ASKED)
    return wishes.first()


def held_on(party: Party) -> list[tuple[str, int]]:
    """(what, how many) for every table that holds something on a person; one query."""
    tables = tables_with_rows(keys_of_person(party.pk))
    return [(str(keeps.label).capitalize(), rows) for _model, keeps, rows in tables]


@require_http_methods(["GET", "POST"])
def one_file(request: Request, pk: UUID) -> HttpResponse:
    party = _party(request, pk)
    if request.method == "GET":
        record_read(by=request.actor, subject_id=party.pk, centre_id=party.centre_id, page="file")
    today = timezone.localdate(timezone=party.centre.zone)
    form = form_for(request, WishForm, initial={"asked_on": today})
    if submitted(request, form):
        try:
            record_wish(party=party, by=request.actor, **form.cleaned_data)
            return redirect(reverse("coordinator:file", args=[party.pk]) + "#erasure")
        except Refused as refusal:
            refuse(form, refusal)
    context: dict[str, Any] = {
        "party": party,
        "form": form,
        "wish": _wish(request, party),
        "held": held_on(party),
        "back": _back(request, party),
    }
    return render(request, "coordinator/one_file.html", context, status=status_of(form))


def _back(request: Request, party: Party) -> str:
    if not PEOPLE_WORK.allows(request.actor):
        return reverse("coordinator:trace")
    person = getattr(party, "person", None)
    for part in ("connectee", "connector"):
        if person is not None and hasattr(person, part):
            return reverse(f"coordinator:{part}", args=[party.pk])
    return reverse("coordinator:people")


@require_POST
def copy(request: Request, pk: UUID) -> HttpResponse:
    party = _party(request, pk)
    return archive_response(take_copy(party=party, by=request.actor))


def archive_response(content: bytes) -> HttpResponse:
    """A copy as a download that no cache keeps."""
    name = f"{_('own-file')}-{timezone.localdate().isoformat()}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(content, content_type="application/zip", headers=headers)


@require_POST
def send(request: Request, pk: UUID) -> HttpResponse:
    party = _party(request, pk)
    try:
        send_copy_link(party=party, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(name)s receives a letter with a link to their own file.")
        messages.success(request, said % {"name": party.name})
    return redirect("coordinator:file", pk=party.pk)


@require_POST
def keep(request: Request, pk: UUID) -> HttpResponse:
    """They took the wish back."""
    party = _party(request, pk)
    wish = get_object_or_404(erasures_visible_to(request.actor), party=party, state="asked")
    try:
        take_wish_back(erasure=wish, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The wish is taken back; the file stays as it is."))
    return redirect("coordinator:file", pk=party.pk)


@require_POST
def forget(request: Request, pk: UUID) -> HttpResponse:
    party = _party(request, pk)
    wish = get_object_or_404(erasures_visible_to(request.actor), party=party, state="asked")
    try:
        erase(erasure=wish, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("coordinator:file", pk=party.pk)
    messages.success(
        request, _("Erased. Counts stay true; who it was can no longer be found here.")
    )
    return redirect(
        "coordinator:people" if PEOPLE_WORK.allows(request.actor) else "coordinator:trace"
    )


urls = [
    page("file/<uuid:pk>/", one_file, "file", PRIVACY),
    page("file/<uuid:pk>/copy/", copy, "file_copy", PRIVACY),
    page("file/<uuid:pk>/send/", send, "file_send", PRIVACY),
    page("file/<uuid:pk>/keep/", keep, "file_keep", PRIVACY),
    page("file/<uuid:pk>/erase/", forget, "file_erase", PRIVACY),
]
