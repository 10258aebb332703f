"""Organizations come into being when somebody first names them."""

from __future__ import annotations

from django.db import transaction

from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.common.text import search_key, tidy
from takeroot.organizations.models import Organization


@transaction.atomic
def organization_named(*, centre: Centre, name: str) -> Organization | None:
    """The centre's organization of that name (case and accents aside), made when new."""
    name = tidy(name)[:200]
    if not name:
        return None
    found = (
        Organization.objects.filter(
            centre=centre, party__kind=PartyKind.ORGANIZATION, party__search_key=search_key(name)
        )
        .select_related("party")
        .first()
    )
    if found:
        return found
    party = Party(centre=centre, kind=PartyKind.ORGANIZATION, name=name)
    party.save(force_insert=True)
    organization = Organization(centre=centre, party=party)
    organization.save(force_insert=True)
    return organization
