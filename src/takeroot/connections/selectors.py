"""Reads of the Connector Program, always for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from takeroot.access.actor import Actor
from takeroot.accounts.enums import Period
from takeroot.accounts.models import Centre
from takeroot.common.text import search_key
from takeroot.connections.enums import (
    SEATED,
    TOGETHER,
    ConnecteeState,
    ConnectorState,
    MatchState,
)
from takeroot.connections.kinds import CONNECTOR, kind_of
from takeroot.connections.models import (
    Connectee,
    Connector,
    Introduction,
    Match,
    Meeting,
    Referral,
    Round,
)
from takeroot.connections.resting import not_resting
from takeroot.volunteers.selectors import screened

Row = TypeVar("Row", Connectee, Connector)


def period_start(centre: Centre, day: date) -> date:
    """First day of the period in which a Connector's places are counted."""
    if centre.capacity_period == Period.YEAR:
        return day.replace(month=1, day=1)
    if centre.capacity_period == Period.QUARTER:
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return day.replace(day=1)


def connectees_visible_to(actor: Actor) -> QuerySet[Connectee]:
    """Connectees with a file of their own: merged ones are read as part of the other, erased ones
    are gone."""
    return Connectee.objects.filter(
        centre_id__in=actor.file_centres,
        person__party__merged_into__isnull=True,
        person__party__severed_at__isnull=True,
    ).select_related("person__party", "person__place")


def connectors_visible_to(actor: Actor) -> QuerySet[Connector]:
    """Connectors with a file of their own (see `connectees_visible_to`)."""
    return Connector.objects.filter(
        centre_id__in=actor.file_centres,
        person__party__merged_into__isnull=True,
        person__party__severed_at__isnull=True,
    ).select_related("person__party", "person__place", "organization__party")


def rounds_visible_to(actor: Actor) -> QuerySet[Round]:
    return Round.objects.filter(centre_id__in=actor.file_centres)


def matches_visible_to(actor: Actor) -> QuerySet[Match]:
    return Match.objects.filter(centre_id__in=actor.file_centres).select_related(
        "connectee__person__party",
        "connectee__person__place",
        "connector__person__party",
        "connector__person__place",
        "connector__organization__party",
    )


def introductions_visible_to(actor: Actor) -> QuerySet[Introduction]:
    return Introduction.objects.filter(centre_id__in=actor.file_centres).select_related(
        "match__connectee__person__party", "match__connector__person__party"
    )


def meetings_visible_to(actor: Actor) -> QuerySet[Meeting]:
    return Meeting.objects.filter(centre_id__in=actor.file_centres).select_related(
        "match__connectee__person__party", "match__connector__person__party"
    )


def referrals_visible_to(actor: Actor) -> QuerySet[Referral]:
    return Referral.objects.filter(centre_id__in=actor.file_centres).select_related(
        "contact__party__merged_into", "referrer", "connectee__person__party"
    )


def with_free_places(
    connectors: QuerySet[Connector], *, centre: Centre, day: date
) -> QuerySet[Connector]:
    """Adds `taken` (places given in this period) and `free` to each Connector."""
    taken = (
        Match.objects.filter(
            connector=OuterRef("pk"), state__in=SEATED, period=period_start(centre, day)
        )
        .order_by()
        .values("connector")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return connectors.annotate(taken=Coalesce(Subquery(taken), 0)).annotate(
        free=F("capacity") - F("taken")
    )


# States in which a Connectee may take part in a further kind of pairing, beside the programme's.
QUALIFIED = (
    ConnecteeState.READY,
    ConnecteeState.MATCHED,
    ConnecteeState.INTRODUCED,
    ConnecteeState.MET,
    ConnecteeState.REFERRING,
    ConnecteeState.COMPLETE,
)


def _waiting(actor: Actor, centre: Centre, kind: str) -> QuerySet[Connectee]:
    """Whoever waits for somebody of this kind."""
    rows = connectees_visible_to(actor).filter(centre=centre, held_back=False)
    if kind_of(kind).leads:
        return rows.filter(state=ConnecteeState.READY)
    live = Match.objects.filter(kind=kind, state__in=SEATED, connectee=OuterRef("pk"))
    return rows.filter(~Exists(live), state__in=QUALIFIED)


def pool(
    actor: Actor, centre: Centre, day: date, *, kind: str = CONNECTOR
) -> tuple[list[Connectee], list[Connector]]:
    """Who takes part in a round of one kind: ready and unmatched; active and with a free place."""
    connectees = list(_waiting(actor, centre, kind).order_by("waiting_since", "pk"))
    return connectees, list(may_be_asked(actor, centre, day, kind=kind).order_by("pk"))


def may_be_asked(
    actor: Actor, centre: Centre, day: date, *, kind: str = CONNECTOR
) -> QuerySet[Connector]:
    """Connectors to whom somebody may be proposed: active, with a free place, and with the
    screening that the centre asks for."""
    rows = connectors_visible_to(actor).filter(
        centre=centre, state=ConnectorState.ACTIVE, held_back=False, kinds__contains=[kind]
    )
    free = with_free_places(rows, centre=centre, day=day).filter(free__gt=0)  # type: ignore[misc]
    rested = not_resting(free, centre=centre, day=day)
    return screened(rested, centre=centre, day=day, person="person_id")


def pairs_already_together(centre: Centre, kind: str = CONNECTOR) -> set[tuple[UUID, UUID]]:
    """Never the same pair twice: whoever was matched in this kind, or refused for good, in this
    centre."""
    rows = Match.objects.filter(centre=centre).filter(
        Q(state__in=TOGETHER, kind=kind)
        | Q(state__in=(MatchState.REFUSED, *TOGETHER), refusal__in=("conflict", "known"))
    )
    return set(rows.values_list("connectee_id", "connector_id"))


def found_by_name(rows: QuerySet[Row], text: str) -> QuerySet[Row]:
    """Names as people type them: without accents, in any case; where no name has these letters,
    with a slip of the finger. Likeness takes ten times as long to compute as to look for letters.
    """
    key = search_key(text)
    if not key:
        return rows
    found = rows.filter(person__party__search_key__contains=key)
    if not found.exists():
        alike = rows.filter(person__party__search_key__trigram_word_similar=key).order_by()
        found = rows.filter(pk__in=list(alike.values_list("pk", flat=True)))
    near = TrigramWordSimilarity(key, "person__party__search_key")
    ordered: QuerySet[Row] = found.annotate(near=near).order_by(
        "-near", "person__party__sort_key", "pk"
    )
    return ordered


@dataclass(frozen=True)
class PoolCounts:
    """How many people are ready and unmatched, and what the Connectors can take."""

    ready: int
    connectors: int
    places: int


def pool_counts(actor: Actor, centre: Centre, day: date) -> PoolCounts:
    """The size of the next round's pool."""
    ready = connectees_visible_to(actor).filter(centre=centre, state=ConnecteeState.READY).count()
    free = may_be_asked(actor, centre, day).aggregate(connectors=Count("pk"), places=Sum("free"))
    return PoolCounts(ready, free["connectors"], free["places"] or 0)
