"""Forms of what a person and their coordinator sign: readiness and consent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from takeroot.access.enums import GivenHow, Purpose, Share
from takeroot.access.models import Consent
from takeroot.accounts.models import Centre
from takeroot.connections.models import Qualification


class ReadinessForm(forms.Form):
    """The five points; the signature is the coordinator's button."""

    def __init__(self, *args: Any, row: Qualification, **more: Any) -> None:
        more["initial"] = {point: getattr(row, point) for point in Qualification.POINTS}
        super().__init__(*args, **more)
        for point in Qualification.POINTS:
            label = Qualification._meta.get_field(point).verbose_name  # type: ignore[union-attr]
            self.fields[point] = forms.BooleanField(label=label, required=False)


class ConsentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A yes, written down: what, with whom, for what, until when, how it was given."""

    shares = forms.MultipleChoiceField(
        label=_("What may be shared"),
        choices=Share.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = forms.ChoiceField(
        label=_("For what"),
        widget=forms.RadioSelect,
        choices=[
            (p.value, p.label) for p in (Purpose.INTRODUCTION, Purpose.REFERRAL, Purpose.OUTCOME)
        ],
    )

    class Meta:
        model = Consent
        fields = (
            "purpose",
            "shares",
            "audience",
            "given_on",
            "until",
            "how",
            "interpreter_language",
        )
        labels = {
            "audience": _("With whom"),
            "given_on": _("Given on"),
            "until": _("Good until"),
            "how": _("How it was given"),
            "interpreter_language": _("Language of the interpreter"),
        }
        help_texts = {
            "audience": _("Such as “Connectors of this centre”."),
            "until": _("At most three years. A year is usual."),
            "interpreter_language": _("Only when it was given through an interpreter."),
        }
        widgets = {
            "given_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "how": forms.RadioSelect,
        }

    def __init__(self, *args: Any, centre: Centre, purpose: str = "", **more: Any) -> None:
        today = timezone.localdate()
        audiences = {
            Purpose.REFERRAL: gettext("People whom the Connectors of %(centre)s know"),
            Purpose.OUTCOME: gettext("Connectors of %(centre)s who helped"),
        }
        audience = audiences.get(purpose, gettext("Connectors of %(centre)s"))  # type: ignore[call-overload]
        more["initial"] = {
            "purpose": purpose or Purpose.INTRODUCTION,
            "given_on": today,
            "until": today + timedelta(days=365),
            "how": GivenHow.IN_PERSON,
            "shares": [Share.NAME, Share.PROFILE, Share.CONTACT],
            "audience": audience % {"centre": centre.name},
            **(more.get("initial") or {}),
        }
        super().__init__(*args, **more)
        self.fields["how"].choices = GivenHow.choices  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service makes the row; the form only reads what was typed."""
