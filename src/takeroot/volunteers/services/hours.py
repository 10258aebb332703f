"""Hours that volunteers give, told by themselves or by the staff."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.common.errors import Refused
from takeroot.people.models import Person
from takeroot.volunteers.models import Hours


@transaction.atomic
def log_hours(*, person: Person, on: date, minutes: int, work: str, by: Actor) -> Hours:
    """Write down time given on one day. The same entry sent twice is one entry: people who give
    two equal times to the same thing on one day write their sum."""
    today = timezone.localdate(timezone=person.centre.zone)
    if on > today or on.year < today.year - 1:
        raise Refused(
            _("Write a day of this year or of the last, up to today; nothing was written down.")
        )
    fresh = Hours(
        centre=person.centre,
        person=person,
        on=on,
        minutes=minutes,
        work=work,
        logged_by_id=by.party,
    )
    try:
        fresh.full_clean(exclude=["centre", "person", "logged_by"])
    except ValidationError as problem:
        raise Refused(_("Write between 5 minutes and 24 hours for one day.")) from problem
    same = Hours.objects.filter(person=person, on=on, minutes=minutes, work=work).first()
    if same is not None:
        return same
    fresh.save(force_insert=True)
    return fresh
