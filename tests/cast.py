"""One cast for every test: two centres, and somebody in each role in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Membership, User
from takeroot.accounts.services import create_account, create_centre

PASSWORD = "a-long-password-for-tests"


@contextmanager
def house_of(centre: Centre) -> Iterator[Actor]:
    """The house at work in one centre."""
    with transaction.atomic(), acting(system_actor(centre.pk, purpose="test")) as actor:
        yield actor


def make_centre(slug: str, **settings: Any) -> Centre:
    words = {"name_en": f"{slug.title()} centre", "name_fr": f"Centre de {slug.title()}"}
    return create_centre(slug=slug, **{**words, **settings})


def member(centre: Centre, role: str) -> User:
    """Somebody in a role, made at first use."""
    found = Membership.objects.filter(centre=centre, role=role).select_related("user").first()
    if found:
        return found.user
    with house_of(centre):
        return create_account(
            centre=centre,
            name=f"{role.replace('_', ' ').title()} Sample",
            email=f"{role}@{centre.slug}.example",
            password=PASSWORD,
            role=role,
        )


def actor_for(user: User) -> Actor:
    membership = user.memberships.get()
    return Actor(
        role=membership.role,
        party=user.party_id,
        user=user.pk,
        centres=(membership.centre_id,),
        purpose="test",
    )


@pytest.fixture
def centre(db: None) -> Centre:
    return make_centre("truro", timezone="America/Halifax")


@pytest.fixture
def other_centre(db: None) -> Centre:
    return make_centre("gander", timezone="America/St_Johns")


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    """Tests of pages sign in with a password; the second factor has tests of its own."""
    settings.SECOND_FACTOR_FOR_STAFF = False


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """A client of somebody in a role: `signed_in(centre, Role.COORDINATOR)`."""

    def make(centre: Centre, role: str = Role.COORDINATOR, **extra: Any) -> Client:
        client = Client(**extra)
        client.force_login(member(centre, role))
        return client

    return make


@pytest.fixture
def coordinator(centre: Centre) -> User:
    return member(centre, Role.COORDINATOR)


def deliver() -> int:
    """Send every letter that waits, as the worker would. Returns how many were sent."""
    from takeroot.messaging.models import Letter, LetterState
    from takeroot.messaging.tasks import send_letter

    sent = 0
    for centre in Centre.objects.all():
        with house_of(centre):
            waiting = list(
                Letter.objects.filter(state=LetterState.WAITING)
                .order_by("created_at")
                .values_list("pk")
            )
        for (pk,) in waiting:
            send_letter(letter=str(pk), centre=str(centre.pk))
            sent += 1
    return sent
