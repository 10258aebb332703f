"""«My hours»: time given besides the meetings, written down by whoever gave it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from takeroot.common.errors import Refused
from takeroot.connections import link_selectors as reads
from takeroot.connections.hours import given_minutes, meeting_minutes
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.hours_forms import HoursForm, first_day, in_hours
from takeroot.pages.links.visit import Visit, dead
from takeroot.volunteers.selectors import hours_visible_to
from takeroot.volunteers.services.hours import log_hours


def page(visit: Visit) -> HttpResponse:
    person = reads.person_behind(visit.party.pk)
    if person is None:
        return dead(visit.request, spent=True)
    today = timezone.localdate()
    form = form_for(visit.request, HoursForm, initial=first_day(today))
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                log_hours(person=person, by=house, **form.values())
            return visit.back()
        except Refused as refusal:
            refuse(form, refusal)
    key, year = visit.party.pk, today.year
    given = given_minutes(actor=visit.actor, people=[key], year=year)[key]
    met = meeting_minutes(actor=visit.actor, people=[key], year=year).get(key, 0)
    written = hours_visible_to(visit.actor).filter(person_id=key)[:20]
    context = {
        "form": form,
        "year": str(year),
        "given": in_hours(given),
        "met": in_hours(met),
        "written": [(entry, in_hours(entry.minutes)) for entry in written],
    }
    return visit.show("hours", context, status=status_of(form))
