"""Reading what people said, at the moment it is shown: nothing is kept beside the row itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.connections.enums import ShownName, ToldState
from takeroot.connections.models_told import Testimonial


@dataclass(frozen=True)
class Said:
    """Words as others may read them: the name is the one its owner chose, or none."""

    text: str
    language: str
    name: str
    role: str


def testimonials_visible_to(actor: Actor) -> QuerySet[Testimonial]:
    rule = Q(centre_id__in=actor.file_centres)
    if actor.party:
        rule |= Q(party_id=actor.party)
    return Testimonial.objects.filter(rule).select_related("party", "approved_by")


def words_shown(*, actor: Actor, centre: Centre, place: str, day: date) -> list[Said]:
    """What may stand in a place on a day: approved, not taken back, not past its last day."""
    rows = testimonials_visible_to(actor).filter(
        centre=centre,
        state=ToldState.APPROVED,
        places__contains=[place],
        until__gte=day,
        party__severed_at__isnull=True,
    )
    return [
        Said(row.text, row.language, _name(row), _role(row, centre))
        for row in rows.order_by("-approved_at", "pk")
    ]


def _name(row: Testimonial) -> str:
    if row.shown_name == ShownName.FULL:
        return row.party.name
    return row.party.first_name if row.shown_name == ShownName.FIRST else ""


def _role(row: Testimonial, centre: Centre) -> str:
    return centre.connector_word if row.as_connector else _("a newcomer")
