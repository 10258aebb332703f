"""What would move, stay and end, for the two pages that say so before anybody decides."""

from __future__ import annotations

from django.utils.translation import gettext as _

from takeroot.connections.models import Connectee
from takeroot.keeping.services.moving import what_becomes


def groups_of(connectee: Connectee) -> list[tuple[str, str, list[str]]]:
    """(heading, sentence, what) for each of the three."""
    found = what_becomes(connectee)
    return [
        (
            _("What moves"),
            _("It is then with the other centre, and no longer here:"),
            found["goes"],
        ),
        (
            _("What stays here without the name"),
            _("Days and counts only, so that what is reported stays true:"),
            found["stays"],
        ),
        (_("What is deleted"), _("Neither centre has it afterwards:"), found["ends"]),
    ]
