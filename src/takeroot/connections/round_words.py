"""A round in words: the reasons of each proposal, who is left without and why, what is scarce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from takeroot.common.text import search_key
from takeroot.connections.models import Connectee, Connector, Match, Round
from takeroot.connections.reasons import Known, Sentence, sentences, what_is_scarce, why_unplaced
from takeroot.engine.matching import PairParts, Unplaced


@dataclass(frozen=True)
class Reasons:
    """Sentences for a pair, and the weaker ones against it."""

    strong: list[str]
    weak: list[str]


@dataclass(frozen=True)
class LeftOut:
    """Somebody without a proposal, and why."""

    connectee: Connectee
    main: str
    more: list[str]


def parts_from(stored: dict[str, Any]) -> PairParts:
    """The parts of a score as they were stored with the match."""
    values = dict(stored)
    values["interests"] = tuple(values["interests"])
    values["languages"] = tuple((code, level) for code, level in values["languages"])
    return PairParts(**values)


def known_connectee(row: Connectee) -> Known:
    person = row.person
    return Known(
        name=person.party.name,
        occupation=person.occupation_code or None,
        community=person.place.name if person.place else "",
        interests={search_key(word): word for word in person.interests},
        waiting_since=row.waiting_since,
        prefers_lived=bool(row.prefers_lived),
    )


def known_connector(row: Connector) -> Known:
    person = row.person
    return Known(
        name=person.party.name,
        occupation=person.occupation_code or None,
        organization=row.organization.party.name if row.organization else "",
        community=person.place.name if person.place else "",
    )


def _split(found: Sequence[Sentence]) -> Reasons:
    return Reasons(
        strong=[sentence.text for sentence in found if not sentence.weak],
        weak=[sentence.text for sentence in found if sentence.weak],
    )


def reasons_of(connectee: Connectee, connector: Connector, parts: PairParts) -> Reasons:
    """Why these two, in the active language."""
    return _split(sentences(parts, known_connectee(connectee), known_connector(connector)))


def reasons_of_match(match: Match) -> Reasons:
    return reasons_of(match.connectee, match.connector, parts_from(match.parts))


def left_out(round_: Round, rows: dict[UUID, Connectee]) -> list[LeftOut]:
    """Who has no proposal in a round, longest waiting first."""
    found = []
    for entry in round_.findings.get("unplaced", []):
        row = rows.get(UUID(entry["id"]))
        if row is None:
            continue
        counts = tuple((cause, count) for cause, count in entry["counts"])
        said = why_unplaced(
            Unplaced(agent=entry["id"], cause=entry["cause"], counts=counts), round_.connectors
        )
        found.append(LeftOut(row, said[0].text, [sentence.text for sentence in said[1:]]))
    return sorted(found, key=lambda left: (left.connectee.waiting_since, left.connectee.pk))


def scarce(round_: Round, rows: dict[UUID, Connector]) -> list[tuple[Connector, str]]:
    """With whom one more place would help most, in words."""
    return [
        (
            rows[UUID(entry["id"])],
            what_is_scarce(rows[UUID(entry["id"])].person.party.name, entry["worth"]),
        )
        for entry in round_.findings.get("scarce", [])
        if UUID(entry["id"]) in rows
    ]
