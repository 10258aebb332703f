"""A round on the table, for tests: propose, look, decide."""

from __future__ import annotations

from typing import Any

from takeroot.accounts.models import Centre
from takeroot.connections.enums import MatchState
from takeroot.connections.models import Connectee, Connector, Match, Round
from takeroot.connections.services.rounds import accept_round, propose_round
from tests.cast import house_of


def with_settings(centre: Centre, **settings: Any) -> Centre:
    """The centre after a change of its settings."""
    Centre.objects.filter(pk=centre.pk).update(**settings)
    centre.refresh_from_db()
    return centre


def proposed(centre: Centre, name: str = "Round") -> Round:
    with house_of(centre) as house:
        return propose_round(centre=centre, name=name, by=house)


def pairs(round_: Round, state: str = MatchState.PROPOSED) -> set[tuple[str, str]]:
    """(Connectee, Connector) by name, of the matches of a round in one state."""
    with house_of(round_.centre):
        rows = Match.objects.filter(round=round_, state=state)
        return set(
            rows.values_list("connectee__person__party__name", "connector__person__party__name")
        )


def match_of(round_: Round, connectee: Connectee) -> Match:
    """The proposal that stands for somebody."""
    with house_of(round_.centre):
        return Match.objects.select_related("round").get(
            round=round_, connectee=connectee, state=MatchState.PROPOSED
        )


def accepted(centre: Centre) -> Match:
    """The one match of a new round, accepted; both letters are written."""
    round_ = proposed(centre)
    with house_of(centre) as house:
        (match,), problems = accept_round(round_=round_, by=house)
        assert problems == []
        return Match.objects.select_related("introduction").get(pk=match.pk)


def change(row: Connectee | Connector, **values: Any) -> None:
    with house_of(row.centre):
        type(row).objects.filter(pk=row.pk).update(**values)
