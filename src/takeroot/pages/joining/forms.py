"""The application in four steps of plain questions, twelve in all; the same for staff who take it
by telephone, on one page."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import Centre
from takeroot.connections.answers import LIVED
from takeroot.connections.enums_applying import RatingMoment, TakenHow
from takeroot.connections.models_applying import SelfRating
from takeroot.people.enums import MeetingMode, Status

LEVELS = [
    ("", _("I do not speak it")),
    ("basic", _("a little: simple words and sentences")),
    ("intermediate", _("well: everyday talk, and most talk at work")),
    ("advanced", _("very well: also letters, meetings, difficult talk")),
    ("unknown", _("I speak it; I cannot say how well")),
]


class Unhurried(forms.Form):
    """A field that people do not see and machines fill in. Whoever fills it is asked again, not
    turned away: a browser may have done it for them."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            data = cast(QueryDict, self.data).copy()
            data["website"] = ""
            self.data = data
            raise forms.ValidationError(
                gettext(
                    "A field that nobody sees was filled in, as machines do. It is empty again: "
                    "press the button once more."
                )
            )
        return ""

    @property
    def shown(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "website"]


class YouForm(Unhurried):
    """Who applies, and how to reach them."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As you write it yourself, in any alphabet."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        max_length=254,
        help_text=_("Letters with links go there. You need no account and no password."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Your telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("In which language should we write to you?"),
        choices=[("en", "English"), ("fr", "Français")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["language"].initial = (get_language() or "en")[:2]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("email") and not data.get("phone") and "email" not in self.errors:
            self.add_error("email", gettext("Write an e-mail or a telephone, or we cannot answer."))
        return data


class WorkForm(Unhurried):
    """What they do, and with what status."""

    occupation = forms.CharField(
        label=_("What is your occupation?"),
        max_length=120,
        help_text=_("In your own words, such as “nurse” or “welder”. What you learned or did."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    status = forms.ChoiceField(
        label=_("What allows you to be in Canada?"),
        required=False,
        choices=[("", _("I would rather say it later")), *Status.choices],
        help_text=_("Some programmes are for some people only. Nobody else is told."),
    )
    meeting = forms.MultipleChoiceField(
        label=_("How would you like to meet people?"),
        required=False,
        choices=[
            (MeetingMode.IN_PERSON, _("in person")),
            (MeetingMode.VIDEO, _("by video")),
            (LIVED, _("rather with somebody who came from elsewhere too")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )


class LanguagesForm(Unhurried):
    """What they speak, and where they live."""

    english = forms.ChoiceField(label=_("English"), required=False, choices=LEVELS)
    french = forms.ChoiceField(label=_("French"), required=False, choices=LEVELS)
    other_languages = forms.CharField(
        label=_("Other languages"),
        required=False,
        max_length=200,
        help_text=_("Such as “Arabic; Tagalog”."),
    )
    community = forms.CharField(
        label=_("Where do you live, or where will you live?"),
        required=False,
        max_length=120,
        help_text=_("The town, such as “Truro, NS”."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(name) for name in ("english", "french", "other_languages")):
            self.add_error("english", gettext("Say at least one language that you speak."))
        return data


class AgreeForm(Unhurried):
    """What the centre may do with it: each tick by itself, none of them needed to apply."""

    agreed = forms.MultipleChoiceField(
        label=_("What do you agree to?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, centre: Centre, **more: Any) -> None:
        super().__init__(*args, **more)
        word = {"word": centre.connector_word}
        self.fields["agreed"].choices = [  # type: ignore[attr-defined]
            (
                "introduction",
                gettext(
                    "One person (your %(word)s) may see my name, work, languages, e-mail and "
                    "telephone, to meet me."
                )
                % word,
            ),
            (
                "referral",
                gettext(
                    "People whom my %(word)s knows may see the same, after they said yes to "
                    "meeting me."
                )
                % word,
            ),
            ("resume", gettext("My %(word)s may also see my résumé.") % word),
            (
                "outcome",
                gettext("My %(word)s may learn later what came of it, such as a job.") % word,
            ),
        ]

    def clean_agreed(self) -> list[str]:
        ticks: list[str] = self.cleaned_data["agreed"]
        if "resume" in ticks and "introduction" not in ticks:
            raise forms.ValidationError(
                gettext("The résumé is shown to the person you meet: tick the first line too.")
            )
        return ticks


class PhoneForm(AgreeForm, LanguagesForm, WorkForm, YouForm):
    """The same twelve questions on one page, for staff who write down what somebody says."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    taken_how = forms.ChoiceField(
        label=_("How does it reach you?"),
        choices=[(how.value, how.label) for how in TakenHow if how != TakenHow.ONLINE],
        initial=TakenHow.PHONE,
        widget=forms.RadioSelect,
    )

    QUESTIONS = (
        *YouForm.base_fields,
        *WorkForm.base_fields,
        *LanguagesForm.base_fields,
        "agreed",
    )

    @property
    def answers(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in self.QUESTIONS if name in self.cleaned_data
        }


class RatingForm(forms.Form):
    """Four questions from 1 to 5, in plain words."""

    def __init__(self, *args: Any, moment: str, **more: Any) -> None:
        super().__init__(*args, **more)
        before = moment == RatingMoment.BEFORE
        questions = {
            "market": _("I know how work is found in my field here."),
            "networking": _("I know how to start a conversation with people of my field."),
            "contacts": _("I know people here who can help me on."),
            "confidence": _("I am confident that I shall find work that fits me."),
        }
        lowest, highest = gettext("1: not at all"), gettext("5: fully")
        for name in SelfRating.QUESTIONS:
            self.fields[name] = forms.TypedChoiceField(
                label=questions[name],
                coerce=int,
                choices=[(1, lowest), (2, "2"), (3, "3"), (4, "4"), (5, highest)],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose a number from 1 to 5; a rough idea is enough.")
                },
            )
        self.before = before

    @property
    def values(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in SelfRating.QUESTIONS}
