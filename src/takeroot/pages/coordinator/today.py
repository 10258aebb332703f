"""Today: what waits for me, and what I wait for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from takeroot.access.policies import COORDINATION, SIGNED_IN
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Party
from takeroot.connections.figures import period_figures
from takeroot.connections.selectors import period_start
from takeroot.pages.requests import Request, centre_of
from takeroot.pages.routes import pages_of
from takeroot.promises.enums import PromiseKind
from takeroot.promises.selectors import (
    drop_rate,
    for_me,
    open_promises_visible_to,
    owed_by_centre,
    owed_by_others,
)
from takeroot.promises.words import owed_in_words

page = pages_of("coordinator")
SHOWN, MOST = 8, 300


def greeting(name: str, hour: int) -> str:
    """A greeting for the hour of the day in the centre."""
    if hour < 12:
        return _("Good morning, %(name)s.") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s.") % {"name": name}
    return _("Good evening, %(name)s.") % {"name": name}


def _news(mine: int, theirs: int) -> str:
    if not mine and not theirs:
        return _("Nothing waits for you.")
    if not mine:
        return ngettext(
            "Nothing waits for you; you wait for one answer.",
            "Nothing waits for you; you wait for %(n)d answers.",
            theirs,
        ) % {"n": theirs}
    first = ngettext("One thing needs you", "%(n)d things need you", mine) % {"n": mine}
    if not theirs:
        return _("%(things)s.") % {"things": first}
    second = ngettext("one answer is awaited", "%(n)d answers are awaited", theirs) % {"n": theirs}
    return _("%(things)s, and %(answers)s from others.") % {"things": first, "answers": second}


@require_GET
def today(request: Request) -> HttpResponse:
    actor = request.actor
    party = Party.objects.filter(pk=actor.party).first() if actor.party else None
    name = party.first_name if party else ""
    hour = timezone.localtime().hour
    if not actor.reads_files or actor.role == Role.PRIVACY_OFFICER:
        return _for_others(request, greeting(name, hour))
    day = timezone.localdate()
    # Who owes it does not stand on the page: what it is about names the people. Of the centre
    # only its zone is asked, which the ladder needs.
    mine = owed_by_centre(actor).filter(for_me(actor, day)).select_related(None)
    theirs = owed_by_others(actor).select_related(None)
    if not COORDINATION.allows(actor):
        # A worker is not shown what only a coordinator can open.
        mine = mine.exclude(kind__in=(PromiseKind.DECIDE_ROUND, PromiseKind.SEND_INTRODUCTION))
    counts = mine.count(), theirs.count()
    most = MOST if "all" in request.GET else SHOWN
    shown = list(mine[:most]), list(theirs[:most])
    lines = owed_in_words(actor=actor, promises=[*shown[0], *shown[1]], today=day)
    centre = centre_of(request)
    since = period_start(centre, day)
    context = {
        "greeting": greeting(name, hour),
        "news": _news(*counts),
        "mine": [lines[row.pk] for row in shown[0] if row.pk in lines],
        "theirs": [lines[row.pk] for row in shown[1] if row.pk in lines],
        "more_mine": max(0, counts[0] - most),
        "more_theirs": max(0, counts[1] - most),
        "figures": period_figures(actor=actor, centre=centre, since=since),
        "since": since,
        "drops": drop_rate(actor=actor, centre=centre, since=since, today=day),
    }
    return render(request, "coordinator/today.html", context)


def _for_others(request: Request, hello: str) -> HttpResponse:
    """Everybody else sees what concerns themselves: their own promises, by kind and date."""
    actor = request.actor
    rows: list[Any] = []
    if not actor.is_staff and actor.party:
        rows = list(open_promises_visible_to(actor).filter(debtor_id=actor.party)[:SHOWN])
    context = {"greeting": hello, "news": _news(len(rows), 0), "promises": rows}
    return render(request, "coordinator/today_others.html", context)


urls = [page("today/", today, "today", SIGNED_IN)]
