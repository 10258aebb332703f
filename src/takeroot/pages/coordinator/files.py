"""A new file and a changed one: what Connectees and Connectors have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from takeroot.access.services import record_read
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.services.enrolment import once
from takeroot.pages.coordinator.people_forms import ConnecteeForm, ConnectorForm
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request

Row = Connectee | Connector


@dataclass(frozen=True)
class Kind:
    """What differs: `name` is that of the page of one, `one` finds a row that the asker may see."""

    name: str
    model: type[Connectee] | type[Connector]
    form: type[ConnecteeForm] | type[ConnectorForm]
    enrol: Callable[..., Row]
    edit: Callable[..., Row]
    one: Callable[[Request, UUID], Row]

    def address(self, row: Row) -> str:
        return reverse(f"coordinator:{self.name}", args=[row.pk])

    @property
    def template(self) -> str:
        return f"coordinator/{self.name}_form.html"


def new_file(request: Request, kind: Kind) -> HttpResponse:
    centre, actor = centre_of(request), request.actor
    form = form_for(request, kind.form, centre=centre)
    if submitted(request, form):
        try:
            row = once(
                lambda: kind.enrol(centre=centre, details=form.details(), by=actor),
                kind.model,
                form.cleaned_data["key"],
            )
            return redirect(kind.address(row))
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "row": None}
    return render(request, kind.template, context, status=status_of(form))


def change_file(request: Request, kind: Kind, pk: UUID) -> HttpResponse:
    """Somebody who was faster is told of: nothing is lost, nothing is overwritten unseen."""
    row, actor = kind.one(request, pk), request.actor
    if request.method == "GET":
        seen = f"{kind.name}_edit"
        record_read(by=actor, subject_id=row.pk, centre_id=row.centre_id, page=seen)
    form = form_for(request, kind.form, centre=row.centre, row=row)
    more: dict[str, Any] = {}
    if submitted(request, form):
        expected = form.cleaned_data["version"] or 0
        try:
            kind.edit(row, expected=expected, details=form.details(), by=actor)
            messages.success(request, _("Saved."))
            return redirect(kind.address(row))
        except EditedMeanwhile as refusal:
            row = kind.one(request, pk)
            more = meanwhile(form, kind.form(centre=row.centre, row=row), refusal)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "row": row, **more}
    return render(request, kind.template, context, status=status_of(form))


def _beside(form: forms.BaseForm, fresh: forms.BaseForm) -> list[dict[str, Any]]:
    """What the record holds now, where it differs from what was typed."""
    rows = []
    for name, field in fresh.fields.items():
        if field.widget.is_hidden or name not in form.fields:
            continue
        now = fresh[name].value()
        typed = form[name].value()
        if (now or "") != (typed or "") and str(now or "") != str(typed or ""):
            rows.append(
                {"label": field.label, "now": _shown(field, now), "typed": _shown(field, typed)}
            )
    return rows


def _shown(field: forms.Field, value: Any) -> str:
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    values = value if isinstance(value, (list, tuple)) else [value]
    return ", ".join(choices.get(str(one), str(one)) for one in values if one not in (None, ""))


def meanwhile(
    form: forms.BaseForm, fresh: forms.BaseForm, refusal: EditedMeanwhile
) -> dict[str, Any]:
    """The second editor: told, keeps what they typed, sees the record as it is now, and may save
    over it knowingly."""
    beside = _beside(form, fresh)
    typed = cast(QueryDict, form.data).copy()
    typed["version"] = str(fresh.initial["version"])
    form.data = typed
    refuse(form, refusal)
    return {"beside": beside}
