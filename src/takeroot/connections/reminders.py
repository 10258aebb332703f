"""The words of what the house writes of its own accord: kind, short, with one thing to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_noop as say
from django.utils.translation import ngettext

from takeroot.accounts.models import Centre, Party
from takeroot.connections.letters import LINK, Text, letter

_BY_LETTER = say("You may also answer this letter.")


def _reach(centre: Centre) -> str:
    """How else the centre can be reached."""
    if centre.email:
        return say("You may also answer this letter, or write to %(address)s.")
    return _BY_LETTER


def propose_times(*, reader: Party, other: Party, link: str) -> Text:
    return letter(
        reader,
        say("Three times for %(other)s?"),
        say(
            "%(other)s is glad to meet you, and you write first: propose three times on this "
            "page. It takes two minutes."
        ),
        LINK,
        say("If it does not suit you, say so there; nobody asks why."),
        other=other.name,
        link=link,
    )


def choose_a_time(*, reader: Party, other: Party, link: str) -> Text:
    return letter(
        reader,
        say("%(other)s waits for your choice"),
        say("%(other)s has proposed times for a conversation. Choose one, or propose others:"),
        LINK,
        say("If you cannot take part now, one click there says so, and somebody else is asked."),
        other=other.name,
        link=link,
    )


def another_way(*, reader: Party, centre: Centre, link: str) -> Text:
    """The offer of another way; a member of the staff calls as well."""
    return letter(
        reader,
        say("Is there an easier way for you?"),
        say("We have not heard from you. Perhaps this page is easier now:"),
        LINK,
        say(
            "If a page is not your way, somebody of the centre will call you and do it with "
            "you. “Not now” is an answer too."
        ),
        _reach(centre),
        address=centre.email,
        link=link,
    )


def how_did_it_go(*, reader: Party, other: Party, link: str) -> Text:
    return letter(
        reader,
        say("How did it go with %(other)s?"),
        say("Did you and %(other)s meet? One click says it, here:"),
        LINK,
        say("If you have not met, say so there and find another time."),
        other=other.name,
        link=link,
    )


def name_people(*, reader: Party, connectee: Party, left: int, asked: int, link: str) -> Text:
    """Says how many doors are open already: 2 of 3, or none yet."""
    with translation.override(reader.language):
        subject = ngettext(
            "One more door for %(connectee)s?", "%(left)d more doors for %(connectee)s?", left
        )
    return letter(
        reader,
        subject,
        say("You have opened %(given)d of %(asked)d doors for %(connectee)s. Thank you.")
        if left < asked
        else say("%(connectee)s would be glad of the doors that you can open."),
        say("Whom should %(connectee)s meet? Write their names here; we ask each first."),
        LINK,
        say("“I cannot name more” is an answer too: say so there, and we stop asking."),
        connectee=connectee.name,
        given=asked - left,
        asked=asked,
        left=left,
        link=link,
    )


def we_are_late(*, reader: Party, centre: Centre) -> Text:
    """To somebody whose application the centre has not looked at in time."""
    return letter(
        reader,
        say("We are late, and have not forgotten you"),
        say(
            "You applied to %(centre)s, and we said that you would hear from us. We are late. "
            "Your application is safe, and it is among the first that we look at."
        ),
        _reach(centre),
        centre=centre,
        address=centre.email,
    )


def somebody_else(*, reader: Party, other: Party) -> Text:
    """To the one who waited, when the other did not answer."""
    return letter(
        reader,
        say("We look for somebody else for you"),
        say(
            "We could not reach %(other)s. It is not about you, and you need to do nothing: "
            "the centre looks for somebody else, and you keep your place."
        ),
        other=other.name,
    )


def your_place_is_free(*, reader: Party, other: Party) -> Text:
    """To a Connector whose Connectee did not answer."""
    return letter(
        reader,
        say("Your place is free again"),
        say(
            "We could not reach %(other)s, so this introduction ends. Thank you for being "
            "ready; your place is free for somebody else."
        ),
        other=other.name,
    )


def resting(*, reader: Party, other: Party, centre: Centre) -> Text:
    """To a Connector who did not answer: no blame, no more letters until they say so."""
    return letter(
        reader,
        say("We ask somebody else, and let you rest"),
        say(
            "We did not hear from you, so we ask somebody else to meet %(other)s. That is all "
            "right: everybody has full weeks. We propose nobody to you until you tell us that "
            "you have time again."
        ),
        _reach(centre),
        other=other.name,
        address=centre.email,
    )


def not_reached(*, reader: Party, other: Party, centre: Centre) -> Text:
    """To a Connectee who did not answer: the introduction ends, the programme does not."""
    return letter(
        reader,
        say("The introduction to %(other)s has ended"),
        say(
            "We did not hear from you, so we have ended the introduction to %(other)s. You "
            "stay in the programme. Tell us when you have time, and we look for somebody else."
        ),
        _reach(centre),
        other=other.name,
        address=centre.email,
    )


def thanks_anyway(*, reader: Party, connectee: Party) -> Text:
    """The last letter about doors: thanks, and no more asking."""
    return letter(
        reader,
        say("Thank you for what you did for %(connectee)s"),
        say(
            "We stop asking for further names. If somebody comes to mind later, the page of "
            "our letter still works, and %(connectee)s will be glad."
        ),
        connectee=connectee.name,
    )


def still_meet(*, reader: Party, other: Party, link: str, first: bool) -> Text:
    """To a Connectee who has found work before the meeting."""
    return letter(
        reader,
        say("Would you still like to meet %(other)s?"),
        say("We hear that you have found work: congratulations!") if first else "",
        say(
            "Many people still like to meet their Connector: a network is for more than one "
            "job. Would you still like to meet %(other)s? Say yes or no here:"
        ),
        LINK,
        other=other.name,
        link=link,
    )


def found_work(*, reader: Party, other: Party) -> Text:
    """To a Connector whose Connectee found work before they met."""
    return letter(
        reader,
        say("%(other)s has found work"),
        say(
            "%(other)s has found work before you could meet, so the introduction ends here. "
            "Thank you for being ready; your place is free for somebody else."
        ),
        other=other.name,
    )


def still_right(*, reader: Party, link: str, first: bool) -> Text:
    """Asks whether a file is still right."""
    return letter(
        reader,
        say("Is what we know of you still right?"),
        say("It is half a year since we looked at it together.") if first else "",
        say("Please look at it once, change what has changed, and press one button:"),
        LINK,
        link=link,
    )


def late_today(*, reader: Party, centre: Centre, lines: Sequence[str], day: date) -> Text:
    """To a coordinator, at most once a day: how much is late, no names of people."""
    with translation.override(reader.language):
        subject = ngettext(
            "%(centre)s: one thing is late", "%(centre)s: %(n)d things are late", len(lines)
        )
        when = date_format(day, "DATE_FORMAT")
    return letter(
        reader,
        subject,
        say("These wait for the centre (%(day)s):"),
        "%(lines)s",
        say("Today, the first page after you sign in, leads to each of them."),
        centre=centre,
        n=len(lines),
        day=when,
        lines="\n".join(f"– {line}" for line in lines),
    )


def noted_from_reply(*, reader: Party, other: Party, met_on: date | None, link: str) -> Text:
    """What we understood of an answer, and how to take it back."""
    with translation.override(reader.language):
        day = date_format(met_on, "DATE_FORMAT") if met_on else ""
    return letter(
        reader,
        say("We noted what you wrote about %(other)s"),
        say("Thank you for your answer. We noted: you and %(other)s met on %(day)s.")
        if met_on
        else say("Thank you for your answer. We noted: you and %(other)s have not met."),
        say("If that is not what you meant, take it back with one click on this page:"),
        LINK,
        other=other.name,
        day=day,
        link=link,
    )


def not_after_all(*, reader: Party, other: Party) -> Text:
    """The Connector was thanked for a meeting that has not taken place."""
    return letter(
        reader,
        say("You and %(other)s have not met yet, after all"),
        say(
            "We had noted that you and %(other)s met; that was a misunderstanding. Nothing is "
            "asked of you now: forget our last letter."
        ),
        other=other.name,
    )
