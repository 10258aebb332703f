"""How parts in the programme become one when two files are one person's (`Keeps.joined`, `.clash`),
and why two files cannot be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from takeroot.connections.enums import ConnecteeState

# How far each state is on the way; a joined file stands where the further of the two stood.
_WAY = (
    ConnecteeState.CLOSED,
    ConnecteeState.NOT_ELIGIBLE,
    ConnecteeState.APPLIED,
    ConnecteeState.WAITING_DOCUMENTS,
    ConnecteeState.READY,
    ConnecteeState.MATCHED,
    ConnecteeState.INTRODUCED,
    ConnecteeState.MET,
    ConnecteeState.REFERRING,
    ConnecteeState.COMPLETE,
    ConnecteeState.EMPLOYED,
)


def further(stays: str, goes: str) -> str:
    """The state of a joined Connectee."""
    order = {state.value: place for place, state in enumerate(_WAY)}
    return max(stays, goes, key=lambda state: order.get(state, len(order)))


def another_place(row: Any, stays: UUID, constraint: str) -> dict[str, Any] | None:
    """A place of the joined Connector for a match whose own is taken; an ended match with
    somebody whom the staying file was matched with too stays where it is."""
    if constraint != "place_once":
        return None
    same = type(row).objects.filter(connector_id=stays, period=row.period)
    return {"seat": (same.aggregate(last=Max("seat"))["last"] or 0) + 1}


def objection(stays: UUID, goes: UUID) -> str:
    """Why these two files cannot be merged now; "" when nothing forbids it."""
    return (
        _matched_with_each_other(stays, goes)
        or _same_round(stays, goes)
        or _one_named(stays, goes)
        or _same_partner(stays, goes)
    )


def _matched_with_each_other(stays: UUID, goes: UUID) -> str:
    from takeroot.connections.models import Match

    pair = Q(connectee_id=stays, connector_id=goes) | Q(connectee_id=goes, connector_id=stays)
    if Match.objects.filter(pair).exclude(state__in=("refused", "replaced")).exists():
        return _("These two were matched with each other, so they are two people.")
    return ""


def _one_named(stays: UUID, goes: UUID) -> str:
    from takeroot.connections.models import Referral

    both = (stays, goes)
    if Referral.objects.filter(referrer_id__in=both, contact_party__in=both).exists():
        return _("One of these two introduced the other, so they are two people.")
    return ""


def _same_round(stays: UUID, goes: UUID) -> str:
    from takeroot.connections.models import Match

    live = Match.objects.filter(
        connectee_id__in=(stays, goes), state__in=("proposed", "accepted", "introduced")
    )
    rounds = [key for key in live.values_list("round_id", flat=True) if key]
    if len(rounds) != len(set(rounds)):
        return _(
            "Both files have a match in the same round. Refuse or end one of the two matches "
            "first; nothing was merged."
        )
    return ""


def _same_partner(stays: UUID, goes: UUID) -> str:
    """Both are, or were, matched with the same person: the running one must be able to stay."""
    from takeroot.connections.models import Match

    together = Match.objects.filter(state__in=("accepted", "introduced", "ended"))
    for mine, partner in (("connectee_id", "connector_id"), ("connector_id", "connectee_id")):
        rows = {
            key: dict(together.filter(**{mine: key}).values_list(partner, "state"))
            for key in (stays, goes)
        }
        for other in rows[stays].keys() & rows[goes].keys():
            if rows[goes][other] != "ended":
                if rows[stays][other] != "ended":
                    return _(
                        "Both files are matched with the same person now. End one of the two "
                        "matches first; nothing was merged."
                    )
                return _(
                    "Both files were matched with the same person, and the match of the other "
                    "file still runs. Let that file be the one that stays; nothing was merged."
                )
    return ""
