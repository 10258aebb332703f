"""A year of thanks: a rule, its list, a jury of which one stands aside, what was decided."""

from __future__ import annotations

from collections import Counter
from datetime import date

from takeroot.access.actor import Actor, system_actor
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.connections.enums import MeetingState
from takeroot.connections.enums_recognition import Answer, Category
from takeroot.connections.models import Meeting
from takeroot.connections.models_recognition import Juror, Nominee, Recognition
from takeroot.connections.recognition import Rule
from takeroot.connections.services.deciding import decide
from takeroot.connections.services.jury import ask_the_jury, name_juror, vote
from takeroot.connections.services.recognition import (
    answer_nomination,
    publish_recognition,
    set_rules,
)
from takeroot.connections.services.recusals import stand_aside

RULES = (
    Rule(Category.CONNECTOR, {"met": 1, "doors": 2}, ("doors", "met"), 3),
    Rule(Category.ORGANIZATION, {"active": 1}, ("connectees", "active"), 1),
)
OUTSIDE_EN = (("Vera Example", "Fictional Town Council"), ("Otto Sample", ""))
OUTSIDE_FR = (("Solange Exemple", "Ville d’Exemple"), ("Armand Fictif", ""))


def recognition(*, centre: Centre, language: str, today: date) -> None:
    """The year in which most conversations of the demonstration took place."""
    house = system_actor(centre.pk, purpose="demonstration")
    held = Meeting.objects.filter(centre=centre, state=MeetingState.HELD, held_on__isnull=False)
    years = Counter(on.year for on in held.values_list("held_on", flat=True) if on)
    year = max(years, key=lambda one: (years[one], one)) if years else today.year
    row = set_rules(centre=centre, year=year, rules=RULES, least_votes=2, by=house)
    jurors = _jury(row, language, house)
    if not row.nominees.exists():
        return
    ask_the_jury(recognition=row, by=house)
    nominees = list(
        row.nominees.select_related("party", "recognition").order_by("category", "rank")
    )
    for number, nominee in enumerate(nominees):
        _stand(nominee, number, jurors, language, house)
    decide(recognition=row, by=house)
    publish_recognition(recognition=row, publish=True, by=house)


def _jury(row: Recognition, language: str, house: Actor) -> list[Juror]:
    """The coordinator, and two people from outside."""
    staff = Party.objects.filter(
        centre=row.centre,
        user__memberships__centre=row.centre,
        user__memberships__role=Role.COORDINATOR,
    ).order_by("sort_key")[:1]
    asked = [(party.name, party.email, "") for party in staff]
    for name, work in OUTSIDE_EN if language == "en" else OUTSIDE_FR:
        address = f"{name.split(' ')[0].lower()}@jury.example"
        asked.append((name, address, work))
    return [
        name_juror(
            recognition=row, name=name, email=email, language=language, organization=work, by=house
        )
        for name, email, work in asked
    ]


def _stand(nominee: Nominee, number: int, jurors: list[Juror], language: str, house: Actor) -> None:
    """The second would rather not be named to others; one juror is too close to the first."""
    answer = Answer.JURY if number == 1 else Answer.PUBLIC
    answer_nomination(nominee=nominee, answer=answer, by=house)
    first, *others = jurors
    if number == 0:
        stand_aside(juror=others[-1], nominee=nominee, by=house)
        others = others[:-1]
    against = number == 2
    why = (
        "A wonderful first year; let us see a second one."
        if language == "en"
        else "Une belle première année\u202f; voyons-en une deuxième."
    )
    for juror in (first, *others):
        if not juror.recusals.filter(nominee=nominee).exists():
            vote(
                juror=juror,
                nominee=nominee,
                yes=not against,
                reason=why if against else "",
                by=house,
            )
