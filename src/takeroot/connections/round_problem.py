"""A round of the database as the engine's problem, and the engine's answer in our words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from takeroot.accounts.models import Centre
from takeroot.connections.adapters import Directory, assignment, score, settings_of
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.records import ConnecteeRecord, ConnectorRecord
from takeroot.engine.matching import (
    Affinity,
    AssignmentProblem,
    PairParts,
    solve,
)
from takeroot.facts.places import by_id

Pair = tuple[UUID, UUID]

# Longest list of people that one scarce Connector would serve, kept for the page.
_NAMED = 5


@dataclass(frozen=True)
class ScoredPair:
    """One pair with what its score is made of; `forbidden` says why it may not be made."""

    connectee: UUID
    connector: UUID
    score: int
    parts: PairParts
    forbidden: str = ""


@dataclass(frozen=True)
class RoundAnswer:
    """What a round proposes. `findings` holds codes, counts and ids only."""

    pairs: list[ScoredPair]
    value: int
    bound: int
    findings: dict[str, Any]
    conflict: str = ""


@dataclass(frozen=True)
class RoundProblem:
    """The scored pool of a round, ready to be solved."""

    affinity: Affinity
    problem: AssignmentProblem
    connectees: Sequence[Connectee]
    connectors: Sequence[Connector]
    index: tuple[dict[UUID, int], dict[UUID, int]] = field(repr=False)

    @property
    def people(self) -> int:
        return len(self.connectees)

    @property
    def connectors_count(self) -> int:
        return len(self.connectors)

    def solve(self) -> RoundAnswer:
        """The greatest total around what is locked; exact."""
        result = solve(self.problem)
        if result.conflicts:
            return RoundAnswer([], 0, 0, {}, conflict=self._conflict(result.conflicts[0]))
        pairs = [self._scored(UUID(one), UUID(other)) for one, other in result.pairs]
        findings = {
            "unplaced": [
                {"id": left.agent, "cause": left.cause, "counts": list(left.counts)}
                for left in result.unplaced
            ],
            "scarce": [
                {"id": place, "worth": worth}
                for place, worth in sorted(
                    result.prices.items(), key=lambda item: (-item[1], item[0])
                )[:_NAMED]
            ],
            "seconds": round(result.runtime, 3),
        }
        return RoundAnswer(pairs, result.value, result.bound, findings)

    def _scored(self, connectee: UUID, connector: UUID) -> ScoredPair:
        i, j = self.index[0][connectee], self.index[1][connector]
        parts = self.affinity.parts(i, j)
        return ScoredPair(connectee, connector, parts.score, parts)

    def pair(self, connectee: UUID, connector: UUID) -> ScoredPair | None:
        """One pair, made or not; None when one of the two is not in the pool."""
        if connectee not in self.index[0] or connector not in self.index[1]:
            return None
        found = self._scored(connectee, connector)
        why = ""
        if (str(connectee), str(connector)) in self.problem.forbidden:
            why = _("These two have been brought together before, or the pair was refused.")
        elif found.parts.cause:
            why = cause_in_words(found.parts.cause)
        return ScoredPair(found.connectee, found.connector, found.score, found.parts, why)

    def candidates(self, connectee: UUID) -> list[ScoredPair]:
        """Every Connector of the pool for one Connectee: possible ones first, best first."""
        if connectee not in self.index[0]:
            return []
        found = [self.pair(connectee, connector.pk) for connector in self.connectors]
        scored = [pair for pair in found if pair is not None]
        return sorted(scored, key=lambda p: (bool(p.forbidden), -p.score, str(p.connector)))

    def _conflict(self, conflict: Any) -> str:
        names = {
            **{str(c.pk): c.person.party.name for c in self.connectees},
            **{str(c.pk): c.person.party.name for c in self.connectors},
        }
        pairs = "; ".join(f"{names[one]} – {names[other]}" for one, other in conflict.pairs)
        said = _("These locked choices cannot all stand together: %(pairs)s. Unlock one of them.")
        return said % {"pairs": pairs}


def cause_in_words(cause: str) -> str:
    """Why a pair may not be made."""
    return {
        "same_person": _("This is the same person."),
        "not_with": _("A conflict was stated: these two are not to be matched."),
        "no_capacity": _("No place is left in this period."),
        "no_common_language": _("They share no language at a usable level."),
        "modes_differ": _("One meets in person only, the other by video only."),
        "too_far": _("They live too far apart to meet in person."),
    }.get(cause, _("The rules of the programme forbid this pair."))


def connectee_record(row: Connectee) -> ConnecteeRecord:
    """A Connectee as the matching knows people: the same shape that spreadsheets give."""
    return ConnecteeRecord(
        **_shared(row),
        target_organizations=tuple(row.target_organizations),
        waiting_since=row.waiting_since,
        prefers_lived=row.prefers_lived,
    )


def connector_record(row: Connector, *, free: int) -> ConnectorRecord:
    """A Connector with the places that are free in this period."""
    return ConnectorRecord(
        **_shared(row),
        organization=row.organization.party.name if row.organization else "",
        capacity=free,
        lived_experience=row.lived_experience,
    )


def _shared(row: Connectee | Connector) -> dict[str, Any]:
    person = row.person
    return {
        "row": 0,
        "id": str(row.pk),
        "name": person.party.name,
        "occupation": person.occupation_code or None,
        "languages": tuple(sorted(person.languages.items())),
        "interests": tuple(person.interests),
        "community": by_id(person.place_id) if person.place_id else None,
        "mode": person.mode,
        "not_with": tuple(row.not_with),
    }


def _kept_apart(
    connectees: Sequence[Connectee], connectors: Sequence[Connector]
) -> dict[tuple[str, str], frozenset[str]]:
    """Whom the words of `not_with` mean: a reference, else a name, else an organization."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    sides: tuple[tuple[str, Sequence[Any], Sequence[Any]], ...] = (
        ("connectee", connectees, connectors),
        ("connector", connectors, connectees),
    )
    for side, people, others in sides:
        if not any(person.not_with for person in people):
            continue
        directory = Directory([_reference_record(other) for other in others])
        by_reference = {other.reference or str(other.pk): str(other.pk) for other in others}
        for person in people:
            if person.not_with:
                named = directory.find(person.not_with)
                found[side, str(person.pk)] = frozenset(by_reference[i] for i in named.ids)
    return found


def _reference_record(row: Connectee | Connector) -> Any:
    record = connectee_record(row) if isinstance(row, Connectee) else connector_record(row, free=0)
    from dataclasses import replace

    return replace(record, id=row.reference or str(row.pk))


def build_problem(
    *,
    connectees: Sequence[Connectee],
    connectors: Sequence[Connector],
    centre: Centre,
    today: date,
    least_quality: int,
    weights: Mapping[str, int] | None = None,
    locked: Iterable[Pair] = (),
    forbidden: Iterable[Pair] = (),
) -> RoundProblem:
    """Score the pool by the centre's settings. `connectors` carry `free` (places left)."""
    affinity = score(
        [connectee_record(row) for row in connectees],
        [connector_record(row, free=row.free) for row in connectors],  # type: ignore[attr-defined]
        today=today,
        not_with=_kept_apart(connectees, connectors),
        settings=settings_of(
            usable_level=centre.language_floor, radius_km=centre.radius_km, weights=weights
        ),
    )
    index = (
        {row.pk: i for i, row in enumerate(connectees)},
        {row.pk: j for j, row in enumerate(connectors)},
    )

    def here(pairs: Iterable[Pair]) -> list[tuple[str, str]]:
        return [(str(a), str(b)) for a, b in pairs if a in index[0] and b in index[1]]

    return RoundProblem(
        affinity=affinity,
        problem=assignment(
            affinity, least_quality=least_quality, locked=here(locked), forbidden=here(forbidden)
        ),
        connectees=connectees,
        connectors=connectors,
        index=index,
    )
