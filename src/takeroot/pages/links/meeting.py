"""The page of a meeting, for each of its two: find a time, meet, say how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections import link_selectors as reads
from takeroot.connections.enums import MeetingState, ReferralOutcome
from takeroot.connections.link_selectors import Acquaintance
from takeroot.connections.models import Meeting
from takeroot.connections.resume import open_resume
from takeroot.connections.services import meetings as services
from takeroot.connections.services.endings import step_back
from takeroot.connections.services.ladder_meetings import answer_still
from takeroot.connections.services.referrals import log_referral_meeting
from takeroot.documents.enums import DocumentKind
from takeroot.documents.services import pitch_text
from takeroot.messaging.models import LinkPurpose
from takeroot.outcomes.work import leads_for
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.forms import (
    CancelForm,
    ChooseForm,
    DoorMetForm,
    MetForm,
    NotesForm,
    ProposeForm,
)
from takeroot.pages.links.visit import Visit, dead
from takeroot.pages.links.zones import city
from takeroot.people.models import Person
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand

GONE = (MeetingState.TO_BOOK, MeetingState.MISSED, MeetingState.CANCELLED)


@dataclass(frozen=True)
class Seen:
    """A meeting as one of its two sees it."""

    meeting: Meeting
    other: Acquaintance
    other_person: Person
    common: list[str]
    i_am_connectee: bool
    step: str

    @property
    def booked(self) -> str:
        """Names the booking in forms: a page left open since an earlier one is recognized."""
        return self.meeting.starts_at.isoformat() if self.meeting.starts_at else ""


def _step(meeting: Meeting, party: Any) -> str:
    """Where the two are: propose, choose, waiting, booked, after or held."""
    now = timezone.now()
    if meeting.state == MeetingState.HELD:
        return "held"
    if meeting.state == MeetingState.BOOKED:
        return "after" if meeting.starts_at and meeting.starts_at <= now else "booked"
    if meeting.state == MeetingState.PROPOSED and max(meeting.proposed_times) > now:
        return "waiting" if meeting.proposed_by_id == party else "choose"
    return "propose"


def seen_by(visit: Visit) -> Seen | None:
    """The meeting behind the link; None when the other person is no longer open to this one."""
    meeting = reads.meeting_behind(visit.actor, visit.link.subject_id)
    if meeting is None:
        return None
    match = meeting.match
    connectee = match.connectee_id == visit.party.pk
    mine, theirs = match.connectee.person, match.connector.person
    if not connectee:
        mine, theirs = theirs, mine
    organization = match.connector.organization if connectee else None
    other = reads.acquaintance(
        visit.actor,
        theirs,
        language=visit.language,
        organization=organization.party.name if organization else "",
        about=organization.profile if organization else "",
    )
    if other is None:
        return None
    both = [code for code in other.languages if code in mine.languages]
    return Seen(
        meeting=meeting,
        other=other,
        other_person=theirs,
        common=reads.language_names(both, language=visit.language),
        i_am_connectee=connectee,
        step=_step(meeting, visit.party.pk),
    )


def _when(visit: Visit, moment: datetime) -> str:
    return services.moment_in_words(moment, visit.zone, visit.language)


def _theirs(visit: Visit, seen: Seen, moment: datetime) -> str:
    """The same moment for the other person, when their clock shows something else: the time, and
    the day if that differs too."""
    zone = reads.zone_of(seen.other_person.party)
    mine, theirs = moment.astimezone(visit.zone), moment.astimezone(zone)
    if mine.replace(tzinfo=None) == theirs.replace(tzinfo=None):
        return ""
    same_day = mine.date() == theirs.date()
    words = date_format(theirs, "TIME_FORMAT" if same_day else "DATETIME_FORMAT")
    known = {"name": seen.other.first_name, "when": words, "city": city(str(zone))}
    return _("For %(name)s: %(when)s, %(city)s time") % known


def _label(visit: Visit, seen: Seen, moment: datetime) -> str:
    theirs = _theirs(visit, seen, moment)
    if not theirs:
        return _when(visit, moment)
    return format_html('{}<br><span class="soft">{}</span>', _when(visit, moment), theirs)


def _propose_form(visit: Visit, seen: Seen) -> ProposeForm:
    meeting = seen.meeting
    return form_for(
        visit.request,
        ProposeForm,
        zone=visit.zone,
        initial={"mode": meeting.mode, "where": meeting.where, "booked": seen.booked},
    )


def _choose_form(visit: Visit, seen: Seen) -> ChooseForm:
    now = timezone.now()
    times = [
        (time.isoformat(), _label(visit, seen, time))
        for time in seen.meeting.proposed_times
        if time > now
    ]
    return form_for(visit.request, ChooseForm, times=times, initial={"where": seen.meeting.where})


def _met_form(visit: Visit, seen: Seen) -> MetForm:
    starts = seen.meeting.starts_at
    day: date = (starts or timezone.now()).astimezone(visit.zone).date()
    return form_for(
        visit.request,
        MetForm,
        initial={"on": day},
        notes=reads.notes_of(visit.actor, seen.meeting.pk),
    )


def _notes_form(visit: Visit, seen: Seen) -> NotesForm:
    return form_for(visit.request, NotesForm, notes=reads.notes_of(visit.actor, seen.meeting.pk))


def show(visit: Visit, seen: Seen, form: forms.Form | None = None) -> HttpResponse:
    """The page in the state the two are in; `form` is one that was refused."""
    context: dict[str, Any] = {"seen": seen, "meeting": seen.meeting, "other": seen.other}
    meeting = seen.meeting
    if meeting.starts_at:
        context["when"] = _when(visit, meeting.starts_at)
        context["theirs"] = _theirs(visit, seen, meeting.starts_at)
    if seen.step == "held":
        context |= _after_meeting(visit, seen)
    elif seen.step in ("propose", "choose", "waiting"):
        context["promise"] = reads.latest_promise(
            visit.actor,
            kinds=(PromiseKind.BOOK_MEETING, PromiseKind.ANSWER_TIMES),
            subject_id=meeting.match_id,
        )
        if promise := context["promise"]:
            context["otherwise"] = told_beforehand(centre=visit.party.centre, kind=promise.kind)
    if seen.i_am_connectee and seen.step != "held":
        context["still"] = reads.open_promise_of(
            visit.actor, kind=PromiseKind.STILL_MEET, subject_id=meeting.match_id
        )
    if seen.i_am_connectee:
        context["leads"] = list(leads_for(visit.actor, today=timezone.localdate()))
    if seen.step == "waiting":
        context["times"] = [_label(visit, seen, time) for time in meeting.proposed_times]
    makers = {
        "propose": _propose_form,
        "choose": _choose_form,
        "after": _met_form,
        "held": _notes_form,
    }
    if form is None and (make := makers.get(seen.step)):
        form = make(visit, seen)
    visit.trace(seen.other_person.party_id, "meeting")
    if not seen.i_am_connectee:
        context |= _handed_in(visit, seen)
    status = status_of(form) if form else 200
    return visit.show("meeting", {**context, "form": form}, status=status)


def _handed_in(visit: Visit, seen: Seen) -> dict[str, Any]:
    """Résumé and introduction of the Connectee, when they are shared with this Connector."""
    subject = seen.other_person.party_id
    with visit.house():
        resume, pitch = (
            open_resume(holder_id=visit.party.pk, subject_id=subject, kind=kind)
            for kind in (DocumentKind.RESUME, DocumentKind.PITCH)
        )
        try:
            words = pitch_text(pitch)
        except Refused:
            words = ""
    return {"resume": resume, "pitch": words}


def _after_meeting(visit: Visit, seen: Seen) -> dict[str, Any]:
    match_id = seen.meeting.match_id
    if seen.i_am_connectee:
        doors = reads.doors_opened_to(visit.actor, match_id=match_id)
        today = timezone.localdate().isoformat()
        return {"doors": doors, "today": today, "outcomes": ReferralOutcome.choices}
    link = reads.live_link(visit.actor, purpose=LinkPurpose.REFERRING, subject_id=match_id)
    return {"next_url": visit.address_of(link)}


def page(visit: Visit) -> HttpResponse:
    seen = seen_by(visit)
    return show(visit, seen) if seen else dead(visit.request, spent=True)


def _one_form(
    visit: Visit, seen: Seen, form: forms.Form, *, template: str, **context: Any
) -> HttpResponse:
    """A page of one form, shown by itself: with what was typed, when it was refused."""
    known = {"seen": seen, "meeting": seen.meeting, "other": seen.other, "form": form}
    return visit.show(template, {**known, **context}, status=status_of(form))


def propose(visit: Visit) -> HttpResponse:
    """Propose three times; instead of a booked one, that one is cancelled in both calendars."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    if seen.step in ("held", "after"):
        return visit.back()
    form = _propose_form(visit, seen)
    if submitted(visit.request, form):
        data = form.cleaned_data
        try:
            with visit.house():
                services.choose_zone(party=visit.party, zone=data["zone"])
                services.propose_instead(
                    meeting=seen.meeting,
                    booked=data["booked"],
                    times=data["times"],
                    by=visit.party,
                    mode=data["mode"],
                    where=data["where"],
                )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                visit.request,
                _("Sent. %(name)s receives a letter and chooses.")
                % {"name": seen.other.first_name},
            )
            return visit.back()
    return _one_form(visit, seen, form, template="propose")


def choose(visit: Visit) -> HttpResponse:
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    if seen.step != "choose":
        # A second click, or an old page: the page as it is now says what is booked.
        return visit.back()
    form = _choose_form(visit, seen)
    if submitted(visit.request, form):
        data = form.cleaned_data
        try:
            with visit.house():
                services.choose_time(
                    meeting=seen.meeting, time=data["time"], where=data["where"], by=visit.party
                )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                visit.request, _("It is booked. Both of you receive it for your calendars.")
            )
            return visit.back()
    return show(visit, seen, form)


def cancel(visit: Visit) -> HttpResponse:
    """Ask once, then take the booked time back."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    if seen.meeting.state != MeetingState.BOOKED or seen.meeting.starts_at is None:
        return visit.back()
    form = form_for(visit.request, CancelForm, initial={"booked": seen.booked})
    if submitted(visit.request, form):
        if form.cleaned_data["booked"] == seen.booked:
            with visit.house():
                services.cancel_time(meeting=seen.meeting, by=visit.party)
            messages.success(
                visit.request,
                _("Cancelled. %(name)s has been told, and both calendars too. When would suit you?")
                % {"name": seen.other.first_name},
            )
        return visit.back()
    when = _when(visit, seen.meeting.starts_at)
    return _one_form(visit, seen, form, template="cancel", when=when)


def met(visit: Visit) -> HttpResponse:
    """«Did you meet?», with the five topics."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    form = _met_form(visit, seen)
    if submitted(visit.request, form):
        yes = form.cleaned_data["met"] == "yes"
        today = timezone.localdate(timezone=visit.zone)
        try:
            with visit.house():
                services.log_meeting(
                    meeting=seen.meeting,
                    held=yes,
                    on=form.held_on if yes else today,
                    by=visit.party,
                    notes=form.notes,
                )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                visit.request,
                _("Thank you for telling us.") if yes else _("Noted. Find another time below."),
            )
            return visit.back()
    elif seen.step == "held":
        return visit.back()
    return _one_form(visit, seen, form, template="met")


def notes(visit: Visit) -> HttpResponse:
    """Keep what somebody wants to remember; an empty field takes the note away."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    form = _notes_form(visit, seen)
    if submitted(visit.request, form):
        with visit.house():
            services.save_notes(meeting=seen.meeting, author=visit.party, notes=form.notes)
        messages.success(visit.request, _("Your notes are saved."))
        return visit.back()
    return _one_form(visit, seen, form, template="notes")


def door_met(visit: Visit) -> HttpResponse:
    """The Connectee says that they met a contact who had said yes."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, DoorMetForm)
    if not submitted(visit.request, form):
        messages.error(visit.request, _("Write the day you met."))
        return visit.back()
    doors = reads.doors_opened_to(visit.actor, match_id=seen.meeting.match_id)
    door = next((row for row in doors if row.pk == form.cleaned_data["door"]), None)
    if door is None or not seen.i_am_connectee:
        return dead(visit.request, spent=False)
    try:
        with visit.house():
            data = form.cleaned_data
            log_referral_meeting(referral=door, on=data["on"], outcome=data["outcome"])
    except Refused as refusal:
        messages.error(visit.request, str(refusal))
    else:
        messages.success(visit.request, _("Thank you for telling us."))
    return visit.back()


def leave(visit: Visit) -> HttpResponse:
    """«This does not suit me»: asks once; then the introduction has ended."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    if seen.step == "held":
        return visit.back()
    if visit.posting:
        with visit.house():
            step_back(meeting=seen.meeting, by=visit.party)
        return visit.goodbye()
    return visit.show("leave", {"seen": seen, "other": seen.other})


def still(visit: Visit) -> HttpResponse:
    """«Would you still like to meet?», after work was found: yes, or no with thanks."""
    seen = seen_by(visit)
    if seen is None:
        return dead(visit.request, spent=True)
    if seen.i_am_connectee and seen.step != "held":
        with visit.house():
            answer_still(meeting=seen.meeting, still="yes" in visit.request.POST)
    return visit.back()


def calendar(visit: Visit) -> HttpResponse:
    """The calendar file of the booked meeting."""
    seen = seen_by(visit)
    if seen is None or seen.meeting.state != MeetingState.BOOKED:
        return dead(visit.request, spent=seen is None)
    text = services.calendar_text(seen.meeting, visit.party, method=services.PUBLISH)
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="meeting.ics"'},
    )
