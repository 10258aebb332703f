"""A file moves to another centre: proposed, agreed to by the person, taken over by the centre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.enums import Purpose, Share
from takeroot.access.services import live_consent, record_consent, withdraw_consent
from takeroot.accounts.enums import STAFF_ROLES
from takeroot.accounts.models import Centre, Membership, Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.enums import ConnecteeState, ConnectorState
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.services.calls import heard_from
from takeroot.connections.services.house_letters import own_link, write_out
from takeroot.keeping import letters
from takeroot.keeping.enums import ErasureState, TransferState
from takeroot.keeping.models import Erasure
from takeroot.keeping.models_moving import OPEN, Transfer
from takeroot.keeping.selectors import keys_of_person, open_pairs
from takeroot.keeping.services.moving import PURPOSE, counted_of, move_file
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, revoke_links
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

CONSENT_DAYS = 90
PAGE_DAYS = 365
_SHARES = [Share.NAME, Share.PROFILE, Share.CONTACT, Share.RESUME]


@contextmanager
def _house(centre: UUID, behalf: UUID | None = None) -> Iterator[Actor]:
    with acting(system_actor(centre, purpose=PURPOSE, behalf=behalf)) as actor:
        yield actor


@transaction.atomic
def propose_transfer(*, connectee: Connectee, to: Centre, reason: str, by: Actor) -> Transfer:
    """Ask a Connectee whether their file may move to another centre. Raises Refused."""
    party = Party.objects.select_for_update(of=("self",)).get(pk=connectee.pk)
    reason = " ".join(reason.split())
    if to.pk == connectee.centre_id:
        raise Refused(_("Choose another centre than your own."))
    if not reason:
        raise Refused(_("Say why: the person and the other centre read it."))
    asked = Transfer.objects.filter(party=party, state__in=OPEN).select_related("to").first()
    if asked is not None:
        raise Refused(
            _("A move to %(centre)s has been proposed already and is not decided yet.")
            % {"centre": asked.to.name}
        )
    _check(party)
    row = Transfer(
        centre_id=connectee.centre_id,
        party=party,
        to=to,
        reason=reason,
        occupation_code=connectee.person.occupation_code,
        languages=sorted(connectee.person.languages),
        asked_by_id=by.party,
    )
    row.full_clean(exclude=["centre", "party", "to", "asked_by"])
    row.save(force_insert=True)
    ask_person(row, first=True)
    open_promise(
        centre=connectee.centre,
        kind=PromiseKind.ANSWER_TRANSFER,
        subject_kind="transfer",
        subject_id=row.pk,
        debtor=party,
    )
    return row


def _check(party: Party) -> None:
    """Whether a file can move now. Raises Refused with what has to be settled before."""
    name = {"name": party.name}
    both = keys_of_person(party.pk)
    if party.severed_at is not None or party.merged_into_id is not None:
        raise Refused(_("This file is no longer a file of its own; nothing was proposed."))
    if Connectee.objects.filter(pk=party.pk, state=ConnecteeState.CLOSED).exists():
        raise Refused(_("The file of %(name)s is closed; there is nothing to move.") % name)
    if Erasure.objects.filter(party_id__in=both, state=ErasureState.ASKED).exists():
        raise Refused(
            _("%(name)s asked to be forgotten. See to that first; nothing was proposed.") % name
        )
    with _house(party.centre_id) as house:
        pairs = open_pairs(house)
        if pairs.filter(one_id__in=both).exists() or pairs.filter(other_id__in=both).exists():
            raise Refused(
                _(
                    "There may be a second file of %(name)s here. Decide under “Duplicates” "
                    "whether it is the same person; then the file can move."
                )
                % name
            )
    if Membership.objects.filter(user__party=party, role__in=STAFF_ROLES).exists():
        raise Refused(_("%(name)s works here and signs in; such a file does not move.") % name)
    helps = Connector.objects.filter(pk__in=both).exclude(state=ConnectorState.RETIRED)
    if helps.exists():
        raise Refused(
            _(
                "%(name)s also opens doors here as a Connector. Let that part end first; what "
                "they have given stays counted here."
            )
            % name
        )


def ask_person(row: Transfer, *, first: bool) -> None:
    """The letter with the link, and with what happens if no answer comes."""
    party = Party.objects.select_related("centre").get(pk=row.party_id)
    link = own_link(party, LinkPurpose.TRANSFER, row.pk)
    text = letters.may_it_move(
        reader=party, centre=party.centre, to=row.to, reason=row.reason, link=link, first=first
    )
    write_out(party, "transfer_ask", text, row.pk)


def _locked(transfer: Transfer, *states: TransferState) -> Transfer:
    """The move, locked in the one order of whoever writes to a file: the person first. Run by the
    person's centre."""
    Party.objects.select_for_update(of=("self",)).get(pk=transfer.party_id)
    row = (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("centre", "to")
        .get(pk=transfer.pk)
    )
    if row.state not in states:
        raise EditedMeanwhile(_("This move has been settled meanwhile; nothing was changed."))
    return row


@transaction.atomic
def answer_transfer(
    *, transfer: Transfer, yes: bool, how: str, by: Actor, keep_in_touch: bool = False
) -> Transfer:
    """The person's answer, by their link or as told to the staff. A yes may be taken back until the
    file has moved. Raises Refused."""
    row = _locked(transfer, *OPEN)
    party = Party.objects.select_related("centre").get(pk=row.party_id)
    if yes and row.state == TransferState.AGREED:
        return row
    keep_promises(subject_id=row.pk, kind=PromiseKind.ANSWER_TRANSFER)
    heard_from(party)
    if not yes:
        consent = live_consent(party_id=party.pk, purpose=Purpose.TRANSFER)
        if consent is not None:
            withdraw_consent(consent=consent, by=by)
        _close(row, TransferState.REFUSED, CloseReason.DECLINED)
        return row
    _check(party)
    today = timezone.localdate(timezone=party.centre.zone)
    record_consent(
        party=party,
        purpose=Purpose.TRANSFER,
        shares=[str(share) for share in _SHARES],
        audience=row.to.name,
        given_on=today,
        until=today + timedelta(days=CONSENT_DAYS),
        how=how,
        by=by,
    )
    record(party=party, kind=EventKind.CONSENTED)
    row.state, row.answered_at = TransferState.AGREED, timezone.now()
    row.keep_in_touch, row.shown_to = keep_in_touch, row.to
    row.save(update_fields=["state", "answered_at", "keep_in_touch", "shown_to"])
    with _house(row.to_id):
        open_promise(
            centre=row.to,
            kind=PromiseKind.DECIDE_TRANSFER,
            subject_kind="transfer",
            subject_id=row.pk,
        )
    return row


def _close(row: Transfer, state: TransferState, reason: CloseReason) -> None:
    """A move that does not take place: both centres owe nothing any more, the link ends."""
    if row.state == TransferState.AGREED:
        with _house(row.to_id):
            close_promises(subject_id=row.pk, reason=reason)
    close_promises(subject_id=row.pk, reason=reason)
    revoke_links(subject_id=row.pk)
    if state in (TransferState.REFUSED, TransferState.WITHDRAWN):
        row.shown_to = None
    row.state, row.ended_at = state, timezone.now()
    row.save(update_fields=["state", "ended_at", "shown_to"])
    _tell_proposer(row)


def _tell_proposer(row: Transfer) -> None:
    """Whoever proposed it reads what came of it, if they still work here."""
    if row.asked_by_id is None:
        return
    asked_by = Party.objects.select_related("centre").filter(pk=row.asked_by_id).first()
    state = TransferState(row.state)
    if asked_by is None or state == TransferState.WITHDRAWN or not asked_by.email:
        return
    text = letters.what_came_of_it(reader=asked_by, to=row.to, state=state)
    write_out(asked_by, "transfer_result", text, row.pk)


@transaction.atomic
def take_transfer_back(*, transfer: Transfer, by: Actor) -> Transfer:
    """The proposing centre takes it back, at any time before the file has moved. The person is
    told."""
    row = _locked(transfer, *OPEN)
    _stays(row, TransferState.WITHDRAWN, CloseReason.WITHDRAWN)
    return row


def _stays(row: Transfer, state: TransferState, reason: CloseReason) -> None:
    _close(row, state, reason)
    party = Party.objects.select_related("centre").get(pk=row.party_id)
    text = letters.it_stays(reader=party, centre=party.centre, to=row.to, state=state)
    write_out(party, "transfer_not", text, row.pk)


@transaction.atomic
def decide_transfer(*, transfer: Transfer, take: bool, by: Actor) -> Party | None:
    """The other centre's answer. With a yes the file moves now, whole; returns the person in the
    centre that takes it over. Raises Refused."""
    here = transfer.to_id
    if here not in by.centres or transfer.shown_to_id != here:
        raise Refused(_("This move is not for your centre to decide."))
    with _house(transfer.centre_id):
        row = _locked(transfer, TransferState.AGREED)
        if take:
            _check_still(row)
    with _house(here):
        keep_promises(subject_id=row.pk, kind=PromiseKind.DECIDE_TRANSFER)
    if not take:
        with _house(row.centre_id):
            _stays(row, TransferState.DECLINED, CloseReason.DECLINED)
        return None
    party = move_file(row)
    with _house(row.centre_id):
        row.state, row.ended_at, row.came_as = TransferState.MOVED, timezone.now(), party.pk
        row.reason, row.occupation_code, row.languages = "", "", []
        row.counted = counted_of(row)
        row.save()
        _tell_proposer(row)
    with _house(here):
        _welcome(party, row.centre)
    return party


def _check_still(row: Transfer) -> None:
    """What the person's centre has to settle is not for the other centre to know."""
    party = Party.objects.get(pk=row.party_id)
    try:
        _check(party)
    except Refused as refusal:
        raise Refused(_not_now(row)) from refusal
    if live_consent(party_id=party.pk, purpose=Purpose.TRANSFER) is None:
        raise Refused(_not_now(row))


def _not_now(row: Transfer) -> str:
    return _(
        "The file cannot move now: %(centre)s has to settle something first. Write to them; "
        "nothing has moved."
    ) % {"centre": row.centre.name}


def _welcome(party: Party, before: Centre) -> None:
    issued = issue_link(
        party=party, purpose=LinkPurpose.CONNECTEE_PAGE, subject_id=party.pk, days=PAGE_DAYS
    )
    text = letters.it_has_moved(
        reader=party, centre=party.centre, before=before, link=f"{{link:{issued.pk}}}"
    )
    write_out(party, "transfer_done", text, party.pk)


# What happens when nobody answers -------------------------------------------------------------


def person_is_silent(row: Transfer) -> None:
    """The last rung of the person's answer: nothing moves."""
    _close(row, TransferState.SILENT, CloseReason.NO_ANSWER)


def centre_is_silent(transfer: Transfer) -> None:
    """The last rung of the other centre's decision: nothing moves, and the person is told."""
    with _house(transfer.centre_id):
        row = _locked(transfer, TransferState.AGREED)
        _stays(row, TransferState.UNANSWERED, CloseReason.NO_ANSWER)


def end_transfers(keys: list[UUID], tell: bool) -> Iterable[UUID]:
    """Registered with `on_erasure`: a move that is not decided ends with the file."""
    for row in Transfer.objects.filter(party_id__in=keys, state__in=OPEN).select_related("to"):
        if row.state == TransferState.AGREED:
            with _house(row.to_id):
                close_promises(subject_id=row.pk, reason=CloseReason.ERASED)
        row.state, row.ended_at = TransferState.WITHDRAWN, timezone.now()
        row.shown_to = None
        row.save(update_fields=["state", "ended_at", "shown_to"])
    return ()


def objection(stays: UUID, goes: UUID) -> str:
    """Registered with `on_joining`."""
    if Transfer.objects.filter(party_id__in=(stays, goes), state__in=OPEN).exists():
        return _(
            "A move to another centre is proposed for one of these two. Wait for its end, or take "
            "it back; nothing was merged."
        )
    return ""


__all__ = [
    "answer_transfer",
    "ask_person",
    "centre_is_silent",
    "decide_transfer",
    "end_transfers",
    "objection",
    "person_is_silent",
    "propose_transfer",
    "take_transfer_back",
]
