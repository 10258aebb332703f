"""«They told me by telephone»: everything that people do through their links, written down by staff
in their name and marked so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from takeroot.access.policies import PEOPLE_WORK
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import MatchState, MeetingState, ReferralState
from takeroot.connections.models import Match, Meeting, Referral
from takeroot.connections.selectors import (
    matches_visible_to,
    meetings_visible_to,
    referrals_visible_to,
)
from takeroot.connections.services import meetings as services
from takeroot.connections.services.referrals import (
    cannot_refer,
    refer,
    referrals_left,
    say_no,
    say_yes,
)
from takeroot.ledger.enums import Via
from takeroot.ledger.services import telling
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.forms import CannotForm, ChooseForm, MetForm, PeopleForm, ProposeForm
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
HOWS = (
    (Via.PHONE.value, gettext_lazy("by telephone")),
    (Via.PAPER.value, gettext_lazy("on paper")),
)


class Told(forms.Form):
    """How staff were told; beside every form of this page."""

    via = forms.ChoiceField(
        label=gettext_lazy("How did they tell you?"),
        choices=HOWS,
        initial=Via.PHONE,
        widget=forms.RadioSelect,
    )


class Who(forms.Form):
    """Which of the two said it."""

    who = forms.ChoiceField(label=gettext_lazy("Who told you?"), widget=forms.RadioSelect)

    def give(self, match: Match) -> None:
        two = (match.connectee.person.party, match.connector.person.party)
        self.two = {str(party.pk): party for party in two}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (key, party.name) for key, party in self.two.items()
        ]

    @property
    def party(self) -> Party:
        return self.two[self.cleaned_data["who"]]


class TimesTold(Told, Who, ProposeForm):
    """Times that one of the two proposes."""

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.give(match)
        self.order_fields(("who", *ProposeForm.field_order, "via"))


class ChoiceTold(Told, ChooseForm):
    """Which of the proposed times the other one takes."""


class MetTold(Told, Who, MetForm):
    """How it went, with what is worth remembering."""

    field_order = ("who", "met", "on", "via")

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.give(match)


class PeopleTold(Told, PeopleForm):
    """People whom a Connector or a contact names."""


class CannotTold(Told, CannotForm):
    """«I cannot name more.»"""


class AnswerTold(Told):
    """A contact's answer."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Is an introduction welcome?"),
        choices=[
            ("yes", gettext_lazy("Yes, an introduction is welcome")),
            ("no", gettext_lazy("No")),
            ("never", gettext_lazy("No, and never write to them again")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("answer", "via")


def _match(request: Request, key: UUID) -> Match:
    rows = matches_visible_to(request.actor).select_related(
        "centre", "connectee__person__party__centre", "connector__person__party__centre"
    )
    return get_object_or_404(rows, pk=key)


def _meeting(request: Request, key: UUID) -> Meeting:
    return get_object_or_404(meetings_visible_to(request.actor), match_id=key)


def _referral(request: Request, key: UUID) -> Referral:
    rows = referrals_visible_to(request.actor).select_related(
        "contact__party", "match__centre", "match__connectee__person__party"
    )
    return get_object_or_404(rows, pk=key)


def _show(request: Request, match: Match, form: forms.Form, title: str) -> HttpResponse:
    context = {"form": form, "match": match, "title": title}
    return render(request, "coordinator/told_form.html", context, status=status_of(form))


def _noted(request: Request, match: Match) -> HttpResponse:
    messages.success(request, _("Noted in their name. Whoever owes the next step has been told."))
    return redirect("coordinator:network", match.connectee_id)


@require_GET
def menu(request: Request, key: UUID) -> HttpResponse:
    """What can be written down for the people of one match, as it stands now."""
    match = _match(request, key)
    meeting = Meeting.objects.filter(match=match).first()
    live = match.state == MatchState.INTRODUCED and meeting is not None
    state = meeting.state if meeting else ""
    referrals = list(referrals_visible_to(request.actor).filter(match=match)) if live else []
    open_ = (MeetingState.TO_BOOK, MeetingState.PROPOSED, MeetingState.MISSED, MeetingState.UNKNOWN)
    context = {
        "match": match,
        "live": live,
        "may_propose": live and state in open_,
        "may_choose": live and state == MeetingState.PROPOSED,
        "may_log": live and state != MeetingState.HELD,
        "may_name": live
        and state == MeetingState.HELD
        and referrals_left(match=match, referrer=match.connector.person.party) > 0,
        "asked": [row for row in referrals if row.state == ReferralState.ASKED],
        "opened": [
            row
            for row in referrals
            if row.state in (ReferralState.AGREED, ReferralState.MET)
            and row.hop < match.centre.hops
        ],
    }
    return render(request, "coordinator/told.html", context)


@require_http_methods(["GET", "POST"])
def times(request: Request, key: UUID) -> HttpResponse:
    match, meeting = _match(request, key), _meeting(request, key)
    form = form_for(
        request,
        TimesTold,
        match=match,
        zone=match.centre.zone,
        initial={"mode": meeting.mode, "where": meeting.where, "who": str(match.connectee_id)},
    )
    if submitted(request, form):
        data = form.cleaned_data
        try:
            with telling(data["via"]):
                services.propose_times(
                    meeting=meeting,
                    times=data["times"],
                    by=form.party,
                    mode=data["mode"],
                    where=data["where"],
                )
            return _noted(request, match)
        except Refused as refusal:
            refuse(form, refusal)
    return _show(request, match, form, _("They propose times"))


@require_http_methods(["GET", "POST"])
def choice(request: Request, key: UUID) -> HttpResponse:
    match, meeting = _match(request, key), _meeting(request, key)
    two = (match.connectee.person.party, match.connector.person.party)
    chooser = next(party for party in two if party.pk != meeting.proposed_by_id)
    now, language = timezone.now(), request.LANGUAGE_CODE
    offered = [
        (time.isoformat(), services.moment_in_words(time, match.centre.zone, language))
        for time in meeting.proposed_times
        if time > now
    ]
    form = form_for(request, ChoiceTold, times=offered, initial={"where": meeting.where})
    if submitted(request, form):
        data = form.cleaned_data
        try:
            with telling(data["via"]):
                services.choose_time(
                    meeting=meeting, time=data["time"], where=data["where"], by=chooser
                )
            return _noted(request, match)
        except Refused as refusal:
            refuse(form, refusal)
    return _show(request, match, form, _("%(name)s chooses a time") % {"name": chooser.name})


@require_http_methods(["GET", "POST"])
def met(request: Request, key: UUID) -> HttpResponse:
    match, meeting = _match(request, key), _meeting(request, key)
    form = form_for(
        request,
        MetTold,
        match=match,
        initial={"on": timezone.localdate(), "who": str(match.connectee_id)},
    )
    if submitted(request, form):
        yes = form.cleaned_data["met"] == "yes"
        try:
            with telling(form.cleaned_data["via"]):
                services.log_meeting(
                    meeting=meeting,
                    held=yes,
                    on=form.held_on if yes else timezone.localdate(),
                    by=form.party,
                    notes=form.notes,
                )
            return _noted(request, match)
        except Refused as refusal:
            refuse(form, refusal)
    return _show(request, match, form, _("How the meeting went"))


def _people(
    request: Request, match: Match, referrer: Party, parent: Referral | None
) -> HttpResponse:
    left = referrals_left(match=match, referrer=referrer)
    form = form_for(request, PeopleTold, rows=max(1, left), language=referrer.language, prefix="p")
    if submitted(request, form):
        try:
            with telling(form.cleaned_data["via"]):
                refer(match=match, referrer=referrer, doors=form.doors, parent=parent)
            return _noted(request, match)
        except Refused as refusal:
            refuse(form, refusal)
    return _show(request, match, form, _("%(name)s names people") % {"name": referrer.name})


@require_http_methods(["GET", "POST"])
def people(request: Request, key: UUID) -> HttpResponse:
    match = _match(request, key)
    return _people(request, match, match.connector.person.party, None)


@require_http_methods(["GET", "POST"])
def contact_people(request: Request, key: UUID) -> HttpResponse:
    referral = _referral(request, key)
    return _people(request, referral.match, referral.contact.party.whole, referral)


@require_http_methods(["GET", "POST"])
def cannot(request: Request, key: UUID) -> HttpResponse:
    match = _match(request, key)
    referrer = match.connector.person.party
    form = form_for(request, CannotTold)
    if submitted(request, form):
        with telling(form.cleaned_data["via"]):
            cannot_refer(
                match=match, referrer=referrer, parent=None, reason=form.cleaned_data["reason"]
            )
        return _noted(request, match)
    return _show(request, match, form, _("%(name)s cannot name more") % {"name": referrer.name})


@require_http_methods(["GET", "POST"])
def answer(request: Request, key: UUID) -> HttpResponse:
    referral = _referral(request, key)
    form = form_for(request, AnswerTold)
    if submitted(request, form):
        said = form.cleaned_data["answer"]
        try:
            with telling(form.cleaned_data["via"]):
                if said == "yes":
                    say_yes(referral=referral)
                else:
                    say_no(referral=referral, never_again=said == "never")
            return _noted(request, referral.match)
        except Refused as refusal:
            refuse(form, refusal)
    party = referral.contact.party
    said_so_far = {"name": party.name, "phone": party.phone}
    title = (
        _("%(name)s answers (%(phone)s)") % said_so_far
        if party.phone and not party.email
        else _("%(name)s answers") % said_so_far
    )
    return _show(request, referral.match, form, title)


urls = [
    page("matches/<uuid:key>/told/", menu, "told", PEOPLE_WORK),
    page("matches/<uuid:key>/told/times/", times, "told_times", PEOPLE_WORK),
    page("matches/<uuid:key>/told/choice/", choice, "told_choice", PEOPLE_WORK),
    page("matches/<uuid:key>/told/meeting/", met, "told_met", PEOPLE_WORK),
    page("matches/<uuid:key>/told/people/", people, "told_people", PEOPLE_WORK),
    page("matches/<uuid:key>/told/cannot/", cannot, "told_cannot", PEOPLE_WORK),
    page("referrals/<uuid:key>/told/", answer, "told_answer", PEOPLE_WORK),
    page("referrals/<uuid:key>/told/people/", contact_people, "told_contact", PEOPLE_WORK),
]
