"""Pairs that may be one person, merges that can be undone, and what is left of an erasure."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.keeping.enums import (
    ErasureState,
    PairState,
    asked_bys,
    erasure_states,
    likenesses,
    pair_states,
    verifieds,
)


class Pair(CentreOwned):
    """Two files that may be one person's, and what somebody decided. Once decided it is never
    proposed again."""

    one = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    reasons = ArrayField(models.CharField(max_length=30, choices=likenesses), default=list)
    strength = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=30, choices=pair_states, default=PairState.PROPOSED)
    decided_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(audited=True)
    keeps = Keeps(
        label=_("proposals that two files may be one person's"),
        travels=Travels.STAYS,
        about={"one": (), "other": ()},
        goes=True,
        moves=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_of_files_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["centre", "state", "-strength", "id"], name="pair_by_strength")
        ]

    def __str__(self) -> str:
        return f"{self.one_id} – {self.other_id}"


class Merge(CentreOwned):
    """Two files became one: `gone` is read as part of `stays` from now on. `moved` holds what
    every changed cell held before, so that the merge can be undone; it is emptied afterwards."""

    stays = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    rows = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    # The trace holds each change of the merge already; this record would double it.
    wall = Wall(audited=False)
    keeps = Keeps(
        label=_("merges of files"),
        travels=Travels.STAYS,
        about={"stays": ("created_at", "undone_at"), "gone": ()},
        forget={"moved": {}},
        moves=False,
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="merged_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.stays_id}"


class Erasure(CentreOwned):
    """Somebody asked to be forgotten. Once done this is the tombstone: keys, days and codes,
    nothing that says who it was."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="erasures")
    asked_by = models.CharField(_("who asked"), max_length=30, choices=asked_bys)
    verified = models.CharField(
        _("how you made sure that it is them"), max_length=30, choices=verifieds
    )
    asked_on = models.DateField(_("asked on"))
    state = models.CharField(max_length=30, choices=erasure_states, default=ErasureState.ASKED)
    recorded_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    # (kind, digest): keyed hashes of what must not come back, for the list outside the database.
    prints = models.JSONField(default=list, blank=True)

    keeps = Keeps(
        label=_("wishes to be forgotten"),
        travels=Travels.STAYS,
        about={"party": ("asked_by", "verified", "asked_on", "state", "done_at")},
        stays=("prints",),
        moves=False,
    )

    class Meta:
        ordering = ["-asked_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(state="asked"), name="one_wish_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()


from takeroot.keeping.models_moving import Transfer  # noqa: E402, F401
