"""The request that views receive: `def today(request: Request) -> HttpResponse`."""

from __future__ import annotations

from django_htmx.middleware import HtmxDetails

from takeroot.access.requests import ActedRequest


class Request(ActedRequest):
    """After every middleware: who asks, whether only the language is being switched, and htmx.

    switching: a form was posted by the language switch; show it again as typed, save nothing.
    """

    switching: bool
    htmx: HtmxDetails
