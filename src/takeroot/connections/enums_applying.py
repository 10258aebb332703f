"""Words of coming into the programme: applications, kind answers, what Connectors are."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class TakenHow(models.TextChoices):
    """How an application reached us; all but the first are written down by staff."""

    ONLINE = "online", _("by the person, online")
    PHONE = "phone", _("by telephone")
    PAPER = "paper", _("on paper")
    IN_PERSON = "in_person", _("in conversation")


class ConnectorKind(models.TextChoices):
    """What somebody who opens doors is in town."""

    EMPLOYER = "employer", _("employer or manager")
    PUBLIC_SERVANT = "public_servant", _("public servant")
    COMMUNITY_LEADER = "community_leader", _("community leader")
    VOLUNTEER = "volunteer", _("volunteer")
    OTHER = "other", _("something else")


class OnwardReason(models.TextChoices):
    """Why the programme cannot take somebody now."""

    DOCUMENTS = "documents", _("something is still missing")
    LANGUAGE = "language", _("the language is not yet enough for the field")
    NOT_JOB_READY = "not_job_ready", _("not yet ready to look for work")
    CRITERIA = "criteria", _("the programme is for others by its criteria")
    ELSEWHERE = "elsewhere", _("lives where another centre is nearer")
    OTHER = "other", _("another reason")


class RatingMoment(models.TextChoices):
    BEFORE = "before", _("before the introduction")
    AFTER = "after", _("after the introductions")


class ThanksState(models.TextChoices):
    WAITING = "waiting", _("waits for the centre")
    PASSED = "passed", _("passed on")
    KEPT_BACK = "kept_back", _("kept back")


# A new word needs no migration: columns ask these functions, migrations name them.


def taken_hows() -> list[tuple[Any, Any]]:
    return TakenHow.choices


def connector_kinds() -> list[tuple[Any, Any]]:
    return ConnectorKind.choices


def onward_reasons() -> list[tuple[Any, Any]]:
    return OnwardReason.choices


def rating_moments() -> list[tuple[Any, Any]]:
    return RatingMoment.choices


def thanks_states() -> list[tuple[Any, Any]]:
    return ThanksState.choices
