"""Handing out a copy of one's own file: by the staff, or through a link to the person."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.services import record_read
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.keeping.copies import as_archive, gather
from takeroot.messaging.models import Letter, LinkPurpose
from takeroot.messaging.services import issue_link, write_letter

PAGE = "own_copy"
LINK_DAYS = 14


@transaction.atomic
def take_copy(*, party: Party, by: Actor) -> bytes:
    """A ZIP of everything that is held on a person. It leaves a trace, of which the copy itself
    tells already."""
    record_read(by=by, subject_id=party.pk, centre_id=party.centre_id, page=PAGE)
    return as_archive(gather(party))


@transaction.atomic
def send_copy_link(*, party: Party, by: Actor) -> Letter:
    """Write to the person where they can take their copy, for two weeks. Raises Refused, also for
    somebody without e-mail: read out by telephone, an address is of no use to them."""
    if not party.email:
        raise _no_address(party)
    link = issue_link(
        party=party, purpose=LinkPurpose.OWN_FILE, subject_id=party.pk, days=LINK_DAYS
    )
    with translation.override(party.language):
        body = "\n\n".join(
            [
                _("Hello %(name)s,") % {"name": party.first_name},
                _(
                    "Here is the copy of everything that %(centre)s holds on you, with who opened "
                    "your file and when. Open the page below and press the button; it works for "
                    "%(days)d days, for you alone."
                )
                % {"centre": party.centre.name, "days": LINK_DAYS},
                f"{{link:{link.pk}}}",
                _("You did not ask for it? Then you need to do nothing; nobody else can open it."),
                party.centre.name,
            ]
        )
        letter = write_letter(
            party=party,
            kind="own_copy",
            subject=_("Your own file: a copy for you"),
            body=body,
        )
    if letter is None:
        raise _no_address(party)
    return letter


def _no_address(party: Party) -> Refused:
    return Refused(
        _("%(name)s has no e-mail address. Take the copy yourself and hand it to them.")
        % {"name": party.name}
    )
