"""How the promises of a year's recognition read on Today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from takeroot.connections.models_recognition import Juror, Recognition
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.words import Line, register_subject, register_words

Centres = tuple[UUID, ...]


def _jurors(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = Juror.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("party", "recognition")}


def _years(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    return {row.pk: row for row in Recognition.objects.filter(pk__in=keys, centre_id__in=centres)}


def _decide_jury(promise: Promise, row: Juror) -> Line:
    return Line(
        _("%(name)s was asked to decide in the jury for %(year)s")
        % {"name": row.party.name, "year": row.recognition.year},
        _("They decide by their own link. Whoever does not vote does not count."),
        _("Look at the year"),
        "coordinator:recognition_year",
        row.recognition_id,
    )


def _close_year(promise: Promise, row: Recognition) -> Line:
    return Line(
        _("Close the recognition of %(year)s") % {"year": row.year},
        _("The jury has been asked; whoever stands on the list waits for an answer."),
        _("Look at the year"),
        "coordinator:recognition_year",
        row.pk,
    )


def register_all() -> None:
    """Called once, when the house starts."""
    register_subject("juror", _jurors)
    register_subject("recognition", _years)
    register_words(PromiseKind.DECIDE_JURY, _decide_jury)
    register_words(PromiseKind.CLOSE_YEAR, _close_year)
