"""Letters to people who apply, who are sent onward, and who offer to help: in their language,
kind, with the next step and its day."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takeroot.accounts.models import Centre, Party
from takeroot.connections.enums_applying import OnwardReason
from takeroot.connections.letters import Text, signed
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand


def draft_link(*, centre: Centre, language: str, url: str) -> Text:
    """To whoever asked for it: the private address of what they have typed so far."""
    with translation.override(language):
        words = {"centre": centre.name, "days": centre.draft_days}
        body = "\n\n".join(
            [
                _("Hello,"),
                _("You began an application at %(centre)s. Go on here whenever you like:") % words,
                url,
                _(
                    "Whoever has this address can read what you typed: keep it to yourself. If it "
                    "is not sent within %(days)d days of your last change, it is deleted."
                )
                % words,
                _("If you did not ask for this, you need to do nothing."),
                signed(centre),
            ]
        )
        return Text(_("Your application at %(centre)s: go on here") % words, body)


def we_have_it(*, centre: Centre, reader: Party, by: date, link: str) -> Text:
    """To an applicant: what happens next, by when, and what is not promised."""
    with translation.override(reader.language):
        words = {
            "name": reader.first_name,
            "centre": centre.name,
            "word": centre.connector_word,
            "day": date_format(by, "DATE_FORMAT"),
        }
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("Your application has arrived at %(centre)s. Thank you.") % words,
                _(
                    "Somebody reads it and answers you by %(day)s: with a time to talk, with a "
                    "question, or with a better place to turn to. If you hear nothing by then, "
                    "answer this letter: something went wrong, and it was not you."
                )
                % words,
                _("No job is promised; doors are opened."),
                _(
                    "This is your own page. There you can add your résumé, say how you see "
                    "yourself today, and see what you agreed to:"
                ),
                link,
                signed(centre),
            ]
        )
        return Text(_("We have your application"), body)


def _why(reason: str) -> str:
    """What the reader is told: the reason, without blame."""
    return {
        OnwardReason.DOCUMENTS: _("Something that we need is still missing."),
        OnwardReason.LANGUAGE: _(
            "In your field people will ask for more of the language than you have now. It grows "
            "fast with the right course."
        ),
        OnwardReason.NOT_JOB_READY: _(
            "Conversations with people of your field help most when résumé and plans are ready. "
            "That is the step before."
        ),
        OnwardReason.CRITERIA: _(
            "By its rules this programme is for other people. That says nothing about you."
        ),
        OnwardReason.ELSEWHERE: _(
            "You live where another centre is nearer, and the people who can help you live there."
        ),
        OnwardReason.OTHER: _("It does not fit just now."),
    }[OnwardReason(reason)]


def not_now(
    *, centre: Centre, reader: Party, reason: str, step: str, waits: bool, link: str
) -> Text:
    """A kind answer: not now, why, and where to go on. `waits`: the file stays open for it."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": centre.name}
        opening = (
            _("Thank you for applying at %(centre)s. Before we can go on, one thing is needed.")
            if waits
            else _(
                "Thank you for applying at %(centre)s. We cannot take you into the programme now, "
                "and do not want to leave you standing."
            )
        )
        closing = (
            _("As soon as you have it, answer this letter: we go on from there.")
            if waits
            else _(
                "When things have changed, answer this letter. Your file is taken up again; you "
                "need not begin anew."
            )
        )
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                opening % words,
                _why(reason),
                _("What you can do next:"),
                step,
                closing,
                *([_("Your own page:") + f"\n{link}"] if link else []),
                signed(centre),
            ]
        )
        subject = (
            _("Your application: one thing is needed")
            if waits
            else _("Your application: where to go on")
        )
        return Text(subject, body)


def thank_you_for_offering(*, centre: Centre, reader: Party, by: date, link: str) -> Text:
    """To somebody who offers to be a Connector."""
    with translation.override(reader.language):
        words = {
            "name": reader.first_name,
            "centre": centre.name,
            "word": centre.connector_word,
            "day": date_format(by, "DATE_FORMAT"),
        }
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("Thank you for offering to open doors for newcomers at %(centre)s.") % words,
                _(
                    "Somebody answers you by %(day)s. Nobody is introduced to you before that, "
                    "and never more people than you said."
                )
                % words,
                _("This is your own page: change how many people you can meet, or take a rest."),
                link,
                _("If you did not offer this, open the page and press “I would like to stop”."),
                signed(centre),
            ]
        )
        return Text(_("Thank you for offering to open doors"), body)


def welcome_connector(*, centre: Centre, reader: Party, link: str) -> Text:
    """The coordinator has confirmed them."""
    with translation.override(reader.language):
        words = {
            "name": reader.first_name,
            "centre": centre.name,
            "referrals": centre.referrals_asked,
        }
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("Welcome! From now on %(centre)s may introduce newcomers to you.") % words,
                _(
                    "Each time you receive a letter with a name and a line of work. It is about "
                    "one conversation of 30 minutes, and then introductions to %(referrals)d "
                    "people you know. No job is expected of you."
                )
                % words,
                _("Your own page shows whom you helped, and lets you rest whenever you need to:"),
                link,
                signed(centre),
            ]
        )
        return Text(_("Welcome: you open doors now"), body)


def not_this_time(*, centre: Centre, reader: Party) -> Text:
    """To somebody whose offer cannot be used."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": centre.name}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("Thank you for offering your help at %(centre)s.") % words,
                _(
                    "We cannot make good use of it just now, and would rather say so than keep "
                    "you waiting. If you would like to talk about it, answer this letter."
                ),
                signed(centre),
            ]
        )
        return Text(_("Your offer to open doors"), body)


def how_was_it(*, centre: Centre, reader: Party, link: str) -> Text:
    """Asks for the rating after the introductions."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": centre.name}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _(
                    "You have met people through %(centre)s. Did it change anything? Four "
                    "questions, one minute, on your own page. You can also thank the person who "
                    "opened doors for you there."
                )
                % words,
                link,
                told_beforehand(centre=centre, kind=PromiseKind.RATE_AFTER),
                signed(centre),
            ]
        )
        return Text(_("Four questions: did it change anything?"), body)


def you_can_open_doors(*, centre: Centre, reader: Party, link: str) -> Text:
    """To somebody whose own way is complete: the offer to open doors for the next."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "centre": centre.name}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _(
                    "You know what it is like to arrive here without knowing anybody, and now "
                    "you know people. Would you open doors for somebody who comes after you?"
                ),
                _(
                    "One click on your own page; what we know of you is filled in already. Nobody "
                    "minds if you would rather not."
                ),
                link,
                signed(centre),
            ]
        )
        return Text(_("Would you open doors for the next person?"), body)


def thanks_passed_on(*, reader: Party, connectee: str, text: str, link: str) -> Text:
    """A Connectee's thanks, as they wrote it."""
    with translation.override(reader.language):
        words = {"name": reader.first_name, "connectee": connectee, "text": text}
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % words,
                _("%(connectee)s wrote to you:") % words,
                _("“%(text)s”") % words,
                _("It stands on your own page too:"),
                link,
            ]
        )
        return Text(_("A thank-you for you"), body)
