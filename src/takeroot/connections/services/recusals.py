"""Whoever is too close to a name stands aside from the decision, and that is kept."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.common.errors import EditedMeanwhile
from takeroot.connections.enums import TOGETHER
from takeroot.connections.enums_recognition import Basis, Category, RecognitionState
from takeroot.connections.models import Connector, Match
from takeroot.connections.models_recognition import Juror, Nominee, Recusal, Vote
from takeroot.connections.services.ladder_jury import keep_if_done
from takeroot.connections.services.recognition import locked_nominee


def keep_known_conflicts(juror: Juror) -> None:
    """Write down where the data alone say that a juror stands aside."""
    for nominee in juror.recognition.nominees.select_related("party"):
        if basis := conflict(juror, nominee):
            keep_aside(juror, nominee, basis)


def conflict(juror: Juror, nominee: Nominee) -> str:
    """What the centre knows already: it is about them, the same organization, or a match."""
    me = juror.party.whole.pk
    if me in (nominee.party_id, nominee.speaks_id):
        return Basis.SELF
    if _organizations(juror) & _organizations_of(nominee):
        return Basis.ORGANIZATION
    theirs = (
        Q(connector_id=nominee.party_id) | Q(connectee_id=nominee.party_id)
        if nominee.category == Category.CONNECTOR
        else Q(connector__organization__party_id=nominee.party_id)
    )
    mine = Q(connector_id=me) | Q(connectee_id=me)
    matched = Match.objects.filter(mine & theirs, state__in=TOGETHER).exists()
    return Basis.MATCHED if matched else ""


def _organizations(juror: Juror) -> set[UUID]:
    own = Connector.objects.filter(pk=juror.party.whole.pk, organization__isnull=False)
    found = set(own.values_list("organization_id", flat=True))
    return found | ({juror.organization_id} if juror.organization_id else set())


def _organizations_of(nominee: Nominee) -> set[UUID]:
    if nominee.category == Category.ORGANIZATION:
        return {nominee.party.organization.pk}
    rows = Connector.objects.filter(pk=nominee.party_id, organization__isnull=False)
    return set(rows.values_list("organization_id", flat=True))


@transaction.atomic
def stand_aside(*, juror: Juror, nominee: Nominee, by: Actor) -> Recusal:
    """A juror says that they are too close. It cannot be taken back: a vote they gave is gone, and
    those of the others are closed to them."""
    row = locked_nominee(nominee)
    check_voting(juror, row)
    kept = keep_aside(juror, row, Basis.SAID)
    keep_if_done(juror)
    return kept


def keep_aside(juror: Juror, nominee: Nominee, basis: str) -> Recusal:
    found, _made = Recusal.objects.get_or_create(
        juror=juror, nominee=nominee, defaults={"centre_id": juror.centre_id, "basis": basis}
    )
    # As the house for nobody: the juror themselves may not touch these votes any more.
    with acting(system_actor(juror.centre_id, purpose="recognition")):
        Vote.objects.filter(juror=juror, nominee=nominee).delete()
        Vote.objects.filter(nominee=nominee).update(withheld_from=aside_from(nominee))
    return found


def aside_from(nominee: Nominee) -> list[UUID]:
    """Whoever stands aside, under every key of theirs."""
    rows = nominee.recusals.values_list("juror__party_id", "juror__party__merged_into_id")
    return sorted({key for row in rows for key in row if key}, key=str)


def check_voting(juror: Juror, nominee: Nominee) -> None:
    if juror.recognition_id != nominee.recognition_id:
        raise LookupError("a juror decides on the list of their own year")
    if nominee.recognition.state != RecognitionState.JURY:
        raise EditedMeanwhile(_("This year is decided; nothing was changed."))
