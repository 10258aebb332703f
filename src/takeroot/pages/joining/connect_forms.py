"""«I open doors»: eight questions, three minutes, no account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import Centre
from takeroot.common.text import tidy
from takeroot.connections.answers import mode_of, occupation_of
from takeroot.connections.details import Details
from takeroot.connections.enums import Circle
from takeroot.connections.services.joining import part_of
from takeroot.pages.joining.forms import Unhurried
from takeroot.people.enums import MeetingMode

LANGUAGES = ("en", "fr")


class ConnectForm(Unhurried):
    """Everything that a round needs to know of somebody who offers to open doors."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("Letters with links go there. You need no account and no password."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    occupation = forms.CharField(
        label=_("What do you do?"),
        max_length=120,
        help_text=_("In your own words, such as “nurse manager” or “retired welder”."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    organization = forms.CharField(
        label=_("Where do you work, or where are you known?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    about = forms.MultipleChoiceField(
        label=_("What is true of you?"),
        required=False,
        choices=[
            ("employer", _("I am an employer or a manager")),
            ("public_servant", _("I am a public servant")),
            ("community_leader", _("I lead something in the community")),
            ("volunteer", _("I volunteer")),
            ("lived", _("I have come here from elsewhere myself")),
            ("hiring", _("I am also hiring now")),
        ],
        help_text=_("Whoever is hiring is welcome too: we only take care that nobody mixes it up."),
        widget=forms.CheckboxSelectMultiple,
    )
    circles = forms.MultipleChoiceField(
        label=_("Where do you know people?"),
        choices=[
            (Circle.PROFESSIONAL, _("in my profession")),
            (Circle.ECONOMIC, _("in business")),
            (Circle.SOCIAL, _("in clubs, sports, the neighbourhood, a congregation")),
            (Circle.CULTURAL, _("in the arts, or in a cultural community")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one; nobody knows people nowhere.")},
    )
    talk = forms.MultipleChoiceField(
        label=_("How can people talk with you?"),
        choices=[
            ("en", _("in English")),
            ("fr", _("in French")),
            (MeetingMode.IN_PERSON, _("in person")),
            (MeetingMode.VIDEO, _("by video")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    capacity = forms.TypedChoiceField(
        label=_("How many newcomers could you meet?"),
        coerce=int,
        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4")],
        initial=2,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, centre: Centre, **more: Any) -> None:
        language = (get_language() or "en")[:2]
        more["initial"] = {"talk": [language], **(more.get("initial") or {})}
        super().__init__(*args, **more)
        period = {"period": centre.get_capacity_period_display()}
        self.fields["capacity"].help_text = (
            gettext("Counted anew %(period)s. Each is one conversation of 30 minutes.") % period
        )

    def clean_talk(self) -> list[str]:
        ticks: list[str] = self.cleaned_data["talk"]
        if not any(code in ticks for code in LANGUAGES):
            raise forms.ValidationError(
                gettext("Tick English or French; other languages can be added on your own page.")
            )
        return ticks

    def details(self) -> Details:
        """What a service needs; only of a valid form."""
        data = self.cleaned_data
        talk = data["talk"]
        return Details(
            party={
                "name": tidy(data.get("name", "")),
                "email": data.get("email", ""),
                "language": (get_language() or "en")[:2],
            },
            person={
                **occupation_of(data["occupation"]),
                "languages": {code: None for code in LANGUAGES if code in talk},
                "mode": mode_of(talk),
            },
            part=part_of(data["about"], circles=data["circles"], capacity=data["capacity"]),
            organization=data["organization"],
        )


class NewForm(ConnectForm):
    """As strangers fill it in: the key makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class AlumnusForm(ConnectForm):
    """The same for somebody whom the centre knows: name and address are there already."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("name", "email", "website"):
            del self.fields[name]

    @property
    def shown(self) -> list[forms.BoundField]:
        return list(self.visible_fields())

    def clean_website(self) -> str:
        return ""


class SuitForm(forms.Form):
    """How it suits a Connector now."""

    capacity = forms.IntegerField(
        label=_("How many newcomers could you meet?"), min_value=0, max_value=20
    )
    rest = forms.ChoiceField(
        label=_("Does it suit you now?"),
        choices=[
            ("no", _("Yes")),
            ("until", _("Not until a day")),
            ("now", _("Not now; I shall say when")),
        ],
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=_("If not until a day: the last day of your rest"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ProfileForm(forms.Form):
    """What newcomers should know of the organization."""

    profile = forms.CharField(
        label=_("In a few sentences"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "What it does, whom it needs now and then, how people come in. Newcomers whom you "
            "meet read it. Empty: nothing is shown."
        ),
    )
