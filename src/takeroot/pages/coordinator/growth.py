"""How the networks of a centre grow, and who stayed: exact figures for its staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from takeroot.access.policies import COORDINATION
from takeroot.connections.enums import ReferralOutcome
from takeroot.connections.growth import Ends, Growth, growth_of
from takeroot.outcomes.stays import stay_figures
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 720, 280, 44, 130, 16, 34


@dataclass(frozen=True)
class Line:
    """One curve: everybody up to this hop."""

    hop: int
    points: str
    name: str
    x: int
    y: int


@dataclass(frozen=True)
class Curve:
    """The picture of the growth, drawn on the server."""

    width: int
    height: int
    lines: tuple[Line, ...]
    rules: tuple[tuple[int, int], ...]
    left: int
    right: int
    first: str
    last: str
    foot: int


def hop_name(hop: int) -> str:
    names = (_("Connectors"), _("First hop"), _("Second hop"), _("Third hop"))
    return names[min(hop, 3)]


def _line_name(hop: int) -> str:
    return hop_name(0) if hop == 0 else _("+ %(hop)s") % {"hop": hop_name(hop).lower()}


def curve_of(growth: Growth) -> Curve | None:
    """Curves one above the other: Connectors, with the first hop, with the second. None before
    there are two months to draw a line between."""
    months = growth.months
    if len(months) < 2:
        return None
    top = _round_up(months[-1].together)
    right, bottom = WIDTH - RIGHT, HEIGHT - FOOT

    def x(number: int) -> int:
        return LEFT + round((right - LEFT) * number / (len(months) - 1))

    def y(people: int) -> int:
        return bottom - round((bottom - TOP) * people / top)

    lines = []
    lowest = HEIGHT
    for hop in growth.hops:
        sums = [sum(month.reached[: hop + 1]) for month in months]
        points = " ".join(f"{x(number)},{y(people)}" for number, people in enumerate(sums))
        # Names stand apart even where the curves meet.
        lowest = min(y(sums[-1]) + 5, lowest - 18)
        lines.append(Line(hop, points, _line_name(hop), right + 8, lowest))
    rules = tuple((round(top * part / 2), y(round(top * part / 2))) for part in range(3))
    first, last = (date_format(months[end].month, "M Y") for end in (0, -1))
    return Curve(WIDTH, HEIGHT, tuple(lines), rules, LEFT, right, first, last, HEIGHT - 10)


def _round_up(people: int) -> int:
    """An even number of people at the top of the scale."""
    step = 10 ** (len(str(people)) - 1) if people >= 10 else 2
    return max(2, -(-people // step) * step)


def ends_in_words(ends: Ends) -> list[tuple[str, int]]:
    return [
        (_("asked, and may still answer"), ends.waiting),
        (_("no answer"), ends.no_answer),
        (_("said no"), ends.declined),
        (_("said yes, but named nobody"), ends.named_nobody),
        (_("named people, but none of them said yes"), ends.none_agreed),
        (_("opened at least one more door"), ends.went_on),
    ]


@require_GET
def growth(request: Request) -> HttpResponse:
    centre = centre_of(request)
    found = growth_of(actor=request.actor, centre=centre)
    context = {
        "growth": found,
        "curve": curve_of(found),
        "hops": [hop_name(hop) for hop in found.hops],
        "ends": ends_in_words(found.ends),
        "outcomes": [outcome.label for outcome in ReferralOutcome],
        "asked_of_each": centre.referrals_asked,
    }
    return render(request, "coordinator/growth.html", context)


@require_GET
def stays(request: Request) -> HttpResponse:
    """Who stayed: two bounds for each moment and place."""
    centre = centre_of(request)
    today = timezone.localdate(timezone=centre.zone)
    figures = stay_figures(actor=request.actor, centre=centre, today=today)
    return render(request, "coordinator/stays.html", {"figures": figures})


urls = [
    page("growth/", growth, "growth", COORDINATION),
    page("stays/", stays, "stays", COORDINATION),
]
