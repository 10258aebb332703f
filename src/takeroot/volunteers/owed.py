"""How a volunteer's promises read on Today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.words import Line, register_subject, register_words
from takeroot.volunteers.models import Screening


def _screenings(keys: set[UUID], centres: tuple[UUID, ...]) -> dict[UUID, Any]:
    rows = Screening.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("person__party")}


def _renew(promise: Promise, row: Screening) -> Line:
    until = date_format(row.valid_until or row.received_on, "DATE_FORMAT")
    return Line(
        _("%(name)s was asked for a new screening: %(kind)s")
        % {"name": row.person.party.name, "kind": row.get_kind_display()},
        _("The one that was seen holds until %(day)s.") % {"day": until},
        _("Write it down"),
        "coordinator:screenings",
        row.person_id,
    )


def register_all() -> None:
    """Called once, when the house starts."""
    register_subject("screening", _screenings)
    register_words(PromiseKind.RENEW_SCREENING, _renew)
