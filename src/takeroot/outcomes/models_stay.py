"""Whether people stayed: asked at set moments, answered in their own words, or not known."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.connections.models import Connectee
from takeroot.outcomes.enums import (
    CountFrom,
    SameEmployer,
    StayState,
    Where,
    stay_reasons,
    told_hows,
)


def asked_once(row: Any, stays: UUID, constraint: str) -> None:
    """Both of two merged files were asked: the second question stays where it was."""


class CountingRule(CentreOwned):
    """What a centre counts as full-time work, and from when it counts the months of a stay. A
    centre without a row has the values that stand here."""

    full_time_hours = models.PositiveSmallIntegerField(
        _("hours a week from which work is full time"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    count_from = models.CharField(
        _("the months are counted from"),
        max_length=12,
        choices=CountFrom,
        default=CountFrom.INTRODUCED,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre"], name="one_counting_rule")]

    def __str__(self) -> str:
        return f"{self.full_time_hours} / {self.count_from}"


class StayCheck(CentreOwned):
    """One question of three to one Connectee: 3, 6 and 12 months on."""

    connectee = models.ForeignKey(Connectee, on_delete=models.PROTECT, related_name="stay_checks")
    months = models.PositiveSmallIntegerField(_("months on"))
    due_on = models.DateField(_("due"))
    state = models.CharField(max_length=8, choices=StayState, default=StayState.ASKED)
    where = models.CharField(_("where they live"), max_length=10, choices=Where, blank=True)
    employer = models.CharField(_("work"), max_length=10, choices=SameEmployer, blank=True)
    reasons = ArrayField(
        models.CharField(max_length=30, choices=stay_reasons),
        default=list,
        blank=True,
        verbose_name=_("what weighs most"),
    )
    change = models.TextField(_("what would change it"), max_length=1000, blank=True)
    told = models.CharField(_("how it was told"), max_length=30, choices=told_hows, blank=True)
    written_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("connectee_id",))
    keeps = Keeps(
        label=_("questions whether they stayed"),
        travels=Travels.STAYS,
        about={
            "connectee": (
                "months",
                "due_on",
                "state",
                "where",
                "employer",
                "reasons",
                "change",
                "answered_at",
            )
        },
        forget={"reasons": [], "change": ""},
        clash=asked_once,
    )

    class Meta:
        ordering = ["months"]
        indexes = [models.Index(fields=["centre", "due_on"], name="stay_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["connectee", "months"], name="stay_check_once"),
            # Unknown is never «stayed»: an answer has a place, and nothing else has.
            models.CheckConstraint(
                condition=(Q(state="answered") & ~Q(where=""))
                | (~Q(state="answered") & Q(where="")),
                name="stay_answer_has_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months}"
