"""Coming into the programme: drafts of applications, kind answers, self-ratings, thanks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.connections.arriving import half_of_a_pair
from takeroot.connections.enums import connectee_states
from takeroot.connections.enums_applying import (
    TakenHow,
    ThanksState,
    onward_reasons,
    rating_moments,
    taken_hows,
    thanks_states,
)
from takeroot.connections.models import Connectee, Match


class Application(CentreOwned):
    """An application between its first word and its sending. What was typed is kept as typed,
    until it is sent (the file then holds it) or its time has run out."""

    answers = models.JSONField(_("what was typed"), default=dict)
    # The furthest step that was saved, from 1.
    step = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(_("language"), max_length=2, default="en")
    saved_at = models.DateTimeField(auto_now=True)
    link_sent_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Whose file it became. `again`: the file was there before; what was typed waits for a person.
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="applications"
    )
    again = models.BooleanField(default=False)
    # Written down by staff in the person's name.
    taken_by = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_how = models.CharField(
        _("how it reached us"), max_length=30, choices=taken_hows, default=TakenHow.ONLINE
    )

    # Not audited: the trace would keep what somebody typed and never sent.
    wall = Wall(own=("party_id",), audited=False)
    keeps = Keeps(
        label=_("applications"),
        travels=Travels.STAYS,
        about={
            "party": ("answers", "language", "sent_at", "taken_how"),
        },
        forget={"answers": {}},
        stays=("language",),
    )

    class Meta:
        indexes = [
            models.Index(fields=["centre", "sent_at", "saved_at"], name="application_by_age"),
            models.Index(fields=["party"], name="application_by_party"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


def _ended(row: Any, other: UUID, constraint: str) -> dict[str, Any] | None:
    """Of two open answers the one of the file that goes has ended."""
    return {"ended_on": timezone.localdate()}


class Onward(CentreOwned):
    """A kind answer: the programme cannot take somebody now, and where they can turn instead."""

    connectee = models.ForeignKey(Connectee, on_delete=models.PROTECT, related_name="onwards")
    state = models.CharField(max_length=30, choices=connectee_states)
    reason = models.CharField(_("reason"), max_length=30, choices=onward_reasons)
    # What the person can do next: an agency, a link, a course, in their language.
    step = models.TextField(_("onward step"), max_length=1000)
    said_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    # The day on which it was taken up again.
    ended_on = models.DateField(_("until"), null=True, blank=True)

    wall = Wall(own=("connectee_id",))
    keeps = Keeps(
        label=_("answers to an application"),
        travels=Travels.STAYS,
        about={"connectee": ("state", "reason", "step", "created_at", "ended_on")},
        forget={"step": "—"},
        clash=_ended,
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["connectee"],
                condition=models.Q(ended_on__isnull=True),
                name="one_open_onward",
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


def _stays(row: Any, other: UUID, constraint: str) -> dict[str, Any] | None:
    """What both files have stays where it was, and is read through."""
    return None


def _scale(words: Any) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(
        words, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class SelfRating(CentreOwned):
    """How somebody sees themselves, from 1 to 5: before the introduction, and after."""

    connectee = models.ForeignKey(Connectee, on_delete=models.PROTECT, related_name="ratings")
    moment = models.CharField(_("when"), max_length=10, choices=rating_moments)
    market = _scale(_("knows the local market"))
    networking = _scale(_("knows how to network"))
    contacts = _scale(_("has contacts who can help"))
    confidence = _scale(_("is confident"))
    on = models.DateField()

    keeps = Keeps(
        label=_("how they see themselves"),
        travels=Travels.GOES,
        goes_along=half_of_a_pair,
        about={"connectee": ("moment", "market", "networking", "contacts", "confidence", "on")},
        clash=_stays,
    )

    QUESTIONS = ("market", "networking", "contacts", "confidence")

    wall = Wall(own=("connectee_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connectee", "moment"], name="rated_once"),
            models.CheckConstraint(
                condition=models.Q(market__range=(1, 5))
                & models.Q(networking__range=(1, 5))
                & models.Q(contacts__range=(1, 5))
                & models.Q(confidence__range=(1, 5)),
                name="rated_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return self.get_moment_display()


class Thanks(CentreOwned):
    """A few words of a Connectee to their Connector; staff read them before they are passed on."""

    match = models.OneToOneField(Match, on_delete=models.PROTECT, related_name="thanks")
    connectee_party = models.UUIDField(editable=False)
    connector_party = models.UUIDField(editable=False)
    text = models.TextField(max_length=500)
    state = models.CharField(max_length=10, choices=thanks_states, default=ThanksState.WAITING)
    seen_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    # Not the Connector's own: they see it when it was passed on, through the house.
    wall = Wall(own=("connectee_party",))
    keeps = Keeps(
        label=_("thanks"),
        travels=Travels.STAYS,
        about={"connectee_party": ("text", "state", "created_at"), "connector_party": ()},
        forget={"text": "—"},
        keys=("connectee_party", "connector_party"),
        clash=_stays,
    )

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "thanks"

    def __str__(self) -> str:
        return self.get_state_display()
