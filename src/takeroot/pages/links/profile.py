"""«Is this still right?»: one look at one's own file, one button."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from takeroot.common.errors import Refused
from takeroot.common.text import tidy
from takeroot.connections import link_selectors as reads
from takeroot.connections.letters import occupation_words
from takeroot.connections.services.profiles import confirm_profile
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.visit import Visit, dead
from takeroot.people.enums import MeetingMode
from takeroot.people.models import Person

MOST_INTERESTS = 10


class ProfileForm(forms.Form):
    """What people may change of their own file."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    occupation_text = forms.CharField(
        label=gettext_lazy("Your occupation, in your own words"), max_length=120, required=False
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    interests = forms.CharField(
        label=gettext_lazy("Interests"),
        max_length=600,
        required=False,
        help_text=gettext_lazy("With commas between them."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How would you like to meet?"),
        choices=MeetingMode,
        widget=forms.RadioSelect,
    )

    def clean_interests(self) -> list[str]:
        words = [tidy(word)[:80] for word in self.cleaned_data["interests"].split(",")]
        return [word for word in words if word][:MOST_INTERESTS]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _form(visit: Visit, person: Person) -> ProfileForm:
    said = occupation_words(person.occupation_code, person.occupation_text, visit.language)
    initial = {
        "version": person.version,
        "occupation_text": said,
        "phone": person.party.phone,
        "interests": ", ".join(person.interests),
        "mode": person.mode,
    }
    return form_for(visit.request, ProfileForm, initial=initial)


def page(visit: Visit) -> HttpResponse:
    person = reads.person_behind(visit.party.pk)
    if person is None:
        return dead(visit.request, spent=True)
    form = _form(visit, person)
    if submitted(visit.request, form):
        try:
            with visit.house():
                confirm_profile(
                    person=person,
                    expected=form.cleaned_data["version"],
                    values=form.values(),
                )
            return visit.back()
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "person": person}
    return visit.show("profile", context, status=status_of(form))
