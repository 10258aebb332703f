"""What a newcomer's part in the programme holds in the centre it moves to (`Keeps.arrives`)."""

from __future__ import annotations

from typing import Any

from takeroot.common.keeping import Arrival
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.enums_applying import RatingMoment


def looked_at_again(row: Any, arrival: Arrival) -> dict[str, Any]:
    """A Connectee is looked at by the new centre, and keeps their place among those who wait. The
    numbers of the old centre's own lists mean nothing there."""
    fresh = {"state": ConnecteeState.APPLIED, "held_back": False}
    return {**fresh, "reference": "", "not_with": []}


def own_list(row: Any, arrival: Arrival) -> bool:
    """The list of a file that was merged into this one has been read into it, and stays."""
    return bool(row.connectee_id == arrival.keys[0])


def not_signed(row: Any, arrival: Arrival) -> dict[str, Any]:
    """The points of the list stand; the new centre signs for itself."""
    return {"signed_at": None, "signed_by_id": None}


def half_of_a_pair(row: Any, arrival: Arrival) -> bool:
    """A rating goes along while its second half is awaited; a pair stays where it was counted."""
    rows = type(row).objects.filter(connectee_id__in=(*arrival.keys, arrival.key))
    done = rows.filter(moment=RatingMoment.AFTER).exists()
    again = rows.filter(connectee_id=arrival.key, moment=row.moment).exists()
    return not done and not again
