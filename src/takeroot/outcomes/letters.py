"""Letters about what came of it: good news, and whether somebody is still here."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.accounts.models import Centre, Party
from takeroot.connections.letters import Text
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand


def _letter(reader: Party, subject: str, *paragraphs: str) -> Text:
    hello = _("Hello %(name)s,") % {"name": reader.first_name}
    return Text(subject, "\n\n".join([hello, *(text for text in paragraphs if text)]))


def good_news(*, reader: Party, connectee: Party) -> Text:
    """To a Connector whose Connectee works in their field, with the Connectee's consent."""
    with translation.override(reader.language):
        words = {"connectee": connectee.name}
        return _letter(
            reader,
            _("Good news of %(connectee)s") % words,
            _(
                "%(connectee)s has found work in their field, and wanted you to know. You opened "
                "a door on the way: thank you."
            )
            % words,
        )


def still_here(*, reader: Party, centre: Centre, months: int, link: str, first: bool) -> Text:
    """Asks a Connectee whether they stayed; says what happens if no answer comes."""
    with translation.override(reader.language):
        words = {"months": months, "centre": centre.name}
        return _letter(
            reader,
            ngettext(
                "%(months)d month on: how are you?", "%(months)d months on: how are you?", months
            )
            % words,
            _(
                "It is %(months)d months since you came into the programme of %(centre)s. Are you "
                "still here? Two questions, one minute; every answer is welcome, “I would rather "
                "not say” too."
            )
            % words
            if first
            else _("We asked you whether you are still here. The page takes a minute:"),
            link,
            _(
                "Your answer helps the town to see what keeps people. It decides nothing about "
                "you, and your employer does not see it."
            )
            if first
            else "",
            told_beforehand(centre=centre, kind=PromiseKind.STAY_CHECK) if first else "",
        )


def another_way(*, reader: Party, centre: Centre, link: str) -> Text:
    """The page once more, and a call."""
    with translation.override(reader.language):
        return _letter(
            reader,
            _("Shall we call you?"),
            _(
                "We would still like to know whether you are here, or have gone on. If a page is "
                "not your way, somebody of %(centre)s calls you in the next days. The page:"
            )
            % {"centre": centre.name},
            link,
        )
