"""Files grow old: after half a year somebody is asked, once, whether theirs is still right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.common.editing import save_version
from takeroot.connections.enums import ConnecteeState, ConnectorState
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.services.ladders import ask_for_profile
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.people.models import Person
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.services import keep_promises, open_promise

OLD_AFTER = timedelta(days=182)
AT_ONCE = 100
# What people may change of their own file; name and address go through the centre.
OWN_FIELDS = ("phone", "occupation_text", "interests", "mode")


@transaction.atomic
def ask_for_old_files(*, centre: Centre) -> int:
    """Ask whoever takes part and has confirmed nothing for half a year. Returns how many."""
    today = timezone.localdate(timezone=centre.zone)
    limit = today - OLD_AFTER
    taking_part = Q(connectee__state=ConnecteeState.READY) | Q(
        connector__state=ConnectorState.ACTIVE
    )
    asked = Promise.objects.filter(
        centre=centre, kind=PromiseKind.UPDATE_PROFILE, created_at__date__gt=limit
    )
    rows = (
        Person.objects.filter(taking_part, centre=centre)
        .filter(Q(confirmed_on__lt=limit) | Q(confirmed_on=None, created_at__date__lt=limit))
        .exclude(pk__in=asked.values("subject_id"))
        .select_related("party__centre", "connector", "connectee")
        .order_by("created_at", "pk")[:AT_ONCE]
    )
    for person in rows:
        connector = getattr(person, "connector", None)
        promise = open_promise(
            centre=centre,
            kind=PromiseKind.UPDATE_PROFILE,
            subject_kind="connector" if connector else "connectee",
            subject_id=person.pk,
            debtor=person.party,
        )
        ask_for_profile(promise, first=True)
    return len(rows)


@transaction.atomic
def confirm_profile(*, person: Person, expected: int, values: dict[str, Any]) -> Person:
    """«This is right», with what has changed; raises EditedMeanwhile. Whoever had been left out
    of rounds because nobody answered takes part again."""
    party = person.party
    if "phone" in values and values["phone"] != party.phone:
        party.phone = values["phone"]
        party.save(update_fields=["phone"])
    details = {name: values[name] for name in OWN_FIELDS[1:] if name in values}
    for name, value in details.items():
        setattr(person, name, value)
    person.confirmed_on = timezone.localdate(timezone=person.centre.zone)
    person.full_clean(exclude=["centre", "party", "place"])
    save_version(person, expected=expected, fields=[*details, "confirmed_on"])
    keep_promises(subject_id=person.pk, kind=PromiseKind.UPDATE_PROFILE)
    _take_part_again(person)
    return person


def _take_part_again(person: Person) -> None:
    last = (
        Promise.objects.filter(subject_id=person.pk, kind=PromiseKind.UPDATE_PROFILE)
        .order_by("-created_at")
        .first()
    )
    if last is None or last.reason != CloseReason.NO_ANSWER:
        return
    Connector.objects.filter(pk=person.pk, state=ConnectorState.PAUSED).update(
        state=ConnectorState.ACTIVE
    )
    if Connectee.objects.filter(pk=person.pk, state=ConnecteeState.STALLED).update(
        state=ConnecteeState.READY
    ):
        record(party=person.party, kind=EventKind.BACK_IN_TOUCH)
