"""The demonstration's sign-ins: printed at start and on the sign-in page, nowhere else in use."""

from __future__ import annotations

from dataclasses import dataclass

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
    role_words: str
    centre_words: str


COLCHESTER, MADAWASKA = "colchester", "madawaska"
_IN_TRURO, _IN_EDMUNDSTON = "Truro, in English", "Edmundston, en français"

ACCOUNTS = (
    Account(
        "jo@colchester.example",
        "Jo Sample",
        Role.COORDINATOR,
        COLCHESTER,
        "en",
        "coordinator",
        _IN_TRURO,
    ),
    Account(
        "sam@colchester.example",
        "Sam Specimen",
        Role.WORKER,
        COLCHESTER,
        "en",
        "settlement worker",
        _IN_TRURO,
    ),
    Account(
        "pat@colchester.example",
        "Pat Prototype",
        Role.PRIVACY_OFFICER,
        COLCHESTER,
        "en",
        "privacy officer",
        _IN_TRURO,
    ),
    Account(
        "camille@madawaska.example",
        "Camille Échantillon",
        Role.COORDINATOR,
        MADAWASKA,
        "fr",
        "coordonnatrice",
        _IN_EDMUNDSTON,
    ),
    Account(
        "secretariat@takeroot.example",
        "Robin Muster",
        Role.SECRETARIAT,
        COLCHESTER,
        "en",
        "secretariat",
        "adds up all centres",
    ),
    Account(
        "operator@takeroot.example",
        "Alex Muster",
        Role.OPERATOR,
        COLCHESTER,
        "en",
        "platform operator",
        "makes new centres",
    ),
)
