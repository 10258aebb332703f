"""Releases of figures: what was published and when, for good; the exact counts behind a wall."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned
from takeroot.common.models import BaseModel
from takeroot.common.walls import Wall

LEAST_EVER = 5


class Threshold(BaseModel):
    """A decision of the secretariat: from how many on a figure is published. The newest holds."""

    least = models.PositiveSmallIntegerField(
        _("nothing under"),
        default=10,
        validators=[MinValueValidator(LEAST_EVER), MaxValueValidator(100)],
    )
    least_sensitive = models.PositiveSmallIntegerField(
        _("nothing under, for refugee claims, health and discrimination"),
        default=20,
        validators=[MinValueValidator(LEAST_EVER), MaxValueValidator(200)],
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    kept_as_written: ClassVar[bool] = True

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.least} / {self.least_sensitive}"


class Release(BaseModel):
    """Figures of all centres from January to a month, small cells held back. Open to everybody
    once published; never changed: a later release stands beside it, and was made knowing it."""

    number = models.PositiveIntegerField(unique=True)
    year = models.PositiveSmallIntegerField()
    through = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField()
    least_sensitive = models.PositiveSmallIntegerField()
    # [key, figure or null, threshold, guarded] and [total, [parts]]: all that an attacker has.
    cells = models.JSONField()
    sums = models.JSONField()
    made_by = models.UUIDField(null=True, blank=True)

    kept_as_written: ClassVar[bool] = True

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}"


class Publication(BaseModel):
    """The moment a release was opened to everybody."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="publication")
    published_by = models.UUIDField(null=True, blank=True)

    kept_as_written: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.release_id}"


class CentreFigure(CentreOwned):
    """One exact count of one centre, as it was when a release was made: for that centre's staff,
    and for the house, which must know it when it makes the next release."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=140)
    value = models.PositiveIntegerField()

    wall = Wall(append_only=True, audited=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "key"], name="one_figure_in_a_release")
        ]

    def __str__(self) -> str:
        return self.key


from takeroot.outcomes.models_stay import CountingRule, StayCheck  # noqa: E402, F401
from takeroot.outcomes.models_work import Job, Lead  # noqa: E402, F401
