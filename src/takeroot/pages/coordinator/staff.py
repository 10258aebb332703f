"""What every page of the staff begins with."""

from __future__ import annotations

from takeroot.accounts.models import Centre
from takeroot.pages.requests import Request


def centre_of(request: Request) -> Centre:
    """The centre of this request; the page's policy has made sure that there is one."""
    if request.membership is None:
        raise LookupError("a staff page was opened to somebody without a centre")
    return request.membership.centre
