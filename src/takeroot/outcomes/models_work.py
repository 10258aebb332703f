"""Work that was found, and leads to work that is not advertised."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.connections.models import Connectee, Match
from takeroot.organizations.models import Organization
from takeroot.outcomes.enums import Evidence, InField, told_hows


class Job(CentreOwned):
    """One job of a Connectee. Somebody may have several, one after the other or side by side."""

    connectee = models.ForeignKey(Connectee, on_delete=models.PROTECT, related_name="jobs")
    employer = models.ForeignKey(
        Organization,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("employer"),
    )
    # NOC 2021 unit group, where the words fit one.
    occupation_code = models.CharField(max_length=5, blank=True)
    occupation_text = models.CharField(_("what they do there"), max_length=120, blank=True)
    in_field = models.CharField(
        _("in their field"), max_length=7, choices=InField, default=InField.UNKNOWN
    )
    hours = models.DecimalField(
        _("hours a week"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    # Empty: they would rather not tell.
    hourly_wage = models.DecimalField(
        _("dollars an hour"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    starts_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    evidence = models.CharField(_("how the centre knows"), max_length=8, choices=Evidence)
    told = models.CharField(_("how it was told"), max_length=30, choices=told_hows)
    # Who wrote it down: the Connectee through a link, or somebody of the staff.
    reported_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    reported_on = models.DateField(_("told on"))
    # In their field and full time, by the centre's rule on the day it was told.
    counts = models.BooleanField(_("counts as work in their field"))

    wall = Wall(own=("connectee_id",))
    keeps = Keeps(
        label=_("jobs"),
        travels=Travels.STAYS,
        about={
            "connectee": (
                "employer",
                "occupation_code",
                "occupation_text",
                "in_field",
                "hours",
                "hourly_wage",
                "starts_on",
                "ended_on",
                "evidence",
                "reported_on",
            )
        },
        forget={
            "employer": None,
            "occupation_code": "",
            "occupation_text": "",
            "hours": None,
            "hourly_wage": None,
        },
    )

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="job_forwards",
            ),
        ]

    def __str__(self) -> str:
        return str(self.employer or self.occupation_text)


class Lead(CentreOwned):
    """Work that is not advertised, told to one matched Connectee and to nobody else. A Connector
    with several Connectees has a row for each of them."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="leads")
    connectee_party = models.UUIDField(editable=False)
    left_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    employer = models.CharField(_("employer"), max_length=160)
    what = models.CharField(_("what they look for"), max_length=300)
    how = models.CharField(_("how to apply"), max_length=300)
    until = models.DateField(_("until"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("connectee_party", "left_by_id"))
    keeps = Keeps(
        label=_("leads to work"),
        travels=Travels.STAYS,
        about={
            "connectee_party": ("employer", "what", "how", "until"),
            "left_by": ("employer", "what", "how", "until"),
        },
        forget={"employer": "—", "what": "—", "how": "—"},
        keys=("connectee_party",),
    )

    class Meta:
        ordering = ["until", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["match", "employer", "what"],
                condition=Q(withdrawn_at__isnull=True),
                name="lead_once",
            )
        ]

    def __str__(self) -> str:
        return self.employer
