"""The demonstration's sign-ins: printed at start and on the sign-in page, nowhere else in use."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as say

from takeroot.accounts.enums import Role

PASSWORD = "three-doors-then-nine"  # noqa: S105 - of fictional people, shown on the page


@dataclass(frozen=True)
class Account:
    """One sign-in of the demonstration."""

    email: str
    name: str
    role: str
    centre: str
    language: str
    # English here and on the console; the pages say them in the language of whoever looks.
    role_words: str
    centre_words: str


COLCHESTER, MADAWASKA = "colchester", "madawaska"
_IN_TRURO, _IN_EDMUNDSTON = say("Truro, in English"), say("Edmundston, in French")

ACCOUNTS = (
    Account(
        "jo@colchester.example",
        "Jo Sample",
        Role.COORDINATOR,
        COLCHESTER,
        "en",
        say("coordinator"),
        _IN_TRURO,
    ),
    Account(
        "sam@colchester.example",
        "Sam Specimen",
        Role.WORKER,
        COLCHESTER,
        "en",
        say("settlement worker"),
        _IN_TRURO,
    ),
    Account(
        "pat@colchester.example",
        "Pat Prototype",
        Role.PRIVACY_OFFICER,
        COLCHESTER,
        "en",
        say("privacy officer"),
        _IN_TRURO,
    ),
    Account(
        "camille@madawaska.example",
        "Camille Échantillon",
        Role.COORDINATOR,
        MADAWASKA,
        "fr",
        say("coordinator"),
        _IN_EDMUNDSTON,
    ),
    Account(
        "dominique@madawaska.example",
        "Dominique Exemplaire",
        Role.WORKER,
        MADAWASKA,
        "fr",
        say("settlement worker"),
        _IN_EDMUNDSTON,
    ),
    Account(
        "secretariat@takeroot.example",
        "Robin Muster",
        Role.SECRETARIAT,
        COLCHESTER,
        "en",
        say("secretariat"),
        say("adds up all centres"),
    ),
    Account(
        "operator@takeroot.example",
        "Alex Muster",
        Role.OPERATOR,
        COLCHESTER,
        "en",
        say("platform operator"),
        say("makes new centres"),
    ),
)
