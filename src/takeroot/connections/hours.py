"""Hours that Connectors give: meetings count by themselves, the rest is written down."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, Sum

from takeroot.access.actor import Actor
from takeroot.connections.enums import MeetingState
from takeroot.connections.models import Meeting
from takeroot.volunteers.selectors import logged_minutes


def meeting_minutes(*, actor: Actor, people: Iterable[UUID], year: int) -> dict[UUID, int]:
    """Minutes of meetings that took place in a year, by Connector."""
    seen = Q(centre_id__in=actor.file_centres) | Q(connector_party=actor.party)
    rows = (
        Meeting.objects.filter(seen, connector_party__in=list(people))
        .filter(state=MeetingState.HELD, held_on__year=year)
        .order_by()
        .values_list("connector_party")
        .annotate(n=Sum("minutes"))
    )
    return dict(rows)


def given_minutes(*, actor: Actor, people: Iterable[UUID], year: int) -> dict[UUID, int]:
    """All minutes given in a year, by person: meetings, and what was written down."""
    keys = list(people)
    met = meeting_minutes(actor=actor, people=keys, year=year)
    logged = logged_minutes(actor=actor, people=keys, year=year)
    return {key: met.get(key, 0) + logged.get(key, 0) for key in keys}
