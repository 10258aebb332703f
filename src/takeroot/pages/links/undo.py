"""«That is not what I meant»: take back what was noted of a meeting, from a letter or a click."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections.enums import MeetingState
from takeroot.connections.services.corrections import take_back_log
from takeroot.pages.links.meeting import seen_by
from takeroot.pages.links.visit import Visit, dead


def undo(visit: Visit) -> HttpResponse:
    """Asks once; then how the meeting went is open again."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    if seen.meeting.state not in (MeetingState.HELD, MeetingState.MISSED):
        return visit.back()
    if not visit.posting:
        return visit.show("undo", {"seen": seen, "other": seen.other})
    try:
        with visit.house():
            take_back_log(meeting=seen.meeting)
    except Refused as refusal:
        messages.error(visit.request, str(refusal))
    else:
        messages.success(visit.request, _("Taken back. Nothing of it counts."))
    return visit.back()
