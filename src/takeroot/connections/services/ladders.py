"""What happens when nothing comes: every ladder of the programme, and what the centre owes."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone, translation

from takeroot.access.actor import current_actor
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Party
from takeroot.connections import policies, reminders
from takeroot.connections.enums import ConnecteeState, ConnectorState
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.services import across, ratings
from takeroot.connections.services import ladder_doors as doors
from takeroot.connections.services import ladder_meetings as meetings
from takeroot.connections.services.house_letters import own_link, write_out
from takeroot.connections.services.ladder_jury import remind_juror
from takeroot.connections.services.ladder_meetings import call_them
from takeroot.connections.services.reaching import stall
from takeroot.connections.services.sharing import shared_ask_is_silent
from takeroot.messaging.models import Letter, LinkPurpose
from takeroot.promises.enums import Act, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.policies import Policy, register
from takeroot.promises.selectors import owed_by_centre
from takeroot.promises.services import close_for_nobody

# What the centre owes --------------------------------------------------------------------------

LATE_LETTER = "late_today"


def remind_staff(promise: Promise) -> None:
    """One letter a day at most to each coordinator, with all that is late; no names in it."""
    centre = promise.centre
    day = timezone.localdate(timezone=centre.zone)
    late = owed_by_centre(current_actor()).filter(centre=centre, due_on__lt=day)
    kinds = [row.kind for row in late]
    for party in Party.objects.filter(
        user__memberships__centre=centre,
        user__memberships__role=Role.COORDINATOR,
        user__is_active=True,
    ).select_related("centre"):
        told = Letter.objects.filter(
            party=party, kind=LATE_LETTER, created_at__date=timezone.now().date()
        )
        if told.exists():
            continue
        with translation.override(party.language):
            lines = [str(PromiseKind(kind).label) for kind in kinds]
        text = reminders.late_today(reader=party, centre=centre, lines=lines, day=day)
        write_out(party, LATE_LETTER, text, centre.pk)


def _tell_applicant(promise: Promise) -> None:
    """A promise to a person is kept, or visibly broken: they are told that the centre is late."""
    remind_staff(promise)
    if promise.creditor is not None:
        text = reminders.we_are_late(reader=promise.creditor, centre=promise.centre)
        write_out(promise.creditor, "we_are_late", text, promise.subject_id)


# Files that have become old --------------------------------------------------------------------


def _ask_for_profile(promise: Promise) -> None:
    ask_for_profile(promise, first=False)


def ask_for_profile(promise: Promise, *, first: bool) -> None:
    """Ask somebody to look at their file once."""
    if promise.debtor is None:
        return
    link = own_link(promise.debtor, LinkPurpose.PROFILE, promise.subject_id)
    text = reminders.still_right(reader=promise.debtor, link=link, first=first)
    write_out(promise.debtor, "still_right", text, promise.subject_id)


def _call_about_profile(promise: Promise) -> None:
    if promise.debtor is not None:
        call_them(promise)


def _leave_out_of_rounds(promise: Promise) -> None:
    """Nobody is proposed on the strength of a file that nobody has confirmed."""
    close_for_nobody(promise)
    connector = Connector.objects.filter(pk=promise.subject_id).first()
    if connector is not None and connector.state == ConnectorState.ACTIVE:
        connector.state = ConnectorState.PAUSED
        connector.version += 1
        connector.save(update_fields=["state", "version"])
    connectee = Connectee.objects.filter(pk=promise.subject_id, state=ConnecteeState.READY).first()
    if connectee is not None:
        stall(connectee=connectee)


_HANDLERS: tuple[tuple[Policy, dict[Act, Callable[[Promise], None]]], ...] = (
    (
        policies.BOOK_MEETING,
        {
            Act.REMIND: meetings.remind_to_propose,
            Act.OTHER_WAY: meetings.another_way_to_meet,
            Act.CLOSE: meetings.give_up_meeting,
        },
    ),
    (
        policies.ANSWER_TIMES,
        {
            Act.REMIND: meetings.remind_to_choose,
            Act.OTHER_WAY: meetings.another_way_to_meet,
            Act.REASSIGN: meetings.give_up_meeting,
        },
    ),
    (
        policies.LOG_MEETING,
        {
            Act.REMIND: meetings.ask_both_how_it_went,
            Act.OTHER_WAY: meetings.call_about_meeting,
            Act.CLOSE: meetings.meeting_stays_unknown,
        },
    ),
    (
        policies.REFER,
        {
            Act.REMIND: doors.remind_of_doors,
            Act.OTHER_WAY: doors.call_about_doors,
            Act.CLOSE: doors.stop_asking_for_doors,
        },
    ),
    (
        policies.REFER_ON,
        {Act.REMIND: doors.remind_of_doors, Act.CLOSE: doors.stop_asking_for_doors},
    ),
    (policies.ANSWER_REFERRAL, {}),
    (policies.DECIDE_JURY, {Act.REMIND: remind_juror, Act.CLOSE: close_for_nobody}),
    (
        policies.MEET_ACROSS,
        {
            Act.REMIND: across.remind_across,
            Act.OTHER_WAY: across.call_across,
            Act.CLOSE: across.across_stays_unknown,
        },
    ),
    (
        policies.REFER_ACROSS,
        {Act.REMIND: across.remind_across, Act.CLOSE: across.close_for_nobody},
    ),
    (
        policies.RATE_AFTER,
        {Act.REMIND: ratings.remind_of_rating, Act.CLOSE: close_for_nobody},
    ),
    (policies.ANSWER_SHARED, {Act.REMIND: doors.remind_shared, Act.CLOSE: shared_ask_is_silent}),
    (
        policies.STILL_MEET,
        {Act.REMIND: meetings.remind_still, Act.CLOSE: meetings.work_before_meeting},
    ),
    (
        policies.UPDATE_PROFILE,
        {
            Act.REMIND: _ask_for_profile,
            Act.OTHER_WAY: _call_about_profile,
            Act.CLOSE: _leave_out_of_rounds,
        },
    ),
)


def register_policies() -> None:
    """Called once, when the house starts."""
    for policy in policies.FOR_THE_CENTRE:
        applicant = policy.kind == PromiseKind.SIGN_READINESS
        register(policy, {Act.REMIND: _tell_applicant if applicant else remind_staff})
    for policy, handlers in _HANDLERS:
        register(policy, handlers)
