"""A town of the simulated year: people of several tempers, and a coordinator who works part-time.

Everybody acts only through the services that the screens use, and only when they owe something:
what drives the year is the table of promises itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.services import record_consent
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnectorState, MeetingState
from takeroot.connections.models import (
    Connectee,
    Connector,
    Match,
    Meeting,
    Qualification,
    Referral,
    Round,
)
from takeroot.connections.services.bounces import address_works
from takeroot.connections.services.enrolment import (
    Details,
    enrol_connectee,
    enrol_connector,
    pause_connector,
    sign_readiness,
)
from takeroot.connections.services.introductions import send_introduction
from takeroot.connections.services.ladder_meetings import answer_still
from takeroot.connections.services.meetings import choose_time, log_meeting, propose_times
from takeroot.connections.services.profiles import confirm_profile
from takeroot.connections.services.reaching import reached
from takeroot.connections.services.referrals import Door, refer, say_no, say_yes
from takeroot.connections.services.rounds import accept_round, propose_round
from takeroot.messaging.quiet import is_working_day, province_of
from takeroot.messaging.services import mark_bounced
from takeroot.people.models import Person
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.services import settle_by_hand

# How likely somebody is to do what they owe, every second day.
TEMPERS = {"prompt": 0.7, "slow": 0.15, "silent": 0.0}
OCCUPATIONS = ("31301", "72106", "21231", "73300", "33102", "12200", "63200", "41220")
ZONES = ("", "", "", "Asia/Manila", "America/St_Johns")


@dataclass
class Town:
    """One centre with its people and its dice."""

    centre: Centre
    dice: random.Random
    tempers: dict[UUID, float] = field(default_factory=dict)
    made: int = 0
    contacts: int = 0
    killed: int = 0

    def acting(self) -> Actor:
        return system_actor(self.centre.pk, purpose="simulation")

    def today(self) -> datetime:
        return timezone.now().astimezone(self.centre.zone)

    def temper(self, party_id: UUID, weights: tuple[float, float, float]) -> float:
        kind = self.dice.choices(tuple(TEMPERS), weights)[0]
        return self.tempers.setdefault(party_id, TEMPERS[kind])

    def details(self, name: str, **part: object) -> Details:
        mail = f"p{self.made}@{self.centre.slug}.people.example"
        return Details(
            party={"name": name, "email": mail, "language": self.dice.choice(("en", "fr"))},
            person={
                "occupation_code": self.dice.choice(OCCUPATIONS),
                "languages": {"en": self.dice.randint(5, 10), "fr": self.dice.randint(5, 10)},
            },
            part=dict(part),
        )

    # Coming into the programme --------------------------------------------------------------

    def connectors_join(self, count: int) -> None:
        for _n in range(count):
            self.made += 1
            row = enrol_connector(
                centre=self.centre,
                details=self.details(f"Local Sample {self.made}", capacity=2),
                by=self.acting(),
            )
            self.temper(row.pk, (0.7, 0.15, 0.15))

    def newcomers_apply(self, count: int) -> None:
        for _n in range(count):
            self.made += 1
            row = enrol_connectee(
                centre=self.centre,
                details=self.details(f"Newcomer Sample {self.made}"),
                by=self.acting(),
            )
            zone = self.dice.choice(ZONES)
            Party.objects.filter(pk=row.pk).update(timezone=zone)
            self.temper(row.pk, (0.6, 0.25, 0.15))
            if self.dice.random() < 0.06:
                mark_bounced(party=Party.objects.get(pk=row.pk))

    # What people do about what they owe -----------------------------------------------------

    def people_act(self) -> None:
        owed = Promise.objects.filter(centre=self.centre, state="open", debtor__isnull=False)
        for promise in owed.select_related("debtor").order_by("created_at", "pk"):
            debtor = promise.debtor
            assert debtor is not None
            chance = self.temper(debtor.pk, (0.25, 0.1, 0.65))
            act = self.ANSWERS.get(promise.kind)
            if act is not None and self.dice.random() < chance:
                with suppress(Refused), transaction.atomic():
                    act(self, promise, debtor)

    def _meeting(self, promise: Promise) -> Meeting:
        return Meeting.objects.get(match_id=promise.subject_id)

    def _times(self) -> list[datetime]:
        start = self.today().replace(hour=10, minute=0, second=0, microsecond=0)
        return [start + timedelta(days=self.dice.randint(2, 9), hours=n) for n in range(3)]

    def _book(self, promise: Promise, by: Party) -> None:
        propose_times(meeting=self._meeting(promise), times=self._times(), by=by)

    def _choose(self, promise: Promise, by: Party) -> None:
        meeting = self._meeting(promise)
        ahead = [time for time in meeting.proposed_times if time > timezone.now()]
        if ahead and self.dice.random() < 0.8:
            choose_time(meeting=meeting, time=ahead[0], where="Library", by=by)
        else:
            propose_times(meeting=meeting, times=self._times(), by=by)

    def _tell(self, promise: Promise, by: Party) -> None:
        meeting = self._meeting(promise)
        if meeting.state == MeetingState.BOOKED and (meeting.starts_at or timezone.now()) <= (
            timezone.now()
        ):
            held = self.dice.random() < 0.85
            log_meeting(meeting=meeting, held=held, on=self.today().date(), by=by)

    def _doors(self, most: int) -> list[Door]:
        out = []
        for _n in range(self.dice.randint(1, most)):
            self.contacts += 1
            mail = f"c{self.contacts}@{self.centre.slug}.contacts.example"
            out.append(Door(name=f"Contact Sample {self.contacts}", email=mail))
        return out

    def _refer(self, promise: Promise, by: Party) -> None:
        match = Match.objects.get(pk=promise.subject_id)
        refer(match=match, referrer=by, doors=self._doors(3))

    def _refer_on(self, promise: Promise, by: Party) -> None:
        parent = Referral.objects.get(pk=promise.subject_id)
        match = Match.objects.get(pk=parent.match_id)
        refer(match=match, referrer=by, doors=self._doors(2), parent=parent)

    def _answer(self, promise: Promise, by: Party) -> None:
        referral = Referral.objects.get(pk=promise.subject_id)
        if self.dice.random() < 0.65:
            say_yes(referral=referral)
        else:
            say_no(referral=referral, never_again=self.dice.random() < 0.2)

    def _still(self, promise: Promise, by: Party) -> None:
        answer_still(meeting=self._meeting(promise), still=self.dice.random() < 0.5)

    def _confirm(self, promise: Promise, by: Party) -> None:
        person = Person.objects.get(pk=promise.subject_id)
        confirm_profile(person=person, expected=person.version, values={"mode": person.mode})

    ANSWERS: ClassVar[dict[str, Callable[[Town, Promise, Party], None]]] = {
        PromiseKind.BOOK_MEETING: _book,
        PromiseKind.ANSWER_TIMES: _choose,
        PromiseKind.LOG_MEETING: _tell,
        PromiseKind.REFER: _refer,
        PromiseKind.REFER_ON: _refer_on,
        PromiseKind.ANSWER_REFERRAL: _answer,
        PromiseKind.STILL_MEET: _still,
        PromiseKind.UPDATE_PROFILE: _confirm,
    }

    # The coordinator ------------------------------------------------------------------------

    def at_work(self) -> bool:
        """Mondays, Wednesdays and Fridays that are no holidays, and not in late July."""
        day = self.today().date()
        away = day.month == 7 and day.day > 15
        return (
            day.weekday() in (0, 2, 4)
            and is_working_day(day, province_of(self.centre))
            and (not away)
        )

    def coordinator_works(self) -> None:
        if not self.at_work():
            return
        house = self.acting()
        if self.today().weekday() == 0:
            self._start_round(house)
        owed = Promise.objects.filter(centre=self.centre, state="open", debtor__isnull=True)
        for promise in owed.select_related("creditor", "centre").order_by("due_on", "pk"):
            with suppress(Refused), transaction.atomic():
                self._settle(promise, house)

    def _start_round(self, house: Actor) -> None:
        resting = Connector.objects.filter(centre=self.centre, state=ConnectorState.PAUSED)
        for row in resting.order_by("pk"):
            if self.dice.random() < 0.1:
                pause_connector(connector=row, pause=False, by=house)
        with suppress(Refused), transaction.atomic():
            propose_round(centre=self.centre, name="Round of the week", by=house)

    def _settle(self, promise: Promise, house: Actor) -> None:
        kind, key = promise.kind, promise.subject_id
        if kind == PromiseKind.SIGN_READINESS:
            self._sign(Connectee.objects.get(pk=key), house)
        elif kind == PromiseKind.DECIDE_ROUND:
            accept_round(round_=Round.objects.get(pk=key), by=house)
        elif kind == PromiseKind.SEND_INTRODUCTION:
            match = Match.objects.select_related("introduction").get(pk=key)
            send_introduction(introduction=match.introduction, by=house)
        elif kind == PromiseKind.CALL:
            if self.dice.random() < 0.5:
                reached(promise=promise, by=house)
                if promise.creditor_id and self.dice.random() < 0.7:
                    self.tempers[promise.creditor_id] = TEMPERS["prompt"]
        elif kind == PromiseKind.FIX_ADDRESS:
            if self.dice.random() < 0.3:
                party = Party.objects.get(pk=key)
                party.email = f"new.{party.email}"
                party.save(update_fields=["email"])
                address_works(party=party)
        elif kind != PromiseKind.CHOOSE_ANOTHER:
            settle_by_hand(promise=promise, reason="done", by=house)

    def _sign(self, row: Connectee, house: Actor) -> None:
        if self.dice.random() < 0.3:
            return
        for purpose in ("introduction", "referral"):
            record_consent(
                party=row.person.party,
                purpose=purpose,
                shares=["name", "profile", "contact"],
                audience="Connectors of this centre",
                given_on=self.today().date(),
                until=self.today().date() + timedelta(days=400),
                how="phone",
                by=house,
            )
        sign_readiness(connectee=row, points=dict.fromkeys(Qualification.POINTS, True), by=house)

    def day(self, *, newcomers: int) -> None:
        """One day of this town, as the house sees it."""
        with transaction.atomic(), acting(self.acting()):
            self.newcomers_apply(newcomers)
            if self.today().toordinal() % 2:
                self.people_act()
            self.coordinator_works()
