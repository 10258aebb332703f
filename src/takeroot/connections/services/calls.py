"""Calls that the centre owes to people who do not answer letters."""

from __future__ import annotations

from takeroot.accounts.models import Party
from takeroot.messaging.services import on_paper, told
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import keep_promises, open_promise


def owe_a_call(person: Party) -> None:
    """Somebody of the centre calls this person; one call is owed at a time."""
    open_promise(
        centre=person.centre,
        kind=PromiseKind.CALL,
        subject_kind="party",
        subject_id=person.pk,
        creditor=person,
    )


def register_paper() -> None:
    """Called once, when the house starts: somebody without e-mail is called instead."""
    on_paper(owe_a_call)


def heard_from(*people: Party) -> None:
    """They have answered by themselves: no call is owed any more."""
    for person in people:
        keep_promises(subject_id=person.pk, kind=PromiseKind.CALL)
        told(party_id=person.pk)
