"""What the pages of figures share: which months were asked for, and a report as a download."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from takeroot.common.tables.workbook import XLSX
from takeroot.outcomes.reports import Report, month_name, workbook_of
from takeroot.pages.requests import Request


def asked(request: Request, name: str, allowed: Iterable[int]) -> int | None:
    """A number of the query, if it is one of those that can be."""
    text = request.GET.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None
    return number if number in set(allowed) else None


def month_choices(through: int) -> list[tuple[str, str]]:
    """For a select: the whole of it, or one month."""
    return [("", _("the whole year")), *((str(m), month_name(m)) for m in range(1, through + 1))]


def download(report: Report) -> HttpResponse:
    """The report as a spreadsheet, named after its place and period."""
    name = f"{slugify(report.place)}-{slugify(report.period)}.xlsx"
    response = HttpResponse(workbook_of(report), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
