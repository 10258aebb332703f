"""Every request runs as an Actor, inside one transaction; every page asks its policy first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from takeroot.access.actor import ANONYMOUS, NOBODY, Actor, acting
from takeroot.access.policies import policy_for
from takeroot.access.requests import ActedRequest
from takeroot.accounts.enums import STAFF_ROLES
from takeroot.accounts.models import Membership

CENTRE_IN_SESSION = "centre"
# Pages somebody must reach while still setting up their second factor.
_BEFORE_SECOND_FACTOR = ("mfa_", "account_", "set_language", "public:")


def actor_of(request: ActedRequest) -> Actor:
    """The Actor that a request's sign-in makes; sets `request.membership` and `.memberships`."""
    request.membership = None
    request.memberships = []
    user = request.user
    if not user.is_authenticated:
        return NOBODY
    memberships = list(
        Membership.objects.filter(user=user).select_related("centre").order_by("centre__slug")
    )
    wanted = request.session.get(CENTRE_IN_SESSION)
    chosen = next((m for m in memberships if str(m.centre_id) == wanted), None)
    membership = chosen or (memberships[0] if memberships else None)
    request.membership = membership
    request.memberships = memberships
    if membership is None:
        return Actor(role=ANONYMOUS, user=user.pk)
    return Actor(
        role=membership.role,
        party=user.party_id,
        user=user.pk,
        centres=(membership.centre_id,),
        purpose="page",
    )


def _zone_of(request: ActedRequest) -> ZoneInfo | None:
    """Pages show the time of the centre (link pages show the reader's own)."""
    membership = request.membership
    return membership.centre.zone if membership else None


class ActorMiddleware:
    """Builds the actor, tells the database, and closes every page that no policy opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponse:
        request = cast(ActedRequest, plain)
        if request.path.startswith(settings.STATIC_URL) or request.path == "/healthz":
            request.actor = NOBODY
            return self.get_response(request)
        # The view has a savepoint of its own (ATOMIC_REQUESTS): if it fails it is undone, while
        # this transaction keeps what must outlive it, the trace of the attempt.
        with transaction.atomic():
            if request.user.is_authenticated and not request.user.is_active:
                logout(request)
            actor = actor_of(request)
            request.actor = actor
            with acting(actor), timezone.override(_zone_of(request)):
                return self.get_response(request)

    def process_view(
        self, plain: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        request = cast(ActedRequest, plain)
        match = request.resolver_match
        name = match.view_name if match else ""
        actor = request.actor
        policy = policy_for(name)
        if policy is None:
            raise Http404
        if not policy.allows(actor):
            if actor.user is None:
                query = urlencode({"next": request.get_full_path()}, safe="/")
                return redirect(f"/accounts/login/?{query}")
            raise Http404
        return self._second_factor(request, name, actor)

    def _second_factor(self, request: HttpRequest, name: str, actor: Actor) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_FOR_STAFF or actor.role not in STAFF_ROLES:
            return None
        if name.startswith(_BEFORE_SECOND_FACTOR):
            return None
        from allauth.mfa.utils import is_mfa_enabled

        return None if is_mfa_enabled(request.user) else redirect("mfa_activate_totp")
