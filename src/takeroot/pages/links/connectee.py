"""A Connectee's own page: where they stand, what they agreed to, four questions, a thank-you."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.access.enums import GivenHow, Purpose, Share
from takeroot.common.errors import Refused
from takeroot.connections import own_page as reads
from takeroot.connections.letters import occupation_words
from takeroot.connections.models import Connectee, Match
from takeroot.connections.resume import shares_resume
from takeroot.connections.services.applying import AGREED_DAYS, AGREEMENTS
from takeroot.connections.services.enrolment import give_consent, take_consent_back
from takeroot.connections.services.joining import offer_help_as_alumnus
from takeroot.connections.services.ratings import rate
from takeroot.connections.services.thanks import say_thanks
from takeroot.documents.enums import DocumentKind
from takeroot.documents.selectors import latest, own_documents
from takeroot.outcomes.work import leads_for
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.joining.connect_forms import AlumnusForm
from takeroot.pages.joining.forms import RatingForm
from takeroot.pages.links.visit import Visit, dead


class ThanksForm(forms.Form):
    """A few words to the person who opened doors."""

    match = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Your words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Somebody at the centre reads them first, then passes them on."),
        error_messages={"required": gettext_lazy("Write a few words first.")},
    )


def _row(visit: Visit) -> Connectee | None:
    return reads.connectee_behind(visit.actor, visit.link.subject_id)


def _show(
    visit: Visit,
    row: Connectee,
    *,
    rating: RatingForm | None = None,
    thanks: ThanksForm | None = None,
) -> HttpResponse:
    onward = reads.open_onward(row)
    moment = reads.moment_to_rate(row)
    consents = reads.own_consents(visit.actor)
    names = dict(Share.choices)
    held = reads.to_thank(visit.actor)
    waiting = next((one for one in held if one.thanks is None), None)
    purposes = {consent.purpose for consent in consents}
    context: dict[str, Any] = {
        "row": row,
        "words": reads.state_in_words(row, onward),
        "onward": onward,
        "moment": moment,
        "rating": rating or (RatingForm(moment=moment) if moment else None),
        "consents": [
            (consent, ", ".join(str(names.get(share, share)) for share in consent.shares))
            for consent in consents
        ],
        "resume": latest(own_documents(visit.actor), party_id=row.pk, kind=DocumentKind.RESUME),
        "may_share_resume": Purpose.INTRODUCTION in purposes and not shares_resume(row.pk),
        "may_add_outcome": Purpose.OUTCOME not in purposes,
        "thanks": thanks
        or (ThanksForm(initial={"match": waiting.meeting.match_id}) if waiting else None),
        "thanked": [one.thanks for one in held if one.thanks],
        "alumni": row.state in reads.ALUMNI,
        "leads": list(leads_for(visit.actor, today=timezone.localdate())),
    }
    status = max(status_of(form) for form in (rating, thanks) if form) if rating or thanks else 200
    return visit.show("connectee", context, status=status)


def page(visit: Visit) -> HttpResponse:
    row = _row(visit)
    return _show(visit, row) if row else dead(visit.request, spent=True)


def rate_now(visit: Visit) -> HttpResponse:
    """The four answers of the moment that is asked."""
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    moment = reads.moment_to_rate(row)
    if not moment:
        return visit.back()
    form = form_for(visit.request, RatingForm, moment=moment)
    if not submitted(visit.request, form):
        return _show(visit, row, rating=form if form.is_bound else None)
    with visit.house():
        rate(connectee_id=row.pk, centre=row.centre, moment=moment, values=form.values)
    messages.success(visit.request, _("Thank you. Your four answers are kept."))
    return visit.back()


def thank(visit: Visit) -> HttpResponse:
    """Words of thanks, once for each conversation."""
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, ThanksForm)
    if not submitted(visit.request, form):
        return _show(visit, row, thanks=form if form.is_bound else None)
    held = {one.meeting.match_id for one in reads.to_thank(visit.actor)}
    if form.cleaned_data["match"] not in held:
        return dead(visit.request, spent=False)
    try:
        with visit.house():
            match = Match.objects.get(pk=form.cleaned_data["match"])
            say_thanks(match=match, text=form.cleaned_data["text"], by=visit.party)
    except Refused as refusal:
        messages.error(visit.request, str(refusal))
    else:
        messages.success(
            visit.request, _("Thank you. It is passed on once the centre has read it.")
        )
    return visit.back()


def agree(visit: Visit) -> HttpResponse:
    """Take one yes back, or add that the Connector may learn what came of it."""
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    if not visit.posting:
        return visit.back()
    back = visit.request.POST.get("back", "")
    for consent in reads.own_consents(visit.actor):
        if str(consent.pk) == back:
            with visit.house() as house:
                take_consent_back(consent=consent, by=house)
            messages.success(
                visit.request, _("Taken back. What rested on it is closed from now on.")
            )
    if "resume" in visit.request.POST and Purpose.INTRODUCTION in {
        consent.purpose for consent in reads.own_consents(visit.actor)
    }:
        _agree_to(visit, row, Purpose.INTRODUCTION, _("Connectors of %(centre)s"), Share.RESUME)
    if "outcome" in visit.request.POST:
        _agree_to(visit, row, Purpose.OUTCOME, _("Connectors of %(centre)s who helped"))
    return visit.back()


def _agree_to(visit: Visit, row: Connectee, purpose: Purpose, audience: str, *more: str) -> None:
    today = timezone.localdate()
    with visit.house() as house:
        give_consent(
            connectee=row,
            purpose=purpose,
            shares=[*map(str, AGREEMENTS[purpose]), *map(str, more)],
            audience=audience % {"centre": row.centre.name},
            given_on=today,
            until=today + timedelta(days=AGREED_DAYS),
            how=GivenHow.IN_PERSON,
            by=house,
        )
    messages.success(visit.request, _("Written down. You can take it back here on any day."))


def join(visit: Visit) -> HttpResponse:
    """Whoever went the way opens doors for the next: the sign-up, filled in."""
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    if row.state not in reads.ALUMNI:
        return visit.back()
    form = form_for(visit.request, AlumnusForm, centre=row.centre, initial=_known_of(row, visit))
    if submitted(visit.request, form):
        try:
            with visit.house():
                offer_help_as_alumnus(connectee=row, details=form.details())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                visit.request, _("Thank you. A letter with your page as a Connector follows.")
            )
            return visit.back()
    return visit.show("join", {"form": form, "row": row}, status=status_of(form))


def _known_of(row: Connectee, visit: Visit) -> dict[str, Any]:
    person = row.person
    modes = ["in_person", "video"] if person.mode == "either" else [person.mode]
    return {
        "occupation": occupation_words(
            person.occupation_code, person.occupation_text, visit.language
        ),
        "about": ["lived"],
        "circles": ["professional"],
        "talk": [*(code for code in ("en", "fr") if code in person.languages), *modes],
        "capacity": 1,
    }
