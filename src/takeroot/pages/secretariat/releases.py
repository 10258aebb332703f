"""All centres at a glance, and one release as a page to print and as a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from takeroot.access.policies import RELEASES, SECRETARIAT
from takeroot.accounts.models import Centre
from takeroot.outcomes.models import Release
from takeroot.outcomes.reports import Report, period_words, release_report
from takeroot.outcomes.selectors import releases_visible_to, threshold_now
from takeroot.pages.figures import asked, download, month_choices
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("secretariat")
SHOWN = 24


def release_or_404(request: Request, edition: str) -> Release:
    """The release of a number that this person may see."""
    number = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 8 else 0
    found = releases_visible_to(request.actor).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _centres() -> list[Centre]:
    return list(Centre.objects.order_by("slug"))


def _report(request: Request, release: Release) -> tuple[Report, int | None]:
    month = asked(request, "month", range(1, release.through + 1))
    return release_report(release, _centres(), month=month), month


@require_GET
def overview(request: Request) -> HttpResponse:
    rows = list(releases_visible_to(request.actor).defer("cells", "sums")[:SHOWN])
    latest = releases_visible_to(request.actor).first() if rows else None
    centres = _centres()
    context: dict[str, Any] = {
        "releases": [(row, period_words(row)) for row in rows],
        "latest": latest,
        "report": release_report(latest, centres, month=None) if latest else None,
        "centres": centres,
        "threshold": threshold_now(),
        "decides": SECRETARIAT.allows(request.actor),
    }
    return render(request, "secretariat/figures.html", context)


@require_GET
def release(request: Request, edition: str) -> HttpResponse:
    row = release_or_404(request, edition)
    report, month = _report(request, row)
    context = {
        "release": row,
        "report": report,
        "month": month,
        "months": month_choices(row.through),
        "decides": SECRETARIAT.allows(request.actor),
    }
    return render(request, "secretariat/release.html", context)


@require_GET
def table(request: Request, edition: str) -> HttpResponse:
    report, _month = _report(request, release_or_404(request, edition))
    return download(report)


urls = [
    page("", overview, "figures", RELEASES),
    page("<slug:edition>/", release, "release", RELEASES),
    page("<slug:edition>/table.xlsx", table, "table", RELEASES),
]
