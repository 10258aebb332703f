"""«Something was not right»: what was told, read by few, and who is looked after because of it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.enums import CONCERN_ROLES
from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall


class Decision(models.TextChoices):
    """What a coordinator decides about whoever was reported."""

    BACK = "back", _("may take part again, with others")
    OUT = "out", _("takes part no more")


def decisions() -> list[tuple[Any, Any]]:
    return Decision.choices


# Whom the trace must not tell what these tables hold: what was told is written once and never
# changed, so it needs no trace of its own; reading it leaves one.
_WALL = Wall(roles=tuple(sorted(CONCERN_ROLES)), not_for="withheld_from", audited=False)


class Concern(CentreOwned):
    """One report about somebody in a match. The database shows it to a coordinator, a supervisor
    and the privacy officer, except those it is withheld from: they know one of the two."""

    match = models.ForeignKey(
        "connections.Match", on_delete=models.PROTECT, related_name="concerns"
    )
    about = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    via = models.CharField(max_length=30)
    withheld_from = ArrayField(models.UUIDField(), default=list, blank=True)
    decision = models.CharField(max_length=30, choices=decisions, blank=True)
    decision_note = models.TextField(blank=True)
    decided_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    wall = _WALL
    # Neither side's copy of their own file says that it exists: it could tell one who the other is.
    keeps = Keeps(
        label=_("reports that something was not right"),
        travels=Travels.STAYS,
        about={"about": (), "said_by": ()},
        forget={"text": "", "decision_note": ""},
        stays=("via", "withheld_from"),
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.match_id)


class ConcernSide(CentreOwned):
    """One of the two who are looked after because of a report."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="sides")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    withheld_from = ArrayField(models.UUIDField(), default=list, blank=True)

    wall = _WALL
    keeps = Keeps(
        label=_("who is looked after"),
        travels=Travels.STAYS,
        about={"party": ()},
        stays=("withheld_from",),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "party"], name="concern_side_once")
        ]

    def __str__(self) -> str:
        return str(self.concern_id)
