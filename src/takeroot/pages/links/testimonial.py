"""«A few words for others»: written, changed and taken back by the same link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from takeroot.common.errors import Refused
from takeroot.connections.enums import Shown, ShownName, ToldState
from takeroot.connections.models_told import LONGEST_WORDS, Testimonial
from takeroot.connections.services.testimonials import give_words, take_words_back
from takeroot.connections.told import testimonials_visible_to
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.visit import Visit, dead


class WordsForm(forms.Form):
    """What may be said of the programme, where, under which name, until when."""

    text = forms.CharField(
        label=gettext_lazy("What would you tell somebody who hesitates?"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Two or three sentences. Name nobody else, please."),
    )
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Where may it stand?"),
        choices=Shown,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one place where your words may stand.")
        },
    )
    shown_name = forms.ChoiceField(
        label=gettext_lazy("Under which name?"), choices=ShownName, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=gettext_lazy("Until when?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("It disappears by itself after this day."),
        error_messages={
            "invalid": gettext_lazy("Write the day like this: 2026-11-28 (year, month, day).")
        },
    )


def _row(visit: Visit) -> Testimonial | None:
    return testimonials_visible_to(visit.actor).filter(pk=visit.link.subject_id).first()


def _start(row: Testimonial) -> dict[str, Any]:
    year = timezone.localdate() + timedelta(days=365)
    return {
        "text": row.text,
        "places": row.places,
        "shown_name": row.shown_name,
        "until": row.until or year,
    }


def page(visit: Visit) -> HttpResponse:
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, WordsForm, initial=_start(row))
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                give_words(testimonial=row, by=house, **form.cleaned_data)
            return visit.back()
        except Refused as refusal:
            refuse(form, refusal)
    stands = row.state in (ToldState.GIVEN, ToldState.APPROVED, ToldState.DECLINED)
    context = {"form": form, "told": row, "stands": stands}
    return visit.show("testimonial", context, status=status_of(form))


def take_back(visit: Visit) -> HttpResponse:
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    if visit.posting:
        with visit.house() as house:
            take_words_back(testimonial=row, by=house)
        return visit.back()
    return visit.show("testimonial_back", {})
