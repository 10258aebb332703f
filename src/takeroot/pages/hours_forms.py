"""Hours given: one form for the staff and for whoever gave them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.volunteers.enums import Work


class HoursForm(forms.Form):
    """How much time, on which day, for what."""

    on = forms.DateField(
        label=gettext_lazy("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the day like this: 2026-11-28 (year, month, day).")
        },
    )
    hours = forms.DecimalField(
        label=gettext_lazy("How many hours?"),
        min_value=0,
        max_value=24,
        decimal_places=2,
        localize=True,
        help_text=gettext_lazy("A quarter of an hour is 0.25. Meetings count by themselves."),
    )
    work = forms.ChoiceField(
        label=gettext_lazy("For what?"), choices=Work, widget=forms.RadioSelect
    )

    def values(self) -> dict[str, Any]:
        """What `log_hours` takes."""
        data = self.cleaned_data
        return {"on": data["on"], "minutes": round(data["hours"] * 60), "work": data["work"]}


def in_hours(minutes: int) -> str:
    """Minutes as hours, in the language of the page: «2.5 hours»."""
    hours = number_format(round(minutes / 60, 2), use_l10n=True)
    return _("%(hours)s hours") % {"hours": hours}


def first_day(today: date) -> dict[str, Any]:
    return {"on": today, "work": Work.PREPARATION}
