"""Kinds of grants and consents."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class GivenHow(models.TextChoices):
    """How a person said yes."""

    IN_PERSON = "in_person", _("by the person, in writing or online")
    PHONE = "phone", _("by telephone")
    PAPER = "paper", _("on paper")
    INTERPRETER = "interpreter", _("through an interpreter")


class Purpose(models.TextChoices):
    """What a person's details may be used for."""

    MATCHING = "matching", _("finding a Connector")
    INTRODUCTION = "introduction", _("an introduction to a Connector")
    OTHER_CENTRE = "other_centre", _("an introduction to a Connector of another centre")
    TRANSFER = "transfer", _("moving the file to another centre")
    REFERRAL = "referral", _("introductions to the people a Connector knows")
    OUTCOME = "outcome", _("telling those who helped what came of it")
    RECOGNITION = "recognition", _("recognition for what they did in a year")


class GrantBasis(models.TextChoices):
    CONSENT = "consent", _("consent")
    MATCH = "match", _("a match")
    ASSIGNMENT = "assignment", _("an assignment")
    ROLE = "role", _("a role")


class FingerprintKind(models.TextChoices):
    """Of what a keyed hash is kept when the thing itself is gone."""

    ADDRESS = "address", _("an address that asked never to be written to again")
    REFERENCE = "reference", _("the number of an erased person in the centre's own lists")


class Share(models.TextChoices):
    """The parts of a file that a grant or a consent can open."""

    NAME = "name", _("name")
    PROFILE = "profile", _("occupation, languages and interests")
    CONTACT = "contact", _("e-mail and telephone")
    RESUME = "resume", _("résumé")


# A new word needs no migration: columns ask these functions, migrations name them.


def given_hows() -> list[tuple[Any, Any]]:
    return GivenHow.choices


def fingerprint_kinds() -> list[tuple[Any, Any]]:
    return FingerprintKind.choices


def purposes() -> list[tuple[Any, Any]]:
    return Purpose.choices


def grant_bases() -> list[tuple[Any, Any]]:
    return GrantBasis.choices


def shares() -> list[tuple[Any, Any]]:
    return Share.choices
