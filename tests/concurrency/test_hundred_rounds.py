"""G15: sixteen at once, a hundred times: a Connector's last place, a consent taken back and given,
a proposal accepted and refused. Each time exactly one wins; the others are told, or find it done.
And through the pages nobody ever sees a broken one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takeroot.access.models import Consent, Grant
from takeroot.access.services import open_grant
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.enums import MatchState
from takeroot.connections.models import Connectee, Connector, Match, Round
from takeroot.connections.services.enrolment import (
    enrol_connectee,
    enrol_connector,
    give_consent,
    take_consent_back,
)
from takeroot.connections.services.rounds import accept_match, refuse_match
from takeroot.connections.services.seats import take_seat
from takeroot.ledger.models import Event
from tests.cast import house_of, member
from tests.concurrency.racing import THREADS, race, races
from tests.concurrency.test_races import split
from tests.connections.people import a_connectee, a_connector, details

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = 100
# Accepting writes letters, promises and events: fewer rounds, or the suite grows too long.
FEWER = 5


def connectees(centre: Centre, count: int) -> list[Connectee]:
    """People who are ready, without the path there."""
    with house_of(centre) as house:
        rows = [
            enrol_connectee(centre=centre, details=details(f"Racer {n}"), by=house)
            for n in range(count)
        ]
        Connectee.objects.update(state="ready")
    return rows


def connectors(centre: Centre, count: int) -> list[Connector]:
    with house_of(centre) as house:
        return [
            enrol_connector(
                centre=centre, details=details(f"Door {n}", part={"capacity": 1}), by=house
            )
            for n in range(count)
        ]


def proposals(
    centre: Centre, pairs: list[tuple[Connectee, Connector]], *, round_each: int
) -> list[UUID]:
    """A proposal for each pair, `round_each` of them to a round."""
    with house_of(centre):
        rounds = Round.objects.bulk_create(
            Round(centre=centre, name=f"Race {n}", least_quality=0)
            for n in range(-(-len(pairs) // round_each))
        )
        rows = Match.objects.bulk_create(
            Match(
                centre=centre,
                round=rounds[n // round_each],
                score=500,
                connectee=connectee,
                connector=connector,
            )
            for n, (connectee, connector) in enumerate(pairs)
        )
    return [row.pk for row in rows]


def test_g15_the_last_place_is_given_once_in_a_hundred_races_of_sixteen(centre: Centre) -> None:
    people, doors = connectees(centre, THREADS), connectors(centre, ROUNDS)
    keys = proposals(
        centre, [(person, door) for door in doors for person in people], round_each=THREADS
    )

    def take(turn: int, number: int) -> UUID:
        with house_of(centre):
            match = Match.objects.select_related("centre").get(pk=keys[turn * THREADS + number])
            take_seat(match)
            match.state = MatchState.ACCEPTED
            match.save()
            return match.pk

    for answers in races(ROUNDS, take):
        won, refused = split(answers)
        assert (len(won), len(refused)) == (1, THREADS - 1)
    with house_of(centre):
        seated = Match.objects.filter(state=MatchState.ACCEPTED).values_list("connector", flat=True)
        assert Counter(seated) == {door.pk: 1 for door in doors}


def test_g15_a_consent_is_taken_back_once_while_others_give_it_again(centre: Centre) -> None:
    connectee = a_connectee(centre, consents=False)
    connector = a_connector(centre)
    today = timezone.localdate()
    words: dict[str, Any] = {
        "purpose": "introduction",
        "shares": ["name"],
        "audience": "Connectors of this centre",
        "given_on": today,
        "until": today + timedelta(days=365),
        "how": "in_person",
    }
    live: list[Consent] = []

    def give_anew() -> None:
        """For the next race: one live consent, and one grant that rests on it."""
        with house_of(centre) as house:
            live[:] = [give_consent(connectee=connectee, by=house, **words)]
            open_grant(
                subject=connectee.person.party,
                holder=connector.person.party,
                shares=["name"],
                purpose="introduction",
                basis="consent",
                because_kind="consent",
                because_id=live[0].pk,
                until=words["until"],
            )

    def toggle(_turn: int, number: int) -> int:
        with house_of(centre) as house:
            if number % 2:
                return take_consent_back(consent=live[0], by=house)
            give_consent(connectee=connectee, by=house, **words)
            return 0

    give_anew()
    for answers in races(ROUNDS, toggle, between=give_anew):
        won, refused = split(answers)
        assert refused == []
        assert sum(won) == 1
    with house_of(centre):
        given, taken = Consent.objects.count(), Consent.objects.exclude(withdrawn_at=None).count()
        assert given - taken == 1
        events = Counter(Event.objects.values_list("kind", flat=True))
        assert (events["consented"], events["withdrew"]) == (given, taken)
        assert taken >= ROUNDS
        assert Grant.objects.filter(revoked_at=None).count() == 1


def test_g15_a_proposal_is_decided_once_by_sixteen_who_accept_and_refuse(centre: Centre) -> None:
    people, doors = connectees(centre, FEWER), connectors(centre, FEWER)
    keys = proposals(centre, list(zip(people, doors, strict=True)), round_each=FEWER)

    def decide(turn: int, number: int) -> str:
        with house_of(centre) as house:
            match = Match.objects.get(pk=keys[turn])
            if number % 2:
                return accept_match(match=match, by=house).state
            return refuse_match(match=match, reason="fit", by=house).state

    decided = []
    for answers in races(FEWER, decide):
        won, refused = split(answers)
        assert (len(won), len(refused)) == (1, THREADS - 1)
        decided += won
    with house_of(centre):
        states = dict(Match.objects.values_list("pk", "state"))
        assert [states[key] for key in keys] == decided
        matched = Event.objects.filter(kind="matched").values_list("about_id", flat=True)
        assert sorted(matched) == sorted(key for key in keys if states[key] == "accepted")


def test_g15_sixteen_browsers_at_one_button_see_no_broken_page(centre: Centre) -> None:
    """The same through the pages: a round accepted while one of its proposals is refused, and a
    pause that some begin and others end."""
    people, doors = connectees(centre, 4), connectors(centre, 4)
    keys = proposals(centre, list(zip(people, doors, strict=True)), round_each=1)
    browsers = [Client() for _n in range(THREADS)]
    for number, browser in enumerate(browsers):
        browser.force_login(member(centre, (Role.COORDINATOR, Role.SUPERVISOR)[number % 2]))
    for key, door in zip(keys, doors, strict=True):
        with house_of(centre):
            match = Match.objects.get(pk=key)
        presses = (
            ("round_accept", match.round_id, {}),
            ("match_refuse", key, {"reason": "fit"}),
            ("connector_pause", door.pk, {"pause": "yes"}),
            ("connector_pause", door.pk, {"pause": "no"}),
        )

        def press(number: int, presses: Any = presses) -> int:
            name, subject, typed = presses[number % 4]
            address = reverse(f"coordinator:{name}", args=[subject])
            return browsers[number].post(address, typed).status_code

        answers = race(*(lambda n=n: press(n) for n in range(THREADS)))  # type: ignore[misc]
        assert all(isinstance(a, int) and a < 500 for a in answers), answers
        with house_of(centre):
            assert Match.objects.get(pk=key).state in ("accepted", "refused", "replaced")
            assert Connector.objects.get(pk=door.pk).state in ("active", "paused")
