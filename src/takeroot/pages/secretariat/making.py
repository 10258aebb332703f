"""Making and publishing a release, and deciding from how many on a figure is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from takeroot.access.policies import SECRETARIAT
from takeroot.common.errors import Refused
from takeroot.outcomes.models import LEAST_EVER
from takeroot.outcomes.reports import month_words, period_words
from takeroot.outcomes.selectors import last_full_month, threshold_now
from takeroot.outcomes.services.releases import decide_thresholds, make_release, publish_release
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.pages.secretariat.releases import release_or_404

page = pages_of("secretariat")
MONTHS_BACK = 24


def _months_back() -> list[tuple[str, str]]:
    """The months that are over, latest first: the value is `2026-03`."""
    last = last_full_month()
    year, month, found = last.year, last.through, []
    for _each in range(MONTHS_BACK):
        found.append((f"{year}-{month:02}", month_words(year, month)))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


class ReleaseForm(forms.Form):
    """Up to which month."""

    until = forms.ChoiceField(
        label=gettext_lazy("From January up to and including"),
        help_text=gettext_lazy("Whole months that are over. December makes the year."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["until"].choices = _months_back()  # type: ignore[attr-defined]


class ThresholdForm(forms.Form):
    """From how many on."""

    least = forms.IntegerField(
        label=gettext_lazy("Nothing under"),
        validators=[MinValueValidator(LEAST_EVER), MaxValueValidator(100)],
    )
    least_sensitive = forms.IntegerField(
        label=gettext_lazy("Nothing under, for refugee claims, health and discrimination"),
        validators=[MinValueValidator(LEAST_EVER), MaxValueValidator(200)],
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Needed to lower a threshold. It stays on record with your name."),
    )


@require_http_methods(["GET", "POST"])
def make(request: Request) -> HttpResponse:
    form = form_for(request, ReleaseForm)
    if submitted(request, form):
        year, month = map(int, form.cleaned_data["until"].split("-"))
        try:
            release = make_release(year=year, through=month, by=request.actor)
            messages.success(
                request, _("Release %(number)d is made. Look at it, then publish it.")
                % {"number": release.number},
            )  # fmt: skip
            return redirect("secretariat:release", release.number)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "threshold": threshold_now()}
    return render(request, "secretariat/make.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def publish(request: Request, edition: str) -> HttpResponse:
    release = release_or_404(request, edition)
    if request.method == "POST" and not request.switching:
        publish_release(release=release, by=request.actor)
        messages.success(request, _("Release %(number)d is public.") % {"number": release.number})
        return redirect("secretariat:release", release.number)
    context = {"release": release, "period": period_words(release)}
    return render(request, "secretariat/publish.html", context)


@require_http_methods(["GET", "POST"])
def thresholds(request: Request) -> HttpResponse:
    now = threshold_now()
    initial = {"least": now.least, "least_sensitive": now.least_sensitive}
    form = form_for(request, ThresholdForm, initial=initial)
    if submitted(request, form):
        try:
            decide_thresholds(**form.cleaned_data, by=request.actor)
            messages.success(request, _("The next release keeps to these thresholds."))
            return redirect("secretariat:figures")
        except Refused as refusal:
            refuse(form, refusal)
    return render(request, "secretariat/thresholds.html", {"form": form}, status=status_of(form))


urls = [
    page("new/", make, "make", SECRETARIAT),
    page("thresholds/", thresholds, "thresholds", SECRETARIAT),
    page("<slug:edition>/publish/", publish, "publish", SECRETARIAT),
]
