"""Kinds of dated events in a person's journey."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    APPLIED = "applied", _("Applied")
    NOT_ELIGIBLE = "not_eligible", _("Sent onward: not eligible")
    ASKED_FOR_MORE = "asked_for_more", _("Asked for what is missing")
    TAKEN_UP = "taken_up", _("Taken up again")
    READY = "ready", _("Found ready by the coordinator")
    CONSENTED = "consented", _("Gave consent")
    WITHDREW = "withdrew", _("Withdrew consent")
    PROPOSED = "proposed", _("Proposed in a round")
    MATCHED = "matched", _("Matched")
    INTRODUCED = "introduced", _("Introduced by letter")
    INTRODUCED_ELSEWHERE = "introduced_elsewhere", _("Introduced by another centre's Connector")
    MET_ELSEWHERE = "met_elsewhere", _("Met another centre's Connector")
    DOOR_ELSEWHERE = "door_elsewhere", _("Another centre's Connector opened a door")
    TIMES_PROPOSED = "times_proposed", _("Times were proposed")
    BOOKED = "booked", _("Meeting booked")
    MEETING_CANCELLED = "meeting_cancelled", _("Meeting cancelled")
    MET = "met", _("Met")
    REFERRAL_ASKED = "referral_asked", _("A contact was asked")
    REFERRAL_AGREED = "referral_agreed", _("A contact said yes")
    REFERRAL_DECLINED = "referral_declined", _("A contact said no")
    REFERRAL_MET = "referral_met", _("Met a contact")
    OFFERED_HELP = "offered_help", _("Offered to be a Connector")
    BECAME_CONNECTOR = "became_connector", _("Joined as a Connector")
    MEETING_MISSED = "meeting_missed", _("Did not meet")
    MEETING_UNKNOWN = "meeting_unknown", _("Nobody said whether they met")
    LOST_TOUCH = "lost_touch", _("Could not be reached")
    BACK_IN_TOUCH = "back_in_touch", _("Is in touch again")
    WORK_IN_FIELD = "work_in_field", _("Found work in their field")
    WORK_OTHER = "work_other", _("Found other work")
    WORK_ENDED = "work_ended", _("Work ended")
    STAY_3_HERE = "stay_3_here", _("Still here 3 months on")
    STAY_3_AWAY = "stay_3_away", _("Lives elsewhere 3 months on")
    STAY_3_UNKNOWN = "stay_3_unknown", _("Not known 3 months on")
    STAY_6_HERE = "stay_6_here", _("Still here 6 months on")
    STAY_6_AWAY = "stay_6_away", _("Lives elsewhere 6 months on")
    STAY_6_UNKNOWN = "stay_6_unknown", _("Not known 6 months on")
    STAY_12_HERE = "stay_12_here", _("Still here 12 months on")
    STAY_12_AWAY = "stay_12_away", _("Lives elsewhere 12 months on")
    STAY_12_UNKNOWN = "stay_12_unknown", _("Not known 12 months on")
    RESTS = "rests", _("Began a rest as a Connector")
    CAME_BACK = "came_back", _("Came back as a Connector")
    STOPPED = "stopped", _("Stopped as a Connector")
    RECOGNISED = "recognised", _("Recognized for what they did in a year")
    MATCH_ENDED = "match_ended", _("Match ended")
    COMPLETED = "completed", _("Way through the programme complete")
    CLOSED = "closed", _("File closed")
    TRANSFERRED_OUT = "transferred_out", _("Moved to another centre")
    TRANSFERRED_IN = "transferred_in", _("Came from another centre")
    CORRECTED = "corrected", _("Correction")


class Via(models.TextChoices):
    """How something was told, or by whom it was done."""

    LINK = "link", _("through their own link")
    REPLY = "reply", _("by letter")
    PHONE = "phone", _("by telephone")
    PAPER = "paper", _("on paper")
    STAFF = "staff", _("by the staff")
    HOUSE = "house", _("by itself")


# A new word needs no migration: columns ask these functions, migrations name them.


def event_kinds() -> list[tuple[Any, Any]]:
    return EventKind.choices


def vias() -> list[tuple[Any, Any]]:
    return Via.choices
