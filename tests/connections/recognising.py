"""A year to recognize: conversations between named people, a rule, a list, a jury."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee, Connector, Match, Meeting
from takeroot.connections.models_recognition import Juror, Nominee, Recognition
from takeroot.connections.recognition import Place, Rule, list_of
from takeroot.connections.services.jury import ask_the_jury, name_juror, vote
from takeroot.connections.services.recognition import answer_nomination, set_rules
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector

MET = Rule("connector", {"met": 1}, ("met",), 10)
ACTIVE = Rule("organization", {"active": 2}, ("active", "connectees"), 10)
_seats = count(1)


def today(centre: Centre) -> date:
    return timezone.localdate(timezone=centre.zone)


def conversation(connector: Connector, connectee: Connectee, on: date | None = None) -> Meeting:
    """The two were matched and met on a day."""
    centre = connector.centre
    day = on or today(centre)
    with house_of(centre):
        match = Match(
            centre=centre,
            connectee=connectee,
            connector=connector,
            state="introduced",
            score=500,
            period=day.replace(month=1, day=1),
            seat=next(_seats) % 30000,
        )
        match.save(force_insert=True)
        meeting = Meeting(
            centre=centre,
            match=match,
            connectee_party=connectee.pk,
            connector_party=connector.pk,
            state="held",
            held_on=day,
        )
        meeting.save(force_insert=True)
    return meeting


def connectors_who_met(centre: Centre, **people: int) -> dict[str, Connector]:
    """Connectors by first name, each of an employer of their own, with so many conversations."""
    newcomers = [
        a_connectee(centre, f"New{number} Sample", ready=False, consents=False)
        for number in range(max(people.values()))
    ]
    found = {}
    for name, n in people.items():
        found[name] = a_connector(centre, f"{name} Sample", organization=f"House of {name}")
        for newcomer in newcomers[:n]:
            conversation(found[name], newcomer)
    return found


def listed(centre: Centre, rule: Rule, year: int | None = None) -> list[Place]:
    with house_of(centre) as house:
        day = today(centre)
        return list_of(rule, actor=house, centre=centre, year=year or day.year, through=day)


def prepared(centre: Centre, *rules: Rule, least_votes: int = 2) -> Recognition:
    with house_of(centre) as house:
        return set_rules(
            centre=centre,
            year=today(centre).year,
            rules=rules or (MET,),
            least_votes=least_votes,
            by=house,
        )


def a_juror(row: Recognition, name: str = "Jo Outside", **more: Any) -> Juror:
    email = more.pop("email", f"{name.lower().replace(' ', '.')}@jury.example")
    with house_of(row.centre) as house:
        return name_juror(recognition=row, name=name, email=email, language="en", by=house, **more)


def asked(row: Recognition) -> Recognition:
    with house_of(row.centre) as house:
        return ask_the_jury(recognition=row, by=house)


def nominee(row: Recognition, party: UUID) -> Nominee:
    with house_of(row.centre):
        return Nominee.objects.select_related("consent", "party", "recognition__centre").get(
            recognition=row, party_id=party
        )


def agreed(row: Recognition, party: UUID, answer: str = "public") -> Nominee:
    with house_of(row.centre) as house:
        return answer_nomination(nominee=nominee(row, party), answer=answer, by=house)


def voted(juror: Juror, one: Nominee, *, yes: bool = True, reason: str = "") -> Any:
    with house_of(juror.centre) as house:
        return vote(
            juror=Juror.objects.select_related("party__merged_into").get(pk=juror.pk),
            nominee=one,
            yes=yes,
            reason=reason or ("" if yes else "Another year"),
            by=house,
        )
