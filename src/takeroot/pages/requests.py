"""The request that views receive: `def today(request: Request) -> HttpResponse`."""

from __future__ import annotations

from django_htmx.middleware import HtmxDetails

from takeroot.access.requests import ActedRequest
from takeroot.accounts.models import Centre


class Request(ActedRequest):
    """After every middleware: who asks, whether only the language is being switched, and htmx.

    switching: a form was posted by the language switch; show it again as typed, save nothing.
    """

    switching: bool
    htmx: HtmxDetails


def centre_of(request: Request) -> Centre:
    """The centre somebody works in now; raises LookupError for somebody who works in none."""
    if request.membership is None:
        raise LookupError("this person belongs to no centre")
    return request.membership.centre
