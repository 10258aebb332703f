"""Rounds: the whole pool at once, proposed by the engine, decided by the coordinator."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.enums import (
    ConnecteeState,
    ConnectorState,
    MatchState,
    RefusalReason,
    RoundState,
)
from takeroot.connections.kinds import CONNECTOR, kind_of
from takeroot.connections.models import Connectee, Connector, Match, Round
from takeroot.connections.round_problem import RoundProblem, build_problem
from takeroot.connections.selectors import pairs_already_together, pool
from takeroot.connections.services.introductions import draft_introduction
from takeroot.connections.services.resting import check_rested
from takeroot.connections.services.seats import take_seat
from takeroot.connections.services.sharing import hold_for_own
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise
from takeroot.volunteers.services.screening import check_screened


def _today(centre: Centre) -> date:
    return timezone.localdate(timezone=centre.zone)


def _problem(round_: Round, by: Actor) -> RoundProblem:
    """The pool as it is now, around what the coordinator has locked and refused."""
    centre = round_.centre
    connectees, connectors = pool(by, centre, _today(centre), kind=round_.kind)
    decided = list(
        Match.objects.filter(round=round_, state__in=(MatchState.PROPOSED, MatchState.REFUSED))
    )
    here = {c.pk for c in connectees}, {c.pk for c in connectors}
    return build_problem(
        connectees=connectees,
        connectors=connectors,
        centre=centre,
        today=_today(centre),
        least_quality=round_.least_quality,
        locked={
            (m.connectee_id, m.connector_id)
            for m in decided
            if m.locked and m.connectee_id in here[0] and m.connector_id in here[1]
        },
        weights=kind_of(round_.kind).weights,
        forbidden=pairs_already_together(centre, round_.kind)
        | {(m.connectee_id, m.connector_id) for m in decided if m.state == MatchState.REFUSED},
    )


@transaction.atomic
def propose_round(*, centre: Centre, name: str, by: Actor, kind: str = CONNECTOR) -> Round:
    """Start a round over everybody who is ready. Raises Refused when one is still open, or when
    nobody is ready."""
    # The lock makes a double click one round: the second waits here, then sees the first.
    Centre.objects.select_for_update().get(pk=centre.pk)
    if Round.objects.filter(centre=centre, kind=kind, state=RoundState.PROPOSED).exists():
        raise Refused(_("A round is open already. Decide it, or set it aside, then start another."))
    connectees, connectors = pool(by, centre, _today(centre), kind=kind)
    if not connectees:
        raise Refused(
            _("Nobody is ready for a round yet. Sign a Connectee's readiness list first.")
        )
    if not connectors:
        raise Refused(
            _(
                "No Connector has a free place in this period. Invite one, or ask for one more "
                "place."
            )
        )
    round_ = Round(centre=centre, name=name, kind=kind, least_quality=centre.least_quality)
    round_.full_clean(exclude=["centre"])
    round_.save(force_insert=True)
    round_ = solve_round(round_=round_, by=by)
    open_promise(
        centre=centre,
        kind=PromiseKind.DECIDE_ROUND,
        subject_kind="round",
        subject_id=round_.pk,
    )
    return round_


@transaction.atomic
def solve_round(*, round_: Round, by: Actor) -> Round:
    """Propose anew around the coordinator's locks and refusals, by the centre's settings of now."""
    round_ = _open_round(round_)
    # The page's advice when nothing is good enough: lower the least quality, then solve again.
    round_.least_quality = round_.centre.least_quality
    problem = _problem(round_, by)
    _check_locks(round_, problem)
    answer = problem.solve()
    if answer.conflict:
        raise Refused(answer.conflict)
    Match.objects.filter(round=round_, state=MatchState.PROPOSED, locked=False).delete()
    kept = set(
        Match.objects.filter(round=round_, state=MatchState.PROPOSED).values_list(
            "connectee_id", "connector_id"
        )
    )
    Match.objects.bulk_create(
        Match(
            centre_id=round_.centre_id,
            round=round_,
            kind=round_.kind,
            connectee_id=pair.connectee,
            connector_id=pair.connector,
            score=pair.score,
            parts=asdict(pair.parts),
        )
        for pair in answer.pairs
        if (pair.connectee, pair.connector) not in kept
    )
    round_.people, round_.connectors = problem.people, problem.connectors_count
    round_.value, round_.bound = answer.value, answer.bound
    round_.findings = answer.findings
    round_.solved_at = timezone.now()
    round_.version += 1
    round_.save()
    return round_


def _check_locks(round_: Round, problem: RoundProblem) -> None:
    """A locked pair of which one has left the pool meanwhile (paused, full, no longer ready) is
    the coordinator's to undo."""
    locked = Match.objects.filter(round=round_, state=MatchState.PROPOSED, locked=True)
    for match in locked.select_related("connectee__person__party", "connector__person__party"):
        if problem.pair(match.connectee_id, match.connector_id) is None:
            raise Refused(
                _(
                    "%(connectee)s and %(connector)s are locked, but one of them can no longer "
                    "take part. Unlock the pair, then solve again."
                )
                % _names(match)
            )


def _open_round(round_: Round) -> Round:
    """The round, locked for this transaction, if it may still be changed."""
    row = Round.objects.select_for_update(of=("self",)).select_related("centre").get(pk=round_.pk)
    if row.state != RoundState.PROPOSED:
        raise Refused(_("This round has been decided already; nothing was changed."))
    return row


def _open_match(match: Match) -> Match:
    _open_round(match.round)  # type: ignore[arg-type]
    row = Match.objects.select_for_update(of=("self",)).filter(pk=match.pk).first()
    if row is None or row.state != MatchState.PROPOSED:
        raise EditedMeanwhile(
            _("This proposal has changed since you opened the page. Look at it again, then decide.")
        )
    return row


@transaction.atomic
def lock_match(*, match: Match, locked: bool, by: Actor) -> Match:
    """Keep a proposal whatever is solved anew, or let it go again."""
    row = _open_match(match)
    row.locked = locked
    row.decided_by_id = by.party if locked else None
    row.save(update_fields=["locked", "decided_by"])
    return row


@transaction.atomic
def refuse_match(*, match: Match, reason: str, note: str = "", by: Actor) -> Match:
    """No to a proposal, with the reason; the pair is not proposed again in this round (and never
    where they know each other or have a conflict of interest)."""
    row = _open_match(match)
    if reason not in RefusalReason.values:
        raise Refused(_("Say why this match is refused."))
    row.state = MatchState.REFUSED
    row.refusal = reason
    row.note = note[:300]
    row.locked = False
    row.decided_by_id = by.party
    row.save()
    return row


@transaction.atomic
def add_by_hand(*, round_: Round, connectee: Connectee, connector: Connector, by: Actor) -> Match:
    """The coordinator's own pair, locked; takes the place of what was proposed for the Connectee.

    Raises Refused when the rules forbid the pair (met before, conflict, no common language…).
    """
    round_ = _open_round(round_)
    check_screened(person=connector.person, by=by)
    check_rested(connector=connector)
    problem = _problem(round_, by)
    pair = problem.pair(connectee.pk, connector.pk)
    if pair is None or pair.forbidden:
        raise Refused(pair.forbidden if pair else _("One of the two takes no part in this round."))
    Match.objects.filter(round=round_, connectee=connectee, state=MatchState.PROPOSED).update(
        state=MatchState.REPLACED, locked=False, decided_by_id=by.party
    )
    match = Match(
        centre_id=round_.centre_id,
        round=round_,
        kind=round_.kind,
        connectee=connectee,
        connector=connector,
        score=pair.score,
        parts=asdict(pair.parts),
        locked=True,
        by_hand=True,
        decided_by_id=by.party,
    )
    match.save(force_insert=True)
    return match


@transaction.atomic
def set_aside(*, round_: Round, by: Actor) -> None:
    """Abandon a round: nothing was promised to anybody, so nothing is owed."""
    row = _open_round(round_)
    row.state = RoundState.ABANDONED
    row.decided_at = timezone.now()
    row.save(update_fields=["state", "decided_at"])
    Match.objects.filter(round=row, state=MatchState.PROPOSED).update(state=MatchState.REPLACED)
    close_promises(subject_id=row.pk, reason=CloseReason.REPLACED)


@transaction.atomic
def accept_match(*, match: Match, by: Actor) -> Match:
    """Yes to a proposal: a place is taken, the letters are drafted.

    Raises Refused when the last place went meanwhile, or the pair has met before.
    """
    row = (
        Match.objects.select_for_update(of=("self",))
        .select_related("centre", "connectee__person__party", "connector__person__party")
        .get(pk=match.pk)
    )
    if row.state != MatchState.PROPOSED:
        raise EditedMeanwhile(_("This proposal has been decided already."))
    connectee = Connectee.objects.select_for_update(of=("self",)).get(pk=row.connectee_id)
    leads = kind_of(row.kind).leads
    if connectee.held_back or (leads and connectee.state != ConnecteeState.READY):
        raise Refused(
            _("%(name)s has been matched meanwhile.") % {"name": row.connectee.person.party.name}
        )
    if row.connector.held_back or row.connector.state != ConnectorState.ACTIVE:
        raise Refused(
            _("%(name)s takes nobody at the moment. Choose somebody else for %(connectee)s.")
            % {
                "name": row.connector.person.party.name,
                "connectee": row.connectee.person.party.name,
            }
        )
    check_screened(person=row.connector.person, by=by)
    take_seat(row)
    check_rested(connector=row.connector)
    row.asked_on = _today(row.centre)
    hold_for_own(connector=row.connector, on=row.asked_on)
    row.state = MatchState.ACCEPTED
    row.decided_by_id = by.party
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise Refused(_never_twice(row)) from problem
    if leads:
        connectee.state = ConnecteeState.MATCHED
        connectee.save(update_fields=["state"])
    parties = row.connectee.person.party, row.connector.person.party
    record(
        party=parties[0],
        kind=EventKind.MATCHED,
        other=parties[1],
        about_kind="match",
        about_id=row.pk,
    )
    keep_promises(subject_id=connectee.pk, kind=PromiseKind.CHOOSE_ANOTHER)
    draft_introduction(match=row)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.SEND_INTRODUCTION,
        subject_kind="match",
        subject_id=row.pk,
        creditor=parties[0],
    )
    return row


def _names(match: Match) -> dict[str, str]:
    return {
        "connectee": match.connectee.person.party.name,
        "connector": match.connector.person.party.name,
    }


def _never_twice(match: Match) -> str:
    return _("%(connectee)s and %(connector)s have been brought together before.") % _names(match)


@transaction.atomic
def accept_round(*, round_: Round, by: Actor) -> tuple[list[Match], list[str]]:
    """Accept every proposal that stands. Returns those accepted, and a sentence for each that
    could not be."""
    row = _open_round(round_)
    accepted: list[Match] = []
    problems: list[str] = []
    for match in Match.objects.filter(round=row, state=MatchState.PROPOSED).order_by("pk"):
        try:
            with transaction.atomic():
                accepted.append(accept_match(match=match, by=by))
        except Refused as refusal:
            problems.append(str(refusal))
    Match.objects.filter(round=row, state=MatchState.PROPOSED).update(state=MatchState.REPLACED)
    row.state = RoundState.DECIDED
    row.decided_at = timezone.now()
    row.save(update_fields=["state", "decided_at"])
    keep_promises(subject_id=row.pk, kind=PromiseKind.DECIDE_ROUND)
    return accepted, problems


def candidates_for(*, round_: Round, connectee_id: UUID, by: Actor) -> list[Any]:
    """Every Connector who could be chosen for one Connectee, best first, with the parts."""
    return _problem(round_, by).candidates(connectee_id)
