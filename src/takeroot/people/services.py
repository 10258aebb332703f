"""Opening and editing a person's file."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.common.editing import save_version
from takeroot.people.models import Person

PARTY_FIELDS = ("name", "email", "phone", "language")
PERSON_FIELDS = (
    "status",
    "arrived_on",
    "occupation_code",
    "occupation_text",
    "languages",
    "interests",
    "place",
    "mode",
)


@transaction.atomic
def open_file(*, centre: Centre, party: dict[str, Any], person: dict[str, Any]) -> Person:
    """A new person: the Party that carries the name, and the file."""
    who = Party(centre=centre, kind=PartyKind.PERSON, timezone=centre.timezone, **party)
    who.save(force_insert=True)
    # One key for Party and file (and part in the programme): one id for one person.
    file = Person(id=who.pk, centre=centre, party=who, **person)
    file.full_clean(exclude=["centre", "party", "place"])
    file.save(force_insert=True)
    return file


@transaction.atomic
def edit_file(
    *, person: Person, expected: int, party: dict[str, Any], details: dict[str, Any]
) -> Person:
    """Change a file that nobody else changed meanwhile; raises EditedMeanwhile."""
    for name, value in details.items():
        setattr(person, name, value)
    person.full_clean(exclude=["centre", "party", "place"])
    save_version(person, expected=expected, fields=list(details))
    who = person.party
    for name, value in party.items():
        setattr(who, name, value)
    if party:
        who.save()
    return person
