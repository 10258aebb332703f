"""«Something was not right»: contact stops, both sides are looked after, few may read it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.services import close_grants
from takeroot.accounts.enums import CONCERN_ROLES
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections import letters
from takeroot.connections.enums import MatchState, RefusalReason
from takeroot.connections.models import Connectee, Connector, Match, Meeting, Referral
from takeroot.connections.models_concern import Concern, ConcernSide, Decision
from takeroot.connections.services.endings import end_by_centre
from takeroot.messaging.services import revoke_links, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, open_promise


def readers_of(centre: Centre) -> list[Party]:
    """Those of the staff who may read reports."""
    return list(
        Party.objects.filter(
            centre=centre,
            user__is_active=True,
            user__memberships__centre=centre,
            user__memberships__role__in=CONCERN_ROLES,
        )
        .distinct()
        .order_by("sort_key", "pk")
    )


def _somebody_is_left(centre: Centre, withheld: Collection[UUID]) -> None:
    readers = {party.pk for party in readers_of(centre)}
    if withheld and not readers - set(withheld):
        raise Refused(
            _(
                "Then nobody of this centre could read it. Leave the box open, or write to the "
                "secretariat; nothing was sent."
            )
        )


@transaction.atomic
def report_concern(
    *,
    match: Match,
    about: UUID,
    said_by: Party | None,
    text: str,
    via: str,
    by: Actor,
    withheld_from: Collection[UUID] = (),
) -> Concern:
    """Write down that something was not right with one of the two, and stop all contact. Nobody is
    accused: the letters that go out say that the centre has ended the introduction. Twice is once.
    """
    row = (
        Match.objects.select_for_update(of=("self",))
        .select_related("centre", "connectee__person__party", "connector__person__party")
        .get(pk=match.pk)
    )
    if about not in (row.connectee_id, row.connector_id):
        raise LookupError("a report is about one of the two of a match")
    _somebody_is_left(row.centre, withheld_from)
    # As the house: a worker may write down what they may not read afterwards.
    with acting(system_actor(row.centre_id, purpose="concern")):
        return _report(row, about, said_by, text.strip()[:4000], via, by, withheld_from)


def _report(
    row: Match,
    about: UUID,
    said_by: Party | None,
    text: str,
    via: str,
    by: Actor,
    withheld_from: Collection[UUID],
) -> Concern:
    same = Concern.objects.filter(match=row, about_id=about, said_by=said_by, text=text).first()
    if same is not None:
        return same
    concern = Concern(
        centre=row.centre,
        match=row,
        about_id=about,
        said_by=said_by,
        text=text,
        via=via,
        withheld_from=sorted(set(withheld_from), key=str),
    )
    concern.save(force_insert=True)
    for party in sorted((row.connectee_id, row.connector_id), key=str):
        _look_after(concern, party)
    _hold_back(about, held=True)
    _stop(row, by)
    return concern


@transaction.atomic
def report_as_contact(
    *, referral: Referral, text: str, by: Actor, withheld_from: Collection[UUID] = ()
) -> Concern:
    """A contact who said yes reports that something was not right with the newcomer. Contact
    between these two stops at once; both are looked after. Twice is once."""
    row = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("centre", "connectee__person__party", "contact__party", "match")
        .get(pk=referral.pk)
    )
    _somebody_is_left(row.centre, withheld_from)
    with acting(system_actor(row.centre_id, purpose="concern")):
        return _report_as_contact(row, text.strip()[:4000], withheld_from)


def _report_as_contact(row: Referral, text: str, withheld_from: Collection[UUID]) -> Concern:
    contact, newcomer = row.contact.party.whole, row.connectee.person.party
    same = Concern.objects.filter(match=row.match, about=newcomer, said_by=contact).first()
    if same is not None:
        return same
    concern = Concern(
        centre=row.centre,
        match=row.match,
        about=newcomer,
        said_by=contact,
        text=text,
        via="link",
        withheld_from=sorted(set(withheld_from), key=str),
    )
    concern.save(force_insert=True)
    for party in sorted((newcomer.pk, contact.pk), key=str):
        _look_after(concern, party)
    _hold_back(newcomer.pk, held=True)
    close_grants(because_id=row.pk)
    revoke_links(subject_id=row.pk)
    close_promises(subject_id=row.pk, reason=CloseReason.STOPPED)
    told = letters.match_ended(reader=newcomer, other=contact, when="")
    write_letter(
        party=newcomer, kind="match_ended", subject=told.subject, body=told.body, about_id=row.pk
    )
    return concern


def _look_after(concern: Concern, party: UUID) -> None:
    """The centre owes each of the two a word within a day. The promise names neither: whoever it
    is about could read it among their own."""
    side = ConcernSide(
        centre=concern.centre,
        concern=concern,
        party_id=party,
        withheld_from=concern.withheld_from,
    )
    side.save(force_insert=True)
    open_promise(
        centre=concern.centre,
        kind=PromiseKind.LOOK_AFTER,
        subject_kind="concern_side",
        subject_id=side.pk,
    )


def _hold_back(party: UUID, *, held: bool) -> None:
    for model in (Connectee, Connector):
        model.objects.filter(pk=party).update(held_back=held)


def _stop(row: Match, by: Actor) -> None:
    """The match ends like any other that the centre ends; the pair is never proposed again."""
    row.refusal = RefusalReason.CONFLICT
    row.save(update_fields=["refusal"])
    if row.state in (MatchState.ACCEPTED, MatchState.INTRODUCED):
        end_by_centre(match=row, by=by)
    close_grants(because_id=row.pk)
    revoke_links(subject_id=row.pk)
    meeting = Meeting.objects.filter(match=row).first()
    if meeting is not None:
        revoke_links(subject_id=meeting.pk)


@transaction.atomic
def withhold(*, concern: Concern, party: UUID, by: Actor) -> None:
    """Somebody of the staff knows one of the two: from now on they cannot read it."""
    row = (
        Concern.objects.select_for_update(of=("self",)).select_related("centre").get(pk=concern.pk)
    )
    withheld = sorted({*row.withheld_from, party}, key=str)
    _somebody_is_left(row.centre, withheld)
    with acting(system_actor(row.centre_id, purpose="concern")):
        ConcernSide.objects.filter(concern=row).update(withheld_from=withheld)
        Concern.objects.filter(pk=row.pk).update(withheld_from=withheld)


@transaction.atomic
def decide_concern(*, concern: Concern, decision: str, note: str, by: Actor) -> Concern:
    """A coordinator decides whether whoever was reported takes part again. Once; Refused without
    a reason."""
    row = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if row.decision:
        raise EditedMeanwhile(_("This has been decided meanwhile; nothing was changed."))
    if decision not in Decision.values or not note.strip():
        raise Refused(_("Say what you decide, and why."))
    row.decision, row.decision_note = decision, note.strip()[:4000]
    row.decided_by_id, row.decided_at = by.party, timezone.now()
    row.save(update_fields=["decision", "decision_note", "decided_by", "decided_at"])
    others = Concern.objects.filter(about=row.about).exclude(decision=Decision.BACK)
    if not others.exists():
        _hold_back(row.about_id, held=False)
    return row
