"""Two centres that share a Connector, for tests."""

from __future__ import annotations

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.models_shared import Offer, SharedAnswer, SharedAsk
from takeroot.connections.services.sharing import (
    agree_to_share,
    answer_shared,
    ask_shared,
    share_connector,
)
from takeroot.connections.shared import offers_visible_to
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector, give_consent


def shares(one: Centre, other: Centre) -> None:
    """Both sides say yes."""
    for here, there in ((one, other), (other, one)):
        with house_of(here) as house:
            agree_to_share(centre=here, other=there, by=house)


def a_shared_connector(
    centre: Centre, name: str = "Paul Sample", *, capacity: int = 2
) -> Connector:
    row = a_connector(centre, name, capacity=capacity)
    with house_of(centre) as house:
        share_connector(connector=row, share=True, by=house)
    return row


def a_guest(centre: Centre, name: str = "Gita Guest") -> Connectee:
    """A ready Connectee who agreed to be introduced by another centre's Connector."""
    row = a_connectee(centre, name)
    with house_of(centre):
        give_consent(row, "other_centre")
    return row


def offers(centre: Centre) -> list[Offer]:
    """What this centre sees of its partners' places."""
    with house_of(centre) as house:
        return list(offers_visible_to(house, centre))


def ask(connectee: Connectee, offer: Offer) -> SharedAsk:
    with house_of(connectee.centre) as house:
        return ask_shared(offer=offer, connectee=connectee, by=house)


def answer(connector: Connector, made: SharedAsk, *, yes: bool = True) -> SharedAnswer:
    with house_of(connector.centre) as house:
        seen = SharedAsk.objects.get(pk=made.pk)
        return answer_shared(ask=seen, connector=connector, yes=yes, by=house)
