"""«Take an application by phone»: the twelve questions on one page, in the person's name."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takeroot.access.policies import PEOPLE_WORK
from takeroot.common.errors import Refused
from takeroot.connections.services.applying import take_application
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.joining.forms import PhoneForm
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


@require_http_methods(["GET", "POST"])
def take(request: Request) -> HttpResponse:
    """One page; what is sent is the same application, marked with who took it and how."""
    centre = centre_of(request)
    form = form_for(request, PhoneForm, centre=centre, initial={"key": uuid.uuid4()})
    if submitted(request, form):
        try:
            row = take_application(
                centre=centre,
                key=form.cleaned_data["key"],
                answers=form.answers,
                how=form.cleaned_data["taken_how"],
                by=request.actor,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            said = (
                _("This e-mail has a file already. What you wrote stands there, to compare.")
                if row.again
                else _("The application is taken. A letter says what happens next, and by when.")
            )
            messages.success(request, said)
            return redirect(reverse("coordinator:connectee", args=[row.party_id]))
    context: dict[str, Any] = {"form": form, "due_days": centre.answer_days}
    return render(request, "coordinator/phone.html", context, status=status_of(form))


urls = [page("people/application/", take, "phone", PEOPLE_WORK)]
