"""From records to the engine and back: the only door of this app to ``takeroot.engine``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from takeroot.common.text import search_key
from takeroot.connections.cells import organization_key
from takeroot.connections.records import ConnecteeRecord, ConnectorRecord, PersonRecord
from takeroot.engine.matching import (
    Affinity,
    AssignmentProblem,
    PairParts,
    Profile,
    Result,
    Settings,
    Unplaced,
    Weights,
    solve,
)

__all__ = [
    "Affinity",
    "AssignmentProblem",
    "Directory",
    "Named",
    "PairParts",
    "Profile",
    "Result",
    "Settings",
    "Unplaced",
    "assignment",
    "connectee_profile",
    "connector_profile",
    "score",
    "solve",
]


def connectee_profile(
    record: ConnecteeRecord, *, today: dt.date, not_with: frozenset[str]
) -> Profile:
    waiting = (today - record.waiting_since).days if record.waiting_since else 0
    return Profile(
        **_shared(record, not_with),  # type: ignore[arg-type]
        wanted=frozenset(organization_key(name) for name in record.target_organizations),
        waiting_days=waiting,
        prefers_lived=record.prefers_lived,
    )


def connector_profile(record: ConnectorRecord, *, not_with: frozenset[str]) -> Profile:
    return Profile(
        **_shared(record, not_with),  # type: ignore[arg-type]
        organization=organization_key(record.organization) if record.organization else None,
        capacity=record.capacity,
        lived=record.lived_experience,
    )


def _shared(record: PersonRecord, not_with: frozenset[str]) -> dict[str, object]:
    place = record.community
    return {
        "id": record.id,
        "occupation": record.occupation,
        "languages": record.languages,
        "interests": frozenset(search_key(word) for word in record.interests),
        "mode": record.mode,
        "location": (place.latitude, place.longitude) if place else None,
        "not_with": not_with,
    }


@dataclass(frozen=True)
class Named:
    """Whom the words of ``not_with`` mean, by id; and the words that mean nobody."""

    ids: frozenset[str]
    unknown: tuple[str, ...]


class Directory:
    """Finds people of one list by id, name or organization."""

    def __init__(self, people: Iterable[PersonRecord]) -> None:
        self._by_id: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        self._by_organization: dict[str, set[str]] = {}
        for person in people:
            self._by_id.setdefault(search_key(person.id), set()).add(person.id)
            if person.name:
                self._by_name.setdefault(search_key(person.name), set()).add(person.id)
            organization = getattr(person, "organization", "")
            if organization:
                key = organization_key(organization)
                self._by_organization.setdefault(key, set()).add(person.id)

    def find(self, words: Iterable[str]) -> Named:
        """A word is an id if some person has it, else a name, else an organization."""
        ids: set[str] = set()
        unknown = []
        for word in words:
            key = search_key(word)
            found = (
                self._by_id.get(key)
                or self._by_name.get(key)
                or self._by_organization.get(organization_key(word))
            )
            ids |= found or set()
            if not found:
                unknown.append(word)
        return Named(frozenset(ids), tuple(unknown))


def assignment(
    affinity: Affinity,
    *,
    least_quality: int,
    locked: Iterable[tuple[str, str]] = (),
    forbidden: Iterable[tuple[str, str]] = (),
) -> AssignmentProblem:
    """The round as a problem: one match per Connectee, each Connector up to the capacity."""
    return AssignmentProblem(
        agents=tuple(profile.id for profile in affinity.agents),
        places=tuple(profile.id for profile in affinity.hosts),
        capacities=tuple(profile.capacity for profile in affinity.hosts),
        scores=affinity.scores,
        waiting=tuple(profile.waiting_days for profile in affinity.agents),
        locked=frozenset(locked),
        forbidden=frozenset(forbidden),
        least_quality=least_quality,
    )


def settings_of(
    *, usable_level: int, radius_km: int, weights: Mapping[str, int] | None = None
) -> Settings:
    """A centre's choices, and the weights of a kind of pairing (none: the engine's own)."""
    chosen = Weights(**weights) if weights else Weights()
    return Settings(weights=chosen, usable_level=usable_level, radius_km=float(radius_km))


def score(
    connectees: Sequence[ConnecteeRecord],
    connectors: Sequence[ConnectorRecord],
    *,
    today: dt.date,
    not_with: Mapping[tuple[str, str], frozenset[str]],
    settings: Settings,
) -> Affinity:
    """Scores of all pairs. ``not_with`` is (« connectee » or « connector », id) -> ids."""
    nobody: frozenset[str] = frozenset()
    agents = tuple(
        connectee_profile(r, today=today, not_with=not_with.get(("connectee", r.id), nobody))
        for r in connectees
    )
    hosts = tuple(
        connector_profile(r, not_with=not_with.get(("connector", r.id), nobody)) for r in connectors
    )
    return Affinity(agents, hosts, settings)
