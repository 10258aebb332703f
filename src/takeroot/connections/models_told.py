"""What people of the programme say of it, where that may stand, and until when."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.connections.enums import ShownName, ToldState, shown_places, told_states

LONGEST_WORDS = 600


class Testimonial(CentreOwned):
    """A few words of one person. What is taken back is emptied: nothing of it is left to show."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="testimonials")
    as_connector = models.BooleanField(default=False)
    state = models.CharField(max_length=30, choices=told_states, default=ToldState.ASKED)
    text = models.CharField(_("words"), max_length=LONGEST_WORDS, blank=True)
    language = models.CharField(max_length=2, default="en")
    places = ArrayField(models.CharField(max_length=30, choices=shown_places), default=list)
    shown_name = models.CharField(max_length=5, choices=ShownName, default=ShownName.FIRST)
    until = models.DateField(_("until"), null=True, blank=True)
    approved_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("party_id",))
    keeps = Keeps(
        label=_("words for others"),
        travels=Travels.STAYS,
        about={"party": ("text", "places", "shown_name", "until", "state")},
        stays=("language",),
        goes=True,
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["centre", "state"], name="told_by_state")]

    def __str__(self) -> str:
        return self.get_state_display()
