"""The words of the programme's letters, in the reader's language. Whole letters, edited by
people; no name of a third person that the reader may not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as say

from takeroot.accounts.models import Centre, Party
from takeroot.facts.noc import group_title
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand

LINK, SIGNED = "%(link)s", "%(signed)s"
#: What happens if nobody answers, told beforehand.
OTHERWISE = "%(otherwise)s"
#: Where the one link of an introduction will stand; the coordinator may move it.
LINK_TO_COME = "{link}"
_NOT_HELD = say("The meeting on %(when)s will not take place.")


@dataclass(frozen=True)
class Text:
    """Subject and body of one letter."""

    subject: str
    body: str


def occupation_words(code: str, text: str, language: str) -> str:
    """How an occupation is said in a letter: as the person put it, else the title of its group."""
    return text or (group_title(code, language) if code else "") or ""


def signed(centre: Centre) -> str:
    lines = [centre.name]
    if centre.postal_address:
        lines.append(centre.postal_address)
    if centre.email:
        lines.append(centre.email)
    return "\n".join(lines)


def letter(
    reader: Party,
    subject: str,
    *paragraphs: str,
    centre: Centre | None = None,
    owed: PromiseKind | None = None,
    due_in: int | None = None,
    **words: Any,
) -> Text:
    """The frame of every letter: in the reader's language, greeted by name, empty paragraphs left
    out. Sentences are marked with `say`; `words` are what stands in them as `%(name)s`. `owed`:
    what the letter asks for; its OTHERWISE tells what happens if nothing comes in `due_in` days."""
    with translation.override(reader.language):
        known: dict[str, Any] = {"name": reader.first_name, **words}
        if centre is not None:
            known |= {"centre": centre.name, "signed": signed(centre)}
            known.setdefault("word", centre.connector_word)
        if owed is not None:
            told = told_beforehand(centre=centre or reader.centre, kind=owed, days=due_in)
            known["otherwise"] = told
        said = [gettext(text) % known for text in (say("Hello %(name)s,"), *paragraphs) if text]
        return Text(gettext(subject) % known, "\n\n".join(said))


def introduction_to_connectee(
    *,
    centre: Centre,
    connectee: Party,
    connector: Party,
    connector_work: str,
    word: Any = "",
    days: int | None = None,
) -> Text:
    """The Connectee writes first: whom they meet, what to do now, what is not promised. `word`:
    what the helper is called, where it is not the centre's own word for a Connector."""
    return letter(
        connectee,
        say("Meet %(connector)s"),
        say("We would like you to meet %(connector)s (%(work)s), your %(word)s.")
        if connector_work
        else say("We would like you to meet %(connector)s, your %(word)s."),
        say(
            "You write first: open the page below and propose three times for a "
            "conversation of about 30 minutes. No account is needed."
        ),
        LINK_TO_COME,
        say(
            "You may talk about how your industry works here, your skills, its news, what "
            "the market asks for, and work that is never advertised. At the end you will "
            "be introduced to three more people."
        ),
        say(
            "No job is promised; doors are opened. If it does not suit you, say so on the "
            "same page: nobody will ask why."
        ),
        OTHERWISE,
        SIGNED,
        centre=centre,
        due_in=days,
        connector=connector.name,
        work=connector_work,
        **({"word": word} if word else {}),
        owed=PromiseKind.BOOK_MEETING,
    )


def introduction_to_connector(
    *, centre: Centre, connector: Party, connectee: Party, connectee_work: str, referrals: int
) -> Text:
    """What the Connector is asked for: one conversation, and some doors opened."""
    return letter(
        connector,
        say("Please meet %(connectee)s"),
        say("Thank you for opening doors. We would like to introduce %(connectee)s (%(work)s).")
        if connectee_work
        else say("Thank you for opening doors. We would like to introduce %(connectee)s."),
        say(
            "%(connectee)s will propose three times; you choose one. The commitment is "
            "one conversation of about 30 minutes, then introductions to %(referrals)d "
            "people you know. No job is expected of you."
        ),
        LINK_TO_COME,
        say(
            "The same page tells what to talk about, and is where you say how it went. If "
            "you cannot take part now, say so there: somebody else will be asked."
        ),
        OTHERWISE,
        SIGNED,
        centre=centre,
        connectee=connectee.name,
        work=connectee_work,
        referrals=referrals,
        owed=PromiseKind.REFER,
    )


def times_proposed(
    *, reader: Party, other: Party, when: list[str], link: str, before: str = ""
) -> Text:
    """`before`: the booked time, in words, that the proposed ones are to replace."""
    return letter(
        reader,
        say("%(other)s proposes other times") if before else say("%(other)s proposes three times"),
        _NOT_HELD if before else "",
        say("%(other)s proposes these times (shown in your time zone):"),
        "%(times)s",
        say("Choose one of them, or propose others:"),
        LINK,
        OTHERWISE,
        say("The attached file takes the old time out of your calendar.") if before else "",
        other=other.name,
        times="\n".join(f"– {time}" for time in when),
        when=before,
        link=link,
        owed=PromiseKind.ANSWER_TIMES,
    )


def times_changed(*, reader: Party, other: Party, before: str, link: str) -> Text:
    """To somebody who proposed other times instead of a booked one."""
    return letter(
        reader,
        say("You proposed other times to %(other)s"),
        _NOT_HELD,
        say(
            "%(other)s has your other times and chooses one; then you receive it for your "
            "calendar. The attached file takes the old time out of it."
        ),
        say("You can look at what you proposed here:"),
        LINK,
        other=other.name,
        when=before,
        link=link,
    )


def meeting_booked(*, reader: Party, other: Party, when: str, where: str, link: str) -> Text:
    return letter(
        reader,
        say("You meet %(other)s: %(when)s"),
        say("You will meet %(other)s on %(when)s."),
        say("Where: %(where)s") if where else "",
        say(
            "The attached file puts it into your calendar. If something comes up, change "
            "it here; afterwards, say here how it went:"
        ),
        LINK,
        OTHERWISE,
        other=other.name,
        when=when,
        where=where,
        link=link,
        owed=PromiseKind.LOG_MEETING,
    )


def meeting_cancelled(*, reader: Party, other: Party, when: str, link: str) -> Text:
    return letter(
        reader,
        say("Cancelled: meeting with %(other)s"),
        say("The meeting with %(other)s on %(when)s will not take place."),
        say("Propose other times here:"),
        LINK,
        other=other.name,
        when=when,
        link=link,
    )


def introduction_ended(*, reader: Party, other: Party, when: str) -> Text:
    """To the one who stays: no blame, no reason, what happens next."""
    return letter(
        reader,
        say("%(other)s cannot take part now"),
        say("%(other)s cannot take part now. It is not about you, and nobody asks why."),
        _NOT_HELD if when else "",
        say("You need to do nothing: the centre looks for somebody else."),
        other=other.name,
        when=when,
    )


def match_ended(*, reader: Party, other: Party, when: str) -> Text:
    """To both, when the centre ends a match that had been introduced."""
    return letter(
        reader,
        say("The introduction to %(other)s has ended"),
        say("The centre has ended the introduction between you and %(other)s."),
        _NOT_HELD if when else "",
        say("You need to do nothing. If you have a question, answer this letter."),
        other=other.name,
        when=when,
    )


def ask_referrals(*, reader: Party, connectee: Party, count: int, link: str) -> Text:
    return letter(
        reader,
        say("Three more doors for %(connectee)s"),
        say("Thank you for meeting %(connectee)s."),
        say(
            "Who are %(count)d people you know whom %(connectee)s should meet? Write their "
            "names here. We ask each of them first; nothing about %(connectee)s moves "
            "before they say yes."
        ),
        LINK,
        OTHERWISE,
        connectee=connectee.name,
        count=count,
        link=link,
        owed=PromiseKind.REFER,
    )


def may_we_introduce(
    *, centre: Centre, contact: Party, referrer: Party, introduced_as: str, why: str, link: str
) -> Text:
    """The one message to a contact: who asked, why, how to say no for good."""
    with translation.override(contact.language):
        who = introduced_as or gettext("a skilled newcomer")
    return letter(
        contact,
        say("%(referrer)s would like to introduce somebody to you"),
        say(
            "%(referrer)s thinks you should meet somebody who has newly settled here: "
            "%(who)s. May we introduce you?"
        ),
        say("%(referrer)s says: “%(why)s”") if why else "",
        say("Yes or no takes one click; no account is needed:"),
        LINK,
        say(
            "You receive this single message because %(referrer)s gave us your address "
            "for this purpose. We have told the newcomer nothing about you. On the same "
            "page you can ask us never to write again. If you do not answer within "
            "%(days)d days, we delete your address."
        ),
        SIGNED,
        centre=centre,
        name=contact.name,
        referrer=referrer.name,
        who=who,
        why=why,
        days=centre.contact_days,
        link=link,
    )


def contact_said_yes(
    *, connectee: Party, contact: Party, contact_work: str, referrer: Party
) -> Text:
    return letter(
        connectee,
        say("%(contact)s would like to meet you"),
        say("%(contact)s (%(work)s) would be glad to meet you. %(referrer)s opened this door.")
        if contact_work
        else say("%(contact)s would be glad to meet you. %(referrer)s opened this door."),
        say("Write to %(email)s within a few days, and say who sent you.")
        if contact.email
        else say("Call %(phone)s within a few days, and say who sent you."),
        contact=contact.name,
        work=contact_work,
        email=contact.email,
        phone=contact.phone,
        referrer=referrer.name,
    )


def thanks_for_yes(*, contact: Party, connectee: Party, count: int, link: str) -> Text:
    return letter(
        contact,
        say("Thank you for opening a door"),
        say("Thank you. %(connectee)s will write to you (%(email)s).")
        if connectee.email
        else say("Thank you. %(connectee)s will get in touch with you."),
        say(
            "After you have met: who are %(count)d people you know whom %(connectee)s "
            "should meet? You can name them here:"
        )
        if count
        else "",
        LINK if count else "",
        OTHERWISE if count else "",
        owed=PromiseKind.REFER_ON,
        name=contact.name,
        connectee=connectee.name,
        email=connectee.email,
        count=count,
        link=link,
    )


def moved_away(*, reader: Party, when: str) -> Text:
    """A newcomer has moved to another centre. To those whom they met through this one: no name."""
    return letter(
        reader,
        say("A newcomer has moved to another centre"),
        say(
            "Somebody you were introduced to has moved to another centre, which looks after them "
            "from now on. It has nothing to do with you: thank you for having opened a door."
        ),
        _NOT_HELD if when else "",
        say("You need to do nothing more for them. If you have a question, answer this letter."),
        SIGNED,
        centre=reader.centre,
        when=when,
    )


def other_cannot(*, reader: Party, when: str) -> Text:
    """Somebody asked to be forgotten. To the other side: no name, no reason, no blame."""
    return letter(
        reader,
        say("An introduction has ended"),
        say(
            "One of the people you were introduced to cannot take part any more. It has nothing "
            "to do with you, and their details are no longer kept."
        ),
        _NOT_HELD if when else "",
        say("You need to do nothing. If you have a question, answer this letter."),
        when=when,
    )
