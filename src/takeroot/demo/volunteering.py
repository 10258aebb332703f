"""What the Connectors of a centre have shown, and the time they gave."""

from __future__ import annotations

from datetime import date, timedelta

from takeroot.access.actor import system_actor
from takeroot.accounts.models import Centre
from takeroot.connections.models import Connector
from takeroot.connections.services.testimonials import (
    ask_for_words,
    decide_words,
    give_words,
)
from takeroot.demo.accounts import COLCHESTER
from takeroot.volunteers.services.hours import log_hours
from takeroot.volunteers.services.renewing import ask_for_renewals
from takeroot.volunteers.services.screening import choose_plan, record_screening


def volunteering(centre: Centre, *, today: date) -> None:
    """The first centre asks for a police check: most are valid, some due, some have ended. The
    second asks for nothing, as most do, but writes orientations down."""
    house = system_actor(centre.pk, purpose="demonstration")
    english = centre.slug == COLCHESTER
    rows = Connector.objects.filter(centre=centre).select_related("person__party")
    for number, row in enumerate(rows.order_by("reference")):
        # Long, soon, within the days of grace, over.
        left = {5: 40, 11: 12, 17: -10, 23: -90}.get(number, 200 + 17 * number)
        record_screening(
            person=row.person,
            kind="police" if english else "orientation",
            received_on=today - timedelta(days=400 + number),
            valid_until=today + timedelta(days=left) if english else None,
            by=house,
        )
        if number % 9 == 0:
            log_hours(
                person=row.person,
                on=today - timedelta(days=2),
                minutes=90 + 15 * number,
                work="event",
                by=house,
            )
    _words(rows.first(), today=today, english=english)
    if english:
        choose_plan(centre=centre, needed=["police"], renew_days=60, grace_days=30, by=house)
        ask_for_renewals(centre=centre)


def _words(row: Connector | None, *, today: date, english: bool) -> None:
    """One Connector has said a few words; they stand on the public page."""
    if row is None:
        return
    house = system_actor(row.centre_id, purpose="demonstration")
    told = ask_for_words(party=row.person.party, by=house)
    text = (
        "Half an hour over coffee, and I learned as much as I told."
        if english
        else "Une demi-heure autour d’un café, et j’ai appris autant que j’ai raconté."
    )
    give_words(
        testimonial=told,
        text=text,
        places=["public", "report"],
        shown_name="first",
        until=today + timedelta(days=300),
        by=house,
    )
    decide_words(testimonial=told, show=True, seen=text, by=house)
