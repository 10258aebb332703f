"""A Connector's places: given one at a time, never twice."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections.enums import SEATED
from takeroot.connections.models import Connector, Match
from takeroot.connections.selectors import period_start


@transaction.atomic
def take_seat(match: Match) -> None:
    """Give the match a place of its Connector in the current period.

    The Connector's row is locked while the free place is found, and a unique constraint on
    (Connector, period, place) stands behind. Raises Refused when every place is taken.
    """
    # NO KEY UPDATE: other rows may go on pointing to the Connector meanwhile.
    connector = Connector.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=match.connector_id
    )
    centre = match.centre
    period = period_start(centre, timezone.localdate(timezone=centre.zone))
    taken = set(
        Match.objects.filter(connector=connector, period=period, state__in=SEATED)
        .exclude(pk=match.pk)
        .values_list("seat", flat=True)
    )
    # Counted, not looked up: after the capacity was lowered, a low number may be free although
    # as many people as agreed are being met.
    if len(taken) >= connector.capacity:
        raise Refused(
            _(
                "%(name)s has no place left in this period: the last one has just been given. "
                "Choose somebody else, or ask for one more place."
            )
            % {"name": connector.person.party.name}
        )
    match.period = period
    match.seat = next(n for n in range(1, connector.capacity + 1) if n not in taken)
