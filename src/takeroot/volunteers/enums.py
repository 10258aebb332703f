"""Words of screening and hours."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScreeningKind(models.TextChoices):
    """What a centre may ask of its volunteers before they meet anybody."""

    POLICE = "police", _("police check")
    VULNERABLE = "vulnerable", _("vulnerable sector check")
    REFERENCE = "reference", _("reference")
    ORIENTATION = "orientation", _("orientation")


class Standing(models.TextChoices):
    """How one kind of screening of one person stands on a day."""

    VALID = "valid", _("valid")
    DUE = "due", _("to be renewed soon")
    GRACE = "grace", _("ended, days of grace run")
    EXPIRED = "expired", _("ended")
    MISSING = "missing", _("not there")


# With these nobody is newly matched; introductions that stand go on.
BLOCKING = (Standing.EXPIRED, Standing.MISSING)


class Work(models.TextChoices):
    """What volunteers give their time to, besides the meetings, which count by themselves."""

    PREPARATION = "preparation", _("preparing meetings and calls")
    EVENT = "event", _("an event of the centre")
    ADVICE = "advice", _("advice to the centre")
    OTHER = "other", _("something else")


# A new word needs no migration: columns ask these functions, migrations name them.


def screening_kinds() -> list[tuple[Any, Any]]:
    return ScreeningKind.choices


def works() -> list[tuple[Any, Any]]:
    return Work.choices
