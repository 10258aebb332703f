"""The fields of a report that something was not right, for links and for the staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.accounts.models import Party


class ConcernForm(forms.Form):
    """What happened, as far as somebody wants to say it, and who should not read it."""

    text = forms.CharField(
        label=gettext_lazy("What was not right?"),
        help_text=gettext_lazy("As much or as little as you like; you may leave it empty."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    withheld = forms.ChoiceField(
        label=gettext_lazy("Should somebody at the centre not read this?"),
        help_text=gettext_lazy("For example because they know one of you privately."),
        required=False,
    )

    def __init__(self, *args: Any, readers: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers = {str(party.pk): party.pk for party in readers}
        names = [(str(party.pk), party.name) for party in readers]
        self.fields["withheld"].choices = [("", _("no, nobody")), *names]  # type: ignore[attr-defined]

    @property
    def withheld_from(self) -> list[UUID]:
        chosen = self.readers.get(self.cleaned_data["withheld"])
        return [chosen] if chosen else []
