"""Words of the yearly recognition: what is counted, how people answer, what a jury decides."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    CONNECTOR = "connector", _("Connectors")
    ORGANIZATION = "organization", _("Organizations")


class Measure(models.TextChoices):
    """What a rule may count in a year. What each means is said in `recognition_words`."""

    MET = "met", _("people met")
    NAMED = "named", _("referrals made")
    DOORS = "doors", _("doors opened onward")
    ACTIVE = "active", _("active Connectors")
    CONNECTEES = "connectees", _("Connectees met by its Connectors")


class RecognitionState(models.TextChoices):
    LISTED = "listed", _("being prepared")
    JURY = "jury", _("before the jury")
    DECIDED = "decided", _("decided")


class Answer(models.TextChoices):
    """What somebody on the list said: nothing moves outside the centre before a yes."""

    WAITING = "waiting", _("has not answered yet")
    PUBLIC = "public", _("yes, and everybody may know")
    JURY = "jury", _("yes, but only the jury may know")
    NO = "no", _("would rather not")


YES = (Answer.PUBLIC, Answer.JURY)


class Outcome(models.TextChoices):
    RECOGNISED = "recognised", _("recognized")
    NOT_NOW = "not_now", _("not this year: the jury said no")
    TIED = "tied", _("not decided: the jury was evenly divided")
    TOO_FEW = "too_few", _("not decided: too few jurors could vote")
    LEFT_OUT = "left_out", _("left out by the centre")
    SAID_NO = "said_no", _("would rather not stand")
    SILENT = "silent", _("did not answer")


class Basis(models.TextChoices):
    """Why a juror stands aside."""

    SELF = "self", _("it is about them")
    ORGANIZATION = "organization", _("the same organization")
    MATCHED = "matched", _("they were matched with each other")
    SAID = "said", _("they said that they are too close")


# A new word needs no migration: columns ask these functions, migrations name them.


def categories() -> list[tuple[Any, Any]]:
    return Category.choices


def recognition_states() -> list[tuple[Any, Any]]:
    return RecognitionState.choices


def answers() -> list[tuple[Any, Any]]:
    return Answer.choices


def jury_outcomes() -> list[tuple[Any, Any]]:
    return Outcome.choices


def bases() -> list[tuple[Any, Any]]:
    return Basis.choices
