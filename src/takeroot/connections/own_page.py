"""What a Connectee sees on their own page: reads of the link's actor, nobody else's rows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.models import Consent
from takeroot.connections.enums import ConnecteeState, MeetingState
from takeroot.connections.enums_applying import RatingMoment
from takeroot.connections.models import Connectee, Meeting
from takeroot.connections.models_applying import Onward, SelfRating, Thanks

BEFORE = (
    ConnecteeState.APPLIED,
    ConnecteeState.WAITING_DOCUMENTS,
    ConnecteeState.READY,
    ConnecteeState.MATCHED,
)
AFTER = (
    ConnecteeState.MET,
    ConnecteeState.REFERRING,
    ConnecteeState.COMPLETE,
    ConnecteeState.EMPLOYED,
)
# Whose own way is done: they are asked whether they would open doors themselves.
ALUMNI = (ConnecteeState.COMPLETE, ConnecteeState.EMPLOYED)


def connectee_behind(actor: Actor, connectee_id: UUID) -> Connectee | None:
    """The file of the link's own party."""
    return (
        Connectee.objects.filter(pk=connectee_id, person_id=actor.party_id)
        .select_related("person__party", "centre")
        .first()
    )


def state_in_words(row: Connectee, onward: Onward | None) -> str:
    """Where they stand, said to themselves."""
    word = {"word": row.centre.connector_word, "centre": row.centre.name}
    if onward is not None and row.state == ConnecteeState.WAITING_DOCUMENTS:
        return _("One thing is still needed before it goes on.")
    return {
        ConnecteeState.APPLIED: _("%(centre)s reads your application and answers you."),
        ConnecteeState.WAITING_DOCUMENTS: _("%(centre)s looks at what is still missing with you."),
        ConnecteeState.NOT_ELIGIBLE: _("It does not fit now. This is where you can go on:"),
        ConnecteeState.READY: _("You are ready: the next round looks for your %(word)s."),
        ConnecteeState.MATCHED: _("Your %(word)s is found; the letter follows."),
        ConnecteeState.INTRODUCED: _(
            "You have been introduced: the link in that letter is where you propose times."
        ),
        ConnecteeState.MET: _("You have met your %(word)s. Doors are opening."),
        ConnecteeState.REFERRING: _("You are being introduced to more people."),
        ConnecteeState.COMPLETE: _("Everything that was promised to you is done."),
        ConnecteeState.EMPLOYED: _("You work in your field: congratulations!"),
        ConnecteeState.CLOSED: _("Your file is closed."),
    }.get(ConnecteeState(row.state), row.get_state_display()) % word


def moment_to_rate(row: Connectee) -> str:
    """Which rating is asked now: before, after, or none."""
    moment = (
        RatingMoment.BEFORE
        if row.state in BEFORE
        else RatingMoment.AFTER
        if row.state in AFTER
        else ""
    )
    if moment and SelfRating.objects.filter(connectee=row, moment=moment).exists():
        return ""
    return moment


def open_onward(row: Connectee) -> Onward | None:
    return Onward.objects.filter(connectee=row, ended_on__isnull=True).first()


def own_consents(actor: Actor) -> list[Consent]:
    """What is in force today."""
    today = timezone.localdate()
    return list(
        Consent.objects.filter(
            party_id=actor.party_id, withdrawn_at__isnull=True, until__gte=today
        ).order_by("given_on", "created_at")
    )


@dataclass(frozen=True)
class Thankable:
    """A conversation that was held, and the thanks for it, if there is one."""

    meeting: Meeting
    thanks: Thanks | None


def to_thank(actor: Actor) -> list[Thankable]:
    """Conversations that took place."""
    meetings = list(
        Meeting.objects.filter(connectee_party=actor.party_id, state=MeetingState.HELD)
        .select_related("match")
        .order_by("held_on", "pk")
    )
    said = {row.match_id: row for row in Thanks.objects.filter(connectee_party=actor.party_id)}
    return [Thankable(meeting, said.get(meeting.match_id)) for meeting in meetings]
