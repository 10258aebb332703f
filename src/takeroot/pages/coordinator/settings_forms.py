"""Forms of a centre: its settings in groups, with help; and a new one from a template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import Centre
from takeroot.connections.services.opening import TEMPLATES
from takeroot.facts import places


def zones() -> list[tuple[str, str]]:
    """The time zones of the places that we know."""
    found = sorted({place.timezone for place in places.places()})
    return [(name, name.replace("America/", "").replace("_", " ")) for name in found]


def place_meant(text: str) -> tuple[places.Place | None, str]:
    """The place of a text, or the sentence that asks which."""
    found = places.resolve(text)
    if found.place:
        return found.place, ""
    lang = get_language() or "en"
    others = "; ".join(place.label(lang) for place in found.alternatives[:5])
    if others:
        return None, gettext("Say which place it is: %(others)s.") % {"others": others}
    return None, gettext("We do not know this place. Write it with its province: “Truro, NS”.")


class CentreForm(forms.ModelForm):  # type: ignore[type-arg]
    """Every setting that a coordinator may change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    community = forms.CharField(
        label=_("Community"),
        required=False,
        max_length=120,
        help_text=_(
            "Where the centre is, such as “Truro, NS”. Names without a province are "
            "looked for here first."
        ),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Newfoundland is half an hour off; meetings are shown in this zone."),
    )

    class Meta:
        model = Centre
        fields = (
            "name_en",
            "name_fr",
            "connector_word_en",
            "connector_word_fr",
            "timezone",
            "email",
            "postal_address",
            "referrals_asked",
            "hops",
            "capacity_period",
            "requests_most",
            "least_quality",
            "radius_km",
            "language_floor",
            "accepts_temporary_residents",
            "accepts_graduates",
            "contact_days",
            "answer_days",
            "draft_days",
            "onward_steps_en",
            "onward_steps_fr",
        )
        widgets = {
            "onward_steps_en": forms.Textarea(attrs={"rows": 4}),
            "onward_steps_fr": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "connector_word_en": _("What your people call them: Connector, Champion, Guide."),
            "email": _("Stands under every letter, so that people can answer."),
            "postal_address": _("Canada's anti-spam law asks for it in letters to contacts."),
            "referrals_asked": _("Three is usual: it makes nine after the second round."),
            "hops": _(
                "How far introductions go: 1 is the Connector's own contacts, 2 is theirs too."
            ),
            "requests_most": _(
                "Left empty: their places alone decide. Whoever was asked so often within the last "
                "month, quarter or year rests, whatever came of it."
            ),
            "capacity_period": _("When a Connector's places begin anew."),
            "least_quality": _(
                "From 0 to 1000. Below this, nobody is proposed. 300 is a good "
                "beginning; more means fewer and better matches."
            ),
            "radius_km": _("Further apart, two people can only meet by video."),
            "language_floor": _("Two people need one language that both speak at this level."),
            "contact_days": _("Somebody who never answers is forgotten after so many days."),
            "answer_days": _("Applicants and people who offer to help are told this day."),
            "draft_days": _("What was typed and never sent is deleted after so many days."),
            "onward_steps_en": _(
                "One line for each: an agency, a course, a library, with its address. They are "
                "offered whenever you tell somebody “not now”."
            ),
            "onward_steps_fr": _("The same list, for letters in French."),
        }

    def __init__(self, *args: Any, centre: Centre, **more: Any) -> None:
        place = places.by_id(centre.place_code) if centre.place_code else None
        label = place.label(get_language() or "en") if place else ""
        # A copy: the form must not change the centre before the service does.
        row = Centre.objects.get(pk=centre.pk) if args or more.get("data") else centre
        more["initial"] = {"version": centre.version, "community": label}
        self.place, self.label = place, label
        more["instance"] = row
        super().__init__(*args, **more)
        known = zones()
        if centre.timezone not in dict(known):
            known.append((centre.timezone, centre.timezone))
        self.fields["timezone"].choices = known  # type: ignore[attr-defined]

    def clean_community(self) -> str:
        text: str = self.cleaned_data["community"].strip()
        if not text or text == self.label:
            return self.place.id if text and self.place else ""
        place, asks = place_meant(text)
        if place is None:
            raise forms.ValidationError(asks)
        return place.id

    def settings(self) -> dict[str, Any]:
        """What `edit_centre` takes."""
        names = self._meta.fields or ()
        values = {name: self.cleaned_data[name] for name in names}
        return {**values, "place_code": self.cleaned_data["community"]}


class NewCentreForm(forms.Form):
    """A centre ready in one form: everything else comes from the template."""

    template = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_fr = forms.CharField(label=_("Name in French"), max_length=120)
    community = forms.CharField(
        label=_("Community"),
        max_length=120,
        help_text=_("Such as “Truro, NS”. The time zone follows from it."),
    )
    connector_word_en = forms.CharField(
        label=_("Your word for «Connector», in English"), max_length=40, initial="Connector"
    )
    connector_word_fr = forms.CharField(
        label=_("Your word for «Connector», in French"), max_length=40, initial="Connecteur"
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=200,
        required=False,
        help_text=_("Canada's anti-spam law asks for it in letters to contacts."),
    )
    coordinator_name = forms.CharField(label=_("First coordinator: name"), max_length=200)
    coordinator_email = forms.EmailField(
        label=_("First coordinator: e-mail"),
        help_text=_("A letter goes there, with a link to choose a password."),
    )
    language = forms.ChoiceField(
        label=_("Language of that letter"),
        choices=[("en", "English"), ("fr", "Français")],
        initial="en",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(one.key, f"{one.name} – {one.about}") for one in TEMPLATES]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]
        self.fields["template"].initial = choices[0][0]

    def clean_community(self) -> places.Place:
        place, asks = place_meant(self.cleaned_data["community"])
        if place is None:
            raise forms.ValidationError(asks)
        return place

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["slug"] = slugify(data.get("name_en", ""))[:60]
        if data.get("name_en") and not data["slug"]:
            self.add_error("name_en", gettext("Use letters of the Latin alphabet here."))
        elif Centre.objects.filter(slug=data["slug"]).exists():
            self.add_error("name_en", gettext("A centre of this name is here already."))
        return data
