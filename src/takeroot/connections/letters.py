"""The words of the programme's letters, in the reader's language. Whole letters, edited by
people; no name of a third person that the reader may not know."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from takeroot.accounts.models import Centre, Party
from takeroot.facts.noc import group_title


@dataclass(frozen=True)
class Text:
    """Subject and body of one letter."""

    subject: str
    body: str


def occupation_words(code: str, text: str, language: str) -> str:
    """How an occupation is said in a letter: as the person put it, else the title of its group."""
    return text or (group_title(code, language) if code else "") or ""


def _signed(centre: Centre) -> str:
    lines = [centre.name]
    if centre.postal_address:
        lines.append(centre.postal_address)
    if centre.email:
        lines.append(centre.email)
    return "\n".join(lines)


def introduction_to_connectee(
    *, centre: Centre, connectee: Party, connector: Party, connector_work: str
) -> Text:
    """The Connectee writes first: whom they meet, what to do now, what is not promised."""
    with translation.override(connectee.language):
        words = {
            "name": connectee.first_name,
            "connector": connector.name,
            "work": connector_work,
            "word": centre.connector_word,
            "centre": centre.name,
        }
        who = (
            _("We would like you to meet %(connector)s (%(work)s), your %(word)s.")
            if connector_work
            else _("We would like you to meet %(connector)s, your %(word)s.")
        )
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                who % words,
                _(
                    "You write first: open the page below and propose three times for a "
                    "conversation of about 30 minutes. No account is needed."
                ),
                "{link}",
                _(
                    "You may talk about how your industry works here, your skills, its news, what "
                    "the market asks for, and work that is never advertised. At the end you will "
                    "be introduced to three more people."
                ),
                _(
                    "No job is promised; doors are opened. If it does not suit you, say so on the "
                    "same page: nobody will ask why."
                ),
                _signed(centre),
            ]
        )
        return Text(_("Meet %(connector)s") % words, body)


def introduction_to_connector(
    *, centre: Centre, connector: Party, connectee: Party, connectee_work: str, referrals: int
) -> Text:
    """What the Connector is asked for: one conversation, and some doors opened."""
    with translation.override(connector.language):
        words = {
            "name": connector.first_name,
            "connectee": connectee.name,
            "work": connectee_work,
            "centre": centre.name,
            "referrals": referrals,
        }
        who = (
            _("Thank you for opening doors. We would like to introduce %(connectee)s (%(work)s).")
            if connectee_work
            else _("Thank you for opening doors. We would like to introduce %(connectee)s.")
        )
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                who % words,
                _(
                    "%(connectee)s will propose three times; you choose one. The commitment is "
                    "one conversation of about 30 minutes, then introductions to %(referrals)d "
                    "people you know. No job is expected of you."
                )
                % words,
                "{link}",
                _(
                    "The same page tells what to talk about, and is where you say how it went. If "
                    "you cannot take part now, say so there: somebody else will be asked."
                ),
                _signed(centre),
            ]
        )
        return Text(_("Please meet %(connectee)s") % words, body)


def times_proposed(*, reader: Party, other: Party, when: list[str], link: str) -> Text:
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("%(other)s proposes these times (shown in your time zone):") % words,
                "\n".join(f"– {time}" for time in when),
                _("Choose one of them, or propose others:"),
                link,
            ]
        )
        return Text(_("%(other)s proposes three times") % words, body)


def meeting_booked(*, reader: Party, other: Party, when: str, where: str, link: str) -> Text:
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name, "when": when, "where": where}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("You will meet %(other)s on %(when)s.") % words,
                *([_("Where: %(where)s") % words] if where else []),
                _(
                    "The attached file puts it into your calendar. If something comes up, change "
                    "it here; afterwards, say here how it went:"
                ),
                link,
            ]
        )
        return Text(_("You meet %(other)s: %(when)s") % words, body)


def meeting_cancelled(*, reader: Party, other: Party, when: str, link: str) -> Text:
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name, "when": when}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("The meeting with %(other)s on %(when)s will not take place.") % words,
                _("Propose other times here:"),
                link,
            ]
        )
        return Text(_("Cancelled: meeting with %(other)s") % words, body)


def introduction_ended(*, reader: Party, other: Party, when: str) -> Text:
    """To the one who stays: no blame, no reason, what happens next."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name, "when": when}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("%(other)s cannot take part now. It is not about you, and nobody asks why.")
                % words,
                *([_("The meeting on %(when)s will not take place.") % words] if when else []),
                _("You need to do nothing: the centre looks for somebody else."),
            ]
        )
        return Text(_("%(other)s cannot take part now") % words, body)


def match_ended(*, reader: Party, other: Party, when: str) -> Text:
    """To both, when the centre ends a match that had been introduced."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "other": other.name, "when": when}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("The centre has ended the introduction between you and %(other)s.") % words,
                *([_("The meeting on %(when)s will not take place.") % words] if when else []),
                _("You need to do nothing. If you have a question, answer this letter."),
            ]
        )
        return Text(_("The introduction to %(other)s has ended") % words, body)


def ask_referrals(*, reader: Party, connectee: Party, count: int, link: str) -> Text:
    with translation.override(reader.language):
        words = {"name": reader.first_name, "connectee": connectee.name, "count": count}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("Thank you for meeting %(connectee)s.") % words,
                _(
                    "Who are %(count)d people you know whom %(connectee)s should meet? Write their "
                    "names here. We ask each of them first; nothing about %(connectee)s moves "
                    "before they say yes."
                )
                % words,
                link,
            ]
        )
        return Text(_("Three more doors for %(connectee)s") % words, body)


def may_we_introduce(
    *, centre: Centre, contact: Party, referrer: Party, introduced_as: str, why: str, link: str
) -> Text:
    """The one message to a contact: who asked, why, how to say no for good."""
    with translation.override(contact.language):
        words = {
            "name": contact.name,
            "referrer": referrer.name,
            "who": introduced_as or _("a skilled newcomer"),
            "why": why,
            "centre": centre.name,
            "days": centre.contact_days,
        }
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _(
                    "%(referrer)s thinks you should meet somebody who has newly settled here: "
                    "%(who)s. May we introduce you?"
                )
                % words,
                *([_("%(referrer)s says: “%(why)s”") % words] if why else []),
                _("Yes or no takes one click; no account is needed:"),
                link,
                _(
                    "You receive this single message because %(referrer)s gave us your address "
                    "for this purpose. We have told the newcomer nothing about you. On the same "
                    "page you can ask us never to write again. If you do not answer within "
                    "%(days)d days, we delete your address."
                )
                % words,
                _signed(centre),
            ]
        )
        return Text(_("%(referrer)s would like to introduce somebody to you") % words, body)


def contact_said_yes(
    *, connectee: Party, contact: Party, contact_work: str, referrer: Party
) -> Text:
    with translation.override(connectee.language):
        words = {
            "name": connectee.first_name,
            "contact": contact.name,
            "work": contact_work,
            "email": contact.email,
            "referrer": referrer.name,
        }
        lines = [
            _("Hello %(name)s,") % words,
            (
                _(
                    "%(contact)s (%(work)s) would be glad to meet you. %(referrer)s opened this "
                    "door."
                )
                if contact_work
                else _("%(contact)s would be glad to meet you. %(referrer)s opened this door.")
            )
            % words,
            _("Write to %(email)s within a few days, and say who sent you.") % words,
        ]
        return Text(_("%(contact)s would like to meet you") % words, "\n\n".join(lines))


def thanks_for_yes(*, contact: Party, connectee: Party, count: int, link: str) -> Text:
    with translation.override(contact.language):
        words = {
            "name": contact.name,
            "connectee": connectee.name,
            "email": connectee.email,
            "count": count,
        }
        lines = [
            _("Hello %(name)s,") % words,
            _("Thank you. %(connectee)s will write to you (%(email)s).") % words
            if connectee.email
            else _("Thank you. %(connectee)s will get in touch with you.") % words,
        ]
        if count:
            lines += [
                _(
                    "After you have met: who are %(count)d people you know whom %(connectee)s "
                    "should meet? You can name them here:"
                )
                % words,
                link,
            ]
        return Text(_("Thank you for opening a door"), "\n\n".join(lines))
