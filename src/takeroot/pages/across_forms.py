"""How a conversation across centres went, and which doors opened: for the two, and for staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.connections.services.across import MOST_DOORS


class AcrossForm(forms.Form):
    """Did they meet, and when."""

    met = forms.ChoiceField(
        label=gettext_lazy("Did you meet?"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Yes, we met")), ("no", gettext_lazy("We will not meet"))],
        error_messages={"required": gettext_lazy("Say whether you met: yes or no.")},
    )
    on = forms.DateField(
        label=gettext_lazy("On which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("met") == "yes" and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Write the day you met."))
        return data

    @property
    def said(self) -> tuple[bool, date | None]:
        return self.cleaned_data["met"] == "yes", self.cleaned_data["on"]


class DoorsForm(forms.Form):
    """How many people were told of the newcomer."""

    doors = forms.IntegerField(
        label=gettext_lazy("How many people have you told of them?"),
        min_value=0,
        max_value=MOST_DOORS,
        help_text=gettext_lazy("0 is an answer too: you know nobody who fits."),
    )
