"""«Possible duplicates»: two files side by side, one decision; and merges that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from takeroot.access.policies import COORDINATION
from takeroot.access.services import record_reads
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.common.templatetags.parts import day
from takeroot.connections.models import Contact
from takeroot.keeping.enums import Likeness
from takeroot.keeping.models import Pair
from takeroot.keeping.selectors import (
    UNDO_DAYS,
    merges_to_undo,
    merges_visible_to,
    open_pairs,
    pairs_visible_to,
)
from takeroot.keeping.services.merging import undo_merge
from takeroot.keeping.services.pairs import look_for_pairs, say_different, say_same
from takeroot.pages.coordinator.people_words import languages_in_words, occupation_in_full
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.people.models import Person

page = pages_of("coordinator")
PAIRS, MERGES = 8, 20


@dataclass(frozen=True)
class Side:
    """One file of a pair: its head and what it says, line by line."""

    party: Party
    url: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """Two files and why they may be one person's."""

    pair: Pair
    sides: list[Side]
    reasons: list[str]


def _parts(person: Person) -> str:
    parts = []
    if hasattr(person, "connectee"):
        parts.append(_("newcomer: %(state)s") % {"state": person.connectee.get_state_display()})
    if hasattr(person, "connector"):
        parts.append(_("Connector: %(state)s") % {"state": person.connector.get_state_display()})
    return "; ".join(parts)


def _url(person: Person) -> str:
    if hasattr(person, "connectee"):
        return reverse("coordinator:connectee", args=[person.pk])
    return (
        reverse("coordinator:connector", args=[person.pk]) if hasattr(person, "connector") else ""
    )


def _side(party: Party, person: Person | None, contact: Contact | None) -> Side:
    rows = [
        (_("E-mail"), party.email),
        (_("Telephone"), party.phone),
        (_("Written down on"), day(party.created_at)),
    ]
    if person is not None:
        organization = person.connector.organization if hasattr(person, "connector") else None
        rows = [
            (_("In the programme"), _parts(person)),
            (_("Occupation"), occupation_in_full(person)),
            (_("Organization"), organization.party.name if organization else ""),
            (_("Languages"), "; ".join(languages_in_words(person.languages))),
            (_("Community"), person.place.label if person.place else ""),
            *rows,
        ]
    if contact is not None:
        rows = [
            (_("Organization"), contact.organization_name),
            (_("Position"), contact.position),
            (_("Introductions"), str(contact.asked)),  # type: ignore[attr-defined]
            *rows,
        ]
    return Side(party, _url(person) if person else "", rows)


def _lines(pairs: Sequence[Pair]) -> list[Line]:
    keys = {key for pair in pairs for key in (pair.one_id, pair.other_id)}
    people = {
        row.pk: row
        for row in Person.objects.filter(pk__in=keys).select_related(
            "place", "connectee", "connector__organization__party"
        )
    }
    contacts = {
        row.pk: row
        for row in Contact.objects.filter(pk__in=keys).annotate(asked=Count("referrals"))
    }
    return [
        Line(
            pair,
            [
                _side(party, people.get(party.pk), contacts.get(party.pk))
                for party in (pair.one, pair.other)
            ],
            _sentences(pair.reasons),
        )
        for pair in pairs
    ]


def _sentences(reasons: Iterable[str]) -> list[str]:
    return [str(Likeness(reason).label) for reason in reasons if reason in Likeness.values]


@require_GET
def index(request: Request) -> HttpResponse:
    actor = request.actor
    shown = Paginator(open_pairs(actor), PAIRS).get_page(request.GET.get("page"))
    pairs = list(shown.object_list)
    keys = [key for pair in pairs for key in (pair.one_id, pair.other_id)]
    record_reads(by=actor, subjects=keys, centre_id=centre_of(request).pk, page="duplicates")
    context: dict[str, Any] = {
        "shown": shown,
        "lines": _lines(pairs),
        "merges": list(merges_to_undo(actor)[:MERGES]),
        "days": UNDO_DAYS,
    }
    return render(request, "coordinator/duplicates.html", context)


def _back() -> HttpResponse:
    return redirect("coordinator:duplicates")


@require_POST
def look(request: Request) -> HttpResponse:
    waiting = look_for_pairs(centre=centre_of(request))
    if waiting:
        messages.success(request, _("Everybody was compared. What is alike stands below."))
    else:
        messages.success(request, _("Everybody was compared: no two files look like one person's."))
    return _back()


@require_POST
def decide(request: Request, pk: UUID) -> HttpResponse:
    pair = get_object_or_404(pairs_visible_to(request.actor), pk=pk)
    answer = request.POST.get("answer", "")
    names = {str(pair.one_id): pair.one.name, str(pair.other_id): pair.other.name}
    try:
        if answer == "different":
            say_different(pair=pair, by=request.actor)
            said = _("Two different people: these two will not be proposed again.")
        elif answer in names:
            merge = say_same(pair=pair, stays=UUID(answer), by=request.actor)
            said = _(
                "One person, one file: %(name)s. %(n)d entries were joined. You can undo this for "
                "%(days)d days, below."
            ) % {"name": names[answer], "n": merge.rows, "days": UNDO_DAYS}
        else:
            raise Refused(_("Say whether they are the same person, and which file stays."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return _back()


@require_POST
def undo(request: Request, pk: UUID) -> HttpResponse:
    merge = get_object_or_404(merges_visible_to(request.actor), pk=pk)
    try:
        undo_merge(merge=merge, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The merge is undone: both files are as they were."))
    return _back()


urls = [
    page("duplicates/", index, "duplicates", COORDINATION),
    page("duplicates/look/", look, "duplicates_look", COORDINATION),
    page("duplicates/<uuid:pk>/decide/", decide, "duplicates_decide", COORDINATION),
    page("merges/<uuid:pk>/undo/", undo, "merge_undo", COORDINATION),
]
