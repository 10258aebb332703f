"""What every page's frame needs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from takeroot.access.actor import NOBODY, Actor
from takeroot.access.policies import policy_for

_MENU = (
    "coordinator:today",
    "coordinator:people",
    "coordinator:connectors",
    "coordinator:rounds",
    "coordinator:import",
    "coordinator:settings",
    "coordinator:trace",
    "coordinator:report",
    "coordinator:centre_new",
    "secretariat:figures",
)


def _demo_accounts() -> list[dict[str, str]]:
    """The demonstration's sign-ins, for the first page and the sign-in page."""
    # `demo` stands above the pages; it is looked up only where a demonstration runs.
    accounts = import_module("takeroot.demo.accounts")
    return [
        {
            "email": account.email,
            "password": accounts.PASSWORD,
            "role": str(account.role_words),
            "centre": str(account.centre_words),
        }
        for account in accounts.ACCOUNTS
    ]


def page(request: HttpRequest) -> dict[str, Any]:
    """Actor, centre, other language, and which menu entries this actor may open."""
    actor: Actor = getattr(request, "actor", NOBODY)
    membership = getattr(request, "membership", None)
    return {
        "actor": actor,
        "centre": membership.centre if membership else None,
        "memberships": getattr(request, "memberships", []),
        "other_language": "en" if (get_language() or "").startswith("fr") else "fr",
        "demo": settings.DEMO,
        "demo_accounts": _demo_accounts() if settings.DEMO and not actor.user else [],
        "menu": {
            name.split(":")[1]: name
            for name in _MENU
            if (policy := policy_for(name)) and policy.allows(actor) and actor.user
        },
    }
