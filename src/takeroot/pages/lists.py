"""Long lists, a page at a time."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from takeroot.pages.requests import Request


def page_shown(request: Request, rows: QuerySet[Any], size: int) -> Page[Any]:
    """The page of a list that the address asks for (the nearest one when there is no such page).

    Its keys are found first, and only its rows are joined with what is shown of them: asked in one
    statement, the database joins every row of the list before it sorts and leaves all but a page
    out.
    """
    shown = Paginator(rows, size).get_page(request.GET.get("page"))
    keys = list(shown.object_list.values_list("pk", flat=True))  # type: ignore[attr-defined]
    shown.object_list = list(rows.filter(pk__in=keys)) if keys else []
    return shown
