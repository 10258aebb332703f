"""The list of a year's recognition: exact counts from meetings and referrals, put in order by a
rule that is data. The same year read again gives the same list."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre, Party
from takeroot.connections.enums import MeetingState, ReferralState
from takeroot.connections.enums_recognition import Category, Measure
from takeroot.connections.models import Connector
from takeroot.connections.selectors import (
    connectors_visible_to,
    meetings_visible_to,
    referrals_visible_to,
)

OPEN = (ReferralState.AGREED, ReferralState.MET)
MEASURES: dict[str, tuple[Measure, ...]] = {
    Category.CONNECTOR: (Measure.MET, Measure.NAMED, Measure.DOORS),
    Category.ORGANIZATION: (Measure.ACTIVE, Measure.CONNECTEES),
}
Counts = dict[str, int]


@dataclass(frozen=True)
class Rule:
    """One category's rule: the least of each count, by which counts the list is ordered (most
    first), and how many places of it stand before the jury (a shared place counts whole)."""

    category: str
    least: Mapping[str, int]
    order: tuple[str, ...]
    most: int

    @classmethod
    def from_data(cls, category: str, data: Mapping[str, Any]) -> Rule:
        return cls(category, dict(data["least"]), tuple(data["order"]), int(data["most"]))

    def as_data(self) -> dict[str, Any]:
        return {"least": dict(self.least), "order": list(self.order), "most": self.most}

    def met_by(self, counts: Mapping[str, int]) -> bool:
        return all(counts.get(measure, 0) >= least for measure, least in self.least.items())


@dataclass(frozen=True)
class Place:
    """One line of a list. Equal counts share a place, and the next place is as far on."""

    party: UUID
    counts: Counts
    rank: int


def rules_of(data: Mapping[str, Any]) -> list[Rule]:
    """The rules of a year, in the order of the categories."""
    return [Rule.from_data(one, data[one]) for one in Category.values if one in data]


def ranked(rule: Rule, counted: Mapping[UUID, Counts]) -> list[Place]:
    """Whoever meets the rule, in its order. Ties are broken by nothing: they share a place."""

    def key(counts: Counts) -> tuple[int, ...]:
        return tuple(-counts.get(measure, 0) for measure in rule.order)

    passing = {party: counts for party, counts in counted.items() if rule.met_by(counts)}
    keys = sorted(key(counts) for counts in passing.values())
    places = [Place(party, dict(c), bisect_left(keys, key(c)) + 1) for party, c in passing.items()]
    return sorted(
        (place for place in places if place.rank <= rule.most),
        key=lambda place: (place.rank, str(place.party)),
    )


def list_of(rule: Rule, *, actor: Actor, centre: Centre, year: int, through: date) -> list[Place]:
    """The list as the rule makes it on what is known now."""
    since = date(year, 1, 1)
    tally = _Tally.of(actor=actor, centre=centre, since=since, through=through)
    counted = tally.connectors() if rule.category == Category.CONNECTOR else tally.organizations()
    here = set(
        Party.objects.filter(
            pk__in=list(counted), severed_at__isnull=True, merged_into__isnull=True
        ).values_list("pk", flat=True)
    )
    return ranked(rule, {party: counts for party, counts in counted.items() if party in here})


@dataclass(frozen=True)
class _Tally:
    """What happened in a stretch of days: (Connector, other) pairs, each person as the one whom
    merged files stand for."""

    met: set[tuple[UUID, UUID]]
    named: set[tuple[UUID, UUID]]
    doors: set[tuple[UUID, UUID]]
    employers: dict[UUID, UUID]

    @classmethod
    def of(cls, *, actor: Actor, centre: Centre, since: date, through: date) -> _Tally:
        """Four queries."""
        held = meetings_visible_to(actor).filter(
            centre=centre, state=MeetingState.HELD, held_on__gte=since, held_on__lte=through
        )
        asked = referrals_visible_to(actor).filter(centre=centre)
        zone = centre.zone
        named = asked.annotate(on=TruncDate("asked_at", tzinfo=zone)).filter(
            hop=1, on__gte=since, on__lte=through, referrer_id=F("match__connector_id")
        )
        opened = asked.annotate(on=TruncDate("answered_at", tzinfo=zone)).filter(
            state__in=OPEN, on__gte=since, on__lte=through
        )
        return cls(
            met=_pairs(held, "match__connectee__person__party", "match__connectee_id"),
            named=_pairs(named, "contact__party", "contact__party_id"),
            doors=_pairs(opened, "contact__party", "contact__party_id"),
            employers=_employers(actor, centre),
        )

    def connectors(self) -> dict[UUID, Counts]:
        counts: dict[UUID, Counts] = defaultdict(dict)
        for measure, pairs in (
            (Measure.MET, self.met),
            (Measure.NAMED, self.named),
            (Measure.DOORS, self.doors),
        ):
            for connector, others in _by_first(pairs).items():
                counts[connector][measure] = len(others)
        return {one: _whole(Category.CONNECTOR, known) for one, known in counts.items()}

    def organizations(self) -> dict[UUID, Counts]:
        at_work = [(self.employers[c], c, other) for c, other in self.met if c in self.employers]
        active = _by_first((employer, connector) for employer, connector, _other in at_work)
        people = _by_first((employer, other) for employer, _connector, other in at_work)
        return {
            employer: {
                Measure.ACTIVE.value: len(active[employer]),
                Measure.CONNECTEES.value: len(people[employer]),
            }
            for employer in active
        }


def _whole(category: str, known: Counts) -> Counts:
    """Every measure of the category, also those that stand at nothing."""
    return {measure.value: known.get(measure, 0) for measure in MEASURES[category]}


def _by_first(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found


def _pairs(rows: QuerySet[Any], other: str, key: str) -> set[tuple[UUID, UUID]]:
    """(Connector, other person), each once."""
    return set(
        rows.select_related(None)
        .order_by()
        .annotate(
            whose=Coalesce(
                "match__connector__person__party__merged_into_id", "match__connector_id"
            ),
            whom=Coalesce(f"{other}__merged_into_id", key),
        )
        .values_list("whose", "whom")
        .distinct()
    )


def _employers(actor: Actor, centre: Centre) -> dict[UUID, UUID]:
    """Connector -> the organization where they work today, by their parties."""
    rows = connectors_visible_to(actor).filter(centre=centre, organization__isnull=False)
    return dict(rows.values_list("pk", "organization__party_id"))


def connectors_of(party: UUID) -> QuerySet[Connector]:
    """The Connectors of an organization, by its party."""
    return Connector.objects.filter(
        organization__party_id=party,
        person__party__severed_at__isnull=True,
        person__party__merged_into__isnull=True,
    ).select_related("person__party__centre")
