"""Connectors who are asked too often rest; and Connectors whom several centres may ask.

A centre writes only its own rows. What another centre may read of them is named by `shared` in the
wall: an anonymous place, a request without a name, an answer. The one table where centres meet
is the request, and the database refuses two of two centres that overlap in days.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import Centre, CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.connections.enums import across_states, ask_states


class ExtraRequest(CentreOwned):
    """The coordinator asks a Connector who rests all the same, once, and says why."""

    connector = models.ForeignKey(
        "connections.Connector", on_delete=models.PROTECT, related_name="extra_requests"
    )
    on = models.DateField()
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    keeps = Keeps(
        label=_("requests in spite of a rest"),
        travels=Travels.STAYS,
        about={"connector": ("on", "reason")},
        forget={"reason": ""},
    )

    class Meta:
        indexes = [models.Index(fields=["connector", "on"], name="extra_by_connector")]

    def __str__(self) -> str:
        return str(self.on)


class SharingSide(CentreOwned):
    """One centre's yes to another; they share while both sides stand."""

    other = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(shared=("other_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "other"], condition=Q(ended_at__isnull=True), name="side_once"
            ),
            models.CheckConstraint(condition=~Q(centre=models.F("other")), name="side_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} – {self.other_id}"


class SharedPlace(CentreOwned):
    """A Connector whom other centres may ask. `place` is all that they ever see of the key."""

    connector = models.OneToOneField(
        "connections.Connector", on_delete=models.PROTECT, related_name="shared_place"
    )
    place = models.UUIDField(default=uuid4, unique=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    keeps = Keeps(
        label=_("shared with other centres"),
        travels=Travels.STAYS,
        about={"connector": ("created_at", "ended_at")},
        stays=("place",),
        moves=False,
    )

    def __str__(self) -> str:
        return str(self.place)


class Offer(CentreOwned):
    """An anonymous place, as one other centre may see it: no name, no employer, no town."""

    to = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    place = models.UUIDField()
    occupation_code = models.CharField(max_length=5, blank=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    lived_experience = models.BooleanField(default=False)

    wall = Wall(shared=("to_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "place"], name="offer_once")]

    def __str__(self) -> str:
        return str(self.place)


class SharedAsk(CentreOwned):
    """One centre asks the person behind a place; `days` are held for it against every other
    centre. The owner of the place sees occupation and languages, never who it is."""

    to = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    place = models.UUIDField()
    days = DateRangeField()
    # Empty where the owner itself asked its Connector: then only the days count.
    connectee = models.ForeignKey(
        "connections.Connectee", null=True, on_delete=models.PROTECT, related_name="shared_asks"
    )
    occupation_code = models.CharField(max_length=5, blank=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    asked_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    # After a yes: whether the two met, as either of them said.
    met = models.CharField(_("how it went"), max_length=30, choices=across_states, blank=True)
    met_on = models.DateField(_("met on"), null=True, blank=True)

    wall = Wall(shared=("to_id",))
    keeps = Keeps(
        label=_("requests to Connectors of other centres"),
        travels=Travels.STAYS,
        about={"connectee": ("created_at", "met", "met_on")},
        forget={"occupation_code": "", "languages": []},
        stays=("place",),
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # Two agencies never ask the same person within a month, whoever clicks first.
            ExclusionConstraint(
                name="asked_by_one_agency",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                    ("centre", RangeOperators.NOT_EQUAL),
                ],
            ),
            # Nor does one of them ask twice for another's Connector.
            ExclusionConstraint(
                name="asked_from_outside_once",
                expressions=[("place", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
                condition=Q(connectee__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)


class SharedAnswer(CentreOwned):
    """What the Connector said, written by their own centre and read by the one that asked."""

    to = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    ask = models.OneToOneField(SharedAsk, on_delete=models.PROTECT, related_name="answer")
    state = models.CharField(max_length=10, choices=ask_states)
    connector = models.ForeignKey(
        "connections.Connector", null=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(auto_now_add=True)
    # To how many people the Connector told of the newcomer afterwards; empty: not said.
    doors = models.PositiveSmallIntegerField(
        _("people they told of the newcomer"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(9)],
    )

    wall = Wall(shared=("to_id",))
    keeps = Keeps(
        label=_("answers to other centres"),
        travels=Travels.STAYS,
        about={"connector": ("state", "told_at", "doors")},
    )

    def __str__(self) -> str:
        return self.get_state_display()
