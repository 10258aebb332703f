"""The letters about a file that may move to another centre, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_noop as say

from takeroot.accounts.models import Centre, Party
from takeroot.connections.letters import LINK, OTHERWISE, SIGNED, Text, letter
from takeroot.keeping.enums import TransferState
from takeroot.promises.enums import PromiseKind


def may_it_move(
    *, reader: Party, centre: Centre, to: Centre, reason: str, link: str, first: bool
) -> Text:
    """May the file move? To whom, why, and what happens without an answer."""
    return letter(
        reader,
        say("May your file move to %(to)s?"),
        say("We propose that %(to)s looks after you from now on. The reason: %(reason)s")
        if first
        else say(
            "We asked you whether your file may move to %(to)s. Your answer is still missing."
        ),
        say("The page below says exactly what would move and what would stay. You say yes or no:"),
        LINK,
        say("A no needs no reason, and changes nothing for you here."),
        OTHERWISE,
        SIGNED,
        centre=centre,
        to=to.name,
        reason=reason,
        link=link,
        owed=PromiseKind.ANSWER_TRANSFER,
    )


def it_has_moved(*, reader: Party, centre: Centre, before: Centre, link: str) -> Text:
    """The new centre's first letter."""
    return letter(
        reader,
        say("Your file is now with %(centre)s"),
        say("Your file has moved from %(before)s to %(centre)s, as you agreed."),
        say(
            "What was under way with the other centre has ended; those concerned have been told. "
            "The other centre keeps no name and no address of yours, only that somebody moved."
        ),
        say(
            "Somebody here looks at your file next, and asks you before anything about you is "
            "told to anybody. This is your own page with us:"
        ),
        LINK,
        OTHERWISE,
        SIGNED,
        centre=centre,
        before=before.name,
        link=link,
        owed=PromiseKind.SIGN_READINESS,
    )


_NOT = {
    TransferState.DECLINED: say(
        "%(to)s cannot take over your file now. It is not about you: they do not know who you are."
    ),
    TransferState.UNANSWERED: say(
        "%(to)s has not answered in time, so your file does not move. They do not know who you are."
    ),
    TransferState.WITHDRAWN: say("We have taken back the proposal that your file moves to %(to)s."),
}


def it_stays(*, reader: Party, centre: Centre, to: Centre, state: TransferState) -> Text:
    """The file does not move, and why."""
    return letter(
        reader,
        say("Your file stays with us"),
        _NOT[state],
        say("Nothing has moved and nothing has changed: %(centre)s goes on looking after you."),
        SIGNED,
        centre=centre,
        to=to.name,
    )


_CAME_TO = {
    TransferState.MOVED: say("%(to)s has taken over the file. What was under way here has ended."),
    TransferState.REFUSED: say("The person would rather stay. Nothing has moved."),
    TransferState.SILENT: say("The person did not answer in time. Nothing has moved."),
    TransferState.DECLINED: say("%(to)s cannot take it over now. The person has been told."),
    TransferState.UNANSWERED: say("%(to)s did not answer in time. The person has been told."),
}


def what_came_of_it(*, reader: Party, to: Centre, state: TransferState) -> Text:
    """To whoever proposed it: what came of it. No name of the person."""
    return letter(
        reader,
        say("A move to %(to)s that you proposed"),
        _CAME_TO[state],
        say("You find it under “Moves between centres”."),
        to=to.name,
    )
