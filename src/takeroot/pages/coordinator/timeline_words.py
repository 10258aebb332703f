"""What happened to somebody, event by event, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.common.templatetags.parts import day
from takeroot.ledger.enums import EventKind, Via
from takeroot.ledger.models import Event

# Only what staff wrote in somebody's name, and what was read from a letter, is said.
_TOLD: dict[str, Any] = {
    Via.PHONE: gettext_lazy("Told by telephone."),
    Via.PAPER: gettext_lazy("Told on paper."),
    Via.REPLY: gettext_lazy("Told by letter."),
}

# Events that may not name a second person.
_ALONE = {
    EventKind.TIMES_PROPOSED: gettext_lazy("Times to meet were proposed."),
    EventKind.BOOKED: gettext_lazy("A meeting was booked."),
    EventKind.MEETING_CANCELLED: gettext_lazy("The meeting was cancelled."),
}

# Only the sentence that is said is translated.
_HAPPENED = {
    EventKind.APPLIED: gettext_lazy("%(name)s joined the programme."),
    EventKind.NOT_ELIGIBLE: gettext_lazy(
        "%(name)s was sent onward: the programme could not take them."
    ),
    EventKind.ASKED_FOR_MORE: gettext_lazy("%(name)s was asked for what is still missing."),
    EventKind.TAKEN_UP: gettext_lazy("The file of %(name)s was taken up again."),
    EventKind.READY: gettext_lazy("The readiness list was signed: %(name)s is ready."),
    EventKind.CONSENTED: gettext_lazy("%(name)s gave a consent."),
    EventKind.WITHDREW: gettext_lazy("%(name)s took a consent back."),
    EventKind.PROPOSED: gettext_lazy("A round proposed %(other)s."),
    EventKind.MATCHED: gettext_lazy("%(name)s was matched with %(other)s."),
    EventKind.INTRODUCED: gettext_lazy(
        "The letters that introduce %(name)s and %(other)s were sent."
    ),
    EventKind.TIMES_PROPOSED: gettext_lazy("Times to meet were proposed to %(other)s."),
    EventKind.BOOKED: gettext_lazy("A meeting with %(other)s was booked."),
    EventKind.MEETING_CANCELLED: gettext_lazy("The meeting with %(other)s was cancelled."),
    EventKind.MET: gettext_lazy("%(name)s and %(other)s met."),
    EventKind.REFERRAL_ASKED: gettext_lazy(
        "%(other)s was asked whether an introduction is welcome."
    ),
    EventKind.REFERRAL_AGREED: gettext_lazy("%(other)s said yes to an introduction."),
    EventKind.REFERRAL_DECLINED: gettext_lazy("%(other)s said no to an introduction."),
    EventKind.REFERRAL_MET: gettext_lazy("%(name)s and %(other)s met through an introduction."),
    EventKind.OFFERED_HELP: gettext_lazy("%(name)s offered to open doors."),
    EventKind.RESTS: gettext_lazy("%(name)s began a rest."),
    EventKind.CAME_BACK: gettext_lazy("%(name)s came back after a rest."),
    EventKind.RECOGNISED: gettext_lazy("%(name)s was recognized for what they did in a year."),
    EventKind.STOPPED: gettext_lazy("%(name)s stopped opening doors."),
    EventKind.MET_ELSEWHERE: gettext_lazy("%(name)s met a Connector of another centre."),
    EventKind.DOOR_ELSEWHERE: gettext_lazy(
        "A Connector of another centre told somebody of %(name)s."
    ),
    EventKind.COMPLETED: gettext_lazy("The way of %(name)s through the programme is complete."),
    EventKind.TRANSFERRED_OUT: gettext_lazy("The file of %(name)s moved to another centre."),
    EventKind.TRANSFERRED_IN: gettext_lazy("The file of %(name)s came from another centre."),
    EventKind.BECAME_CONNECTOR: gettext_lazy("%(name)s joined as a Connector."),
    EventKind.MEETING_MISSED: gettext_lazy("%(name)s and %(other)s did not meet."),
    EventKind.MEETING_UNKNOWN: gettext_lazy("Nobody said whether they met."),
    EventKind.LOST_TOUCH: gettext_lazy("%(name)s could not be reached."),
    EventKind.BACK_IN_TOUCH: gettext_lazy("%(name)s is in touch again."),
    EventKind.WORK_IN_FIELD: gettext_lazy("%(name)s found work in their field."),
    EventKind.WORK_OTHER: gettext_lazy("%(name)s found other work; the file stays open."),
    EventKind.WORK_ENDED: gettext_lazy("A job of %(name)s ended."),
    EventKind.STAY_3_HERE: gettext_lazy("3 months on, %(name)s is still here."),
    EventKind.STAY_3_AWAY: gettext_lazy("3 months on, %(name)s lives elsewhere."),
    EventKind.STAY_3_UNKNOWN: gettext_lazy("3 months on, nobody knows whether %(name)s stayed."),
    EventKind.STAY_6_HERE: gettext_lazy("6 months on, %(name)s is still here."),
    EventKind.STAY_6_AWAY: gettext_lazy("6 months on, %(name)s lives elsewhere."),
    EventKind.STAY_6_UNKNOWN: gettext_lazy("6 months on, nobody knows whether %(name)s stayed."),
    EventKind.STAY_12_HERE: gettext_lazy("12 months on, %(name)s is still here."),
    EventKind.STAY_12_AWAY: gettext_lazy("12 months on, %(name)s lives elsewhere."),
    EventKind.STAY_12_UNKNOWN: gettext_lazy("12 months on, nobody knows whether %(name)s stayed."),
    EventKind.MATCH_ENDED: gettext_lazy("The match ended."),
    EventKind.CLOSED: gettext_lazy("The file was closed."),
    EventKind.CORRECTED: gettext_lazy("An earlier entry was corrected."),
}


def happened(event: Event, name: str) -> str:
    """One event of the ledger as a whole sentence."""
    kind = EventKind(event.kind)
    if event.other is None and kind in _ALONE:
        return str(_ALONE[kind])
    other = (event.other.name if event.other else "") or _("somebody whose name is no longer kept")
    return str(_HAPPENED[kind]) % {"name": name, "other": other}


def timeline_items(events: Iterable[Event], name: str) -> list[dict[str, str]]:
    return [
        {
            "when": day(event.on),
            "at": event.on.isoformat(),
            "title": happened(event, name),
            "text": str(_TOLD.get(event.via, "")),
            "kind": "done",
        }
        for event in events
    ]
