"""The people behind links: an introduced pair, and contacts who were asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Match, Meeting, Referral
from takeroot.connections.services import meetings
from takeroot.connections.services.referrals import Door, refer
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.messaging.services import issue_link, token_for
from tests.cast import house_of
from tests.connections.people import an_introduced_pair


@dataclass
class Reader:
    """Somebody with a link and a browser of their own."""

    party: Party
    link: SignedLink
    client: Client

    @property
    def token(self) -> str:
        return token_for(self.link)

    def url(self, name: str = "") -> str:
        return f"/l/{self.token}/{name}"

    def get(self, name: str = "") -> HttpResponse:
        return self.client.get(self.url(name))

    def text(self, name: str = "") -> str:
        return self.get(name).content.decode()

    def post(self, name: str, **data: Any) -> HttpResponse:
        return self.client.post(self.url(name), data)


def reader(centre: Centre, party: UUID, purpose: LinkPurpose, subject: UUID) -> Reader:
    with house_of(centre):
        row = Party.objects.get(pk=party)
        link = issue_link(party=row, purpose=purpose, subject_id=subject)
    return Reader(row, link, Client())


@dataclass
class Pair:
    centre: Centre
    connectee: Reader
    connector: Reader
    meeting_id: UUID

    @property
    def meeting(self) -> Meeting:
        with house_of(self.centre):
            return Meeting.objects.select_related("match").get(pk=self.meeting_id)


def a_pair(centre: Centre) -> Pair:
    meeting = an_introduced_pair(centre)
    return Pair(
        centre,
        reader(centre, meeting.connectee_party, LinkPurpose.MEETING, meeting.pk),
        reader(centre, meeting.connector_party, LinkPurpose.MEETING, meeting.pk),
        meeting.pk,
    )


def tomorrow(days: int = 1, hour: int = 10) -> str:
    """A local day and time, as a form sends it."""
    day = timezone.localdate() + timedelta(days=days)
    return f"{day:%Y-%m-%d}T{hour:02}:00"


def times(**more: str) -> dict[str, str]:
    return {
        "zone": "America/Halifax",
        "first": tomorrow(2),
        "second": tomorrow(3),
        "third": tomorrow(4, 15),
        "mode": "in_person",
        "where": "Café, 12 Prince Street",
        **more,
    }


def proposed(centre: Centre) -> Pair:
    pair = a_pair(centre)
    assert pair.connectee.post("propose/", **times()).status_code == 303
    return pair


def booked(centre: Centre) -> Pair:
    pair = proposed(centre)
    time = pair.meeting.proposed_times[0]
    answer = pair.connector.post("choose/", time=time.isoformat(), where="Town library")
    assert answer.status_code == 303
    return pair


def passed(centre: Centre) -> Pair:
    """A booked meeting whose time was yesterday."""
    pair = booked(centre)
    with house_of(centre):
        Meeting.objects.update(starts_at=timezone.now() - timedelta(days=1))
    return pair


def held(centre: Centre) -> Pair:
    pair = passed(centre)
    with house_of(centre):
        meeting = Meeting.objects.get()
        meetings.log_meeting(
            meeting=meeting, held=True, on=yesterday(centre), by=pair.connectee.party
        )
    return pair


def yesterday(centre: Centre) -> date:
    return timezone.localdate(timezone=centre.zone) - timedelta(days=1)


def referring(centre: Centre) -> tuple[Pair, Reader]:
    """The pair after they met, and the Connector at the page that asks for people."""
    pair = held(centre)
    match = pair.meeting.match_id
    return pair, reader(centre, pair.connector.party.pk, LinkPurpose.REFERRING, match)


def asked(centre: Centre, *names: str, **door: str) -> list[Reader]:
    """Contacts whom the Connector named, each at the page that asks them."""
    pair, _page = referring(centre)
    with house_of(centre):
        made = refer(
            match=Match.objects.get(pk=pair.meeting.match_id),
            referrer=pair.connector.party,
            doors=[
                Door(name=n, email=f"{n.lower().replace(' ', '.')}@contacts.example", **door)
                for n in names or ("Ana One",)
            ],
        )
    return [reader(centre, r.contact_party, LinkPurpose.REFERRAL, r.pk) for r in made]


def referral_of(contact: Reader, centre: Centre) -> Referral:
    with house_of(centre):
        return Referral.objects.select_related("contact").get(pk=contact.link.subject_id)
