"""Asking people of the programme for something small, by their own link."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.connections import asking_letters
from takeroot.connections.models import Connector
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter

HOURS_LINK_DAYS = 366


def need_an_address(party: Party) -> None:
    """Raises Refused when no letter can reach them."""
    if not party.email or party.mail_bounced_at is not None:
        raise Refused(
            _("%(name)s has no e-mail address that works. Add one, or call them.")
            % {"name": party.name}
        )


@transaction.atomic
def ask_for_hours(*, connector: Connector, by: Actor) -> None:
    """Send a Connector the page on which they write their hours down; it works for a year."""
    party = connector.person.party
    need_an_address(party)
    link = issue_link(
        party=party, purpose=LinkPurpose.HOURS, subject_id=connector.pk, days=HOURS_LINK_DAYS
    )
    subject, body = asking_letters.hours_page(reader=party, link=f"{{link:{link.pk}}}")
    write_letter(party=party, kind="hours", subject=subject, body=body, about_id=connector.pk)
