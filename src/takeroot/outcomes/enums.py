"""Words for what came of it: work, and whether somebody stayed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class InField(models.TextChoices):
    """Whether work is in the person's own field. Nobody knows is an answer of its own."""

    YES = "yes", _("yes, in their field")
    NO = "no", _("no, other work")
    UNKNOWN = "unknown", _("not known")


class Evidence(models.TextChoices):
    """On what the centre rests when it counts a job."""

    PERSON = "person", _("the person said so")
    EMPLOYER = "employer", _("the employer said so")
    DOCUMENT = "document", _("a document was seen")


class Told(models.TextChoices):
    """How the centre came to know something."""

    LINK = "link", _("by a link in a letter")
    PHONE = "phone", _("by telephone")
    PAPER = "paper", _("on paper")
    IN_PERSON = "in_person", _("in person")


class StayState(models.TextChoices):
    ASKED = "asked", _("asked, no answer yet")
    ANSWERED = "answered", _("answered")
    UNKNOWN = "unknown", _("nobody knows")


class Where(models.TextChoices):
    """Where somebody lives when they are asked; each place lies inside the next."""

    COMMUNITY = "community", _("in the same community")
    PROVINCE = "province", _("elsewhere in the same province")
    CANADA = "canada", _("elsewhere in Canada")
    LEFT = "left", _("no longer in Canada")
    RATHER_NOT = "rather_not", _("would rather not say")


class SameEmployer(models.TextChoices):
    SAME = "same", _("the same employer")
    ANOTHER = "another", _("another employer")
    NONE = "none", _("no work now")
    RATHER_NOT = "rather_not", _("would rather not say")


class StayReason(models.TextChoices):
    """What weighs for staying or going, in the order in which people usually name it."""

    JOB = "job", _("work")
    SPOUSE = "spouse", _("work of the spouse or partner")
    CHILDREN = "children", _("children and school")
    HOUSING = "housing", _("housing")
    TRANSPORT = "transport", _("getting around")
    HEALTH = "health", _("doctors and health")
    FAITH_FOOD = "faith_food", _("faith and food")
    FRIENDS = "friends", _("friends and family")
    DISCRIMINATION = "discrimination", _("how people are treated")
    EDUCATION = "education", _("studies")
    NATURE = "nature", _("nature and a quiet life")
    COST = "cost", _("what life costs")


class CountFrom(models.TextChoices):
    """From which day the months of the stay checks are counted."""

    INTRODUCED = "introduced", _("the first letter of introduction")
    MET = "met", _("the first meeting with a Connector")


# A new word needs no migration: columns ask these functions, migrations name them.


def stay_reasons() -> list[tuple[Any, Any]]:
    return StayReason.choices


def told_hows() -> list[tuple[Any, Any]]:
    return Told.choices
