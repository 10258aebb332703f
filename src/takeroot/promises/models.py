"""Whoever owes somebody something by a date owes a promise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps
from takeroot.common.walls import Wall
from takeroot.promises.enums import (
    CloseReason,
    PromiseState,
    close_reasons,
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

    wall = Wall(own=("debtor_id", "creditor_id"))
    keeps = Keeps(
        label=_("promises"),
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
