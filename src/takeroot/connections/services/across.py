"""After two centres have introduced two people: did they meet, and which doors opened?

Each centre owes and writes for its own person. What both may know (met or not, how many doors)
stands in the request and its answer, which the two centres read; names move by grants alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections import asking_letters
from takeroot.connections.enums import AcrossState, AskState
from takeroot.connections.models_shared import SharedAnswer, SharedAsk
from takeroot.connections.services.calls import heard_from, owe_a_call
from takeroot.connections.services.house_letters import own_link
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import write_letter
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.services import close_for_nobody, keep_promises, open_promise

MOST_DOORS = 9


@contextmanager
def _house(centre: UUID, behalf: UUID | None = None) -> Iterator[Actor]:
    with acting(system_actor(centre, purpose="sharing", behalf=behalf)) as actor:
        yield actor


def _two(ask: SharedAsk) -> tuple[UUID, UUID]:
    """Newcomer and Connector. Raises Refused when the introduction does not stand."""
    with _house(ask.to_id):
        answer = SharedAnswer.objects.filter(ask=ask, state=AskState.YES).first()
    if ask.connectee_id is None or answer is None or answer.connector_id is None:
        raise Refused(_("This introduction does not stand any more; nothing was changed."))
    return ask.connectee_id, answer.connector_id


def _write(ask: SharedAsk, reader: UUID, other: UUID, centre: UUID, kind: str) -> None:
    """A letter about the other, whom the reader sees by a grant; none when it has ended."""
    with _house(centre, behalf=reader):
        mine = Party.objects.select_related("centre").filter(pk=reader).first()
        theirs = Party.objects.filter(pk=other).first()
        if mine is None or theirs is None:
            return
        link = own_link(mine, LinkPurpose.ACROSS, ask.pk)
        title, body = {
            "how_across": lambda: asking_letters.how_was_it_across(
                reader=mine, other=theirs, link=link
            ),
            "doors_across": lambda: asking_letters.doors_across(
                reader=mine, other=theirs, link=link
            ),
            "not_across": lambda: asking_letters.not_across(reader=mine, other=theirs),
        }[kind]()
        write_letter(party=mine, kind=kind, subject=title, body=body, about_id=ask.pk)


def expect_meeting(*, ask: SharedAsk, newcomer: Party) -> None:
    """Called by the newcomer's house when both said yes."""
    open_promise(
        centre=newcomer.centre,
        kind=PromiseKind.MEET_ACROSS,
        subject_kind="shared_ask",
        subject_id=ask.pk,
        debtor=newcomer,
    )


@transaction.atomic
def say_across(*, ask: SharedAsk, said_by: UUID, met: bool, on: date | None) -> SharedAsk:
    """Either of the two, or staff for them, says whether they met. The first answer stands, unless
    nobody had said anything. Raises Refused."""
    newcomer, connector = _two(ask)
    with _house(ask.centre_id, behalf=newcomer):
        row = SharedAsk.objects.select_for_update(of=("self",)).get(pk=ask.pk)
        if row.met in (AcrossState.MET, AcrossState.NOT):
            return row
        party = Party.objects.select_related("centre").get(pk=newcomer)
        today = timezone.localdate(timezone=party.centre.zone)
        if met and (on is None or not row.days.lower <= on <= today):
            raise Refused(_("Write the day you met: not in the future, nor before you were asked."))
        row.met, row.met_on = (AcrossState.MET, on) if met else (AcrossState.NOT, None)
        row.save(update_fields=["met", "met_on"])
        keep_promises(subject_id=row.pk, kind=PromiseKind.MEET_ACROSS)
        heard_from(party)
        if met:
            record(
                party=party,
                kind=EventKind.MET_ELSEWHERE,
                on=on,
                about_kind="shared_ask",
                about_id=row.pk,
            )
    if met:
        _ask_for_doors(row, newcomer, connector)
    else:
        other, centre = (connector, row.to_id) if said_by == newcomer else (newcomer, row.centre_id)
        _write(row, other, said_by, centre, "not_across")
    return row


def _ask_for_doors(ask: SharedAsk, newcomer: UUID, connector: UUID) -> None:
    with _house(ask.to_id):
        open_promise(
            centre=Centre.objects.get(pk=ask.to_id),
            kind=PromiseKind.REFER_ACROSS,
            subject_kind="shared_ask",
            subject_id=ask.pk,
            debtor=Party.objects.select_related("centre").get(pk=connector),
        )
    _write(ask, connector, newcomer, ask.to_id, "doors_across")


@transaction.atomic
def say_doors(*, ask: SharedAsk, doors: int) -> SharedAnswer:
    """The Connector told so many people of the newcomer (none is an answer too). The first answer
    stands. Raises Refused."""
    newcomer, connector = _two(ask)
    if not 0 <= doors <= MOST_DOORS:
        raise Refused(_("Choose a number from 0 to %(most)d.") % {"most": MOST_DOORS})
    with _house(ask.to_id, behalf=connector):
        answer = SharedAnswer.objects.select_for_update(of=("self",)).get(ask=ask)
        if answer.doors is not None:
            return answer
        answer.doors = doors
        answer.save(update_fields=["doors"])
        keep_promises(subject_id=ask.pk, kind=PromiseKind.REFER_ACROSS)
        heard_from(Party.objects.get(pk=connector))
    with _house(ask.centre_id, behalf=newcomer):
        party = Party.objects.select_related("centre").get(pk=newcomer)
        for _door in range(doors):
            record(
                party=party,
                kind=EventKind.DOOR_ELSEWHERE,
                about_kind="shared_ask",
                about_id=ask.pk,
            )
    return answer


# What happens when nobody answers -------------------------------------------------------------


def _ask_of(promise: Promise) -> SharedAsk | None:
    return SharedAsk.objects.filter(pk=promise.subject_id).first()


def remind_across(promise: Promise) -> None:
    """Both kinds: the newcomer whether they met, the Connector which doors opened."""
    ask = _ask_of(promise)
    if ask is None:
        return
    newcomer, connector = _two(ask)
    if promise.kind == PromiseKind.MEET_ACROSS:
        _write(ask, newcomer, connector, ask.centre_id, "how_across")
    else:
        _write(ask, connector, newcomer, ask.to_id, "doors_across")


def call_across(promise: Promise) -> None:
    remind_across(promise)
    if promise.debtor is not None:
        owe_a_call(promise.debtor)


def across_stays_unknown(promise: Promise) -> None:
    close_for_nobody(promise)
    SharedAsk.objects.filter(pk=promise.subject_id, met="").update(met=AcrossState.UNKNOWN)


__all__ = [
    "MOST_DOORS",
    "across_stays_unknown",
    "call_across",
    "close_for_nobody",
    "expect_meeting",
    "remind_across",
    "say_across",
    "say_doors",
]
