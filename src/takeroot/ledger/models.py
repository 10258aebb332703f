"""The journey ledger: dated codes and ids, no free text, never rewritten."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.ledger.enums import event_kinds, vias


class Event(CentreOwned):
    """Something that happened to a person. A correction is a new event naming the one it
    corrects."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30, choices=event_kinds)
    on = models.DateField()
    other = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    # How it was told; empty for what was written before this was kept.
    via = models.CharField(max_length=30, choices=vias, blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    wall = Wall(own=("party_id",), append_only=True, audited=False)
    # Never rewritten: the events of joined files are read together (`ledger.selectors`).
    keeps = Keeps(
        label=_("what happened"),
        travels=Travels.STAYS,
        about={"party": ("on", "kind")},
        stays=("about_kind", "about_id"),
        moves=False,
    )

    class Meta:
        ordering = ["-on", "-created_at"]
        indexes = [
            models.Index(fields=["party", "-on"], name="event_by_party"),
            models.Index(fields=["centre", "kind", "on"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
