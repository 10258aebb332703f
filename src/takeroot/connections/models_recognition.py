"""A year's recognition: the rule, who stands on its list, the jury, who stood aside, the votes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.access.models import Consent
from takeroot.accounts.enums import CONCERN_ROLES
from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.models import Versioned
from takeroot.common.walls import Wall
from takeroot.connections.enums_recognition import (
    Answer,
    RecognitionState,
    answers,
    bases,
    categories,
    jury_outcomes,
    recognition_states,
)
from takeroot.organizations.models import Organization


class Recognition(CentreOwned, Versioned):
    """One year of a centre. `rules` is data: for each category, least counts and the order."""

    year = models.PositiveSmallIntegerField(_("year"))
    rules = models.JSONField(default=dict)
    least_votes = models.PositiveSmallIntegerField(
        _("least votes for a decision"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    # The last day that the list counts.
    through = models.DateField()
    state = models.CharField(
        max_length=30, choices=recognition_states, default=RecognitionState.LISTED
    )
    published = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    keeps = Keeps(nobody="a year and its rule; whom it concerns stands in rows of their own")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "year"], name="recognition_once_a_year")
        ]

    def __str__(self) -> str:
        return str(self.year)


class Nominee(CentreOwned):
    """Somebody, or an organization, on the list of a rule. `speaks` is who is asked: themselves,
    or one of the organization's Connectors."""

    recognition = models.ForeignKey(Recognition, on_delete=models.PROTECT, related_name="nominees")
    category = models.CharField(max_length=30, choices=categories)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="nominations")
    speaks = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(_("what was counted"), default=dict)
    rank = models.PositiveSmallIntegerField(_("place on the list"))
    answer = models.CharField(
        _("their answer"), max_length=30, choices=answers, default=Answer.WAITING
    )
    # The yes itself: taken back anywhere, the name is gone everywhere.
    consent = models.ForeignKey(
        Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(
        _("what was decided"), max_length=30, choices=jury_outcomes, blank=True
    )
    # Why the list was departed from.
    reason = models.CharField(_("reason"), max_length=600, blank=True)
    votes_for = models.PositiveSmallIntegerField(default=0)
    votes_against = models.PositiveSmallIntegerField(default=0)
    stood_aside = models.PositiveSmallIntegerField(default=0)

    wall = Wall(own=("party_id", "speaks_id"))
    keeps = Keeps(
        label=_("recognition of a year"),
        travels=Travels.STAYS,
        about={"party": ("counts", "rank", "answer", "outcome", "reason"), "speaks": ("answer",)},
        forget={"reason": ""},
        stays=("counts",),
        moves=False,
    )

    class Meta:
        ordering = ["category", "rank", "party__sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recognition", "category", "party"], name="nominee_once"
            )
        ]

    def __str__(self) -> str:
        return self.party.name


class Juror(CentreOwned):
    """Somebody whom the coordinator asked to decide, from the staff or from outside."""

    recognition = models.ForeignKey(Recognition, on_delete=models.PROTECT, related_name="jurors")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    wall = Wall(own=("party_id",))
    keeps = Keeps(
        label=_("juries"),
        travels=Travels.STAYS,
        about={"party": ("created_at",)},
        forget={"organization": None},
        moves=False,
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["recognition", "party"], name="juror_once")]

    def __str__(self) -> str:
        return self.party.name


class Recusal(CentreOwned):
    """A juror stands aside from one decision. Kept as written: nobody can take it back."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="recusals")
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="recusals")
    basis = models.CharField(_("why"), max_length=30, choices=bases)

    wall = Wall(append_only=True)
    keeps = Keeps(
        label=_("decisions they stood aside from"),
        travels=Travels.STAYS,
        about={"juror__party": ("basis", "created_at"), "nominee__party": ()},
        moves=False,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juror", "nominee"], name="recusal_once")]

    def __str__(self) -> str:
        return self.get_basis_display()


class Vote(CentreOwned):
    """One juror's yes or no. The database shows it to nobody who stands aside, whatever their
    role, and takes none from them; the trace, which they could read, does not tell it either."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="votes")
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="votes")
    yes = models.BooleanField(_("yes"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    withheld_from = ArrayField(models.UUIDField(), default=list, blank=True)

    wall = Wall(roles=tuple(sorted(CONCERN_ROLES)), not_for="withheld_from", audited=False)
    keeps = Keeps(
        label=_("votes"),
        travels=Travels.STAYS,
        about={"juror__party": ("yes", "reason", "created_at"), "nominee__party": ()},
        forget={"reason": ""},
        stays=("withheld_from",),
        moves=False,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juror", "nominee"], name="vote_once")]

    def __str__(self) -> str:
        return str(self.nominee_id)
