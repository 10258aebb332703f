"""«Whom do you know?»: a Connector's page, and that of a contact who said yes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections import link_selectors as reads
from takeroot.connections.enums import ReferralState
from takeroot.connections.link_selectors import FREED, OPENED, Acquaintance
from takeroot.connections.models import Match, Referral
from takeroot.connections.services import referrals as services
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.forms import CannotForm, PeopleForm
from takeroot.pages.links.visit import Visit, dead
from takeroot.promises.enums import PromiseKind, PromiseState


@dataclass(frozen=True)
class Doors:
    """How many doors somebody is asked to open for a Connectee, and how far that is."""

    match_id: UUID
    parent: Referral | None
    connectee: Acquaintance
    connectee_id: UUID
    asked_of: int
    named: list[Referral]
    closed: bool

    @property
    def open(self) -> int:
        return sum(row.state in OPENED for row in self.named)

    @property
    def waiting(self) -> int:
        return sum(row.state == ReferralState.ASKED for row in self.named)

    @property
    def left(self) -> int:
        """How many people may still be named: a no frees its place."""
        return max(0, self.asked_of - sum(row.state not in FREED for row in self.named))


def doors_of(visit: Visit) -> Doors | None:
    """The doors behind a link; None when the Connectee is no longer open to its holder."""
    subject = visit.link.subject_id
    match = reads.match_referred_by(visit.actor, subject)
    parent = None if match else reads.referral_to(visit.actor, subject)
    if match:
        match_id, connectee_id = match.pk, match.connectee_id
    elif parent and parent.state in OPENED:
        match_id, connectee_id = parent.match_id, parent.connectee_id
    else:
        return None
    connectee = reads.acquaintance(
        visit.actor, reads.person_behind(connectee_id), language=visit.language
    )
    if connectee is None:
        return None
    promise = reads.latest_promise(
        visit.actor, kinds=(PromiseKind.REFER, PromiseKind.REFER_ON), subject_id=subject
    )
    return Doors(
        match_id=match_id,
        parent=parent,
        connectee=connectee,
        connectee_id=connectee_id,
        asked_of=visit.party.centre.referrals_asked,
        named=reads.referrals_by(visit.actor, match_id=match_id),
        closed=bool(promise and promise.state == PromiseState.CLOSED),
    )


def _form(visit: Visit, doors: Doors) -> PeopleForm:
    return form_for(
        visit.request,
        PeopleForm,
        rows=doors.left,
        language=visit.party.language,
        prefix="p",
    )


def show(visit: Visit, doors: Doors, form: forms.Form | None = None) -> HttpResponse:
    form = form or (_form(visit, doors) if doors.left else None)
    visit.trace(doors.connectee_id, "referring")
    status = status_of(form) if form else 200
    return visit.show("referring", {"doors": doors, "form": form}, status=status)


def page(visit: Visit) -> HttpResponse:
    doors = doors_of(visit)
    return show(visit, doors) if doors else dead(visit.request, spent=True)


def name_people(visit: Visit) -> HttpResponse:
    """Ask those who were named. A second click asks nobody twice."""
    doors = doors_of(visit)
    if doors is None:
        return dead(visit.request, spent=True)
    if not doors.left:
        return visit.back()
    form = _form(visit, doors)
    if submitted(visit.request, form):
        try:
            with visit.house():
                made = services.refer(
                    match=Match.objects.get(pk=doors.match_id),
                    referrer=visit.party,
                    doors=form.doors,
                    parent=doors.parent,
                )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            if made:
                messages.success(
                    visit.request,
                    _("Thank you! Each person you named is asked once, by letter or by telephone."),
                )
            return visit.back()
    return show(visit, doors, form)


def cannot(visit: Visit) -> HttpResponse:
    """«I cannot name more»: asks why in one tick, then leaves the person in peace."""
    doors = doors_of(visit)
    if doors is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, CannotForm)
    if submitted(visit.request, form):
        with visit.house():
            services.cannot_refer(
                match=Match.objects.get(pk=doors.match_id),
                referrer=visit.party,
                parent=doors.parent,
                reason=form.cleaned_data["reason"],
            )
        return visit.back()
    return visit.show("cannot", {"doors": doors, "form": form}, status=status_of(form))
