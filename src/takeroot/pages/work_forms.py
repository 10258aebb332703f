"""Forms about work and about staying: the same questions, by link and by telephone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from takeroot.common.text import tidy
from takeroot.facts import noc, titles
from takeroot.facts.noc import group_title
from takeroot.outcomes.enums import (
    Evidence,
    InField,
    SameEmployer,
    StayReason,
    Told,
    Where,
)
from takeroot.outcomes.services.jobs import Work
from takeroot.outcomes.services.leads import Opening
from takeroot.outcomes.services.stays import Answer
from takeroot.pages.occupations import OccupationInput

NONE = "none"
BY_STAFF = [(one.value, one.label) for one in (Told.PHONE, Told.IN_PERSON, Told.PAPER)]


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like this: 2026-11-28 (year, month, day).")},
        **more,
    )


class OccupationForm(forms.Form):
    """An occupation in somebody's own words; asks which is meant when they fit several groups."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        self.language = language
        super().__init__(*args, **kwargs)
        options = self._options()
        if options:
            self.fields["meant_occupation"].choices = options  # type: ignore[attr-defined]
        else:
            del self.fields["meant_occupation"]

    def _typed(self, name: str) -> str:
        return tidy(str(self.data.get(self.add_prefix(name), ""))) if self.is_bound else ""

    def _options(self) -> list[tuple[str, str]]:
        text = self._typed("occupation")
        if not text:
            return []
        found = titles.resolve(text)
        chosen = noc.unit_group(self._typed("meant_occupation"))
        if found.code and found.confident and not chosen:
            return []
        codes = [hit.code for hit in found.alternatives[:5]]
        if chosen and chosen.code not in codes:
            codes.insert(0, chosen.code)
        words = [(code, f"{group_title(code, self.language)} ({code})") for code in codes]
        none = gettext("None of these: keep the words “%(words)s”.") % {"words": text[:120]}
        return [*words, (NONE, none)]

    def code_and_words(self) -> tuple[str, str]:
        """Code (or none) and words; only of a valid form."""
        text = tidy(self.cleaned_data["occupation"])
        chosen = self.cleaned_data.get("meant_occupation", "")
        if chosen == NONE or not text:
            return "", text
        code = chosen or titles.resolve(text).code or ""
        return code, "" if noc.code_in(text) else text


class WorkForm(OccupationForm):
    """«I have found work», in the words of the person."""

    employer = forms.CharField(label=_("Who is the employer?"), max_length=160)
    occupation = forms.CharField(
        label=_("What is the work?"),
        max_length=120,
        required=False,
        widget=OccupationInput,
        help_text=_("In your own words, such as “cook”."),
    )
    meant_occupation = forms.ChoiceField(
        label=_("Which of these is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Several occupations fit these words. Choose one.")},
    )
    in_field = forms.ChoiceField(
        label=_("Is it work in your own field?"),
        widget=forms.RadioSelect,
        choices=[
            (InField.YES, _("Yes")),
            (InField.NO, _("No, other work")),
            (InField.UNKNOWN, _("Hard to say")),
        ],
        error_messages={"required": _("Choose what comes nearest.")},
    )
    starts_on = day_field(_("First day of work"))
    hours = forms.DecimalField(
        label=_("Hours a week"),
        required=False,
        min_value=1,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        localize=True,
    )
    hourly_wage = forms.DecimalField(
        label=_("Dollars an hour"),
        required=False,
        min_value=1,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
        localize=True,
        help_text=_("Leave it empty if you would rather not tell."),
    )

    def work(self, *, told: str = Told.LINK, evidence: str = Evidence.PERSON) -> Work:
        data = self.cleaned_data
        code, text = self.code_and_words()
        return Work(
            employer=data["employer"],
            starts_on=data["starts_on"],
            occupation_code=code,
            occupation_text=text,
            in_field=data["in_field"],
            hours=data["hours"],
            hourly_wage=data["hourly_wage"],
            evidence=evidence,
            told=told,
        )


class StaffWorkForm(WorkForm):
    """The same, written down by staff: with how the centre knows."""

    evidence = forms.ChoiceField(
        label=_("How does the centre know?"), choices=Evidence.choices, widget=forms.RadioSelect
    )
    told = forms.ChoiceField(
        label=_("How was it told?"), choices=BY_STAFF, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["occupation"].help_text = _("In their own words, or a NOC code.")
        self.fields["in_field"].label = _("Is it work in their own field?")
        self.fields["in_field"].choices = InField.choices  # type: ignore[attr-defined]
        self.fields["hourly_wage"].help_text = _("Leave it empty if they would rather not tell.")


class EndForm(forms.Form):
    """The last day of a job."""

    on = day_field(_("Last day of work"))


class StayForm(forms.Form):
    """Two questions, and what weighs most."""

    where = forms.ChoiceField(
        label=_("Where do you live now?"),
        widget=forms.RadioSelect,
        choices=Where.choices,
        error_messages={"required": _("Say where you live, or that you would rather not say.")},
    )
    employer = forms.ChoiceField(
        label=_("Whom do you work for?"),
        widget=forms.RadioSelect,
        choices=SameEmployer.choices,
        required=False,
    )
    reasons = forms.MultipleChoiceField(
        label=_("What weighs most for staying or going?"),
        widget=forms.CheckboxSelectMultiple,
        choices=StayReason.choices,
        required=False,
        help_text=_("Up to five."),
    )
    change = forms.CharField(
        label=_("What would have to change for you to stay?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In your own words, if you like. Only the centre reads it."),
    )

    def answer(self, *, told: str = Told.LINK) -> Answer:
        data = self.cleaned_data
        return Answer(
            where=data["where"],
            employer=data["employer"],
            reasons=tuple(data["reasons"]),
            change=data["change"],
            told=told,
        )


class StaffStayForm(StayForm):
    """The same, written down by staff."""

    told = forms.ChoiceField(
        label=_("How was it told?"), choices=BY_STAFF, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("where", _("Where do they live now?")),
            ("employer", _("Whom do they work for?")),
            ("change", _("What would have to change for them to stay?")),
        ):
            self.fields[name].label = label
        self.fields["change"].help_text = ""


class LeadForm(forms.Form):
    """Work that is not advertised."""

    employer = forms.CharField(label=_("Employer"), max_length=160)
    what = forms.CharField(
        label=_("What do they look for?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    how = forms.CharField(
        label=_("How to apply"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whom to write to or call, and whose name to mention."),
    )
    until = day_field(_("Good until"))

    def opening(self) -> Opening:
        data = self.cleaned_data
        return Opening(
            employer=data["employer"], what=data["what"], how=data["how"], until=data["until"]
        )
