"""Calls that the centre owes to people who do not answer letters."""

from __future__ import annotations

from takeroot.accounts.models import Party
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


def heard_from(*people: Party) -> None:
    """They have answered by themselves: no call is owed any more."""
    for person in people:
        keep_promises(subject_id=person.pk, kind=PromiseKind.CALL)
