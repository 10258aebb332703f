"""Centres that share Connectors: anonymous places, one request a month, and a yes before names.

Each centre's house writes its own rows and nothing else; where a step needs both, both houses act,
one after the other, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.enums import GrantBasis, Purpose
from takeroot.access.services import live_consent, open_grant
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections import asking_letters
from takeroot.connections.enums import AskState, ConnectorState
from takeroot.connections.models import Connectee, Connector, Match
from takeroot.connections.models_shared import (
    Offer,
    SharedAnswer,
    SharedAsk,
    SharedPlace,
    SharingSide,
)
from takeroot.connections.services.across import expect_meeting
from takeroot.connections.services.house_letters import own_link
from takeroot.connections.services.resting import check_rested
from takeroot.connections.shared import partners
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, revoke_links, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind, PromiseState
from takeroot.promises.models import Promise
from takeroot.promises.services import (
    close_for_nobody,
    close_promises,
    keep_promises,
    open_promise,
)
from takeroot.volunteers.services.screening import check_screened

HELD_DAYS = 30
GRANT_DAYS = 365


@contextmanager
def _house(centre: UUID, behalf: UUID | None = None) -> Iterator[Actor]:
    with acting(system_actor(centre, purpose="sharing", behalf=behalf)) as actor:
        yield actor


@transaction.atomic
def agree_to_share(*, centre: Centre, other: Centre, by: Actor) -> SharingSide:
    """This centre's yes to another. Places are offered once both have said it."""
    if centre.pk == other.pk:
        raise Refused(_("Choose another centre than your own."))
    Centre.objects.select_for_update().get(pk=centre.pk)
    side = SharingSide.objects.filter(centre=centre, other=other, ended_at=None).first()
    if side is None:
        side = SharingSide(centre=centre, other=other, agreed_at=timezone.now())
        side.save(force_insert=True)
    for one in (centre, other):
        with _house(one.pk):
            write_offers(centre=one)
    return side


@transaction.atomic
def end_sharing(*, centre: Centre, other: Centre, by: Actor) -> None:
    """Either side ends it at any time: places vanish on both sides; what was introduced stays."""
    now = timezone.now()
    SharingSide.objects.filter(centre=centre, other=other, ended_at=None).update(ended_at=now)
    for one in (centre, other):
        with _house(one.pk):
            write_offers(centre=one)


def write_offers(*, centre: Centre) -> None:
    """What each partner may see of this centre's places, as of now. Run by the centre's house."""
    Offer.objects.filter(centre=centre).delete()
    with _house(centre.pk) as house:
        others = partners(actor=house, centre=centre)
    places = SharedPlace.objects.filter(
        centre=centre, ended_at=None, connector__state=ConnectorState.ACTIVE
    ).select_related("connector__person")
    Offer.objects.bulk_create(
        Offer(
            centre=centre,
            to_id=other,
            place=place.place,
            occupation_code=place.connector.person.occupation_code,
            languages=sorted(place.connector.person.languages),
            lived_experience=place.connector.lived_experience,
        )
        for other in others
        for place in places
    )


@transaction.atomic
def share_connector(*, connector: Connector, share: bool, by: Actor) -> None:
    """Let other centres ask this Connector, or no longer. Whom we asked ourselves within the month
    is held from the first day."""
    row = Connector.objects.select_for_update(no_key=True, of=("self",)).get(pk=connector.pk)
    place, _made = SharedPlace.objects.get_or_create(connector=row, defaults={"centre": row.centre})
    place.ended_at = None if share else place.ended_at or timezone.now()
    place.save(update_fields=["ended_at"])
    last = Match.objects.filter(connector=row).order_by("asked_on").last()
    if share and last is not None and last.asked_on is not None:
        hold_for_own(connector=row, on=last.asked_on)
    write_offers(centre=row.centre)


def hold_for_own(*, connector: Connector, on: date) -> None:
    """We asked our own Connector: other centres wait a month. Raises Refused when one of them has
    asked within the month."""
    place = SharedPlace.objects.filter(connector=connector, ended_at=None).first()
    if place is None:
        return
    _hold(
        SharedAsk(
            centre=connector.centre,
            to=connector.centre,
            place=place.place,
            days=(on, on + timedelta(days=HELD_DAYS)),
        )
    )


def _hold(ask: SharedAsk) -> None:
    """Take the days; the database says no when another agency was first."""
    try:
        with transaction.atomic():
            ask.save(force_insert=True)
    except IntegrityError as problem:
        raise Refused(
            _(
                "This person was asked by another centre within the last month. Nobody is asked "
                "twice in a month; try again later, or choose somebody else."
            )
        ) from problem


@transaction.atomic
def ask_shared(*, offer: Offer, connectee: Connectee, by: Actor) -> SharedAsk:
    """Ask the person behind another centre's place for one of our Connectees. They read the
    occupation and the languages, in the words of their own centre, and say yes before any name
    moves."""
    party = connectee.person.party
    if live_consent(party_id=party.pk, purpose=Purpose.OTHER_CENTRE) is None:
        raise Refused(
            _(
                "%(name)s has not yet agreed to be introduced by another centre's Connector. "
                "Record that consent on their page first."
            )
            % {"name": party.name}
        )
    if offer.centre_id not in partners(actor=by, centre=connectee.centre):
        raise Refused(_("The two centres do not share Connectors any more."))
    today = timezone.localdate(timezone=connectee.centre.zone)
    ask = SharedAsk(
        centre=connectee.centre,
        to_id=offer.centre_id,
        place=offer.place,
        days=(today, today + timedelta(days=HELD_DAYS)),
        connectee=connectee,
        occupation_code=connectee.person.occupation_code,
        languages=sorted(connectee.person.languages),
        asked_by_id=by.party,
    )
    with _house(offer.centre_id) as house:
        connector = _behind(offer.place)
        check_rested(connector=connector)
        check_screened(person=connector.person, by=house)
    _hold(ask)
    with _house(offer.centre_id):
        _ask_in_own_words(ask, connector)
    return ask


def _behind(place: UUID) -> Connector:
    """The Connector of a place, for their own house alone."""
    row = (
        SharedPlace.objects.select_related("connector__person__party__centre", "connector__centre")
        .filter(place=place, ended_at=None, connector__state=ConnectorState.ACTIVE)
        .first()
    )
    if row is None:
        raise EditedMeanwhile(_("This place is no longer offered; nobody was asked."))
    return row.connector


def _ask_in_own_words(ask: SharedAsk, connector: Connector) -> None:
    party = connector.person.party
    link = issue_link(party=party, purpose=LinkPurpose.SHARED_ASK, subject_id=ask.pk)
    asking = Centre.objects.get(pk=ask.centre_id)
    subject, body = asking_letters.another_centre_asks(
        reader=party, asking=asking, code=ask.occupation_code, link=f"{{link:{link.pk}}}"
    )
    write_letter(party=party, kind="shared_ask", subject=subject, body=body, about_id=ask.pk)
    open_promise(
        centre=connector.centre,
        kind=PromiseKind.ANSWER_SHARED,
        subject_kind="shared_ask",
        subject_id=ask.pk,
        debtor=party,
    )


@transaction.atomic
def answer_shared(*, ask: SharedAsk, connector: Connector, yes: bool, by: Actor) -> SharedAnswer:
    """The Connector's answer, written by their house. With a yes, grants open both names, and
    each house writes to its own person. The second answer changes nothing."""
    Connector.objects.select_for_update(no_key=True, of=("self",)).get(pk=connector.pk)
    known = SharedAnswer.objects.filter(ask=ask).first()
    if known is not None:
        return known
    answer = SharedAnswer(
        centre=connector.centre,
        to_id=ask.centre_id,
        ask=ask,
        state=AskState.YES if yes else AskState.NO,
        connector=connector if yes else None,
    )
    answer.save(force_insert=True)
    keep_promises(subject_id=ask.pk, kind=PromiseKind.ANSWER_SHARED)
    revoke_links(subject_id=ask.pk)
    if yes:
        _introduce(ask, connector)
    return answer


def _open(subject: Party, holder: UUID, ask: SharedAsk) -> None:
    open_grant(
        subject=subject,
        holder=Party(pk=holder),
        shares=["name", "contact"],
        purpose=Purpose.OTHER_CENTRE,
        basis=GrantBasis.CONSENT,
        because_kind="shared_ask",
        because_id=ask.pk,
        until=timezone.localdate() + timedelta(days=GRANT_DAYS),
    )


def _introduce(ask: SharedAsk, connector: Connector) -> None:
    """Both names move by grants; neither house reads more of the other than they open."""
    here, there, newcomer = connector.centre_id, ask.centre_id, ask.connectee_id
    if newcomer is None:
        return
    with _house(here):
        _open(connector.person.party, newcomer, ask)
    with _house(there, behalf=newcomer):
        party = Party.objects.select_related("centre").get(pk=newcomer)
        if live_consent(party_id=newcomer, purpose=Purpose.OTHER_CENTRE) is None:
            raise Refused(
                _("The newcomer is no longer looking for an introduction. Thank you all the same.")
            )
        _open(party, connector.pk, ask)
        _tell(party, connector.pk, ask, PromiseKind.MEET_ACROSS)
        expect_meeting(ask=ask, newcomer=party)
        record(
            party=party,
            kind=EventKind.INTRODUCED_ELSEWHERE,
            about_kind="shared_ask",
            about_id=ask.pk,
        )
    with _house(here, behalf=connector.pk):
        _tell(connector.person.party, newcomer, ask, None)


def _tell(reader: Party, other: UUID, ask: SharedAsk, owed: PromiseKind | None) -> None:
    """A letter with the other's name and address, as far as a grant opens them to the reader."""
    opened = Party.objects.get(pk=other)
    subject, body = asking_letters.meet_across_centres(
        reader=reader,
        other=opened,
        link=own_link(reader, LinkPurpose.ACROSS, ask.pk),
        owed=owed,
    )
    write_letter(party=reader, kind="shared_yes", subject=subject, body=body, about_id=ask.pk)


def close_asks(connectees: list[UUID], reason: CloseReason) -> None:
    """A Connectee has left: whoever of another centre still owes something for them is told that
    it is no longer needed. The days stay held: they were asked."""
    answered = {
        *SharedAnswer.objects.filter(ask__connectee_id__in=connectees).values_list("ask", flat=True)
    }
    for ask in SharedAsk.objects.filter(connectee_id__in=connectees):
        with _house(ask.to_id):
            owed = Promise.objects.filter(subject_id=ask.pk, state=PromiseState.OPEN)
            readers = [row.debtor for row in owed.select_related("debtor__centre") if row.debtor]
            close_promises(subject_id=ask.pk, reason=reason)
            revoke_links(subject_id=ask.pk)
            if ask.pk not in answered:
                SharedAnswer(
                    centre_id=ask.to_id, to_id=ask.centre_id, ask=ask, state=AskState.WITHDRAWN
                ).save(force_insert=True)
            for reader in readers:
                subject, body = asking_letters.no_longer_needed(reader=reader)
                write_letter(
                    party=reader, kind="shared_over", subject=subject, body=body, about_id=ask.pk
                )


def shared_ask_is_silent(promise: Promise) -> None:
    """The last rung: no answer is no, and the centre that asked reads so."""
    close_for_nobody(promise)
    ask = SharedAsk.objects.filter(pk=promise.subject_id, answer__isnull=True).first()
    if ask is not None:
        SharedAnswer(
            centre=promise.centre, to_id=ask.centre_id, ask=ask, state=AskState.SILENT
        ).save(force_insert=True)
        revoke_links(subject_id=ask.pk)
