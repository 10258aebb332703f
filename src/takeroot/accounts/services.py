"""Making centres and accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Membership, Party, User
from takeroot.common.editing import save_version


@transaction.atomic
def create_centre(**settings: Any) -> Centre:
    """A new centre from its settings; raises ValidationError."""
    centre = Centre(**settings)
    centre.full_clean()
    centre.save(force_insert=True)
    return centre


@transaction.atomic
def edit_centre(*, centre: Centre, expected: int, settings: dict[str, Any]) -> Centre:
    """Change a centre's settings; raises EditedMeanwhile when somebody else was first."""
    for name, value in settings.items():
        setattr(centre, name, value)
    centre.full_clean()
    save_version(centre, expected=expected, fields=list(settings))
    return centre


@transaction.atomic
def create_account(
    *,
    centre: Centre,
    name: str,
    email: str,
    password: str | None,
    role: str,
    language: str = "en",
    party: Party | None = None,
    party_id: UUID | None = None,
) -> User:
    """A sign-in with a role in a centre, for a new party or one that is already known."""
    if party is None:
        party = Party(
            id=party_id or uuid4(),
            centre=centre,
            kind=PartyKind.PERSON,
            name=name,
            email=email,
            language=language,
            timezone=centre.timezone,
        )
        party.save(force_insert=True)
    user = User.objects.create_user(email=email, password=password, party=party)
    Membership.objects.create(user=user, centre=centre, role=role)
    return user
