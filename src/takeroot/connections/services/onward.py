"""«Not now»: a kind answer with a reason and an onward step, and taking it up again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.enums_applying import OnwardReason
from takeroot.connections.letters_applying import not_now
from takeroot.connections.models import Connectee
from takeroot.connections.models_applying import Onward
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, open_promise

# Whoever was brought together with somebody is no longer sent onward: end the match first.
FROM = (ConnecteeState.APPLIED, ConnecteeState.WAITING_DOCUMENTS, ConnecteeState.READY)
TO = (ConnecteeState.NOT_ELIGIBLE, ConnecteeState.WAITING_DOCUMENTS)
_EVENTS = {
    ConnecteeState.NOT_ELIGIBLE: EventKind.NOT_ELIGIBLE,
    ConnecteeState.WAITING_DOCUMENTS: EventKind.ASKED_FOR_MORE,
}
WAIT_DAYS = 30
PAGE_DAYS = 365


def suggested_steps(centre: Centre, language: str) -> list[str]:
    """The centre's own list of where people can turn, in a language; the other one where that
    list is empty."""
    own, other = centre.onward_steps_en, centre.onward_steps_fr
    if language == "fr":
        own, other = other, own
    lines = (own.strip() or other.strip()).splitlines()
    return [line.strip() for line in lines if line.strip()]


@transaction.atomic
def send_onward(
    *,
    connectee: Connectee,
    state: str,
    reason: str,
    step: str,
    by: Actor,
    again_on: date | None = None,
) -> Onward:
    """Say «not now», kindly: the state and its event, what was owed, and a letter in the person's
    language with the next step. Raises Refused. The same answer twice is given once."""
    row = (
        Connectee.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person__party", "centre")
        .get(pk=connectee.pk)
    )
    standing = Onward.objects.filter(connectee=row, ended_on__isnull=True).first()
    if standing is not None and (standing.state, standing.reason) == (state, reason):
        return standing
    if state not in TO or row.state not in FROM:
        raise EditedMeanwhile(
            _("%(name)s has gone on meanwhile (%(state)s). No letter was sent.")
            % {"name": row.person.party.name, "state": row.get_state_display()}
        )
    if not step.strip():
        raise Refused(_("Say where the person can turn, or what comes next: nobody is left alone."))
    today = timezone.localdate(timezone=row.centre.zone)
    if standing is not None:
        standing.ended_on = today
        standing.save(update_fields=["ended_on"])
    onward = Onward(
        centre=row.centre,
        connectee=row,
        state=state,
        reason=OnwardReason(reason),
        step=step.strip(),
        said_by_id=by.party,
    )
    onward.save(force_insert=True)
    row.state = state
    row.save(update_fields=["state"])
    record(
        party=row.person.party,
        kind=_EVENTS[ConnecteeState(state)],
        about_kind="onward",
        about_id=onward.pk,
    )
    close_promises(subject_id=row.pk, reason=CloseReason.SENT_ONWARD, kind=PromiseKind.LOOK_AGAIN)
    if state == ConnecteeState.NOT_ELIGIBLE:
        close_promises(
            subject_id=row.pk, reason=CloseReason.SENT_ONWARD, kind=PromiseKind.SIGN_READINESS
        )
    else:
        _wait(row, until=again_on or today + timedelta(days=WAIT_DAYS))
    _tell(row, onward)
    return onward


def _wait(row: Connectee, *, until: date) -> None:
    """The file stays on the list, for the day on which somebody looks again."""
    close_promises(subject_id=row.pk, reason=CloseReason.REPLACED, kind=PromiseKind.SIGN_READINESS)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.SIGN_READINESS,
        subject_kind="connectee",
        subject_id=row.pk,
        creditor=row.person.party,
        due_on=until,
    )


def _tell(row: Connectee, onward: Onward) -> None:
    party = row.person.party
    link = issue_link(
        party=party, purpose=LinkPurpose.CONNECTEE_PAGE, subject_id=row.pk, days=PAGE_DAYS
    )
    text = not_now(
        centre=row.centre,
        reader=party,
        reason=onward.reason,
        step=onward.step,
        waits=onward.state == ConnecteeState.WAITING_DOCUMENTS,
        link=f"{{link:{link.pk}}}",
    )
    write_letter(party=party, kind="not_now", subject=text.subject, body=text.body, about_id=row.pk)


@transaction.atomic
def take_up_again(*, connectee: Connectee, by: Actor) -> Connectee:
    """Things have changed: the file goes on from where it was, and the centre owes the readiness
    list again. Doing it twice is doing it once."""
    row = (
        Connectee.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person__party", "centre")
        .get(pk=connectee.pk)
    )
    if row.state != ConnecteeState.NOT_ELIGIBLE:
        return row
    today = timezone.localdate(timezone=row.centre.zone)
    row.state = ConnecteeState.APPLIED
    row.save(update_fields=["state"])
    Onward.objects.filter(connectee=row, ended_on__isnull=True).update(ended_on=today)
    record(party=row.person.party, kind=EventKind.TAKEN_UP)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.SIGN_READINESS,
        subject_kind="connectee",
        subject_id=row.pk,
        creditor=row.person.party,
    )
    return row
