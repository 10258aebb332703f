"""The year is closed: votes are counted, departures from the list say why, people are thanked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.common.keeping import Arrival
from takeroot.connections.enums_recognition import Answer, Outcome, RecognitionState
from takeroot.connections.letters_recognition import not_this_year, thanks
from takeroot.connections.models_recognition import Nominee, Recognition, Vote
from takeroot.connections.recognised import stands
from takeroot.connections.services.recognition import (
    LINK_DAYS,
    day_of,
    locked,
    locked_nominee,
)
from takeroot.connections.services.recusals import keep_known_conflicts
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises


@dataclass(frozen=True)
class Counted:
    """How a jury stands on one name."""

    yes: int
    no: int
    aside: int

    def outcome(self, least: int) -> Outcome:
        if self.yes + self.no < least:
            return Outcome.TOO_FEW
        if self.yes == self.no:
            return Outcome.TIED
        return Outcome.RECOGNISED if self.yes > self.no else Outcome.NOT_NOW


@transaction.atomic
def decide(*, recognition: Recognition, by: Actor) -> Recognition:
    """Close the year: count the votes, write down what came of each name and why the list was
    departed from, thank. Twice is once."""
    row = locked(recognition)
    if row.state == RecognitionState.DECIDED:
        return row
    if row.state == RecognitionState.LISTED and _on_the_list(row):
        raise Refused(_("Somebody stands on the list: ask them and the jury first."))
    # Nobody counts as themselves: whoever stands aside may press the button all the same.
    with acting(system_actor(row.centre_id, purpose="recognition")):
        for juror in row.jurors.select_related("party", "recognition"):
            keep_known_conflicts(juror)
        for nominee in list(row.nominees.order_by("category", "rank", "pk")):
            _settle(locked_nominee(nominee), row.least_votes)
    row.state = RecognitionState.DECIDED
    row.decided_at, row.decided_by_id = timezone.now(), by.party
    row.save(update_fields=["state", "decided_at", "decided_by"])
    keep_promises(subject_id=row.pk, kind=PromiseKind.CLOSE_YEAR)
    for juror in row.jurors.all():
        close_promises(
            subject_id=juror.pk, kind=PromiseKind.DECIDE_JURY, reason=CloseReason.REPLACED
        )
    return row


def _on_the_list(row: Recognition) -> bool:
    return row.nominees.exclude(outcome=Outcome.LEFT_OUT).exists()


def _settle(nominee: Nominee, least: int) -> None:
    if nominee.outcome == Outcome.LEFT_OUT:
        return
    votes = list(nominee.votes.order_by("created_at", "pk"))
    aside = nominee.recusals.count()
    yes = sum(vote.yes for vote in votes)
    if stands(nominee, day_of(nominee)):
        count = Counted(yes, len(votes) - yes, aside)
        nominee.votes_for, nominee.votes_against, nominee.stood_aside = yes, count.no, aside
        nominee.outcome = count.outcome(least)
        if nominee.outcome != Outcome.RECOGNISED:
            nominee.reason = _reasons(votes)
    else:
        waiting = nominee.answer == Answer.WAITING
        nominee.outcome = Outcome.SILENT if waiting else Outcome.SAID_NO
    nominee.save()
    _tell(nominee)


def _reasons(votes: Iterable[Vote]) -> str:
    """Why the jury departed from the list, in its own words."""
    said = dict.fromkeys(vote.reason for vote in votes if not vote.yes and vote.reason)
    return " / ".join(said)[:600]


def _tell(nominee: Nominee) -> None:
    """Whoever was recognized is thanked; whoever stood and was not hears that too."""
    if nominee.outcome in (Outcome.SILENT, Outcome.SAID_NO):
        return
    text, kind = not_this_year(nominee=nominee), "recognition_not_now"
    if nominee.outcome == Outcome.RECOGNISED:
        link = issue_link(
            party=nominee.speaks,
            purpose=LinkPurpose.RECOGNITION,
            subject_id=nominee.pk,
            days=LINK_DAYS,
        )
        text, kind = thanks(nominee=nominee, link=f"{{link:{link.pk}}}"), "recognition_thanks"
        record(
            party=nominee.party,
            kind=EventKind.RECOGNISED,
            about_kind="nominee",
            about_id=nominee.pk,
        )
    write_letter(
        party=nominee.speaks, kind=kind, subject=text.subject, body=text.body, about_id=nominee.pk
    )


def forget_votes(keys: list[UUID], tell: bool) -> Iterable[UUID]:
    """Registered with `on_erasure`: whoever erases may stand aside from these votes themselves."""
    centres = Party.objects.filter(pk__in=keys).values_list("centre_id", flat=True).distinct()
    emptied: list[UUID] = []
    for centre in list(centres):
        with acting(system_actor(centre, purpose="erasure")):
            rows = Vote.objects.filter(Q(nominee__party_id__in=keys) | Q(juror__party_id__in=keys))
            emptied += rows.values_list("pk", flat=True)
            rows.update(reason="")
    return emptied


def leave_votes(arrival: Arrival, keep_in_touch: bool) -> Iterable[UUID]:
    """Registered with `on_departure`: the votes stay, without their reasons."""
    return forget_votes(list(arrival.keys), tell=False)
