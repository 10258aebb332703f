"""What the public page of a community tells of its people, read anew at each request."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.connections.enums import Shown
from takeroot.connections.recognised import ToldYear, told_years
from takeroot.connections.told import Said, words_shown


@dataclass(frozen=True)
class InPublic:
    """Words that may stand there, and the latest year of thanks that the centre publishes."""

    words: list[Said]
    years: list[ToldYear]


def in_public(centre: Centre) -> InPublic:
    """Read by the house: nobody is known who looks."""
    day = timezone.localdate(timezone=centre.zone)
    with transaction.atomic(), acting(system_actor(centre.pk, purpose="public page")) as house:
        return InPublic(
            words=words_shown(actor=house, centre=centre, place=Shown.PUBLIC, day=day),
            years=told_years(actor=house, centre=centre, public=True),
        )
