"""A request once `ActorMiddleware` has met it: typed, so that views need no exceptions."""

from __future__ import annotations

from django.http import HttpRequest

from takeroot.access.actor import Actor
from takeroot.accounts.models import Membership


class ActedRequest(HttpRequest):
    """Who asks (`actor`), as member of which centre, and of which others.

    Never built by hand: it names what the middleware sets on Django's own request. `membership`
    is None for visitors and for an account that belongs to no centre.
    """

    actor: Actor
    membership: Membership | None
    memberships: list[Membership]
