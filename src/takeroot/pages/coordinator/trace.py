"""The trace: who opened and who changed what, for those who answer for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from takeroot.access.policies import PRIVACY
from takeroot.access.selectors import changes_visible_to, reads_visible_to
from takeroot.accounts.models import Party
from takeroot.common.text import search_key
from takeroot.pages.coordinator.trace_words import (
    change_sentence,
    doer,
    names_of,
    people_of,
    read_sentence,
)
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
ROWS = 25
_MOST_PEOPLE = 50


def _people(request: Request) -> list[UUID] | None:
    """Whom the reader asks about: None is everybody."""
    one = request.GET.get("person", "")
    if one:
        try:
            return [UUID(one)]
        except ValueError:
            return []
    key = search_key(request.GET.get("q", ""))
    if not key:
        return None
    rows = Party.objects.filter(centre_id__in=request.actor.file_centres, search_key__contains=key)
    return list(rows.values_list("pk", flat=True)[:_MOST_PEOPLE])


def _page(rows: QuerySet[Any], request: Request) -> tuple[list[Any], str]:
    """One page, and the address of the next: counting a trace that grows for ever is slow."""
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: ROWS + 1])
    if len(found) <= ROWS:
        return found, ""
    query = {key: request.GET[key] for key in ("q", "person", "what") if request.GET.get(key)}
    return found[:ROWS], "?" + urlencode({**query, "before": found[ROWS - 1].pk})


def _what(request: Request) -> str:
    """Which entries: what people changed, every change, or files opened."""
    what = request.GET.get("what", "")
    return what if what in ("all", "reads") else "changes"


def _changes(request: Request, people: list[UUID] | None) -> tuple[list[Any], str]:
    rows = changes_visible_to(request.actor)
    if _what(request) == "changes" and not request.GET.get("person"):
        # What the house does by itself (letters sent, reminders) would drown what people do.
        rows = rows.filter(actor_id__isnull=False)
    if people is not None:
        named = [str(person) for person in people]
        about = Q(row_id__in=people) | Q(actor_id__in=people)
        for column in ("party_id", "connectee_id"):
            about |= Q(**{f"after__{column}__in": named})
        rows = rows.filter(about)
    shown, older = _page(rows, request)
    whose = people_of(shown)
    names = names_of([*whose.values(), *(one.actor_id for one in shown)])
    lines = [
        {
            "at": one.at,
            "text": change_sentence(
                one,
                doer(names, one.actor_id, one.role),
                names.get(whose[one.pk], _("somebody forgotten")) if one.pk in whose else "",
            ),
        }
        for one in shown
    ]
    return lines, older


def _reads(request: Request, people: list[UUID] | None) -> tuple[list[Any], str]:
    rows = reads_visible_to(request.actor)
    if people is not None:
        rows = rows.filter(Q(subject_id__in=people) | Q(actor_id__in=people))
    shown, older = _page(rows, request)
    names = names_of([*(one.actor_id for one in shown), *(one.subject_id for one in shown)])
    lines = [
        {
            "at": one.at,
            "text": read_sentence(
                one, doer(names, one.actor_id, one.role), names.get(one.subject_id, "")
            ),
        }
        for one in shown
    ]
    return lines, older


@require_GET
def trace(request: Request) -> HttpResponse:
    people = _people(request)
    what = _what(request)
    lines, older = (_reads if what == "reads" else _changes)(request, people)
    person = request.GET.get("person", "")
    names = names_of(people) if person and people else {}
    context = {
        "lines": lines,
        "older": older,
        "what": what,
        "q": request.GET.get("q", "").strip(),
        "person": person if names else "",
        "whose": next(iter(names.values()), ""),
        "narrowed": people is not None,
    }
    return render(request, "coordinator/trace.html", context)


urls = [page("trace/", trace, "trace", PRIVACY)]
