"""Screening with its dates, and hours given. No document and no result in words is kept."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.models import Versioned
from takeroot.common.walls import Wall
from takeroot.people.models import Person
from takeroot.volunteers.enums import screening_kinds, works

RENEW_DAYS, GRACE_DAYS = 60, 30


class ScreeningPlan(CentreOwned, Versioned):
    """What a centre asks of whoever is matched. No row: nothing is asked, since the programme's
    meetings take place in public."""

    needed = ArrayField(
        models.CharField(max_length=30, choices=screening_kinds),
        default=list,
        blank=True,
        verbose_name=_("needed before a first match"),
    )
    renew_days = models.PositiveSmallIntegerField(
        _("days before its end at which a renewal is asked for"),
        default=RENEW_DAYS,
        validators=[MinValueValidator(31), MaxValueValidator(365)],
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace after its end"), default=GRACE_DAYS, validators=[MaxValueValidator(180)]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre"], name="one_screening_plan")]

    def __str__(self) -> str:
        return ", ".join(self.needed)


class Screening(CentreOwned):
    """Somebody of the centre has seen a document: of which kind, when, until when it holds."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="screenings")
    kind = models.CharField(_("kind"), max_length=30, choices=screening_kinds)
    received_on = models.DateField(_("seen on"))
    # Empty: it does not end (an orientation, a reference).
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    seen_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    wall = Wall(own=("person_id",))
    keeps = Keeps(
        label=_("screening"),
        travels=Travels.STAYS,
        about={"person": ("kind", "received_on", "valid_until")},
        goes=True,
    )

    class Meta:
        ordering = ["-received_on", "-created_at"]
        indexes = [models.Index(fields=["person", "kind"], name="screening_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("received_on")),
                name="screening_forwards",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Hours(CentreOwned):
    """Time that a volunteer gave on one day, besides the meetings."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hours")
    on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    work = models.CharField(_("for what"), max_length=30, choices=works)
    logged_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    wall = Wall(own=("person_id",))
    keeps = Keeps(
        label=_("hours given"), travels=Travels.STAYS, about={"person": ("on", "minutes", "work")}
    )

    class Meta:
        ordering = ["-on", "-created_at"]
        indexes = [models.Index(fields=["person", "on"], name="hours_by_person")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(5, 24 * 60)), name="hours_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.minutes}"
