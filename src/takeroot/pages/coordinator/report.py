"""The monthly and yearly report of a centre, exact, for its own coordination."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from takeroot.access.policies import COORDINATION
from takeroot.outcomes.reports import Report, centre_report
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.figures import asked, download, month_choices
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
YEARS_BACK = 6


@dataclass(frozen=True)
class _Asked:
    year: int
    month: int | None
    years: list[int]


def _asked(request: Request) -> _Asked:
    today = timezone.localdate()
    years = [today.year - back for back in range(YEARS_BACK)]
    year = asked(request, "year", years) or today.year
    return _Asked(year, asked(request, "month", range(1, 13)), years)


def _report(request: Request, wanted: _Asked) -> Report:
    return centre_report(
        actor=request.actor, centre=centre_of(request), year=wanted.year, month=wanted.month
    )


@require_GET
def report(request: Request) -> HttpResponse:
    wanted = _asked(request)
    context = {
        "report": _report(request, wanted),
        "year": wanted.year,
        "month": wanted.month,
        "years": wanted.years,
        "months": month_choices(12),
    }
    return render(request, "coordinator/report.html", context)


@require_GET
def table(request: Request) -> HttpResponse:
    return download(_report(request, _asked(request)))


urls = [
    page("report/", report, "report", COORDINATION),
    page("report/table.xlsx", table, "report_table", COORDINATION),
]
