"""The demonstration's sign-ins: printed at start and on the sign-in page, nowhere else in use."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    # Said in the language of whoever looks at the first page.
    role_words: Promise
    centre_words: Promise


COLCHESTER, MADAWASKA = "colchester", "madawaska"
_IN_TRURO, _IN_EDMUNDSTON = _("Truro, in English"), _("Edmundston, in French")

ACCOUNTS = (
    Account(
        "jo@colchester.example",
        "Jo Sample",
        Role.COORDINATOR,
        COLCHESTER,
        "en",
        _("coordinator"),
        _IN_TRURO,
    ),
    Account(
        "sam@colchester.example",
        "Sam Specimen",
        Role.WORKER,
        COLCHESTER,
        "en",
        _("settlement worker"),
        _IN_TRURO,
    ),
    Account(
        "pat@colchester.example",
        "Pat Prototype",
        Role.PRIVACY_OFFICER,
        COLCHESTER,
        "en",
        _("privacy officer"),
        _IN_TRURO,
    ),
    Account(
        "camille@madawaska.example",
        "Camille Échantillon",
        Role.COORDINATOR,
        MADAWASKA,
        "fr",
        _("coordinator"),
        _IN_EDMUNDSTON,
    ),
    Account(
        "dominique@madawaska.example",
        "Dominique Exemplaire",
        Role.WORKER,
        MADAWASKA,
        "fr",
        _("settlement worker"),
        _IN_EDMUNDSTON,
    ),
    Account(
        "secretariat@takeroot.example",
        "Robin Muster",
        Role.SECRETARIAT,
        COLCHESTER,
        "en",
        _("secretariat"),
        _("adds up all centres"),
    ),
    Account(
        "operator@takeroot.example",
        "Alex Muster",
        Role.OPERATOR,
        COLCHESTER,
        "en",
        _("platform operator"),
        _("makes new centres"),
    ),
)
