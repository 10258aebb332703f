"""Work that was found: written down, counted by the centre's rule, and never rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.enums import Purpose
from takeroot.access.services import live_consent
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.common.text import tidy
from takeroot.connections.enums import ConnecteeState, MatchState, MeetingState
from takeroot.connections.models import Connectee, Match, Referral
from takeroot.connections.services.calls import heard_from
from takeroot.connections.services.ladder_meetings import ask_whether_still
from takeroot.connections.services.ratings import ask_at_the_end
from takeroot.connections.services.reaching import back_in_touch
from takeroot.facts import noc
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.services import write_letter
from takeroot.organizations.services import organization_named
from takeroot.outcomes import letters
from takeroot.outcomes.enums import Evidence, InField, Told
from takeroot.outcomes.models_work import Job
from takeroot.outcomes.work import counting_rule, counts_as_work
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises

FURTHEST_AHEAD = timedelta(days=183)
# What the centre owes somebody who looks for work, and no longer to somebody who has it.
_NO_LONGER_OWED = (PromiseKind.CHOOSE_ANOTHER, PromiseKind.SIGN_READINESS)


@dataclass(frozen=True)
class Work:
    """A job as somebody told it."""

    employer: str
    starts_on: date
    occupation_code: str = ""
    occupation_text: str = ""
    in_field: str = InField.UNKNOWN
    hours: Decimal | None = None
    hourly_wage: Decimal | None = None
    evidence: str = Evidence.PERSON
    told: str = Told.LINK


def _check(work: Work, today: date) -> None:
    if not tidy(work.employer):
        raise Refused(_("Write who the employer is."))
    if work.starts_on > today + FURTHEST_AHEAD:
        raise Refused(_("The first day lies more than half a year ahead; nothing was kept."))
    if work.occupation_code and noc.unit_group(work.occupation_code) is None:
        raise Refused(_("“%(code)s” is no group of occupations.") % {"code": work.occupation_code})


@transaction.atomic
def report_job(*, connectee: Connectee, work: Work, by: Actor) -> Job:
    """Write down a job. In their field and full time, the Connectee is «at work in their field»;
    any other work leaves the file open and the person in the programme. The same job told twice
    is one job. Raises Refused."""
    row = (
        Connectee.objects.select_for_update(of=("self",))
        .select_related("centre", "person__party")
        .get(pk=connectee.pk)
    )
    centre, party = row.centre, row.person.party
    today = timezone.localdate(timezone=centre.zone)
    _check(work, today)
    employer = organization_named(centre=centre, name=work.employer)
    same = Job.objects.filter(connectee=row, employer=employer, starts_on=work.starts_on).first()
    if same is not None:
        return same
    rule = counting_rule(centre)
    job = Job(
        centre=centre,
        connectee=row,
        employer=employer,
        occupation_code=work.occupation_code,
        occupation_text=tidy(work.occupation_text)[:120],
        in_field=work.in_field,
        hours=work.hours,
        hourly_wage=work.hourly_wage,
        starts_on=work.starts_on,
        evidence=work.evidence,
        told=work.told,
        reported_by_id=by.party,
        reported_on=today,
        counts=counts_as_work(rule=rule, in_field=work.in_field, hours=work.hours),
    )
    job.full_clean(exclude=["centre", "connectee", "employer", "reported_by"])
    job.save(force_insert=True)
    record(
        party=party,
        kind=EventKind.WORK_IN_FIELD if job.counts else EventKind.WORK_OTHER,
        about_kind="job",
        about_id=job.pk,
    )
    if work.told == Told.LINK:
        heard_from(party)
    if job.counts:
        _at_work(row)
    elif row.state == ConnecteeState.STALLED:
        back_in_touch(connectee=row, by=by)
    return job


def _at_work(row: Connectee) -> None:
    """What follows when somebody works in their field."""
    if row.state != ConnecteeState.CLOSED:
        row.state = ConnecteeState.EMPLOYED
        row.save(update_fields=["state"])
        ask_at_the_end(connectee=row)
    for kind in _NO_LONGER_OWED:
        close_promises(subject_id=row.pk, kind=kind, reason=CloseReason.EMPLOYED)
    matches = Match.objects.filter(
        connectee=row, state__in=(MatchState.INTRODUCED, MatchState.ENDED), meeting__isnull=False
    ).select_related("centre", "meeting", "connectee__person__party", "connector__person__party")
    for match in matches:
        if match.meeting.state == MeetingState.HELD:
            _tell(match)
        elif match.state == MatchState.INTRODUCED:
            ask_whether_still(match=match)


def _tell(match: Match) -> None:
    """The good news, to a Connector who may know."""
    if live_consent(party_id=match.connectee_id, purpose=Purpose.OUTCOME) is None:
        return
    reader = match.connector.person.party
    text = letters.good_news(reader=reader, connectee=match.connectee.person.party)
    write_letter(
        party=reader, kind="good_news", subject=text.subject, body=text.body, about_id=match.pk
    )


@transaction.atomic
def end_job(*, job: Job, on: date, by: Actor) -> Job:
    """A job has ended: a new event beside the old one. Whoever has no other work in their field
    is in the programme again, where they stood. Raises Refused, EditedMeanwhile."""
    row = (
        Job.objects.select_for_update(of=("self",))
        .select_related("centre", "connectee__person__party", "connectee__qualification")
        .get(pk=job.pk)
    )
    if row.ended_on is not None:
        raise EditedMeanwhile(_("This job has ended already; nothing was changed."))
    if on < row.starts_on:
        raise Refused(_("The last day comes before the first; nothing was changed."))
    if on > timezone.localdate(timezone=row.centre.zone):
        raise Refused(_("The last day is still to come: write it down when it has passed."))
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    connectee = Connectee.objects.select_for_update(of=("self",)).get(pk=row.connectee_id)
    record(
        party=row.connectee.person.party,
        kind=EventKind.WORK_ENDED,
        about_kind="job",
        about_id=row.pk,
    )
    others = Job.objects.filter(connectee=connectee, counts=True, ended_on__isnull=True)
    if connectee.state == ConnecteeState.EMPLOYED and not others.exists():
        connectee.state = _where_they_stand(row.connectee)
        connectee.save(update_fields=["state"])
    return row


def _where_they_stand(row: Connectee) -> ConnecteeState:
    """The state of somebody in the programme, from the match that stands and the list."""
    match = (
        Match.objects.filter(connectee=row, state__in=(MatchState.ACCEPTED, MatchState.INTRODUCED))
        .select_related("meeting")
        .order_by("-created_at")
        .first()
    )
    if match is None:
        signed = row.qualification.signed_at is not None
        return ConnecteeState.READY if signed else ConnecteeState.APPLIED
    if match.state == MatchState.ACCEPTED:
        return ConnecteeState.MATCHED
    if match.meeting.state != MeetingState.HELD:
        return ConnecteeState.INTRODUCED
    named = Referral.objects.filter(match=match).exists()
    return ConnecteeState.REFERRING if named else ConnecteeState.MET
