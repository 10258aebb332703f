"""The public desk of one centre: who asks, how often they may, and the house behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import render

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.common.limits import client_address, too_often
from takeroot.pages.requests import Request

WINDOW = 3600
# Many people may share one address (a library, a class): enough for them, too few for a flood.
MOST_BEGUN, MOST_SAVED, MOST_MAILED = 40, 600, 20

Answer = TypeVar("Answer", bound=HttpResponse)


def centre_called(slug: str) -> Centre:
    """The centre of a public address; a wrong one is a page that is not there."""
    found = Centre.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


@contextmanager
def house_of(centre: Centre) -> Iterator[Actor]:
    """The house at its public desk: nobody is known who asks."""
    with acting(system_actor(centre.pk, purpose="application")) as actor:
        yield actor


def in_a_hurry(request: Request, what: str, *, most: int) -> bool:
    """Whether this address has done `what` too often in an hour."""
    return too_often(what, client_address(request), most=most, seconds=WINDOW)


def slow_down(request: Request, centre: Centre) -> HttpResponse:
    """Nothing is lost: what was saved is saved, what was typed stands in the browser."""
    response = render(request, "joining/slow_down.html", {"link_centre": centre}, status=429)
    response.headers["Retry-After"] = str(WINDOW)
    return response


def show(
    request: Request, centre: Centre, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(
        request, f"joining/{template}.html", {"link_centre": centre, **context}, status=status
    )


View = Callable[..., HttpResponse]
