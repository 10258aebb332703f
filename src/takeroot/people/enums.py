"""Words for a person's file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingMode(models.TextChoices):
    IN_PERSON = "in_person", _("in person")
    VIDEO = "video", _("by video")
    EITHER = "either", _("in person or by video")


class Status(models.TextChoices):
    """What allows somebody to be in Canada. Empty means not stated."""

    PERMANENT = "permanent", _("permanent resident")
    PROTECTED = "protected", _("protected person")
    TEMPORARY_WORKER = "temporary_worker", _("temporary worker")
    STUDENT = "student", _("international student or graduate")
    CITIZEN = "citizen", _("Canadian citizen")
    BEFORE_ARRIVAL = "before_arrival", _("approved, not yet arrived")
