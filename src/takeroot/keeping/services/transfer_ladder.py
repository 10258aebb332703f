"""What the move of a file owes: the person's answer and the other centre's decision, each with
what happens when none comes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.connections.services.calls import owe_a_call
from takeroot.connections.services.ladders import remind_staff
from takeroot.keeping.models_moving import OPEN, Transfer
from takeroot.keeping.services.transferring import (
    ask_person,
    centre_is_silent,
    person_is_silent,
)
from takeroot.promises.enums import Act, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.policies import Policy, Rung, register
from takeroot.promises.services import close_for_nobody
from takeroot.promises.words import Line, register_subject, register_words

ANSWER_TRANSFER = Policy(
    PromiseKind.ANSWER_TRANSFER,
    PromiseKind.ANSWER_TRANSFER.label,
    gettext_lazy("the Connectee"),
    14,
    (Rung(-7, Act.REMIND), Rung(0, Act.OTHER_WAY), Rung(14, Act.CLOSE)),
    gettext_lazy(
        "If we hear nothing, we remind you once, then call you; after %(last)d days no answer "
        "means no: nothing moves, and your file stays where it is."
    ),
)
DECIDE_TRANSFER = Policy(
    PromiseKind.DECIDE_TRANSFER,
    PromiseKind.DECIDE_TRANSFER.label,
    gettext_lazy("the centre that is asked"),
    7,
    (Rung(3, Act.REMIND), Rung(21, Act.CLOSE)),
    gettext_lazy(
        "The coordinators are reminded by letter; after %(last)d days no answer means no: nothing "
        "moves, and the person is told so."
    ),
)


def _open(promise: Promise) -> Transfer | None:
    rows = Transfer.objects.select_related("centre", "to")
    return rows.filter(pk=promise.subject_id, state__in=OPEN).first()


def _remind(promise: Promise) -> None:
    row = _open(promise)
    if row is not None:
        ask_person(row, first=False)


def _another_way(promise: Promise) -> None:
    if _open(promise) is not None and promise.debtor is not None:
        owe_a_call(promise.debtor)


def _silent(promise: Promise) -> None:
    row = _open(promise)
    close_for_nobody(promise)
    if row is not None:
        person_is_silent(row)


def _not_decided(promise: Promise) -> None:
    row = _open(promise)
    close_for_nobody(promise)
    if row is not None:
        centre_is_silent(row)


def _transfers(keys: set[UUID], centres: tuple[UUID, ...]) -> dict[UUID, Any]:
    rows = Transfer.objects.filter(pk__in=keys).select_related("centre", "to")
    return {row.pk: row for row in rows if {row.centre_id, row.shown_to_id} & {*centres}}


def _answer(promise: Promise, row: Transfer) -> Line:
    name = promise.debtor.name if promise.debtor else ""
    return Line(
        _("%(name)s was asked whether the file may move to %(centre)s")
        % {"name": name, "centre": row.to.name},
        _("Nothing moves before their yes. What they tell you, you write down for them."),
        _("See the proposal"),
        "coordinator:transfer",
        row.pk,
    )


def _decide(promise: Promise, row: Transfer) -> Line:
    return Line(
        _("%(centre)s asks you to take over a newcomer") % {"centre": row.centre.name},
        _("The person has said yes. You learn the name when the file is with you."),
        _("Read and decide"),
        "coordinator:transfer",
        row.pk,
    )


def register_all() -> None:
    """Called once, when the house starts."""
    register(
        ANSWER_TRANSFER,
        {Act.REMIND: _remind, Act.OTHER_WAY: _another_way, Act.CLOSE: _silent},
    )
    register(DECIDE_TRANSFER, {Act.REMIND: remind_staff, Act.CLOSE: _not_decided})
    register_subject("transfer", _transfers)
    register_words(PromiseKind.ANSWER_TRANSFER, _answer)
    register_words(PromiseKind.DECIDE_TRANSFER, _decide)
