"""A jury decides on the list of a year. Whoever is too close stands aside, and that is kept."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.common.text import tidy
from takeroot.connections.enums_recognition import (
    Outcome,
    RecognitionState,
)
from takeroot.connections.letters_recognition import please_decide
from takeroot.connections.models_recognition import Juror, Nominee, Recognition, Recusal, Vote
from takeroot.connections.recognised import stands
from takeroot.connections.services.ladder_jury import keep_if_done, owe_votes
from takeroot.connections.services.recognition import (
    ask_nominee,
    day_of,
    locked,
    locked_nominee,
)
from takeroot.connections.services.recusals import (
    aside_from,
    check_voting,
    conflict,
    keep_aside,
    keep_known_conflicts,
)
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.organizations.services import organization_named
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import open_promise

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


@transaction.atomic
def vote(*, juror: Juror, nominee: Nominee, yes: bool, reason: str, by: Actor) -> Vote | None:
    """One juror's yes or no; a no says why. It can be changed until the year is decided. None when
    the data say by now that they are too close: they stand aside instead."""
    row = locked_nominee(nominee)
    check_voting(juror, row)
    if basis := conflict(juror, row):
        keep_aside(juror, row, basis)
        keep_if_done(juror)
        return None
    if Recusal.objects.filter(juror=juror, nominee=row).exists():
        raise Refused(_("You stand aside from this decision; that is kept, and others decide it."))
    if not stands(row, day_of(row)):
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
            "withheld_from": aside_from(row),
        },
    )
    keep_if_done(juror)
    return made


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
