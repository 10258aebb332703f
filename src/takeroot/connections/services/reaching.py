"""Whoever does not answer, and whoever answers again: set aside without blame, and taken up."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.common.errors import EditedMeanwhile
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.models import Connectee
from takeroot.connections.services.calls import heard_from
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.services import open_promise, postpone


def choose_another(*, connectee: Connectee) -> None:
    """The centre owes a Connectee another Connector."""
    open_promise(
        centre=connectee.centre,
        kind=PromiseKind.CHOOSE_ANOTHER,
        subject_kind="connectee",
        subject_id=connectee.pk,
        creditor=connectee.person.party,
    )


def stall(*, connectee: Connectee) -> None:
    """A Connectee who does not answer takes part in no round until they do."""
    row = Connectee.objects.select_for_update(of=("self",)).get(pk=connectee.pk)
    over = (ConnecteeState.COMPLETE, ConnecteeState.EMPLOYED, ConnecteeState.CLOSED)
    if row.state in (*over, ConnecteeState.STALLED):
        return
    row.state = ConnecteeState.STALLED
    row.save(update_fields=["state"])
    record(party=row.person.party, kind=EventKind.LOST_TOUCH)


@transaction.atomic
def reached(*, promise: Promise, by: Actor) -> None:
    """«I reached them»: the call that the centre owed is made. Whoever had been set aside because
    they did not answer is back, and what they still owe has a week more."""
    person = promise.creditor
    if person is None:
        return
    heard_from(person)
    connectee = Connectee.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    if connectee is not None and connectee.state == ConnecteeState.STALLED:
        back_in_touch(connectee=connectee, by=by)
    today = timezone.localdate(timezone=promise.centre.zone)
    for owed in Promise.objects.filter(debtor=person, state="open").select_related("centre"):
        if owed.due_on < today:
            postpone(promise=owed, due_on=today + timedelta(days=7), by=by)


@transaction.atomic
def back_in_touch(*, connectee: Connectee, by: Actor) -> None:
    """A Connectee who could not be reached answers again: ready, with the waiting time kept."""
    row = (
        Connectee.objects.select_for_update(of=("self",))
        .select_related("qualification", "person__party")
        .get(pk=connectee.pk)
    )
    if row.state != ConnecteeState.STALLED:
        raise EditedMeanwhile(_("This person is in touch already; nothing was changed."))
    signed = row.qualification.signed_at is not None
    row.state = ConnecteeState.READY if signed else ConnecteeState.APPLIED
    row.save(update_fields=["state"])
    record(party=row.person.party, kind=EventKind.BACK_IN_TOUCH)
