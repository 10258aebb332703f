"""A conversation and the doors behind it, for tests: met, three asked, some said yes."""

from __future__ import annotations

from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Match, Referral
from takeroot.connections.services.meetings import log_meeting
from takeroot.connections.services.referrals import Door, refer, say_yes
from tests.cast import house_of
from tests.connections.people import an_introduced_pair


def doors(*names: str) -> list[Door]:
    return [Door(name=n, email=f"{n.lower().replace(' ', '.')}@contacts.example") for n in names]


def met(centre: Centre) -> Match:
    """An introduced pair who met today."""
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        log_meeting(
            meeting=meeting, held=True, on=timezone.localdate(timezone=centre.zone), by=None
        )
        return Match.objects.select_related("connectee", "connector").get(pk=meeting.match_id)


def asked(centre: Centre, match: Match, *names: str, through: Referral | None = None) -> list:
    """Contacts named by the Connector, or by a contact who said yes."""
    with house_of(centre):
        party = through.contact_party if through else match.connector_id
        return refer(
            match=match,
            referrer=Party.objects.get(pk=party),
            doors=doors(*names),
            parent=Referral.objects.get(pk=through.pk) if through else None,
        )


def agreed(centre: Centre, *rows: Referral) -> None:
    with house_of(centre):
        for row in rows:
            say_yes(referral=Referral.objects.get(pk=row.pk))


def a_network(centre: Centre) -> Match:
    """Met; three asked, two said yes; through the first three more, of whom one said yes: four
    people of thirteen."""
    match = met(centre)
    first = asked(centre, match, "Ana One", "Ben Two", "Cy Three")
    agreed(centre, *first[:2])
    second = asked(centre, match, "Dee Four", "Eve Five", "Fay Six", through=first[0])
    agreed(centre, second[0])
    return match
