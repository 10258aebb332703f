"""The demonstration as it is built, once for all these tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.models import Centre, Party
from takeroot.connections.enums import ConnecteeState, MeetingState, ReferralState
from takeroot.connections.growth import growth_of
from takeroot.connections.models import Connectee, Connector, Match, Meeting, Referral, Round
from takeroot.connections.models_shared import Offer, SharedAnswer, SharedAsk
from takeroot.demo import names
from takeroot.demo.accounts import ACCOUNTS
from takeroot.demo.build import build_demo
from takeroot.engine.disclosure import attack
from takeroot.keeping.models import Transfer
from takeroot.keeping.selectors import open_pairs
from takeroot.ledger.models import Event
from takeroot.messaging.models import IncomingLetter
from takeroot.organizations.models import Organization
from takeroot.outcomes.adapters import seen
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.models_work import Job, Lead
from takeroot.outcomes.selectors import figures_of, latest_published
from takeroot.promises.models import Promise
from takeroot.volunteers.models import Screening

# States that the product can bring about today, and the events that must have led there.
LED_TO = {
    ConnecteeState.APPLIED: {"applied"},
    ConnecteeState.NOT_ELIGIBLE: {"applied", "not_eligible"},
    ConnecteeState.READY: {"applied", "ready"},
    ConnecteeState.MATCHED: {"applied", "ready", "matched"},
    ConnecteeState.INTRODUCED: {"applied", "ready", "matched", "introduced"},
    ConnecteeState.MET: {"applied", "ready", "matched", "introduced", "met"},
    ConnecteeState.REFERRING: {
        "applied", "ready", "matched", "introduced", "met", "referral_asked",
    },
    # The one who works in their field was being referred before.
    ConnecteeState.EMPLOYED: {
        "applied", "ready", "matched", "introduced", "met", "referral_asked",
    },
}  # fmt: skip
STEPS = {"applied", "not_eligible", "ready", "matched", "introduced", "met", "referral_asked"}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Built in a transaction that is taken back after the last test."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            build_demo(seed=20261)
            yield
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture(params=["colchester", "madawaska"])
def house(demo: None, request: pytest.FixtureRequest) -> Iterator[Actor]:
    """The house at work in one of the two centres."""
    centre = Centre.objects.get(slug=request.param)
    with transaction.atomic(), acting(system_actor(centre.pk, purpose="test")) as actor:
        yield actor


def test_each_centre_has_half_of_120_people_70_connectors_and_40_employers(house: Actor) -> None:
    # Two of them were written down a second time, for «Possible duplicates».
    assert Connectee.objects.exclude(reference="").count() == 60
    assert open_pairs(house).count() == 2
    # Two more have offered to open doors, and wait for an answer.
    assert Connector.objects.exclude(state="applied").count() == 35
    assert Connector.objects.filter(state="applied").count() == 2
    assert 18 <= Organization.objects.count() <= 22


def test_everybody_is_plainly_fictional(house: Actor) -> None:
    known = {account.name for account in ACCOUNTS}
    firms = {*names.EMPLOYERS_EN, *names.EMPLOYERS_FR}
    for party in Party.objects.all():
        assert (
            party.name in known
            or party.name in firms
            or any(family in party.name.split() for family in names.FAMILY)
        ), party.name
        assert not party.email or party.email.endswith(".example"), party.email


def test_no_two_people_share_a_name_or_an_address(house: Actor) -> None:
    # The two whom «Possible duplicates» shows aside.
    people = Party.objects.exclude(kind="organization").exclude(phone="902 555-0147")
    twice = [n for n, k in Counter(people.values_list("name", flat=True)).items() if k > 1]
    assert twice == []
    emails = Counter(people.exclude(email="").values_list("email", flat=True))
    assert [email for email, k in emails.items() if k > 1] == []


def test_e07_e14_conversations_and_referrals_stand_in_every_state(house: Actor) -> None:
    meetings = set(Meeting.objects.values_list("state", flat=True))
    assert meetings >= {
        MeetingState.TO_BOOK, MeetingState.PROPOSED, MeetingState.BOOKED, MeetingState.HELD,
    }  # fmt: skip
    referrals = set(Referral.objects.values_list("state", flat=True))
    assert referrals >= {
        ReferralState.ASKED, ReferralState.AGREED, ReferralState.DECLINED, ReferralState.MET,
    }  # fmt: skip
    assert set(Referral.objects.values_list("hop", flat=True)) == {1, 2}
    people = set(Connectee.objects.values_list("state", flat=True))
    assert people >= {
        ConnecteeState.APPLIED, ConnecteeState.READY, ConnecteeState.INTRODUCED,
        ConnecteeState.REFERRING,
    }  # fmt: skip


def test_a_round_is_on_the_table_with_proposals(house: Actor) -> None:
    round_ = Round.objects.get(state="proposed")
    assert Match.objects.filter(round=round_, state="proposed").count() >= 10
    assert round_.value == round_.bound > 0
    assert Promise.objects.filter(subject_id=round_.pk, state="open").count() == 1


def test_every_state_has_the_events_that_led_there_and_no_later_one(house: Actor) -> None:
    happened: dict[Any, set[str]] = {}
    for party, kind in Event.objects.filter(kind__in=STEPS).values_list("party_id", "kind"):
        happened.setdefault(party, set()).add(kind)
    for key, state in Connectee.objects.values_list("pk", "state"):
        assert happened[key] == LED_TO[ConnecteeState(state)], state


def test_meetings_and_referrals_agree_with_the_ledger(house: Actor) -> None:
    def told(kind: str) -> set[Any]:
        # Of those whose files are gone, only what happened is known, not with whom.
        events = Event.objects.filter(kind=kind, about_id__isnull=False)
        return set(events.values_list("about_id", flat=True))

    def stand(rows: Any, *states: str, key: str = "pk") -> set[Any]:
        return set(rows.filter(state__in=states).values_list(key, flat=True))

    assert told("met") == stand(Meeting.objects, "held", key="match_id")
    assert told("booked") == stand(Meeting.objects, "held", "booked", key="match_id")
    assert told("introduced") == stand(Match.objects, "introduced")
    assert told("matched") == stand(Match.objects, "introduced", "accepted")
    assert told("referral_asked") == set(Referral.objects.values_list("pk", flat=True))
    assert told("referral_agreed") == stand(Referral.objects, "agreed", "met")
    assert told("referral_declined") == stand(Referral.objects, "declined")
    assert told("referral_met") == stand(Referral.objects, "met")


def test_every_open_promise_is_about_something_that_is_there(house: Actor) -> None:
    rows = {
        "connectee": Connectee, "connector": Connector, "round": Round,
        "match": Match, "referral": Referral,
        "screening": Screening,
        "reply": IncomingLetter,
        "stay_check": StayCheck,
        "shared_ask": SharedAsk, "transfer": Transfer,
    }  # fmt: skip
    for promise in Promise.objects.filter(state="open"):
        assert rows[promise.subject_kind].objects.filter(pk=promise.subject_id).exists()


def test_e19_a_release_is_published_that_tells_years_and_hides_small_months(house: Actor) -> None:
    release = latest_published()
    assert release is not None
    figures = figures_of(release)
    assert any(n for n in figures.values())
    assert None in figures.values()
    assert not [i for i in attack([seen(release)]) if i.pinned or i.told_small]


def test_work_leads_and_questions_show_in_each_of_their_states(house: Actor) -> None:
    assert Counter(Job.objects.values_list("counts", flat=True)) == {True: 1, False: 2}
    checks = Counter(StayCheck.objects.values_list("state", flat=True))
    assert set(checks) == {"asked", "answered", "unknown"}
    assert set(StayCheck.objects.values_list("months", flat=True)) == {3, 6, 12}
    assert Lead.objects.count() >= 1
    assert len(growth_of(actor=house, centre=Centre.objects.get(pk=house.centre_id)).months) > 1


def test_the_two_centres_share_connectors_and_one_file_may_move(house: Actor) -> None:
    here = house.centres[0]
    assert Offer.objects.filter(to=here).exists()
    answered = SharedAnswer.objects.get()
    assert (answered.state, answered.ask.met) == ("yes", "met")
    assert SharedAsk.objects.filter(connectee__isnull=False).count() == 2
    assert Transfer.objects.get().state == "agreed"


def test_every_centre_of_the_demonstration_has_a_colleague_to_hand_over_to() -> None:
    staff = ("coordinator", "worker")
    by_centre = Counter(one.centre for one in ACCOUNTS if one.role in staff)
    assert min(by_centre.values()) >= 2


@pytest.mark.django_db
def test_the_sign_ins_are_told_in_the_visitors_language(client: Any, settings: Any) -> None:
    settings.DEMO = True
    said = {
        language: client.get("/", headers={"accept-language": language}).content.decode()
        for language in ("en", "fr")
    }
    assert "settlement worker, Truro, in English" in said["en"]
    assert "travail en établissement, Truro, en anglais" in said["fr"]
