"""Whoever owes somebody something by a date owes a promise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.promises.enums import (
    CloseReason,
    PromiseState,
    acts,
    close_reasons,
    holds,
    promise_kinds,
)


def owed_once(row: Any, stays: UUID, constraint: str) -> dict[str, Any] | None:
    """What both of two merged files owed is owed once."""
    if constraint != "promise_once":
        return None
    return {
        "state": PromiseState.CLOSED,
        "reason": CloseReason.REPLACED,
        "settled_at": timezone.now(),
        "next_at": None,
    }


class Promise(CentreOwned):
    """One thing owed. `debtor` empty: the centre itself owes it."""

    kind = models.CharField(max_length=30, choices=promise_kinds)
    debtor = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="promises_owed"
    )
    creditor = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="promises_awaited"
    )
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    due_on = models.DateField()
    state = models.CharField(max_length=6, choices=PromiseState, default=PromiseState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=30, choices=close_reasons, blank=True)
    # The ladder: which rung comes next, and when. Empty when none is left.
    next_rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    # Why the ladder stands still, if it does.
    held = models.CharField(max_length=30, choices=holds, blank=True)
    # Who of the staff sees to it, where the centre owes; empty: whoever is there.
    owner = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    wall = Wall(own=("debtor_id", "creditor_id"))
    keeps = Keeps(
        label=_("promises"),
        travels=Travels.STAYS,
        about={
            "debtor": ("kind", "due_on", "state", "settled_at", "reason"),
            "creditor": ("kind", "due_on", "state", "settled_at", "reason"),
        },
        stays=("subject_kind",),
        keys=("subject_id",),
        clash=owed_once,
    )

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["centre", "due_on"], name="promise_open", condition=Q(state="open")
            ),
            models.Index(fields=["subject_id"], name="promise_subject"),
            models.Index(
                fields=["centre", "next_at"],
                name="promise_next",
                condition=Q(state="open", held="", next_at__isnull=False),
            ),
            models.Index(fields=["centre", "settled_at"], name="promise_settled"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "debtor"],
                condition=Q(state="open"),
                name="promise_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & ~Q(reason="")) | (~Q(state="closed") & Q(reason="")),
                name="promise_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class PromiseStep(CentreOwned):
    """One rung that was climbed: written in the transaction that did it, so that it is done once
    however often a worker dies."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(_("what was done"), max_length=30, choices=acts)
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField()

    wall = Wall(append_only=True, audited=False)
    keeps = Keeps(
        label=_("reminders"),
        travels=Travels.STAYS,
        about={"promise__debtor": ("act", "done_at")},
        stays=("act",),
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["promise", "number"], name="rung_once"),
        ]

    def __str__(self) -> str:
        return self.get_act_display()


class PolicyChoice(CentreOwned):
    """A centre's own number of days for one kind of promise."""

    kind = models.CharField(max_length=30, choices=promise_kinds)
    days = models.PositiveSmallIntegerField(
        _("days"), validators=[MinValueValidator(1), MaxValueValidator(365)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "kind"], name="policy_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"


class Handover(CentreOwned):
    """While somebody of the staff is away, what waits for them waits for their deputy. Nothing is
    moved: when the days are over, it is theirs again."""

    away = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))

    keeps = Keeps(
        label=_("absences"),
        travels=Travels.STAYS,
        about={"away": ("starts_on", "ends_on"), "deputy": ("starts_on", "ends_on")},
    )

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="handover_forwards"
            ),
            models.CheckConstraint(
                condition=~Q(away=models.F("deputy")), name="handover_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
