"""How people see themselves, before and after: kept once for each moment."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.enums_applying import RatingMoment
from takeroot.connections.letters_applying import how_was_it
from takeroot.connections.models import Connectee
from takeroot.connections.models_applying import SelfRating
from takeroot.messaging.models import Letter, LinkPurpose
from takeroot.messaging.services import issue_link, write_letter

PAGE_DAYS = 365


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
    if Letter.objects.filter(party=party, kind="how_was_it").exists():
        return
    link = issue_link(
        party=party,
        purpose=LinkPurpose.CONNECTEE_PAGE,
        subject_id=connectee.pk,
        days=PAGE_DAYS,
    )
    text = how_was_it(centre=connectee.centre, reader=party, link=f"{{link:{link.pk}}}")
    write_letter(
        party=party,
        kind="how_was_it",
        subject=text.subject,
        body=text.body,
        about_id=connectee.pk,
    )
