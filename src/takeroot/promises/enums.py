"""What can be owed, and how it stands."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class PromiseKind(models.TextChoices):
    SIGN_READINESS = "sign_readiness", _("Sign the readiness list")
    DECIDE_ROUND = "decide_round", _("Decide the round's proposals")
    SEND_INTRODUCTION = "send_introduction", _("Send the introduction")
    BOOK_MEETING = "book_meeting", _("Find a time to meet")
    LOG_MEETING = "log_meeting", _("Say whether the meeting took place")
    REFER = "refer", _("Open three doors")
    ANSWER_REFERRAL = "answer_referral", _("Answer whether an introduction is welcome")


class PromiseState(models.TextChoices):
    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    CLOSED = "closed", _("closed, with a reason")


class CloseReason(models.TextChoices):
    WITHDRAWN = "withdrawn", _("the match was ended")
    DECLINED = "declined", _("the answer was no")
    NO_ANSWER = "no_answer", _("nobody answered in time")
    REPLACED = "replaced", _("something else took its place")
    NOBODY = "nobody", _("knows nobody else who fits")
    NO_TIME = "no_time", _("has no time now")
    RATHER_NOT = "rather_not", _("would rather not")
    ERASED = "erased", _("one of the two asked to be forgotten")


# A new word needs no migration: columns ask these functions, migrations name them.


def promise_kinds() -> list[tuple[Any, Any]]:
    return PromiseKind.choices


def close_reasons() -> list[tuple[Any, Any]]:
    return CloseReason.choices
