"""The ladder of the question whether somebody stayed, and how it reads on Today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.connections.services.calls import owe_a_call
from takeroot.outcomes.enums import StayState
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.services.stays import close_unknown, write
from takeroot.promises.enums import Act, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.policies import Policy, Rung, register
from takeroot.promises.services import close_for_nobody
from takeroot.promises.words import Line, register_subject, register_words

STAY_CHECK = Policy(
    PromiseKind.STAY_CHECK,
    PromiseKind.STAY_CHECK.label,
    gettext_lazy("the Connectee"),
    7,
    (Rung(0, Act.REMIND), Rung(7, Act.OTHER_WAY), Rung(28, Act.CLOSE)),
    gettext_lazy(
        "If we hear nothing, we remind you once, after %(days)d days, then call you; after "
        "%(last)d days we write down that we do not know. Not knowing never counts as staying."
    ),
)


def _check(promise: Promise) -> StayCheck | None:
    """The question of a promise, while it waits for an answer."""
    rows = StayCheck.objects.select_related("centre", "connectee__person__party__centre")
    return rows.filter(pk=promise.subject_id, state=StayState.ASKED).first()


def _remind(promise: Promise) -> None:
    check = _check(promise)
    if check is not None:
        write(check=check, first=False)


def _another_way(promise: Promise) -> None:
    check = _check(promise)
    if check is not None:
        write(check=check, first=False, by_phone=True)
        owe_a_call(check.connectee.person.party)


def _nobody_knows(promise: Promise) -> None:
    check = _check(promise)
    close_for_nobody(promise)
    if check is not None:
        close_unknown(check=check)


def _checks(keys: set[UUID], centres: tuple[UUID, ...]) -> dict[UUID, Any]:
    rows = StayCheck.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("connectee__person__party")}


def _in_words(promise: Promise, row: StayCheck) -> Line:
    return Line(
        _("%(name)s was asked whether they are still here, %(months)d months on")
        % {"name": row.connectee.person.party.name, "months": row.months},
        _("What they say by telephone, you can write down for them."),
        _("Write down the answer"),
        "coordinator:stay",
        row.pk,
    )


def register_all() -> None:
    """Called once, when the house starts."""
    register(
        STAY_CHECK,
        {Act.REMIND: _remind, Act.OTHER_WAY: _another_way, Act.CLOSE: _nobody_knows},
    )
    register_subject("stay_check", _checks)
    register_words(PromiseKind.STAY_CHECK, _in_words)
