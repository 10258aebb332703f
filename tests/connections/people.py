"""Connectees and Connectors for tests, made through the same services as everybody's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from takeroot.access.actor import current_actor
from takeroot.access.services import record_consent
from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee, Connector, Match, Meeting, Qualification
from takeroot.connections.services.enrolment import (
    Details,
    enrol_connectee,
    enrol_connector,
    sign_readiness,
)
from takeroot.connections.services.introductions import send_introduction
from takeroot.connections.services.rounds import accept_round, propose_round
from tests.cast import house_of

NURSE, WELDER = "31301", "72106"


def details(
    name: str,
    *,
    occupation: str = NURSE,
    part: dict[str, Any] | None = None,
    organization: str | None = None,
    **person: Any,
) -> Details:
    address = name.lower().replace(" ", ".")
    return Details(
        party={"name": name, "email": f"{address}@people.example"},
        person={"occupation_code": occupation, "languages": {"en": 8}, **person},
        part=part or {},
        organization=organization,
    )


def a_connectee(
    centre: Centre,
    name: str = "Amina Example",
    *,
    ready: bool = True,
    consents: bool = True,
    **more: Any,
) -> Connectee:
    with house_of(centre) as house:
        row = enrol_connectee(centre=centre, details=details(name, **more), by=house)
        if ready:
            points = dict.fromkeys(Qualification.POINTS, True)
            sign_readiness(connectee=row, points=points, by=house)
        if consents:
            for purpose in ("introduction", "referral"):
                give_consent(row, purpose)
    return row


def give_consent(row: Connectee, purpose: str) -> Any:
    return record_consent(
        party=row.person.party,
        purpose=purpose,
        shares=["name", "profile", "contact"],
        audience="Connectors of this centre",
        given_on=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=365),
        how="in_person",
        by=current_actor(),
    )


def a_connector(
    centre: Centre,
    name: str = "Paul Sample",
    *,
    capacity: int = 2,
    organization: str | None = "Regional Hospital",
    **more: Any,
) -> Connector:
    with house_of(centre) as house:
        return enrol_connector(
            centre=centre,
            details=details(name, organization=organization, part={"capacity": capacity}, **more),
            by=house,
        )


def an_introduced_pair(centre: Centre) -> Meeting:
    """One Connectee and one Connector, matched in a round and introduced by letter."""
    a_connectee(centre)
    a_connector(centre)
    with house_of(centre) as house:
        round_ = propose_round(centre=centre, name="Test round", by=house)
        accepted, problems = accept_round(round_=round_, by=house)
        assert (len(accepted), problems) == (1, [])
        match = Match.objects.get(pk=accepted[0].pk)
        return send_introduction(introduction=match.introduction, by=house)
