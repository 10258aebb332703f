"""The letters of a year's recognition: to whoever stands on the list, to the jury, the thanks."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_noop as say

from takeroot.accounts.models import Party
from takeroot.connections.letters import LINK, OTHERWISE, SIGNED, Text, letter
from takeroot.connections.models_recognition import Nominee, Recognition
from takeroot.connections.recognition_words import category_in_words
from takeroot.promises.enums import PromiseKind


def _for_whom(nominee: Nominee, language: str) -> dict[str, Any]:
    with translation.override(language):
        award = category_in_words(nominee.category, nominee.centre)
    return {"award": award, "who": nominee.party.name, "year": str(nominee.recognition.year)}


def may_we_recognise(*, nominee: Nominee, link: str) -> Text:
    """Before anybody outside the centre hears the name: would they like it?"""
    own = nominee.party_id == nominee.speaks_id
    return letter(
        nominee.speaks,
        say("May we thank you in front of others?")
        if own
        else say("May we thank %(who)s in front of others?"),
        say(
            "You stand on our list for “%(award)s” %(year)s: for people you met, and doors you "
            "opened. Thank you."
        )
        if own
        else say(
            "%(who)s stands on our list for “%(award)s” %(year)s, for what its people did for "
            "newcomers. We ask you because you are one of them: answer only if you may speak for "
            "it, or ask whoever may."
        ),
        say(
            "A small jury decides. Before it hears any name we ask: would this be welcome, and "
            "may others know? Say it here, and take it back on the same page at any time:"
        ),
        LINK,
        say("If you do not answer, nobody hears the name. You need not say why."),
        SIGNED,
        centre=nominee.centre,
        link=link,
        **_for_whom(nominee, nominee.speaks.language),
    )


def please_decide(*, reader: Party, recognition: Recognition, link: str) -> Text:
    """To a juror: what is asked, and to stand aside where they are too close."""
    return letter(
        reader,
        say("Would you help us decide whom we thank for %(year)s?"),
        say(
            "%(centre)s asks you to be one of a small jury. The list comes from a rule that "
            "everybody can read; you say yes or no to each name on it, and why if it is no."
        ),
        say(
            "If you are too close to somebody, say so there: you then stand aside from that one "
            "decision. That is no blame, and it is kept."
        ),
        LINK,
        OTHERWISE,
        say("Please keep the names to yourself until the centre has told them."),
        SIGNED,
        centre=recognition.centre,
        owed=PromiseKind.DECIDE_JURY,
        link=link,
        year=str(recognition.year),
    )


def still_to_decide(*, reader: Party, recognition: Recognition, link: str) -> Text:
    """The one reminder to a juror."""
    return letter(
        reader,
        say("The jury for %(year)s: a few names wait for you"),
        say(
            "Some names on the list for %(year)s still wait for your yes or no. Standing aside is "
            "an answer too."
        ),
        LINK,
        SIGNED,
        centre=recognition.centre,
        link=link,
        year=str(recognition.year),
    )


def thanks(*, nominee: Nominee, link: str) -> Text:
    """The jury said yes."""
    own = nominee.party_id == nominee.speaks_id
    return letter(
        nominee.speaks,
        say("Thank you for %(year)s"),
        say(
            "The jury has decided: you are “%(award)s” %(year)s. Thank you for every conversation, "
            "and for every door you opened."
        )
        if own
        else say(
            "The jury has decided: %(who)s is “%(award)s” %(year)s. Thank you to everybody there "
            "who met a newcomer."
        ),
        say(
            "Here is a certificate to print. On the same page you decide whether others may "
            "know, and can take that back at any time:"
        ),
        LINK,
        SIGNED,
        centre=nominee.centre,
        link=link,
        **_for_whom(nominee, nominee.speaks.language),
    )


def not_this_year(*, nominee: Nominee) -> Text:
    """Whoever was asked hears how it ended."""
    return letter(
        nominee.speaks,
        say("Our thanks for %(year)s"),
        say(
            "The jury has decided for %(year)s, and recognizes others this time. Nothing you did "
            "counts less for it: newcomers met people because of you."
        ),
        SIGNED,
        centre=nominee.centre,
        **_for_whom(nominee, nominee.speaks.language),
    )
