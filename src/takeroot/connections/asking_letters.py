"""Letters that ask people of the programme for something small, by their own link."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from takeroot.accounts.models import Centre, Party
from takeroot.connections.letters import occupation_words
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand


def hours_page(*, reader: Party, link: str) -> tuple[str, str]:
    """Subject and body: a page of their own to write hours down."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": reader.centre.name}
        said = [
            _("Hello %(name)s,") % words,
            _(
                "Meetings with newcomers count by themselves. If you give time in another way, "
                "you can write it down on this page of yours:"
            ),
            link,
            _(
                "It helps %(centre)s to thank you, and to say truly what the community gives. "
                "Nobody counts after you, and nothing happens if you write nothing."
            )
            % words,
        ]
        return _("Your hours for %(centre)s") % words, "\n\n".join(said)


def a_few_words(*, reader: Party, link: str) -> tuple[str, str]:
    """Subject and body: a few words for others, if they like."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": reader.centre.name}
        said = [
            _("Hello %(name)s,") % words,
            _(
                "Would you say in a few words what it was like, for others who hesitate? You "
                "choose where your words may stand, under which name, and until when."
            ),
            link,
            _(
                "You can change them or take them back on the same page at any time; they are "
                "gone at once. Saying nothing is fine, and nobody asks again."
            ),
            _("Thank you, %(centre)s") % words,
        ]
        return _("A few words for others?"), "\n\n".join(said)


def another_centre_asks(*, reader: Party, asking: Centre, code: str, link: str) -> tuple[str, str]:
    """Subject and body: would they meet a newcomer of another centre? No name yet."""
    with translation.override(reader.language):
        work = occupation_words(code, "", reader.language)
        words = {"name": reader.first_name, "asking": asking.name, "work": work}
        said = [
            _("Hello %(name)s,") % words,
            _(
                "%(asking)s looks for somebody who would meet one of its newcomers, who works as: "
                "%(work)s. They do not know who you are."
            )
            % words
            if work
            else _(
                "%(asking)s looks for somebody who would meet one of its newcomers. They do not "
                "know who you are."
            )
            % words,
            link,
            told_beforehand(centre=reader.centre, kind=PromiseKind.ANSWER_SHARED),
        ]
        return _("A newcomer of another centre") % words, "\n\n".join(said)


def meet_across_centres(
    *, reader: Party, other: Party, link: str, owed: PromiseKind | None
) -> tuple[str, str]:
    """Subject and body: both said yes; here is the other, and where to say how it went."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name, "email": other.email}
        said = [
            _("Hello %(name)s,") % words,
            _("%(other)s and you both said yes to a conversation. Write to each other: %(email)s.")
            % words,
            _("Half an hour is enough. No job is promised, and none is expected."),
            _("Afterwards one of you says on this page how it went:"),
            link,
            told_beforehand(centre=reader.centre, kind=owed) if owed else "",
        ]
        return _("You and %(other)s") % words, "\n\n".join(text for text in said if text)


def how_was_it_across(*, reader: Party, other: Party, link: str) -> tuple[str, str]:
    """Subject and body: have the two met?"""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name, "email": other.email}
        said = [
            _("Hello %(name)s,") % words,
            _("Have you met %(other)s? If not yet, a short letter is enough: %(email)s.") % words,
            link,
            told_beforehand(centre=reader.centre, kind=PromiseKind.MEET_ACROSS),
        ]
        return _("Have you met %(other)s?") % words, "\n\n".join(said)


def doors_across(*, reader: Party, other: Party, link: str) -> tuple[str, str]:
    """Subject and body: they met; whom could the newcomer meet next?"""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name}
        words["asked"] = str(reader.centre.referrals_asked)
        said = [
            _("Hello %(name)s,") % words,
            _(
                "Thank you for having met %(other)s. Do you know up to %(asked)s people whom they "
                "should meet? Ask each of them first, then bring the two together yourself."
            )
            % words,
            _("On this page you say how many there were; none is an answer too:"),
            link,
            told_beforehand(centre=reader.centre, kind=PromiseKind.REFER_ACROSS),
        ]
        return _("Doors for %(other)s") % words, "\n\n".join(said)


def not_across(*, reader: Party, other: Party) -> tuple[str, str]:
    """Subject and body: the other one cannot after all. No reason, no blame."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name}
        said = [
            _("Hello %(name)s,") % words,
            _(
                "Your conversation with %(other)s will not take place. It has nothing to do with "
                "you, and you need to do nothing."
            )
            % words,
            _("Thank you, %(centre)s") % {"centre": reader.centre.name},
        ]
        return _("You and %(other)s") % words, "\n\n".join(said)


def no_longer_needed(*, reader: Party) -> tuple[str, str]:
    """Subject and body: the newcomer for whom they were asked needs no answer any more."""
    with translation.override(reader.language):
        said = [
            _("Hello %(name)s,") % {"name": reader.first_name},
            _(
                "You were asked whether you would meet a newcomer of another centre. An answer is "
                "no longer needed. It has nothing to do with you, and you need to do nothing."
            ),
            _("Thank you, %(centre)s") % {"centre": reader.centre.name},
        ]
        return _("A request that is no longer needed"), "\n\n".join(said)


def still_in_touch(*, reader: Party, other: Party) -> tuple[str, str]:
    """Subject and body: the newcomer's file has moved to another centre; the two go on alone."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name}
        words["reach"] = other.email or other.phone
        said = [
            _("Hello %(name)s,") % words,
            _(
                "The two of you were introduced, and the newcomer's file has now moved to another "
                "centre. %(other)s and you can still meet: %(reach)s."
            )
            % words,
            _(
                "A time that you have found stands between the two of you. The centres do not "
                "follow it any more, and nobody reminds you."
            ),
        ]
        return _("You and %(other)s") % words, "\n\n".join(said)
