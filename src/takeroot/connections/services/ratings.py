"""How people see themselves, before and after: kept once for each moment."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, current_actor
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.enums import SEATED, ConnecteeState, MeetingState
from takeroot.connections.enums_applying import RatingMoment
from takeroot.connections.letters_applying import how_was_it
from takeroot.connections.models import Connectee, Match, Meeting
from takeroot.connections.models_applying import SelfRating
from takeroot.connections.services.introductions import end_match
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import Letter, LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.services import keep_promises, open_promise

PAGE_DAYS = 365
KIND = "how_was_it"


@transaction.atomic
def rate(*, connectee_id: UUID, centre: Centre, moment: str, values: dict[str, int]) -> SelfRating:
    """Keep four answers from 1 to 5. The first answer of each moment stands: looking back at
    «before» from «after» would measure something else."""
    row = SelfRating(
        centre=centre,
        connectee_id=connectee_id,
        moment=moment,
        on=timezone.localdate(timezone=centre.zone),
        **values,
    )
    row.full_clean(exclude=["centre", "connectee"], validate_unique=False)
    kept, _made = SelfRating.objects.get_or_create(
        connectee_id=connectee_id,
        moment=moment,
        defaults={"id": row.pk, "centre": centre, "on": row.on, **values},
    )
    if moment == RatingMoment.AFTER:
        keep_promises(subject_id=connectee_id, kind=PromiseKind.RATE_AFTER)
    return kept


@transaction.atomic
def ask_how_it_was(*, connectee: Connectee, by: Actor) -> None:
    """The letter that asks for the rating afterwards: once. Raises Refused with the reason."""
    party = connectee.person.party
    if SelfRating.objects.filter(connectee=connectee, moment=RatingMoment.AFTER).exists():
        raise Refused(_("%(name)s has answered already.") % {"name": party.name})
    if not party.email:
        raise Refused(
            _("%(name)s has no e-mail address. Ask the four questions by telephone.")
            % {"name": party.name}
        )
    if Letter.objects.filter(party=party, kind=KIND).exists():
        return
    _write(connectee)
    open_promise(
        centre=connectee.centre,
        kind=PromiseKind.RATE_AFTER,
        subject_kind="connectee",
        subject_id=connectee.pk,
        debtor=party,
    )


def _write(connectee: Connectee) -> None:
    party = connectee.person.party
    link = issue_link(
        party=party,
        purpose=LinkPurpose.CONNECTEE_PAGE,
        subject_id=connectee.pk,
        days=PAGE_DAYS,
    )
    text = how_was_it(centre=connectee.centre, reader=party, link=f"{{link:{link.pk}}}")
    write_letter(
        party=party, kind=KIND, subject=text.subject, body=text.body, about_id=connectee.pk
    )


def ask_at_the_end(*, connectee: Connectee) -> None:
    """Somebody's way has come to its end: the questions of afterwards go out by themselves, to
    whoever met somebody, can be written to and has not answered yet."""
    party = connectee.person.party
    met = Meeting.objects.filter(connectee_party=connectee.pk, state=MeetingState.HELD).exists()
    known = SelfRating.objects.filter(connectee=connectee, moment=RatingMoment.AFTER).exists()
    if met and party.email and not known:
        ask_how_it_was(connectee=connectee, by=current_actor())


def remind_of_rating(promise: Promise) -> None:
    row = Connectee.objects.select_related("centre", "person__party__centre")
    connectee = row.filter(pk=promise.subject_id).first()
    if connectee is not None:
        _write(connectee)


@transaction.atomic
def complete_way(*, connectee: Connectee, by: Actor) -> Connectee:
    """Everything that was promised to a Connectee is done: what is still owed for them is closed,
    and they are asked whether it changed anything. Twice is once. Raises Refused."""
    row = (
        Connectee.objects.select_for_update(of=("self",))
        .select_related("centre", "person__party__centre")
        .get(pk=connectee.pk)
    )
    if row.state == ConnecteeState.COMPLETE:
        return row
    if row.state not in (ConnecteeState.MET, ConnecteeState.REFERRING):
        raise Refused(
            _("%(name)s has not met anybody yet, or has found work: there is nothing to complete.")
            % {"name": row.person.party.name}
        )
    for match in Match.objects.filter(connectee=row, state__in=SEATED).select_related("meeting"):
        meeting = getattr(match, "meeting", None)
        if meeting is None or meeting.state != MeetingState.HELD:
            raise Refused(_("A match has not led to a meeting yet. End it first."))
        end_match(match=match, by=by, reason=CloseReason.DONE)
    row.state = ConnecteeState.COMPLETE
    row.version += 1
    row.save(update_fields=["state", "version"])
    record(party=row.person.party, kind=EventKind.COMPLETED)
    ask_at_the_end(connectee=row)
    return row
