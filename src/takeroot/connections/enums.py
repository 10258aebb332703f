"""States and words of the Connector Program."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConnecteeState(models.TextChoices):
    APPLIED = "applied", _("applied")
    WAITING_DOCUMENTS = "waiting_documents", _("waiting for documents")
    NOT_ELIGIBLE = "not_eligible", _("not eligible, sent onward")
    READY = "ready", _("ready")
    MATCHED = "matched", _("matched")
    INTRODUCED = "introduced", _("introduced")
    MET = "met", _("met")
    REFERRING = "referring", _("being referred")
    COMPLETE = "complete", _("complete")
    EMPLOYED = "employed", _("at work in their field")
    STALLED = "stalled", _("not reached")
    CLOSED = "closed", _("closed")


class ConnectorState(models.TextChoices):
    APPLIED = "applied", _("has offered to help")
    INVITED = "invited", _("invited")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    RETIRED = "retired", _("retired")


class Circle(models.TextChoices):
    """Where a Connector knows people."""

    PROFESSIONAL = "professional", _("professional")
    ECONOMIC = "economic", _("business")
    SOCIAL = "social", _("social")
    CULTURAL = "cultural", _("cultural")


class RoundState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    DECIDED = "decided", _("decided")
    ABANDONED = "abandoned", _("set aside")


class MatchState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    INTRODUCED = "introduced", _("introduced")
    REFUSED = "refused", _("refused")
    REPLACED = "replaced", _("replaced")
    ENDED = "ended", _("ended")


# States in which two people are, or were, brought together: never the same pair twice.
TOGETHER = (MatchState.ACCEPTED, MatchState.INTRODUCED, MatchState.ENDED)
# States in which a match takes one of the Connector's places.
SEATED = (MatchState.ACCEPTED, MatchState.INTRODUCED)


class RefusalReason(models.TextChoices):
    CONFLICT = "conflict", _("conflict of interest")
    KNOWN = "known", _("they know each other already")
    NOT_NOW = "not_now", _("one of them cannot now")
    FIT = "fit", _("the reasons do not hold")
    OTHER = "other", _("another reason")


class MeetingState(models.TextChoices):
    TO_BOOK = "to_book", _("no time yet")
    PROPOSED = "proposed", _("times proposed")
    BOOKED = "booked", _("booked")
    HELD = "held", _("held")
    MISSED = "missed", _("did not take place")
    CANCELLED = "cancelled", _("cancelled")
    UNKNOWN = "unknown", _("nobody said how it went")


class Topic(models.TextChoices):
    """The five things to talk about."""

    INDUSTRY = "industry", _("How your industry works here")
    SKILLS = "skills", _("Skills and expertise")
    NEWS = "news", _("News of the industry")
    DEMAND = "demand", _("What the market asks for now")
    HIDDEN = "hidden", _("Work that is never advertised")


class ContactType(models.TextChoices):
    """What somebody who was named is to the newcomer. Empty: nobody said."""

    EMPLOYER = "employer", _("an employer")
    INDUSTRY = "industry", _("somebody in the industry")
    OTHER = "other", _("somebody else")


class ReferralState(models.TextChoices):
    ASKED = "asked", _("asked")
    AGREED = "agreed", _("said yes")
    DECLINED = "declined", _("said no")
    NO_ANSWER = "no_answer", _("no answer")
    MET = "met", _("met")


class ReferralOutcome(models.TextChoices):
    ADVICE = "advice", _("advice")
    INTERVIEW = "interview", _("an interview")
    JOB = "job", _("a job")
    OTHER = "other", _("something else")


class AskState(models.TextChoices):
    """What a Connector said to another centre's request."""

    YES = "yes", _("said yes")
    NO = "no", _("said no")
    SILENT = "silent", _("no answer")
    WITHDRAWN = "withdrawn", _("no longer needed")


class AcrossState(models.TextChoices):
    """How a conversation between people of two centres went."""

    MET = "met", _("they met")
    NOT = "not", _("they did not meet")
    UNKNOWN = "unknown", _("nobody said how it went")


class ToldState(models.TextChoices):
    """How somebody's words for others stand."""

    ASKED = "asked", _("asked for")
    GIVEN = "given", _("waits for a look by the staff")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("not shown: the staff said no")
    WITHDRAWN = "withdrawn", _("taken back")


class Shown(models.TextChoices):
    """Where somebody's words may stand."""

    PUBLIC = "public", _("on the public page of the community")
    REPORT = "report", _("in the centre's reports")
    INSIDE = "inside", _("inside, for staff and volunteers")


class ShownName(models.TextChoices):
    """Under which name."""

    FULL = "full", _("my whole name")
    FIRST = "first", _("my first name")
    NONE = "none", _("no name")


# A new word needs no migration: columns ask these functions, migrations name them.


def connectee_states() -> list[tuple[Any, Any]]:
    return ConnecteeState.choices


def connector_states() -> list[tuple[Any, Any]]:
    return ConnectorState.choices


def match_states() -> list[tuple[Any, Any]]:
    return MatchState.choices


def meeting_states() -> list[tuple[Any, Any]]:
    return MeetingState.choices


def referral_states() -> list[tuple[Any, Any]]:
    return ReferralState.choices


def referral_outcomes() -> list[tuple[Any, Any]]:
    return ReferralOutcome.choices


def contact_types() -> list[tuple[Any, Any]]:
    return ContactType.choices


def ask_states() -> list[tuple[Any, Any]]:
    return AskState.choices


def across_states() -> list[tuple[Any, Any]]:
    return AcrossState.choices


def told_states() -> list[tuple[Any, Any]]:
    return ToldState.choices


def shown_places() -> list[tuple[Any, Any]]:
    return Shown.choices


def refusal_reasons() -> list[tuple[Any, Any]]:
    return RefusalReason.choices
