"""The move of a file to another centre, with the person's consent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import Centre, CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.keeping.enums import TransferState, transfer_states

OPEN = (TransferState.ASKED, TransferState.AGREED)


class Transfer(CentreOwned):
    """One proposal to move a file. The other centre reads of it what the person reads too: why,
    the line of work, the languages; no name before the file is there."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="transfers")
    to = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="+", verbose_name=_("to which centre")
    )
    # The same centre, from the person's yes on: until then nobody there reads the row.
    shown_to = models.ForeignKey(
        Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    occupation_code = models.CharField(max_length=5, blank=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    state = models.CharField(max_length=30, choices=transfer_states, default=TransferState.ASKED)
    asked_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    # They would like to meet, all the same, whom they have been introduced to here.
    keep_in_touch = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What has been counted of the person so far, as «kind:year» of the ledger: codes, so that the
    # other centre counts nobody a second time.
    counted = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # The key of the file in the other centre, once it is there.
    came_as = models.UUIDField(null=True, blank=True, editable=False)

    wall = Wall(own=("party_id",), shared=("shown_to_id",))
    keeps = Keeps(
        label=_("moves to another centre"),
        travels=Travels.STAYS,
        about={"party": ("to", "reason", "state", "created_at", "answered_at", "ended_at")},
        forget={"reason": "", "occupation_code": "", "languages": []},
        stays=("came_as", "counted"),
        moves=False,
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["came_as"], name="transfer_came_as")]
        constraints = [
            models.UniqueConstraint(
                fields=["party"],
                condition=Q(state__in=("asked", "agreed")),
                name="one_transfer_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(centre=F("to")), name="transfer_to_another"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
