"""A promise is kept, or closed with a reason; it is never dropped in silence."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.promises.enums import CloseReason, PromiseKind, PromiseState
from takeroot.promises.models import Promise
from takeroot.promises.policies import policies
from takeroot.promises.selectors import (
    days_for,
    open_promises_visible_to,
    owed_by_centre,
    owed_by_others,
)
from takeroot.promises.services import choose_days, close_promises, keep_promises, open_promise
from takeroot.promises.words import told_beforehand
from tests.cast import actor_for, house_of, member

pytestmark = pytest.mark.django_db
THING = uuid.UUID(int=7)


def owed(centre: Centre, kind: PromiseKind = PromiseKind.REFER, **more: object) -> Promise:
    values: dict = {"subject_kind": "match", "subject_id": THING, **more}
    return open_promise(centre=centre, kind=kind, **values)


def test_every_kind_has_its_policy() -> None:
    assert {policy.kind for policy in policies()} == set(PromiseKind)
    assert all(policy.days > 0 and policy.otherwise for policy in policies())


def test_the_day_is_counted_on_the_centres_calendar(centre: Centre) -> None:
    # 02:00 UTC on the 2nd is still the 1st in Halifax.
    with time_machine.travel("2026-03-02 02:00Z"), house_of(centre):
        assert str(owed(centre, PromiseKind.SEND_INTRODUCTION).due_on) == "2026-03-04"


def test_the_same_thing_is_owed_once_and_again_only_after_it_was_settled(centre: Centre) -> None:
    with house_of(centre):
        first = owed(centre)
        assert owed(centre).pk == first.pk
        assert keep_promises(subject_id=THING, kind=PromiseKind.REFER) == 1
        assert keep_promises(subject_id=THING, kind=PromiseKind.REFER) == 0
        assert owed(centre).pk != first.pk
        first.refresh_from_db()
        assert (first.state, first.settled_at is None) == (PromiseState.KEPT, False)


def test_the_database_refuses_one_thing_owed_twice_even_by_the_centre_itself(
    centre: Centre,
) -> None:
    with house_of(centre):
        first = owed(centre)
        twice = Promise(
            centre=centre, kind=first.kind, subject_kind="match", subject_id=THING,
            due_on=first.due_on,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="promise_once"), transaction.atomic():
            twice.save(force_insert=True)


@pytest.mark.parametrize(("state", "reason"), [("closed", ""), ("open", "declined")])
def test_the_database_refuses_a_close_without_a_reason(
    centre: Centre, state: str, reason: str
) -> None:
    with house_of(centre):
        row = owed(centre)
        with pytest.raises(IntegrityError, match="promise_reason"), transaction.atomic():
            Promise.objects.filter(pk=row.pk).update(state=state, reason=reason)
        assert close_promises(subject_id=THING, reason=CloseReason.DECLINED) == 1
        row.refresh_from_db()
        assert (row.state, row.reason) == ("closed", "declined")


def test_one_debtors_word_keeps_nobody_elses(centre: Centre) -> None:
    one, other = (member(centre, role).party for role in (Role.CONNECTOR, Role.NEWCOMER))
    with house_of(centre):
        for party in (one, other):
            owed(centre, debtor=party)
        assert keep_promises(subject_id=THING, kind=PromiseKind.REFER, debtor=one) == 1
        assert Promise.objects.get(state="open").debtor_id == other.pk


def test_staff_see_their_centres_promises_and_others_their_own(
    centre: Centre, other_centre: Centre
) -> None:
    connector, stranger = member(centre, Role.CONNECTOR), member(centre, Role.NEWCOMER)
    with house_of(centre) as house:
        mine = owed(centre, debtor=connector.party)
        ours = owed(centre, PromiseKind.SEND_INTRODUCTION)
        assert list(owed_by_centre(house)) == [ours]
        assert list(owed_by_others(house)) == [mine]
    with house_of(other_centre) as house:
        assert list(open_promises_visible_to(house)) == []
    assert list(_seen(connector)) == [mine]
    assert list(_seen(stranger)) == []


def _seen(user: object) -> list[Promise]:
    from takeroot.access.actor import acting

    actor = actor_for(user)  # type: ignore[arg-type]
    with transaction.atomic(), acting(actor):
        return list(open_promises_visible_to(actor))


@pytest.mark.parametrize("kind", ["sign_readiness", "answer_connector", "look_again"])
def test_the_days_within_which_applicants_are_answered_stand_in_one_place(
    centre: Centre, kind: str
) -> None:
    centre.answer_days = 12
    centre.save(update_fields=["answer_days"])
    assert days_for(centre, kind) == 12
    with house_of(centre) as house, pytest.raises(Refused, match="among the centre's settings"):
        choose_days(centre=centre, kind=kind, days=5, by=house)
    said = told_beforehand(centre=centre, kind=PromiseKind(kind))
    assert ("19 days" in said) == (kind == "sign_readiness")
