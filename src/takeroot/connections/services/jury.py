"""A jury decides on the list of a year. Whoever is too close stands aside, and that is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.common.keeping import Arrival
from takeroot.common.text import tidy
from takeroot.connections.enums import TOGETHER
from takeroot.connections.enums_recognition import (
    Answer,
    Basis,
    Category,
    Outcome,
    RecognitionState,
)
from takeroot.connections.letters_recognition import not_this_year, please_decide, thanks
from takeroot.connections.models import Connector, Match
from takeroot.connections.models_recognition import Juror, Nominee, Recognition, Recusal, Vote
from takeroot.connections.recognised import stands
from takeroot.connections.services.ladder_jury import keep_if_done, owe_votes
from takeroot.connections.services.recognition import (
    LINK_DAYS,
    ask_nominee,
    locked,
    locked_nominee,
)
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.organizations.services import organization_named
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

JURY_DAYS = 120


@transaction.atomic
def name_juror(
    *,
    recognition: Recognition,
    name: str,
    email: str,
    language: str,
    by: Actor,
    organization: str = "",
) -> Juror:
    """Ask somebody to decide. Whoever the centre knows under this address is that person, with
    everything that is known of them; nobody needs an account."""
    row = locked(recognition)
    if row.state == RecognitionState.DECIDED:
        raise Refused(_("This year is decided; nothing was changed."))
    party = _party_at(row, name, email, language)
    juror = Juror.objects.filter(recognition=row, party=party).first()
    if juror is not None:
        raise Refused(_("%(name)s is in this jury already.") % {"name": party.name})
    juror = Juror(
        centre=row.centre,
        recognition=row,
        party=party,
        organization=organization_named(centre=row.centre, name=organization),
    )
    juror.save(force_insert=True)
    if row.state == RecognitionState.JURY:
        _invite(juror)
    return juror


def _party_at(row: Recognition, name: str, email: str, language: str) -> Party:
    try:
        validate_email(email.strip())
    except ValidationError as problem:
        raise Refused(_("Write an e-mail address at which they can be asked.")) from problem
    known = Party.objects.filter(
        centre=row.centre,
        kind=PartyKind.PERSON,
        email__iexact=email.strip(),
        severed_at__isnull=True,
        merged_into__isnull=True,
    ).order_by("created_at")
    if found := known.first():
        return found
    if not tidy(name):
        raise Refused(_("Write the juror's name."))
    party = Party(
        centre=row.centre, kind=PartyKind.PERSON, name=name, email=email, language=language
    )
    party.save(force_insert=True)
    return party


@transaction.atomic
def dismiss_juror(*, juror: Juror, by: Actor) -> None:
    """Before the jury is asked, a juror may be taken off it again."""
    row = locked(juror.recognition)
    if row.state != RecognitionState.LISTED:
        raise Refused(_("The jury has been asked: it stays as it is. You can add somebody."))
    Juror.objects.filter(pk=juror.pk).delete()


@transaction.atomic
def ask_the_jury(*, recognition: Recognition, by: Actor) -> Recognition:
    """From now on rule and list stand. Everybody on the list is asked whether it would be welcome;
    jurors are asked to decide, and stand aside where the data say that they are too close."""
    row = locked(recognition)
    if row.state != RecognitionState.LISTED:
        return row
    jurors = list(row.jurors.select_related("party", "recognition__centre", "organization"))
    if len(jurors) < row.least_votes:
        raise Refused(
            ngettext(
                "Name at least %(n)d juror first: so many votes a decision needs.",
                "Name at least %(n)d jurors first: so many votes a decision needs.",
                row.least_votes,
            )
            % {"n": row.least_votes}
        )
    nominees = row.nominees.exclude(outcome=Outcome.LEFT_OUT)
    if not nominees.exists():
        raise Refused(_("Nobody stands on the list. You can close the year as it is."))
    row.state = RecognitionState.JURY
    row.save(update_fields=["state"])
    for nominee in nominees.select_related("recognition", "centre", "party", "speaks__centre"):
        ask_nominee(nominee)
    for juror in jurors:
        _invite(juror)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.CLOSE_YEAR,
        subject_kind="recognition",
        subject_id=row.pk,
    )
    return row


def _invite(juror: Juror) -> None:
    keep_known_conflicts(juror)
    link = issue_link(
        party=juror.party, purpose=LinkPurpose.JURY, subject_id=juror.pk, days=JURY_DAYS
    )
    owe_votes(juror)
    text = please_decide(
        reader=juror.party, recognition=juror.recognition, link=f"{{link:{link.pk}}}"
    )
    write_letter(
        party=juror.party,
        kind="recognition_jury",
        subject=text.subject,
        body=text.body,
        about_id=juror.pk,
    )


def keep_known_conflicts(juror: Juror) -> None:
    """Write down where the data alone say that a juror stands aside."""
    for nominee in juror.recognition.nominees.select_related("party"):
        if basis := conflict(juror, nominee):
            _stand_aside(juror, nominee, basis)


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
    _voting(juror, row)
    kept = _stand_aside(juror, row, Basis.SAID)
    keep_if_done(juror)
    return kept


def _stand_aside(juror: Juror, nominee: Nominee, basis: str) -> Recusal:
    found, _made = Recusal.objects.get_or_create(
        juror=juror, nominee=nominee, defaults={"centre_id": juror.centre_id, "basis": basis}
    )
    # As the house for nobody: the juror themselves may not touch these votes any more.
    with acting(system_actor(juror.centre_id, purpose="recognition")):
        Vote.objects.filter(juror=juror, nominee=nominee).delete()
        Vote.objects.filter(nominee=nominee).update(withheld_from=_aside(nominee))
    return found


def _aside(nominee: Nominee) -> list[UUID]:
    """Whoever stands aside, under every key of theirs."""
    rows = nominee.recusals.values_list("juror__party_id", "juror__party__merged_into_id")
    return sorted({key for row in rows for key in row if key}, key=str)


def _voting(juror: Juror, nominee: Nominee) -> None:
    if juror.recognition_id != nominee.recognition_id:
        raise LookupError("a juror decides on the list of their own year")
    if nominee.recognition.state != RecognitionState.JURY:
        raise EditedMeanwhile(_("This year is decided; nothing was changed."))


@transaction.atomic
def vote(*, juror: Juror, nominee: Nominee, yes: bool, reason: str, by: Actor) -> Vote | None:
    """One juror's yes or no; a no says why. It can be changed until the year is decided. None when
    the data say by now that they are too close: they stand aside instead."""
    row = locked_nominee(nominee)
    _voting(juror, row)
    if basis := conflict(juror, row):
        _stand_aside(juror, row, basis)
        keep_if_done(juror)
        return None
    if Recusal.objects.filter(juror=juror, nominee=row).exists():
        raise Refused(_("You stand aside from this decision; that is kept, and others decide it."))
    if not stands(row, _today(row)):
        raise Refused(_("This name is no longer before the jury; nothing was kept."))
    if not yes and not tidy(reason):
        raise Refused(_("Say why not: the reason is kept with the decision."))
    made, _new = Vote.objects.update_or_create(
        juror=juror,
        nominee=row,
        defaults={
            "centre_id": row.centre_id,
            "yes": yes,
            "reason": tidy(reason)[:300],
            "withheld_from": _aside(row),
        },
    )
    keep_if_done(juror)
    return made


def _today(row: Nominee) -> date:
    return timezone.localdate(timezone=row.centre.zone)


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
    if stands(nominee, _today(nominee)):
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


def how_far(recognition: Recognition) -> dict[UUID, tuple[int, int]]:
    """Juror -> on how many names they have voted, and from how many they stand aside. The house
    counts; what they voted is told to nobody before the year is decided."""
    with (
        transaction.atomic(),
        acting(system_actor(recognition.centre_id, purpose="recognition")),
    ):
        rows = Juror.objects.filter(recognition=recognition).annotate(
            voted=Count("votes", distinct=True), aside=Count("recusals", distinct=True)
        )
        return {row.pk: (row.voted, row.aside) for row in rows}
