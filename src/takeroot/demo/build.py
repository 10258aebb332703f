"""Two centres with a year's worth of people, made through the services that the screens use."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from takeroot.access.actor import acting, system_actor
from takeroot.access.services import record_consent
from takeroot.accounts.models import Centre, Party
from takeroot.accounts.services import create_account, create_centre
from takeroot.connections.models import Connectee, Match, Meeting, Qualification, Referral
from takeroot.connections.services.enrolment import (
    Details,
    enrol_connectee,
    enrol_connector,
    sign_readiness,
)
from takeroot.connections.services.introductions import send_introduction
from takeroot.connections.services.meetings import choose_time, log_meeting, propose_times
from takeroot.connections.services.referrals import (
    Door,
    log_referral_meeting,
    refer,
    say_no,
    say_yes,
)
from takeroot.connections.services.rounds import accept_match, propose_round, set_aside
from takeroot.demo import names
from takeroot.demo.accounts import ACCOUNTS, COLCHESTER, MADAWASKA, PASSWORD
from takeroot.demo.figures import first_release, former_people
from takeroot.demo.joining import joining
from takeroot.demo.outcomes import what_came_of_it
from takeroot.demo.recognition import recognition
from takeroot.demo.sharing import sharing
from takeroot.demo.volunteering import volunteering
from takeroot.facts.places import resolve
from takeroot.keeping.services.pairs import look_for_pairs
from takeroot.messaging.incoming import take_in
from takeroot.messaging.mime import read_mail
from takeroot.messaging.models import Letter
from takeroot.places.models import Place

CONNECTEES, CONNECTORS = 60, 35
PAIRS = 12


@dataclass
class Town:
    """One centre of the demonstration, and where its dice stand."""

    centre: Centre
    language: str
    towns: tuple[str, ...]
    employers: tuple[str, ...]
    interests: tuple[str, ...]
    dice: random.Random
    used: set[str]

    def name(self, first_names: tuple[str, ...]) -> str:
        """A name nobody in this town has yet."""
        while True:
            name = f"{self.dice.choice(first_names)} {self.dice.choice(names.FAMILY)}"
            if name not in self.used:
                self.used.add(name)
                return name

    def place(self) -> Place | None:
        found = resolve(self.dice.choice(self.towns)).place
        return Place.objects.get(pk=found.id) if found else None

    def some(self, words: tuple[str, ...], most: int) -> list[str]:
        return self.dice.sample(words, self.dice.randint(1, most))

    @property
    def today(self) -> Any:
        return timezone.localdate(timezone=self.centre.zone)


def build_demo(*, seed: int) -> None:
    """Build everything in one transaction: an interrupted start leaves nothing half made."""
    with transaction.atomic():
        for slug in (COLCHESTER, MADAWASKA):
            town = _town(slug, seed)
            with (
                acting(system_actor(town.centre.pk, purpose="demonstration")),
                timezone.override(town.centre.zone),
                translation.override(town.language),
            ):
                _people(town)
                _history(town)
                joining(
                    centre=town.centre,
                    language=town.language,
                    seed=seed,
                    by=system_actor(town.centre.pk, purpose="demonstration"),
                )
                _twins(town)
                volunteering(town.centre, today=town.today)
                _answer(town)
                what_came_of_it(
                    centre=town.centre,
                    employers=town.employers,
                    by=system_actor(town.centre.pk, purpose="demonstration"),
                )
                recognition(centre=town.centre, language=town.language, today=town.today)
                former_people(centre=town.centre, dice=town.dice, used=town.used)
        sharing(*(Centre.objects.get(slug=slug) for slug in (COLCHESTER, MADAWASKA)))
        first_release()


def _town(slug: str, seed: int) -> Town:
    english = slug == COLCHESTER
    settings = (
        {
            "name_en": "Colchester centre",
            "name_fr": "Centre de Colchester",
            "timezone": "America/Halifax",
            "place": "Truro, NS",
            "email": "hello@colchester.example",
            "postal_address": "1 Example Street, Truro NS",
        }
        if english
        else {
            "name_en": "Madawaska centre",
            "name_fr": "Centre du Madawaska",
            "timezone": "America/Moncton",
            "place": "Edmundston, NB",
            "email": "bonjour@madawaska.example",
            "connector_word_en": "Champion",
            "connector_word_fr": "Jumeleur",
            "postal_address": "1, rue de l’Exemple, Edmundston (Nouveau-Brunswick)",
        }
    )
    place = resolve(settings.pop("place")).place
    centre = create_centre(slug=slug, place_code=place.id if place else "", **settings)
    return Town(
        centre=centre,
        language="en" if english else "fr",
        towns=("Truro, NS", "Truro, NS", "Bible Hill, NS", "Stewiacke, NS", "New Glasgow, NS")
        if english
        else ("Edmundston, NB", "Edmundston, NB", "Saint-Léonard, NB", "Grand Falls, NB"),
        employers=names.EMPLOYERS_EN if english else names.EMPLOYERS_FR,
        interests=names.INTERESTS_EN if english else names.INTERESTS_FR,
        dice=random.Random(f"{seed}:{slug}"),  # noqa: S311 - dice, not a secret
        used=set(),
    )


def _people(town: Town) -> None:
    for account in ACCOUNTS:
        if account.centre == town.centre.slug:
            create_account(
                centre=town.centre,
                name=account.name,
                email=account.email,
                password=PASSWORD,
                role=account.role,
                language=account.language,
            )
            town.used.add(account.name)
    for number in range(CONNECTORS):
        _connector(town, number)
    for number in range(CONNECTEES):
        _connectee(town, number)


def _address(name: str, town: Town) -> str:
    from takeroot.common.text import search_key

    return f"{search_key(name).replace(' ', '.')}@{town.centre.slug}.example"


def _languages(town: Town, *, newcomer: bool) -> dict[str, int | None]:
    main, second = (town.language, "fr" if town.language == "en" else "en")
    spoken: dict[str, int | None] = {main: town.dice.randint(5, 9) if newcomer else None}
    if town.dice.random() < (0.35 if newcomer else 0.5):
        spoken[second] = town.dice.randint(4, 8) if newcomer else None
    if newcomer:
        spoken[town.dice.choice(names.OTHER_LANGUAGES)] = None
    return spoken


def _connector(town: Town, number: int) -> None:
    name = town.name(names.LOCALS)
    enrol_connector(
        centre=town.centre,
        details=Details(
            party={"name": name, "email": _address(name, town), "language": town.language},
            person={
                "occupation_code": names.OCCUPATIONS[number % len(names.OCCUPATIONS)],
                "languages": _languages(town, newcomer=False),
                "interests": town.some(town.interests, 3),
                "place": town.place(),
                "mode": town.dice.choice(("in_person", "either", "either", "video")),
            },
            part={
                "capacity": town.dice.choice((1, 1, 2, 2, 3)),
                "lived_experience": town.dice.random() < 0.3,
                "circles": town.some(("professional", "economic", "social", "cultural"), 2),
                "reference": f"K{number + 1:03}",
            },
            organization=town.employers[number % len(town.employers)],
        ),
        by=system_actor(town.centre.pk, purpose="demonstration"),
    )


def _connectee(town: Town, number: int) -> None:
    house = system_actor(town.centre.pk, purpose="demonstration")
    name = town.name(names.NEWCOMERS)
    row = enrol_connectee(
        centre=town.centre,
        details=Details(
            party={"name": name, "email": _address(name, town), "language": town.language},
            person={
                "status": town.dice.choice(("permanent", "temporary_worker", "student")),
                "occupation_code": town.dice.choice(names.OCCUPATIONS),
                "languages": _languages(town, newcomer=True),
                "interests": town.some(town.interests, 3),
                "place": town.place(),
                "mode": town.dice.choice(("in_person", "either", "either", "either", "video")),
            },
            part={
                "waiting_since": town.today - timedelta(days=town.dice.randint(2, 95)),
                "target_organizations": (
                    [town.dice.choice(town.employers)] if town.dice.random() < 0.5 else []
                ),
                "reference": f"C{number + 1:03}",
            },
        ),
        by=house,
    )
    if town.dice.random() < 0.8:
        points = dict.fromkeys(Qualification.POINTS, True)
        sign_readiness(connectee=row, points=points, by=house)
        if town.dice.random() < 0.9:
            _consents(town, row)


def _consents(town: Town, row: Connectee) -> None:
    audience = (
        "Connectors of this centre, and people they know"
        if town.language == "en"
        else "les connecteurs du centre, et les gens qu’ils connaissent"
    )
    for purpose in ("introduction", "referral"):
        record_consent(
            party=row.person.party,
            purpose=purpose,
            shares=["name", "profile", "contact"],
            audience=audience,
            given_on=town.today - timedelta(days=1),
            until=town.today + timedelta(days=364),
            how=town.dice.choice(("in_person", "phone", "paper")),
            by=system_actor(town.centre.pk, purpose="demonstration"),
        )


def _history(town: Town) -> None:
    """One round decided, its conversations in every state, and a new round on the table."""
    house = system_actor(town.centre.pk, purpose="demonstration")
    english = town.language == "en"
    first = propose_round(
        centre=town.centre, name="First round" if english else "Première ronde", by=house
    )
    proposed = Match.objects.filter(round=first).order_by("-score", "pk")
    for number, match in enumerate(list(proposed)[:PAIRS]):
        match = accept_match(match=match, by=house)
        may = _may_be_introduced(match)
        if not may or number == PAIRS - 1:
            # They have just agreed: their letters are written, and wait to be read and sent.
            if not may:
                _consents(town, match.connectee)
            continue
        meeting = send_introduction(introduction=match.introduction, by=house)
        _conversation(town, Meeting.objects.get(pk=meeting.pk), number)
    set_aside(round_=first, by=house)
    propose_round(
        centre=town.centre,
        name="Round of the month" if english else "Ronde du mois",
        by=house,
    )


def _answer(town: Town) -> None:
    """An answer by letter that is not clear: it waits for the coordinator to read it."""
    booked = Meeting.objects.filter(centre=town.centre, state="booked")
    meeting = booked.order_by("created_at").first()
    if meeting is None:
        return
    letter = Letter.objects.get(
        kind="meeting_booked", about_id=meeting.match_id, party_id=meeting.connectee_party
    )
    text = (
        "Thank you. We saw each other already, on Sunday at the market, and talked for an hour. "
        "Shall we still meet on that day?"
        if town.language == "en"
        else "Merci. Nous nous sommes déjà vus dimanche au marché et avons parlé une heure. "
        "Devons-nous tout de même nous voir ce jour-là\u202f?"
    )
    mail = EmailMessage()
    mail["Subject"] = f"Re: {letter.subject}"
    mail["Message-ID"] = f"<answer-{letter.pk}@people.example>"
    mail["In-Reply-To"] = f"<{letter.pk}@takeroot>"
    mail.set_content(text)
    take_in(read_mail(mail.as_bytes()))


def _twins(town: Town) -> None:
    """Two people whom somebody wrote down a second time, for «Possible duplicates»."""
    house = system_actor(town.centre.pk, purpose="demonstration")
    rows = Connectee.objects.filter(centre=town.centre, state="applied").order_by("created_at")
    for number, row in enumerate(rows.select_related("person__party")[:2]):
        person, party = row.person, row.person.party
        first, family = party.name.split(" ", 1)
        enrol_connectee(
            centre=town.centre,
            details=Details(
                party={
                    "name": f"{family} {first}" if number else party.name,
                    "email": "" if number else party.email,
                    "phone": "902 555-0147",
                    "language": party.language,
                },
                person={"occupation_code": person.occupation_code, "languages": person.languages},
            ),
            by=house,
        )
    look_for_pairs(centre=town.centre)


def _may_be_introduced(match: Match) -> bool:
    return match.connectee.person.party.consents.filter(purpose="introduction").exists()


def _conversation(town: Town, meeting: Meeting, number: int) -> None:
    """How far this pair has come: each number a little less far than the one before."""
    one, other = (
        Party.objects.get(pk=meeting.connectee_party),
        Party.objects.get(pk=meeting.connector_party),
    )
    if number >= PAIRS - 2:
        return
    start = datetime.combine(town.today, datetime.min.time(), tzinfo=town.centre.zone)
    times = [start + timedelta(days=d, hours=h) for d, h in ((3, 10), (4, 14), (6, 17))]
    propose_times(meeting=meeting, times=times, by=one)
    if number >= PAIRS - 4:
        return
    where = "Example Café" if town.language == "en" else "Café Exemple"
    choose_time(meeting=meeting, time=times[number % 3], where=where, by=other)
    if number >= PAIRS - 6:
        return
    # The first conversations were months ago, the last one two weeks.
    held_on = town.today - timedelta(days=14 * (PAIRS - 6 - number))
    log_meeting(meeting=meeting, held=True, on=held_on, by=one)
    _doors(town, Match.objects.get(pk=meeting.match_id), other, number)


def _doors(town: Town, match: Match, connector: Party, number: int) -> None:
    first = refer(match=match, referrer=connector, doors=_named(town, 3 if number % 3 else 2))
    for place, referral in enumerate(first):
        if (number + place) % 5 == 4:
            say_no(referral=referral)
            continue
        if (number + place) % 4 == 3:
            continue
        say_yes(referral=referral)
        agreed = Referral.objects.select_related("contact__party").get(pk=referral.pk)
        if place < 2:
            log_referral_meeting(
                referral=agreed, on=town.today, outcome=("advice", "interview")[place]
            )
            second = refer(
                match=match,
                referrer=agreed.contact.party,
                parent=agreed,
                doors=_named(town, 3 - (number + place) % 2),
            )
            for row in second[: 2 - number % 2]:
                say_yes(referral=row)


def _named(town: Town, count: int) -> list[Door]:
    doors = []
    for _number in range(count):
        name = town.name(names.LOCALS)
        doors.append(
            Door(
                name=name,
                email=_address(name, town).replace("@", "@contacts."),
                organization=town.dice.choice(town.employers),
                language=town.language,
                why=(
                    "Knows everybody in the field."
                    if town.language == "en"
                    else "Connaît tout le monde dans le domaine."
                ),
            )
        )
    return doors
