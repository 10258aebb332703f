"""Kinds of pairings: the Connector Program's own, and those that a house adds.

Mentors, buddies and others are further kinds of the same rounds, matches, meetings and promises. A
kind is configuration: no table, no page and no service of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

CONNECTOR = "connector"


@dataclass(frozen=True)
class Pairing:
    """One kind of pairing.

    key: stored with rounds and matches. name: what a round of it is called. word: what the helper
    is called (empty: the centre's own word for «Connector»). minutes: of one conversation.
    referrals: people asked of the helper afterwards (None: as the centre has it; 0: nobody is
    asked). weights: most points of each part of the score, together 1000 (empty: the engine's
    own). days: until due, by kind of promise, where it is not as usual.
    """

    key: str
    name: Any
    word: Any = ""
    minutes: int = 30
    referrals: int | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)

    @property
    def leads(self) -> bool:
        """Whether its matches move a Connectee through the programme's states. Only the
        programme's own kind does; others go on beside it."""
        return self.key == CONNECTOR

    def asked(self, usual: int) -> int:
        """How many people a helper is asked to name; `usual`: as the centre has it."""
        return usual if self.referrals is None else self.referrals


_kinds: dict[str, Pairing] = {CONNECTOR: Pairing(CONNECTOR, _("Connector round"))}


def add_kind(pairing: Pairing) -> None:
    """Add a kind when the house starts. Raises ValueError for one that stands already, or whose
    weights do not make 1000."""
    if pairing.key in _kinds:
        raise ValueError(f"a kind of pairing called {pairing.key} stands already")
    if pairing.weights and sum(pairing.weights.values()) != 1000:
        raise ValueError(f"the weights of {pairing.key} do not make 1000")
    _kinds[pairing.key] = pairing


def kind_of(key: str) -> Pairing:
    """The kind of a round or match; raises LookupError when the house knows none of that name."""
    return _kinds[key]


def kinds() -> tuple[Pairing, ...]:
    return tuple(_kinds.values())


def kind_choices() -> list[tuple[str, Any]]:
    """For columns: a new kind needs no migration."""
    return [(pairing.key, pairing.name) for pairing in kinds()]
