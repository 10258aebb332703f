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
    REFER_ON = "refer_on", _("Open three doors, as a contact")
    ANSWER_REFERRAL = "answer_referral", _("Answer whether an introduction is welcome")
    ANSWER_TIMES = "answer_times", _("Choose one of the proposed times")
    STILL_MEET = "still_meet", _("Say whether the meeting should still take place")
    UPDATE_PROFILE = "update_profile", _("Say whether the file is still right")
    CALL = "call", _("Call somebody who does not answer")
    ASK_BY_PHONE = "ask_by_phone", _("Call a contact who was named")
    CHOOSE_ANOTHER = "choose_another", _("Choose somebody else")
    FIX_ADDRESS = "fix_address", _("Find an address that works")
    READ_REPLY = "read_reply", _("Read an answer that came by letter")
    LOOK_AFTER = "look_after", _("Look after somebody")
    STAY_CHECK = "stay_check", _("Say whether they are still here")
    LOOK_AGAIN = "look_again", _("Look at an application again")
    ANSWER_CONNECTOR = "answer_connector", _("Answer somebody who offers to help")
    READ_THANKS = "read_thanks", _("Read a thank-you and pass it on")
    ANSWER_SHARED = "answer_shared", _("Answer another centre's request")
    ANSWER_TRANSFER = "answer_transfer", _("Say whether the file may move to another centre")
    DECIDE_TRANSFER = "decide_transfer", _("Decide whether to take over a newcomer")
    MEET_ACROSS = "meet_across", _("Meet somebody of another centre")
    REFER_ACROSS = "refer_across", _("Open doors for a newcomer of another centre")
    RATE_AFTER = "rate_after", _("Say whether it changed anything")
    READ_WORDS = "read_words", _("Read a testimonial before it is shown")
    DECIDE_JURY = "decide_jury", _("Decide in a jury")
    CLOSE_YEAR = "close_year", _("Close the recognition of a year")
    RENEW_SCREENING = "renew_screening", _("Renew a screening")


class PromiseState(models.TextChoices):
    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    CLOSED = "closed", _("closed, with a reason")


class Act(models.TextChoices):
    """What one rung of a ladder does."""

    REMIND = "remind", _("a reminder")
    OTHER_WAY = "other_way", _("another way is offered, and the centre calls")
    REASSIGN = "reassign", _("somebody else is asked")
    CLOSE = "close", _("closed: nobody answered")


class Hold(models.TextChoices):
    """Why a ladder stands still."""

    BOUNCED = "bounced", _("their mailbox refuses letters")
    CENTRE = "centre", _("the centre waits on purpose")


class CloseReason(models.TextChoices):
    WITHDRAWN = "withdrawn", _("the match was ended")
    DECLINED = "declined", _("the answer was no")
    NO_ANSWER = "no_answer", _("nobody answered in time")
    REPLACED = "replaced", _("something else took its place")
    NOBODY = "nobody", _("knows nobody else who fits")
    NO_TIME = "no_time", _("has no time now")
    RATHER_NOT = "rather_not", _("would rather not")
    ERASED = "erased", _("one of the two asked to be forgotten")
    EMPLOYED = "employed", _("found work before")
    STOPPED = "stopped", _("the centre stopped all contact")
    DONE = "done", _("settled in another way")
    MOVED = "moved", _("the person moved to another centre")
    SENT_ONWARD = "sent_onward", _("the person was sent onward")


# A new word needs no migration: columns ask these functions, migrations name them.


def promise_kinds() -> list[tuple[Any, Any]]:
    return PromiseKind.choices


def close_reasons() -> list[tuple[Any, Any]]:
    return CloseReason.choices


def acts() -> list[tuple[Any, Any]]:
    return Act.choices


def holds() -> list[tuple[Any, Any]]:
    return Hold.choices
