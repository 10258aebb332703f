"""Asking whether people stayed: 3, 6 and 12 months on, by link, else by telephone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.common.keeping import Arrival
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.models import Connectee
from takeroot.connections.services.calls import heard_from
from takeroot.keeping.models_moving import Transfer
from takeroot.keeping.selectors import counted_before
from takeroot.ledger.enums import EventKind
from takeroot.ledger.models import Event
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.outcomes import letters
from takeroot.outcomes.enums import CountFrom, SameEmployer, StayReason, StayState, Told, Where
from takeroot.outcomes.models_stay import CountingRule, StayCheck
from takeroot.outcomes.stays import MOMENTS, months_after
from takeroot.outcomes.work import counting_rule
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import keep_promises, open_promise

# Somebody who came into Takeroot with an old history is not asked about what is long past.
TOO_LATE = timedelta(days=60)
MOST_REASONS = 5
_BEGINS = {CountFrom.INTRODUCED: EventKind.INTRODUCED, CountFrom.MET: EventKind.MET}


@dataclass(frozen=True)
class Answer:
    """What somebody said."""

    where: str
    employer: str = ""
    reasons: tuple[str, ...] = ()
    change: str = ""
    told: str = Told.LINK


def event_kind(months: int, what: str) -> EventKind:
    """The word of the ledger for one moment: `here`, `away` or `unknown`."""
    return EventKind(f"stay_{months}_{what}")


@transaction.atomic
def ask_who_stayed(*, centre: Centre) -> list[StayCheck]:
    """Ask everybody whose day has come and who was not asked yet. Safe to repeat: each question
    is asked once."""
    today = timezone.localdate(timezone=centre.zone)
    made = []
    for connectee, months, due in _due(centre, today):
        check, fresh = StayCheck.objects.get_or_create(
            connectee=connectee,
            months=months,
            defaults={"centre": centre, "due_on": due},
        )
        if fresh:
            _begin(check, centre)
            made.append(check)
    return made


def _due(centre: Centre, today: date) -> Iterable[tuple[Connectee, int, date]]:
    """Connectees with a moment that has come and no question for it yet."""
    begun = _begun(centre, today)
    asked = set(
        StayCheck.objects.filter(centre=centre, connectee__in=begun).values_list(
            "connectee", "months"
        )
    )
    people = Connectee.objects.filter(
        pk__in=begun,
        person__party__merged_into__isnull=True,
        person__party__severed_at__isnull=True,
    ).select_related("person__party__centre")
    before = counted_before(centre=centre.pk, people=begun)
    for connectee in people.order_by("pk"):
        for months in MOMENTS:
            if _asked_elsewhere(before.get(connectee.pk, ()), months):
                continue
            due = months_after(begun[connectee.pk], months)
            if today - TOO_LATE <= due <= today and (connectee.pk, months) not in asked:
                yield connectee, months, due


def _asked_elsewhere(moves: Iterable[Transfer], months: int) -> bool:
    """Whether another centre has asked at this moment before the file came here."""
    return any(code.startswith(f"stay_{months}_") for move in moves for code in move.counted)


def _begun(centre: Centre, today: date) -> dict[UUID, date]:
    """The day from which the months of each person count, as far as a moment may have come."""
    kind = _BEGINS[CountFrom(counting_rule(centre).count_from)]
    events = Event.objects.filter(centre=centre, kind=kind).order_by()
    whose = Coalesce("party__merged_into_id", "party_id")
    lately = events.filter(on__gte=months_after(today, -max(MOMENTS)) - TOO_LATE)
    keys = set(lately.annotate(whose=whose).values_list("whose", flat=True))
    theirs = events.filter(Q(party__in=keys) | Q(party__merged_into__in=keys))
    return dict(theirs.values_list(whose).annotate(Min("on")))


def _begin(check: StayCheck, centre: Centre) -> None:
    """The letter and the promise. A closed file is not written to: nobody knows."""
    party = check.connectee.person.party
    if check.connectee.state == ConnecteeState.CLOSED:
        close_unknown(check=check)
        return
    open_promise(
        centre=centre,
        kind=PromiseKind.STAY_CHECK,
        subject_kind="stay_check",
        subject_id=check.pk,
        debtor=party,
    )
    write(check=check, first=True)


def write(*, check: StayCheck, first: bool, by_phone: bool = False) -> None:
    """One letter with the link of this question."""
    party, centre = check.connectee.person.party, check.centre
    mark = f"{{link:{_link(party, check)}}}"
    text = (
        letters.another_way(reader=party, centre=centre, link=mark)
        if by_phone
        else letters.still_here(
            reader=party, centre=centre, months=check.months, link=mark, first=first
        )
    )
    kind = "stay_other_way" if by_phone else "still_here"
    write_letter(party=party, kind=kind, subject=text.subject, body=text.body, about_id=check.pk)


def _link(party: Party, check: StayCheck) -> UUID:
    return issue_link(party=party, purpose=LinkPurpose.STAY, subject_id=check.pk, days=120).pk


@transaction.atomic
def answer_stay(*, check: StayCheck, answer: Answer, by: Actor) -> StayCheck:
    """What somebody said, by link or by telephone. A later answer takes the place of an earlier
    one, in the ledger as an event that corrects it. Raises Refused."""
    if answer.where not in Where.values:
        raise Refused(_("Say where they live, or that they would rather not say."))
    if answer.employer and answer.employer not in SameEmployer.values:
        raise Refused(_("Choose one of the answers about work."))
    reasons = list(dict.fromkeys(answer.reasons))
    if not set(reasons) <= set(StayReason.values) or len(reasons) > MOST_REASONS:
        raise Refused(_("Choose at most %(most)d reasons of the list.") % {"most": MOST_REASONS})
    row = _locked(check)
    row.state = StayState.ANSWERED
    row.where, row.employer, row.reasons = answer.where, answer.employer, reasons
    row.change = answer.change.strip()[:1000]
    row.told, row.written_by_id = answer.told, by.party
    row.answered_at = timezone.now()
    row.save()
    what = {Where.COMMUNITY: "here", Where.RATHER_NOT: "unknown"}.get(Where(answer.where), "away")
    _record(row, what)
    keep_promises(subject_id=row.pk, kind=PromiseKind.STAY_CHECK)
    heard_from(row.connectee.person.party)
    return row


@transaction.atomic
def close_unknown(*, check: StayCheck) -> StayCheck:
    """Nobody answered: nobody knows, and that is what is written down."""
    row = _locked(check)
    if row.state == StayState.ASKED:
        row.state = StayState.UNKNOWN
        row.save(update_fields=["state"])
        _record(row, "unknown")
    return row


def _locked(check: StayCheck) -> StayCheck:
    return (
        StayCheck.objects.select_for_update(of=("self",))
        .select_related("centre", "connectee__person__party__centre")
        .get(pk=check.pk)
    )


def _record(row: StayCheck, what: str) -> None:
    """The event of an answer; it corrects the one before, if that said something else."""
    party, kind = row.connectee.person.party, event_kind(row.months, what)
    before = Event.objects.filter(about_kind="stay_check", about_id=row.pk)
    last = before.order_by("-created_at").first()
    if last is not None and last.kind == kind:
        return
    record(party=party, kind=kind, about_kind="stay_check", about_id=row.pk, corrects=last)


@transaction.atomic
def choose_rule(*, centre: Centre, full_time_hours: int, count_from: str, by: Actor) -> None:
    """What a centre counts, from now on. What was counted keeps its word. Raises Refused."""
    if not 1 <= full_time_hours <= 60 or count_from not in CountFrom.values:
        raise Refused(_("Choose between 1 and 60 hours a week."))
    CountingRule.objects.update_or_create(
        centre=centre,
        defaults={"full_time_hours": full_time_hours, "count_from": count_from},
    )


def leave_unknown(arrival: Arrival, keep_in_touch: bool) -> Iterable[UUID]:
    """Registered with `on_departure`: a question that waits for an answer gets none here."""
    waiting = StayCheck.objects.filter(connectee_id__in=arrival.keys, state=StayState.ASKED)
    for check in waiting.select_related("centre", "connectee__person__party__centre"):
        close_unknown(check=check)
    return ()
