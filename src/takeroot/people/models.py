"""A person's file: what they told the centre about themselves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.models import Versioned
from takeroot.common.walls import Wall
from takeroot.people.enums import MeetingMode, Status
from takeroot.places.models import Place


def check_languages(value: object) -> None:
    """`{code: level or null}`: ISO 639 code to CLB/NCLC level 1 to 12, or not stated."""
    if not isinstance(value, dict) or not all(
        isinstance(code, str)
        and 2 <= len(code) <= 3
        and (level is None or (isinstance(level, int) and 1 <= level <= 12))
        for code, level in value.items()
    ):
        raise ValidationError(_t("Languages are codes with a level from 1 to 12, or none."))


class Person(CentreOwned, Versioned):
    """One file per person: newcomer, Connector, or both in turn."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="person")
    status = models.CharField(_("status in Canada"), max_length=20, choices=Status, blank=True)
    arrived_on = models.DateField(_("arrived in Canada on"), null=True, blank=True)
    occupation_code = models.CharField(max_length=5, blank=True, db_index=True)
    occupation_text = models.CharField(_("occupation"), max_length=120, blank=True)
    languages = models.JSONField(default=dict, blank=True, validators=[check_languages])
    interests = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("community")
    )
    mode = models.CharField(
        _("likes to meet"), max_length=10, choices=MeetingMode, default=MeetingMode.EITHER
    )

    # When the person last said that the file is right.
    confirmed_on = models.DateField(null=True, blank=True)

    wall = Wall(own=("party_id",), opened=("party_id",))
    keeps = Keeps(
        label=_("the file"),
        travels=Travels.WITH_FILE,
        key=True,
        about={
            "party": (
                "status",
                "arrived_on",
                "occupation_code",
                "occupation_text",
                "languages",
                "interests",
                "place",
                "mode",
            )
        },
        forget={
            "status": "",
            "arrived_on": None,
            "occupation_code": "",
            "occupation_text": "",
            "languages": {},
            "interests": [],
            "place": None,
        },
    )

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=models.F("party")), name="person_key")
        ]

    def __str__(self) -> str:
        return self.party.name
