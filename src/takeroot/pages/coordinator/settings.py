"""The centre's own settings, changing centre, and a new centre from a template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takeroot.access.middleware import CENTRE_IN_SESSION
from takeroot.access.policies import COORDINATION, SETUP, SIGNED_IN
from takeroot.accounts.models import Centre
from takeroot.accounts.services import edit_centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.services.opening import open_centre
from takeroot.pages.coordinator.files import meanwhile
from takeroot.pages.coordinator.settings_forms import CentreForm, NewCentreForm
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


def show_problem(form: forms.BaseForm, problem: ValidationError) -> None:
    """A model's refusal beside the fields that the form has, else at its head."""
    for name, errors in problem.message_dict.items():
        target = name if name in form.fields else None
        for error in errors:
            form.add_error(target, error)


@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    centre = centre_of(request)
    form = form_for(request, CentreForm, centre=centre)
    more: dict[str, Any] = {}
    if submitted(request, form):
        try:
            edit_centre(
                centre=centre, expected=form.cleaned_data["version"] or 0, settings=form.settings()
            )
            messages.success(request, _("The settings are saved and hold from now on."))
            return redirect(reverse("coordinator:settings"))
        except EditedMeanwhile as refusal:
            fresh = Centre.objects.get(pk=centre.pk)
            more = meanwhile(form, CentreForm(centre=fresh), refusal)
        except ValidationError as problem:
            show_problem(form, problem)
    context = {"form": form, "memberships": request.memberships, **more}
    return render(request, "coordinator/settings.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def choose_centre(request: Request) -> HttpResponse:
    """For people who work in several centres: which one now."""
    if request.method == "POST":
        wanted = request.POST.get("centre", "")
        found = next((m for m in request.memberships if str(m.centre_id) == wanted), None)
        if found is None:
            raise Http404
        request.session[CENTRE_IN_SESSION] = wanted
        # Another centre may mean another role: the session begins anew.
        request.session.cycle_key()
        messages.success(request, _("You now work in: %(centre)s.") % {"centre": found.centre.name})
        return redirect(reverse("coordinator:today"))
    return render(request, "coordinator/settings_choose.html")


@require_http_methods(["GET", "POST"])
def centre_new(request: Request) -> HttpResponse:
    form = form_for(request, NewCentreForm)
    if submitted(request, form):
        try:
            opened = open_centre(request=request, **form.cleaned_data)
            messages.success(
                request,
                _("%(centre)s is open. Its coordinator gets a letter at %(email)s.")
                % {"centre": opened.name, "email": form.cleaned_data["coordinator_email"]},
            )
            return redirect(reverse("coordinator:centre_new"))
        except Refused as refusal:
            refuse(form, refusal)
        except ValidationError as problem:
            show_problem(form, problem)
    context = {"form": form, "centres": Centre.objects.order_by("slug")}
    return render(request, "coordinator/settings_new.html", context, status=status_of(form))


urls = [
    page("settings/", settings, "settings", COORDINATION),
    page("centre/choose/", choose_centre, "choose_centre", SIGNED_IN),
    page("centre/new/", centre_new, "centre_new", SETUP),
]
