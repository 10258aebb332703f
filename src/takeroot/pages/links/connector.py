"""A Connector's own page: whom they helped, what came of it, how it suits them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnectorState
from takeroot.connections.helped import helped_by
from takeroot.connections.models import Connector
from takeroot.connections.recognised import told_years
from takeroot.connections.services import joining
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.joining.connect_forms import ProfileForm, SuitForm
from takeroot.pages.links.visit import Visit, dead


def _row(visit: Visit) -> Connector | None:
    return (
        Connector.objects.filter(pk=visit.link.subject_id, person_id=visit.actor.party_id)
        .select_related("person__party", "centre")
        .first()
    )


def _organization(visit: Visit, row: Connector) -> Any:
    """Where they work: shown to them by the house, since it is nobody's own row."""
    if row.organization_id is None:
        return None
    with visit.house():
        return Connector.objects.select_related("organization__party").get(pk=row.pk).organization


def _suit(row: Connector) -> dict[str, Any]:
    rest = "no"
    if row.state == ConnectorState.PAUSED:
        rest = "until" if row.paused_until else "now"
    return {"capacity": row.capacity, "rest": rest, "until": row.paused_until}


def _show(
    visit: Visit,
    row: Connector,
    *,
    suit: forms.Form | None = None,
    profile: forms.Form | None = None,
) -> HttpResponse:
    with visit.house() as house:
        helped = helped_by(row.pk)
        recognised = told_years(actor=house, centre=row.centre, public=False)
    for one in helped:
        if one.told:
            visit.trace(one.key, "helped")
    organization = _organization(visit, row)
    refused = suit or profile
    context = {
        "row": row,
        "helped": helped,
        "recognised": recognised,
        "organization": organization,
        "suit": suit or SuitForm(initial=_suit(row)),
        "profile": profile
        or (ProfileForm(initial={"profile": organization.profile}) if organization else None),
        "period": row.centre.get_capacity_period_display(),
    }
    return visit.show("connector", context, status=status_of(refused) if refused else 200)


def page(visit: Visit) -> HttpResponse:
    row = _row(visit)
    return _show(visit, row) if row else dead(visit.request, spent=True)


def suit(visit: Visit) -> HttpResponse:
    """How many people, and a rest."""
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, SuitForm, initial=_suit(row))
    if submitted(visit.request, form):
        try:
            with visit.house():
                joining.suit_connector(connector=row, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(visit.request, _("Kept. It holds from now on."))
            return visit.back()
    return _show(visit, row, suit=form if form.is_bound else None)


def profile(visit: Visit) -> HttpResponse:
    """What newcomers should know of the organization."""
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, ProfileForm)
    if submitted(visit.request, form):
        try:
            with visit.house():
                joining.describe_organization(connector=row, profile=form.cleaned_data["profile"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(visit.request, _("Kept. Newcomers whom you meet read it."))
            return visit.back()
    return _show(visit, row, profile=form if form.is_bound else None)


def stop(visit: Visit) -> HttpResponse:
    """«I would like to stop»: asks once; or, later, «I would like to help again»."""
    row = _row(visit)
    if row is None:
        return dead(visit.request, spent=True)
    if visit.posting:
        with visit.house():
            if "again" in visit.request.POST:
                joining.help_again(connector=row)
            else:
                joining.stop_helping(connector=row)
        return visit.back()
    return visit.show("connector_stop", {"row": row})
