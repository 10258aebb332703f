"""Forms of Connectees and Connectors: short sections, words before codes."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import Centre
from takeroot.common.tables import CellError
from takeroot.common.text import tidy
from takeroot.connections.cells import read_languages
from takeroot.connections.enums import Circle
from takeroot.connections.enums_applying import ConnectorKind
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.services.enrolment import Details
from takeroot.facts import noc, places, titles
from takeroot.pages.coordinator.people_fields import ListField, level_choices
from takeroot.pages.coordinator.people_words import group_title, language_name
from takeroot.pages.occupations import OccupationInput
from takeroot.people.enums import MeetingMode, Status
from takeroot.people.models import Person

NONE = "none"
LONGEST_WISH, LONGEST_INTEREST = 120, 80


class Beginnings(forms.Form):
    """What every form about a person shares: the key that makes a second click harmless, and the
    version that tells a second editor."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PersonForm(Beginnings):
    """The file of a person. `meant_*` fields appear only when words can mean several things."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As they write it themselves, in any alphabet."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("Letters and links go here. Without it, nothing can be sent."),
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    language = forms.ChoiceField(
        label=_("Language for letters"),
        choices=[("en", "English"), ("fr", "Français")],
        widget=forms.RadioSelect,
    )
    occupation = forms.CharField(
        label=_("Occupation"),
        required=False,
        max_length=120,
        widget=OccupationInput,
        help_text=_("In their own words, such as “nurse”, or a NOC code."),
    )
    meant_occupation = forms.ChoiceField(
        label=_("Which of these is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Several occupations fit these words. Choose one.")},
    )
    english = forms.ChoiceField(label=_("English"), required=False)
    french = forms.ChoiceField(label=_("French"), required=False)
    other_languages = forms.CharField(
        label=_("Other languages"),
        required=False,
        max_length=200,
        help_text=_("Such as “Arabic; Tagalog”. A level may follow: “Spanish 9”."),
    )
    interests = ListField(
        label=_("Interests"),
        longest=LONGEST_INTEREST,
        commas=True,
        help_text=_("Such as “hiking, choir”: they help to find somebody to talk to."),
    )
    community = forms.CharField(
        label=_("Community"),
        required=False,
        max_length=120,
        help_text=_("Where they live, or will live, such as “Truro, NS”."),
    )
    meant_community = forms.ChoiceField(
        label=_("Which place is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("No single place is called so. Choose one.")},
    )
    mode = forms.ChoiceField(
        label=_("Likes to meet"), choices=MeetingMode.choices, widget=forms.RadioSelect
    )
    not_with = ListField(
        label=_("Never to be matched with"),
        longest=60,
        commas=False,
        help_text=_("Names or organizations, between semicolons. Nobody is told."),
    )

    def __init__(
        self, *args: Any, centre: Centre, row: Connectee | Connector | None = None, **more: Any
    ) -> None:
        self.centre, self.row = centre, row
        more["initial"] = {**self.start(), **(more.get("initial") or {})}
        super().__init__(*args, **more)
        for name, code in (("english", "en"), ("french", "fr")):
            self.fields[name].choices = level_choices(code)  # type: ignore[attr-defined]
        self._offer("occupation", self._occupations())
        self._offer("community", self._places())

    @property
    def person(self) -> Person | None:
        return self.row.person if self.row else None

    def start(self) -> dict[str, Any]:
        """What the form shows at first."""
        if self.row is None:
            french = (get_language() or "").startswith("fr")
            return {
                "key": uuid.uuid4(),
                "language": "fr" if french else "en",
                "mode": MeetingMode.EITHER,
            }
        person, party = self.row.person, self.row.person.party
        spoken = dict(person.languages)
        official = {
            name: ("?" if spoken[code] is None else str(spoken[code])) if code in spoken else ""
            for name, code in (("english", "en"), ("french", "fr"))
        }
        others = [
            language_name(code) + (f" {level}" if level else "")
            for code, level in spoken.items()
            if code not in ("en", "fr")
        ]
        return {
            "version": self.row.version,
            "name": party.name,
            "email": party.email,
            "phone": party.phone,
            "language": party.language,
            "occupation": person.occupation_text or group_title(person.occupation_code),
            **official,
            "other_languages": "; ".join(others),
            "interests": "; ".join(person.interests),
            "community": person.place.label if person.place else "",
            "mode": person.mode,
            "not_with": "; ".join(self.row.not_with),
        }

    def _typed(self, name: str) -> str:
        return tidy(str(self.data.get(self.add_prefix(name), ""))) if self.is_bound else ""

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        """Ask which is meant, when words can mean several things; otherwise do not ask."""
        if options:
            self.fields[f"meant_{name}"].choices = options  # type: ignore[attr-defined]
        else:
            del self.fields[f"meant_{name}"]

    def _kept_occupation(self, text: str) -> bool:
        person = self.person
        if person is None or not text:
            return False
        known = noc.unit_group(person.occupation_code)
        kept = {person.occupation_text}
        if not person.occupation_text and known:
            kept |= {known.title_en, known.title_fr}
        return text in kept

    def _occupations(self) -> list[tuple[str, str]]:
        text = self._typed("occupation")
        if not text or self._kept_occupation(text):
            return []
        found = titles.resolve(text)
        # A group that was chosen while typing counts, whatever the words alone would mean.
        chosen = noc.unit_group(self._typed("meant_occupation"))
        if found.code and found.confident and not chosen:
            return []
        codes = [hit.code for hit in found.alternatives[:5]]
        if chosen and chosen.code not in codes:
            codes.insert(0, chosen.code)
        options = [(code, f"{group_title(code)} ({code})") for code in codes]
        none = gettext("None of these: keep the words “%(words)s”.") % {"words": text[:120]}
        return [*options, (f"{NONE}:{text}", none)]

    def _place(self, text: str) -> places.PlaceResolution:
        place = self.person.place if self.person else None
        if place and text in (
            place.label,
            f"{place.name_en}, {place.province}",
            f"{place.name_fr}, {place.province}",
        ):
            return places.PlaceResolution(places.by_id(place.code))
        home = places.by_id(self.centre.place_code) if self.centre.place_code else None
        return places.resolve(text, home=home.province if home else None)

    def _places(self) -> list[tuple[str, str]]:
        text = self._typed("community")
        if not text:
            return []
        found = self._place(text)
        if found.place:
            return []
        lang = get_language() or "en"
        options = [(place.id, place.label(lang)) for place in found.alternatives[:6]]
        none = gettext("None of these: leave the community out for now.")
        return [*options, (f"{NONE}:{text}", none)]

    def clean_other_languages(self) -> dict[str, int | None]:
        text = self.cleaned_data["other_languages"]
        if not text.strip():
            return {}
        try:
            return dict(read_languages(text))
        except CellError as error:
            raise forms.ValidationError(
                gettext("Found “%(found)s”, expected %(expected)s."),
                params={"found": error.found or text, "expected": error.expected},
            ) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        spoken: dict[str, int | None] = {}
        for name, code in (("english", "en"), ("french", "fr")):
            if chosen := data.get(name):
                spoken[code] = None if chosen == "?" else int(chosen)
        data["languages"] = {**(data.get("other_languages") or {}), **spoken}
        if not data["languages"] and not self.errors:
            self.add_error(
                "english", gettext("Say at least one language: two people need one in common.")
            )
        return data

    def _occupation(self) -> dict[str, str]:
        text = tidy(self.cleaned_data["occupation"])
        person = self.person
        if person and self._kept_occupation(text):
            return {
                "occupation_code": person.occupation_code,
                "occupation_text": person.occupation_text,
            }
        chosen = self.cleaned_data.get("meant_occupation", "")
        if chosen.startswith(NONE):
            return {"occupation_code": "", "occupation_text": text}
        code = chosen or (titles.resolve(text).code if text else "") or ""
        only_code = bool(noc.code_in(text))
        return {"occupation_code": code, "occupation_text": "" if only_code else text}

    def _community(self) -> str | None:
        chosen = self.cleaned_data.get("meant_community", "")
        if chosen:
            return None if chosen.startswith(NONE) else chosen
        text = tidy(self.cleaned_data["community"])
        found = self._place(text).place if text else None
        return found.id if found else None

    def details(self) -> Details:
        """What a service needs; only of a valid form."""
        data = self.cleaned_data
        party: dict[str, Any] = {
            name: data[name] for name in ("name", "email", "phone", "language")
        }
        if self.row is None and data.get("key"):
            party["id"] = data["key"]
        person = {
            **self._occupation(),
            "languages": data["languages"],
            "interests": data["interests"],
            "place_id": self._community(),
            "mode": data["mode"],
            **self.more_of_person(),
        }
        return Details(
            party=party, person=person, part=self.part(), organization=data.get("organization")
        )

    def more_of_person(self) -> dict[str, Any]:
        return {}

    def part(self) -> dict[str, Any]:
        return {"not_with": self.cleaned_data["not_with"]}


class ConnecteeForm(PersonForm):
    """A newcomer's file."""

    status = forms.ChoiceField(
        label=_("Status in Canada"),
        required=False,
        choices=[("", _("not stated")), *Status.choices],
    )
    arrived_on = forms.DateField(
        label=_("Arrived in Canada on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    waiting_since = forms.DateField(
        label=_("Waiting since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day they applied. Left empty: today."),
    )
    prefers_lived = forms.BooleanField(
        label=_("Would rather meet somebody who has settled here themselves"), required=False
    )
    target_organizations = ListField(
        label=_("Organizations they would like to meet"),
        longest=LONGEST_WISH,
        commas=False,
        help_text=_("Between semicolons. Connectors who work there come first."),
    )

    def start(self) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if isinstance(self.row, Connectee):
            more = {
                "status": self.row.person.status,
                "arrived_on": self.row.person.arrived_on,
                "waiting_since": self.row.waiting_since,
                "prefers_lived": self.row.prefers_lived,
                "target_organizations": "; ".join(self.row.target_organizations),
            }
        return {**super().start(), **more}

    def clean_waiting_since(self) -> Any:
        day, today = self.cleaned_data["waiting_since"], timezone.localdate()
        if day and day > today:
            raise forms.ValidationError(gettext("This day is in the future."))
        return day or (self.row.waiting_since if isinstance(self.row, Connectee) else today)

    def more_of_person(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("status", "arrived_on")}

    def part(self) -> dict[str, Any]:
        names = ("waiting_since", "target_organizations", "prefers_lived")
        return {**super().part(), **{name: self.cleaned_data[name] for name in names}}


class ConnectorForm(PersonForm):
    """Somebody local who opens doors: everything that a sign-up of three minutes asks."""

    organization = forms.CharField(
        label=_("Organization"),
        required=False,
        max_length=200,
        help_text=_("Where they work or are known. Newcomers may wish to meet somebody there."),
    )
    capacity = forms.IntegerField(
        label=_("People they can meet in each period"),
        min_value=0,
        max_value=50,
        initial=2,
        help_text=_("A meeting takes about 30 minutes. Two is a good beginning."),
    )
    circles = forms.MultipleChoiceField(
        label=_("Circles in which they know people"),
        required=False,
        choices=Circle.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    town_roles = forms.MultipleChoiceField(
        label=_("What they are in town"),
        required=False,
        choices=ConnectorKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    lived_experience = forms.BooleanField(label=_("Has settled here themselves"), required=False)
    also_hiring = forms.BooleanField(
        label=_("Is also hiring now"),
        required=False,
        help_text=_("You are reminded that a conversation is no job interview."),
    )

    def start(self) -> dict[str, Any]:
        row = self.row
        more: dict[str, Any] = {}
        if isinstance(row, Connector):
            more = {
                "organization": row.organization.party.name if row.organization else "",
                "capacity": row.capacity,
                "circles": row.circles,
                "lived_experience": row.lived_experience,
                "town_roles": row.town_roles,
                "also_hiring": row.also_hiring,
            }
        return {**super().start(), **more}

    def part(self) -> dict[str, Any]:
        names = ("capacity", "circles", "lived_experience", "town_roles", "also_hiring")
        return {**super().part(), **{name: self.cleaned_data[name] for name in names}}
