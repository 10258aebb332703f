"""What somebody behind a signed link may read: their own rows, and what was opened to them.

Each takes the link's actor and filters by its party; row-level security stands behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from django.db.models import Q, QuerySet

from takeroot.access.actor import Actor
from takeroot.access.enums import Share
from takeroot.access.selectors import shares_open_to
from takeroot.accounts.models import Party
from takeroot.connections.enums import ReferralState
from takeroot.connections.letters import occupation_words
from takeroot.connections.models import Contact, Match, Meeting, MeetingNote, Referral
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.people.models import Person
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise

# Referrals whose place is free again: another person may be named instead.
FREED = (ReferralState.DECLINED, ReferralState.NO_ANSWER)
OPENED = (ReferralState.AGREED, ReferralState.MET)


def zone_of(party: Party) -> ZoneInfo:
    """The zone somebody reads times in: their own, else their centre's."""
    return ZoneInfo(party.timezone) if party.timezone else party.centre.zone


@dataclass(frozen=True)
class Acquaintance:
    """Somebody as another person may see them: only the parts that a grant opened."""

    name: str
    first_name: str
    occupation: str = ""
    organization: str = ""
    about: str = ""
    languages: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""


def party_behind(actor: Actor) -> Party:
    """The party of the link, with its centre; raises Party.DoesNotExist."""
    return Party.objects.select_related("centre").get(pk=actor.party_id)


def meeting_behind(actor: Actor, meeting_id: UUID) -> Meeting | None:
    """The meeting, when the actor is one of its two and the other is still open to them."""
    return (
        Meeting.objects.filter(
            Q(connectee_party=actor.party_id) | Q(connector_party=actor.party_id)
        )
        .select_related(
            "centre",
            "match__connectee__person__party__centre",
            "match__connector__person__party__centre",
            "match__connector__organization__party",
        )
        .filter(pk=meeting_id)
        .first()
    )


def match_referred_by(actor: Actor, match_id: UUID) -> Match | None:
    """The match whose Connector the actor is."""
    return (
        Match.objects.filter(pk=match_id, connector_id=actor.party_id)
        .select_related("centre")
        .first()
    )


def referral_to(actor: Actor, referral_id: UUID) -> Referral | None:
    """The referral whose contact the actor is, with who named them; of the Connectee nothing."""
    asked = Referral.objects.filter(pk=referral_id, contact_party=actor.party_id)
    found = _with_whole_contacts(asked.select_related("centre", "referrer"))
    return found[0] if found else None


def referrals_by(actor: Actor, *, match_id: UUID) -> list[Referral]:
    """Whom the actor has named for one Connectee."""
    return _with_whole_contacts(
        Referral.objects.filter(match_id=match_id, referrer_id=actor.party_id).order_by(
            "asked_at", "pk"
        )
    )


def _with_whole_contacts(referrals: QuerySet[Referral]) -> list[Referral]:
    """Referrals with their contact, once for each: a contact whose file was merged into another
    is that one. Contacts that are not open to the reader are left out."""
    rows = list(referrals)
    contacts = Contact.objects.select_related("party").in_bulk([row.contact_party for row in rows])
    found: dict[UUID, Referral] = {}
    for row in rows:
        contact = contacts.get(row.contact_party)
        if contact is not None and contact.pk not in found:
            row.contact = contact
            found[contact.pk] = row
    return list(found.values())


def doors_opened_to(actor: Actor, *, match_id: UUID) -> list[Referral]:
    """Contacts who said yes to meeting the actor, a Connectee."""
    return _with_whole_contacts(
        Referral.objects.filter(match_id=match_id, connectee_id=actor.party_id, state__in=OPENED)
        .select_related("referrer")
        .order_by("hop", "answered_at", "pk")
    )


def person_behind(party_id: UUID) -> Person | None:
    """The file of a party, as far as the walls let the current actor see it."""
    return Person.objects.filter(party_id=party_id).select_related("party").first()


def acquaintance(
    actor: Actor, person: Person | None, *, language: str, organization: str = "", about: str = ""
) -> Acquaintance | None:
    """What the actor may know of another person now, or None when nothing is open."""
    if person is None or actor.party is None:
        return None
    shares = shares_open_to(holder_id=actor.party_id, subject_id=person.party_id)
    if Share.NAME not in shares:
        return None
    party = person.party
    profile, contact = Share.PROFILE in shares, Share.CONTACT in shares
    words = occupation_words(person.occupation_code, person.occupation_text, language)
    return Acquaintance(
        name=party.name,
        first_name=party.first_name,
        occupation=words if profile else "",
        organization=organization if profile else "",
        about=about if profile else "",
        languages=tuple(person.languages) if profile else (),
        email=party.email if contact else "",
        phone=party.phone if contact else "",
    )


def language_names(codes: Iterable[str], *, language: str) -> list[str]:
    """Names of languages, in `language`."""
    names = Locale.parse(f"{language}_CA").languages
    return [str(names.get(code, code)) for code in codes]


def notes_of(actor: Actor, meeting_id: UUID) -> dict[str, str]:
    """The actor's own notes, by topic."""
    rows = MeetingNote.objects.filter(meeting_id=meeting_id, author_id=actor.party_id)
    return dict(rows.values_list("topic", "text"))


def open_promise_of(actor: Actor, *, kind: PromiseKind, subject_id: UUID) -> Promise | None:
    """What the actor owes about a subject now, if anything."""
    return Promise.objects.filter(
        debtor_id=actor.party_id, kind=kind, subject_id=subject_id, state="open"
    ).first()


def latest_promise(
    actor: Actor, *, kinds: Sequence[PromiseKind], subject_id: UUID
) -> Promise | None:
    """What is or was owed last about a subject, when it concerns the actor."""
    return (
        Promise.objects.filter(Q(debtor_id=actor.party_id) | Q(creditor_id=actor.party_id))
        .filter(kind__in=kinds, subject_id=subject_id)
        .order_by("-created_at")
        .first()
    )


def live_link(actor: Actor, *, purpose: LinkPurpose, subject_id: UUID) -> SignedLink | None:
    """Another link of the same party: where the next step is done."""
    return SignedLink.objects.filter(
        party_id=actor.party_id, purpose=purpose, subject_id=subject_id, revoked_at__isnull=True
    ).first()
