"""The words of what the house writes of its own accord: kind, short, with one thing to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.accounts.models import Centre, Party
from takeroot.connections.letters import Text


def _letter(reader: Party, subject: str, *paragraphs: str) -> Text:
    hello = _("Hello %(name)s,") % {"name": reader.first_name}
    return Text(subject, "\n\n".join([hello, *(text for text in paragraphs if text)]))


def _reach(centre: Centre) -> str:
    """How else the centre can be reached."""
    if centre.email:
        return _("You may also answer this letter, or write to %(address)s.") % {
            "address": centre.email
        }
    return _("You may also answer this letter.")


def propose_times(*, reader: Party, other: Party, link: str) -> Text:
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("Three times for %(other)s?") % words,
            _(
                "%(other)s is glad to meet you, and you write first: propose three times on this "
                "page. It takes two minutes."
            )
            % words,
            link,
            _("If it does not suit you, say so there; nobody asks why."),
        )


def choose_a_time(*, reader: Party, other: Party, link: str) -> Text:
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("%(other)s waits for your choice") % words,
            _("%(other)s has proposed times for a conversation. Choose one, or propose others:")
            % words,
            link,
            _("If you cannot take part now, one click there says so, and somebody else is asked."),
        )


def another_way(*, reader: Party, centre: Centre, subject: str, link: str) -> Text:
    """The offer of another way; a member of the staff calls as well."""
    with translation.override(reader.language):
        return _letter(
            reader,
            subject or _("Is there an easier way for you?"),
            _("We have not heard from you. Perhaps this page is easier now:"),
            link,
            _(
                "If a page is not your way, somebody of the centre will call you and do it with "
                "you. “Not now” is an answer too."
            ),
            _reach(centre),
        )


def how_did_it_go(*, reader: Party, other: Party, link: str) -> Text:
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("How did it go with %(other)s?") % words,
            _("Did you and %(other)s meet? One click says it, here:") % words,
            link,
            _("If you have not met, say so there and find another time."),
        )


def name_people(*, reader: Party, connectee: Party, left: int, asked: int, link: str) -> Text:
    """Says how many doors are open already: 2 of 3, or none yet."""
    with translation.override(reader.language):
        words = {"connectee": connectee.name, "given": asked - left, "asked": asked, "left": left}
        so_far = (
            _("You have opened %(given)d of %(asked)d doors for %(connectee)s. Thank you.") % words
            if left < asked
            else _("%(connectee)s would be glad of the doors that you can open.") % words
        )
        return _letter(
            reader,
            ngettext(
                "One more door for %(connectee)s?",
                "%(left)d more doors for %(connectee)s?",
                left,
            )
            % words,
            so_far,
            _("Whom should %(connectee)s meet? Write their names here; we ask each first.") % words,
            link,
            _("“I cannot name more” is an answer too: say so there, and we stop asking."),
        )


def we_are_late(*, reader: Party, centre: Centre) -> Text:
    """To somebody whose application the centre has not looked at in time."""
    with translation.override(reader.language):
        return _letter(
            reader,
            _("We are late, and have not forgotten you"),
            _(
                "You applied to %(centre)s, and we said that you would hear from us. We are late. "
                "Your application is safe, and it is among the first that we look at."
            )
            % {"centre": centre.name},
            _reach(centre),
        )


def somebody_else(*, reader: Party, other: Party) -> Text:
    """To the one who waited, when the other did not answer."""
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("We look for somebody else for you"),
            _(
                "We could not reach %(other)s. It is not about you, and you need to do nothing: "
                "the centre looks for somebody else, and you keep your place."
            )
            % words,
        )


def your_place_is_free(*, reader: Party, other: Party) -> Text:
    """To a Connector whose Connectee did not answer."""
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("Your place is free again"),
            _(
                "We could not reach %(other)s, so this introduction ends. Thank you for being "
                "ready; your place is free for somebody else."
            )
            % words,
        )


def resting(*, reader: Party, other: Party, centre: Centre) -> Text:
    """To a Connector who did not answer: no blame, no more letters until they say so."""
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("We ask somebody else, and let you rest"),
            _(
                "We did not hear from you, so we ask somebody else to meet %(other)s. That is all "
                "right: everybody has full weeks. We propose nobody to you until you tell us that "
                "you have time again."
            )
            % words,
            _reach(centre),
        )


def not_reached(*, reader: Party, other: Party, centre: Centre) -> Text:
    """To a Connectee who did not answer: the introduction ends, the programme does not."""
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("The introduction to %(other)s has ended") % words,
            _(
                "We did not hear from you, so we have ended the introduction to %(other)s. You "
                "stay in the programme. Tell us when you have time, and we look for somebody else."
            )
            % words,
            _reach(centre),
        )


def thanks_anyway(*, reader: Party, connectee: Party) -> Text:
    """The last letter about doors: thanks, and no more asking."""
    with translation.override(reader.language):
        words = {"connectee": connectee.name}
        return _letter(
            reader,
            _("Thank you for what you did for %(connectee)s") % words,
            _(
                "We stop asking for further names. If somebody comes to mind later, the page of "
                "our letter still works, and %(connectee)s will be glad."
            )
            % words,
        )


def still_meet(*, reader: Party, other: Party, link: str, first: bool) -> Text:
    """To a Connectee who has found work before the meeting."""
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("Would you still like to meet %(other)s?") % words,
            _("We hear that you have found work: congratulations!") if first else "",
            _(
                "Many people still like to meet their Connector: a network is for more than one "
                "job. Would you still like to meet %(other)s? Say yes or no here:"
            )
            % words,
            link,
        )


def found_work(*, reader: Party, other: Party) -> Text:
    """To a Connector whose Connectee found work before they met."""
    with translation.override(reader.language):
        words = {"other": other.name}
        return _letter(
            reader,
            _("%(other)s has found work") % words,
            _(
                "%(other)s has found work before you could meet, so the introduction ends here. "
                "Thank you for being ready; your place is free for somebody else."
            )
            % words,
        )


def still_right(*, reader: Party, link: str, first: bool) -> Text:
    """Asks whether a file is still right."""
    with translation.override(reader.language):
        return _letter(
            reader,
            _("Is what we know of you still right?"),
            _("It is half a year since we looked at it together.") if first else "",
            _("Please look at it once, change what has changed, and press one button:"),
            link,
        )


def late_today(*, reader: Party, centre: Centre, lines: Sequence[str], day: date) -> Text:
    """To a coordinator, at most once a day: how much is late, no names of people."""
    with translation.override(reader.language):
        words = {
            "centre": centre.name,
            "n": len(lines),
            "day": date_format(day, "DATE_FORMAT"),
        }
        return _letter(
            reader,
            ngettext(
                "%(centre)s: one thing is late", "%(centre)s: %(n)d things are late", len(lines)
            )
            % words,
            _("These wait for the centre (%(day)s):") % words,
            "\n".join(f"– {line}" for line in lines),
            _("Today, the first page after you sign in, leads to each of them."),
        )
