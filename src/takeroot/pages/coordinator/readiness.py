"""Readiness of several people at once: after an import, or an afternoon of telephone calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from takeroot.access.enums import GivenHow
from takeroot.access.policies import COORDINATION
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.selectors import connectees_visible_to
from takeroot.connections.services.readiness import Agreement, sign_several
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
MOST = 100
YEAR = timedelta(days=365)
_HOW = [(value, label) for value, label in GivenHow.choices if value != GivenHow.INTERPRETER]


class Several(forms.Form):
    """Whose five points stand, and how they said yes."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("For whom do all five points stand?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one person.")},
    )
    agreed = forms.BooleanField(
        label=gettext_lazy(
            "Each of them agreed that name, profile, e-mail and telephone be shared with "
            "Connectors of this centre, and with people those Connectors know"
        ),
        required=False,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How did they agree?"), choices=_HOW, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=gettext_lazy("Until when?"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


def _agreement(data: dict[str, Any]) -> Agreement | None:
    if not data["agreed"]:
        return None
    return Agreement(
        how=data["how"],
        until=data["until"],
        audience=_("Connectors of this centre, and people they know"),
    )


@require_http_methods(["GET", "POST"])
def several(request: Request) -> HttpResponse:
    waiting = (
        connectees_visible_to(request.actor)
        .filter(state__in=(ConnecteeState.APPLIED, ConnecteeState.WAITING_DOCUMENTS))
        .order_by("waiting_since", "pk")
    )
    rows = {str(row.pk): row for row in waiting[:MOST]}
    form = form_for(
        request,
        Several,
        choices=[(key, row.person.party.name) for key, row in rows.items()],
        initial={"how": GivenHow.PAPER, "until": timezone.localdate() + YEAR},
    )
    if submitted(request, form):
        chosen = [rows[key] for key in form.cleaned_data["people"]]
        try:
            sign_several(
                connectees=chosen, agreement=_agreement(form.cleaned_data), by=request.actor
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request,
                ngettext(
                    "Signed: one person is ready for a round.",
                    "Signed: %(n)d people are ready for a round.",
                    len(chosen),
                )
                % {"n": len(chosen)},
            )
            return redirect("coordinator:rounds")
    context = {"form": form, "count": len(rows)}
    return render(request, "coordinator/people_ready.html", context, status=status_of(form))


urls = [page("people/ready/", several, "people_ready", COORDINATION)]
