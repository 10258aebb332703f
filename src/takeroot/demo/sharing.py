"""What two centres share: places without names, an introduction, a file that may move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone, translation

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.services import record_consent
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnecteeState, ConnectorState
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.models_shared import SharedAsk, SharedPlace
from takeroot.connections.services.across import say_across
from takeroot.connections.services.sharing import (
    agree_to_share,
    answer_shared,
    ask_shared,
    share_connector,
)
from takeroot.connections.shared import offers_visible_to
from takeroot.keeping.services.transferring import answer_transfer, propose_transfer

SHARED = 3


@contextmanager
def _house(centre: Centre) -> Iterator[Actor]:
    house = system_actor(centre.pk, purpose="demonstration")
    with acting(house), timezone.override(centre.zone):
        yield house


def sharing(one: Centre, other: Centre) -> None:
    """Both centres agree and share some Connectors. The second asks the first for two of its
    newcomers: one answer is a yes, one is awaited; and it proposes that a third moves there."""
    for here, there in ((one, other), (other, one)):
        with _house(here) as house:
            agree_to_share(centre=here, other=there, by=house)
            _share_some(here, house)
    guests = _guests(other)
    asks = [ask for guest in guests[:2] if (ask := _ask(other, guest)) is not None]
    if asks:
        _say_yes(one, other, asks[0])
    if len(guests) > 2:
        _may_move(other, guests[2], to=one)


def _share_some(centre: Centre, house: Actor) -> None:
    """Connectors whom nobody has asked yet."""
    free = Connector.objects.filter(
        centre=centre, state=ConnectorState.ACTIVE, matches__isnull=True, held_back=False
    ).select_related("centre", "person__party")
    for row in free.order_by("reference", "pk")[:SHARED]:
        share_connector(connector=row, share=True, by=house)


def _guests(centre: Centre) -> list[Connectee]:
    """Newcomers who wait and agree to be introduced by another centre's Connector."""
    with _house(centre) as house:
        rows = list(
            Connectee.objects.filter(centre=centre, state=ConnecteeState.READY)
            .select_related("centre", "person__party__centre")
            .order_by("-waiting_since", "pk")[:3]
        )
        today = timezone.localdate(timezone=centre.zone)
        for row in rows[:2]:
            record_consent(
                party=row.person.party,
                purpose="other_centre",
                shares=["name", "contact"],
                audience="Centre de Colchester",
                given_on=today,
                until=today + timedelta(days=300),
                how="in_person",
                by=house,
            )
        return rows


def _ask(centre: Centre, guest: Connectee) -> SharedAsk | None:
    """The first place that may be asked now; some Connectors may not (a screening has ended)."""
    with _house(centre) as house, translation.override("fr"):
        for offer in offers_visible_to(house, centre):
            try:
                return ask_shared(offer=offer, connectee=guest, by=house)
            except Refused:
                continue
    return None


def _say_yes(one: Centre, other: Centre, ask: SharedAsk) -> None:
    """The Connector says yes; the two have met since, and doors are asked for."""
    with _house(one) as house:
        place = SharedPlace.objects.select_related("connector__centre").get(place=ask.place)
        connector = place.connector
        seen = SharedAsk.objects.get(pk=ask.pk)
        answer_shared(ask=seen, connector=connector, yes=True, by=house)
    with _house(other):
        today = timezone.localdate(timezone=other.zone)
        say_across(ask=seen, said_by=connector.pk, met=True, on=today)


def _may_move(centre: Centre, row: Connectee, *, to: Centre) -> None:
    with _house(centre) as house:
        asked = propose_transfer(
            connectee=row, to=to, reason="Un logement et l’école des enfants à Truro.", by=house
        )
        answer_transfer(transfer=asked, yes=True, how="in_person", by=house)
