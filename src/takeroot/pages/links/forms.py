"""What people behind a link may write."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.connections.enums import Circle, ContactType, ReferralOutcome, Topic
from takeroot.connections.services.doors import LEAST_DIGITS, digits_of
from takeroot.connections.services.referrals import CannotRefer, Door
from takeroot.pages.links.fields import LocalMomentField, in_zone
from takeroot.pages.links.zones import choices as zone_choices
from takeroot.people.enums import MeetingMode

TIMES = ("first", "second", "third")


class ZoneForm(forms.Form):
    """In which zone somebody reads and writes times."""

    zone = forms.ChoiceField(label=gettext_lazy("Your time zone"))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = zone_choices(str(zone))
        field.initial = str(zone)


class ProposeForm(ZoneForm):
    """Up to three moments, and how and where to meet."""

    first = LocalMomentField(label=gettext_lazy("First time"))
    second = LocalMomentField(label=gettext_lazy("Second time"), required=False)
    third = LocalMomentField(label=gettext_lazy("Third time"), required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("How would you like to meet?"),
        choices=MeetingMode,
        widget=forms.RadioSelect,
    )
    # The booking that these times are to replace, if any (see CancelForm).
    booked = forms.CharField(widget=forms.HiddenInput, required=False)
    where = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "A café or library in town, or the address of a video call. The other person can "
            "suggest another place."
        ),
    )

    field_order = ("zone", *TIMES, "mode", "where")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        zone = ZoneInfo(data["zone"]) if data.get("zone") else None
        times = []
        for name in TIMES:
            if zone is None or data.get(name) is None:
                continue
            try:
                times.append(in_zone(data[name], zone))
            except ValidationError as problem:
                self.add_error(name, problem)
        data["times"] = times
        return data


class ChooseForm(forms.Form):
    """One of the times that the other person proposed."""

    time = forms.ChoiceField(
        label=gettext_lazy("Which time suits you?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the times, or propose others."),
            "invalid_choice": gettext_lazy(
                "This time is no longer offered. Choose another, or propose your own."
            ),
        },
    )
    where = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A place in town, or the address of a video call."),
    )

    def __init__(self, *args: Any, times: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["time"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = times

    def clean_time(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["time"]).astimezone(UTC)


class CancelForm(forms.Form):
    """Which booking is taken back: a page left open since an earlier one takes back nothing."""

    booked = forms.CharField(widget=forms.HiddenInput)


class NotesForm(forms.Form):
    """The five topics; each note is the writer's and the centre's."""

    def __init__(self, *args: Any, notes: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {
            Topic.INDUSTRY: _("Who the employers are, how large, how people are hired here."),
            Topic.SKILLS: _("What counts here, what is missing, which certificate is asked for."),
            Topic.NEWS: _("What opens, grows or closes; where professionals meet."),
            Topic.DEMAND: _("Which skills are scarce now, what is usually paid."),
            Topic.HIDDEN: _("Who may soon need somebody. Leads stay between you and the centre."),
        }
        for topic, hint in hints.items():
            self.fields[topic.value] = forms.CharField(
                label=topic.label,
                help_text=hint,
                max_length=2000,
                required=False,
                initial=(notes or {}).get(topic.value, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def topics(self) -> list[forms.BoundField]:
        return [self[topic] for topic in Topic.values]

    @property
    def notes(self) -> dict[str, str]:
        return {topic: self.cleaned_data.get(topic, "") for topic in Topic.values}


class MetForm(NotesForm):
    """Did you meet, when, and what is worth remembering."""

    met = forms.ChoiceField(
        label=gettext_lazy("Did you meet?"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Yes, we met")), ("no", gettext_lazy("No, not yet"))],
        error_messages={"required": gettext_lazy("Say whether you met: yes or no.")},
    )
    on = forms.DateField(
        label=gettext_lazy("On which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the day like this: 2026-11-28 (year, month, day).")
        },
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("met") == "yes" and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Write the day you met."))
        return data

    @property
    def held_on(self) -> date:
        return self.cleaned_data["on"]  # type: ignore[no-any-return]


class DoorMetForm(forms.Form):
    """The Connectee met somebody who had said yes."""

    door = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(
        label=gettext_lazy("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    outcome = forms.ChoiceField(required=False, choices=[("", ""), *ReferralOutcome.choices])


class PeopleForm(forms.Form):
    """Up to `rows` people whom somebody knows; every row may stay empty."""

    use_required_attribute = False
    PARTS = (
        "name",
        "email",
        "phone",
        "organization",
        "position",
        "why",
        "type",
        "circle",
        "language",
    )

    def __init__(self, *args: Any, rows: int, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for n in range(1, rows + 1):
            self._add_row(n, language)

    def _add_row(self, n: int, language: str) -> None:
        self.fields |= {
            f"name_{n}": forms.CharField(label=_("Name"), max_length=200, required=False),
            f"email_{n}": forms.CharField(
                label=_("E-mail"),
                max_length=254,
                required=False,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            ),
            f"phone_{n}": forms.CharField(
                label=_("Telephone, if they have no e-mail"),
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            ),
            f"organization_{n}": forms.CharField(
                label=_("Organization"), max_length=160, required=False
            ),
            f"position_{n}": forms.CharField(label=_("Position"), max_length=120, required=False),
            f"why_{n}": forms.CharField(
                label=_("Why should they meet?"),
                max_length=300,
                required=False,
                help_text=_("One sentence that they will read. No name of the newcomer yet."),
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
            f"type_{n}": forms.ChoiceField(
                label=_("What are they to the newcomer?"),
                required=False,
                choices=[("", _("Not said")), *ContactType.choices],
            ),
            f"circle_{n}": forms.ChoiceField(
                label=_("From which circle do you know them?"),
                required=False,
                choices=[("", _("Not said")), *Circle.choices],
            ),
            f"language_{n}": forms.ChoiceField(
                label=_("Language of the letter"),
                initial=language,
                required=False,
                choices=[("en", "English"), ("fr", "Français")],
            ),
        }

    @property
    def people(self) -> list[dict[str, Any]]:
        """The rows as the page shows them, each with its fields by name; `more` when there is
        something in the folded part."""
        rows = []
        for n in range(1, self.rows + 1):
            row = {part: self[f"{part}_{n}"] for part in self.PARTS}
            # A row may stay empty as a whole; within it the name is not optional.
            row["name"].field.required = True
            folded = ("organization", "position", "type", "circle")
            more = any(row[p].errors or self._typed(row[p]) for p in folded)
            rows.append({"n": n, "more": more, **row})
        return rows

    @staticmethod
    def _typed(field: forms.BoundField) -> bool:
        return bool((field.value() or "").strip())

    def _row(self, n: int) -> dict[str, str]:
        return {part: (self.cleaned_data.get(f"{part}_{n}") or "").strip() for part in self.PARTS}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(1, self.rows + 1):
            row = self._row(n)
            if not any(row[part] for part in self.PARTS if part != "language"):
                continue
            if not row["name"]:
                self.add_error(f"name_{n}", _("Write the name of person %(n)d.") % {"n": n})
            if not row["email"] and len(digits_of(row["phone"])) < LEAST_DIGITS:
                self.add_error(
                    f"email_{n}",
                    _("Write the e-mail of person %(n)d, or a telephone number: we ask them once.")
                    % {"n": n},
                )
            elif row["email"] and not _is_address(row["email"]):
                self.add_error(
                    f"email_{n}",
                    _("“%(email)s” is not an e-mail address. Expected: name@example.ca.")
                    % {"email": row["email"]},
                )
        if not self.errors and not self.doors:
            raise ValidationError(_("Name at least one person."))
        return data

    @property
    def doors(self) -> list[Door]:
        rows = [self._row(n) for n in range(1, self.rows + 1)]
        return [Door(**{**row, "language": row["language"] or "en"}) for row in rows if row["name"]]


def _is_address(text: str) -> bool:
    try:
        forms.EmailField().clean(text)
    except ValidationError:
        return False
    return True


class CannotForm(forms.Form):
    """“I cannot name more”, and what comes nearest to why."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What comes nearest?"),
        choices=CannotRefer,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the reason that comes nearest.")},
    )
