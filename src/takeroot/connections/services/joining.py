"""Becoming a Connector: the offer, the answer to it, and what Connectors change themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.common.editing import save_version
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.details import Details
from takeroot.connections.enums import ConnectorState
from takeroot.connections.letters import Text
from takeroot.connections.letters_applying import (
    not_this_time,
    thank_you_for_offering,
    welcome_connector,
    you_can_open_doors,
)
from takeroot.connections.models import Connectee, Connector
from takeroot.connections.own_page import ALUMNI
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import Letter, LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.organizations.models import Organization
from takeroot.organizations.services import organization_named
from takeroot.people.models import Person
from takeroot.people.services import open_file
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

PAGE_DAYS = 3 * 365
# Before the coordinator's yes.
WAITING = (ConnectorState.APPLIED, ConnectorState.INVITED)
LONGEST_REST = timedelta(days=2 * 366)


def _page_mark(party: Party) -> str:
    link = issue_link(
        party=party, purpose=LinkPurpose.CONNECTOR_PAGE, subject_id=party.pk, days=PAGE_DAYS
    )
    return f"{{link:{link.pk}}}"


def _write(party: Party, kind: str, text: Text) -> None:
    write_letter(party=party, kind=kind, subject=text.subject, body=text.body, about_id=party.pk)


def _known(centre: Centre, email: str) -> Connector | None:
    """A Connector with exactly this address."""
    if not email:
        return None
    return (
        Connector.objects.filter(
            centre=centre,
            person__party__kind=PartyKind.PERSON,
            person__party__email__iexact=email,
            person__party__severed_at__isnull=True,
        )
        .select_related("person__party", "centre")
        .order_by("created_at", "pk")
        .first()
    )


@transaction.atomic
def offer_help(*, centre: Centre, key: UUID, details: Details) -> Connector:
    """Somebody offers to be a Connector: a file in the state «has offered», which no round uses,
    and a promise to answer. With an address that is known already nothing is changed; its owner
    gets the letter with their page. The same form twice makes one."""
    found = Connector.objects.filter(pk=key, centre=centre).first()
    if found is not None:
        return found
    known = _known(centre, details.party["email"])
    if known is not None:
        _answer_letter(known)
        return known
    details = replace(details, party={**details.party, "id": key})
    person = open_file(centre=centre, party=details.party, person=details.person)
    return _offered(person, centre=centre, details=details)


@transaction.atomic
def offer_help_as_alumnus(*, connectee: Connectee, details: Details) -> Connector:
    """A Connectee whose own way is done offers to open doors: the same file, a second part."""
    row = (
        Connectee.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person__party", "centre")
        .get(pk=connectee.pk)
    )
    found = Connector.objects.filter(pk=row.pk).first()
    if found is not None:
        return found
    if row.state not in ALUMNI:
        raise Refused(_("First comes your own way through the programme; then this is open."))
    person = row.person
    for name in ("occupation_code", "occupation_text", "mode"):
        if details.person.get(name):
            setattr(person, name, details.person[name])
    person.save(update_fields=["occupation_code", "occupation_text", "mode"])
    return _offered(person, centre=row.centre, details=details)


def _offered(person: Person, *, centre: Centre, details: Details) -> Connector:
    connector = Connector(
        id=person.pk,
        centre=centre,
        person=person,
        state=ConnectorState.APPLIED,
        organization=organization_named(centre=centre, name=details.organization or ""),
        **details.part,
    )
    connector.full_clean(exclude=["centre", "person", "organization"])
    connector.save(force_insert=True)
    record(party=person.party, kind=EventKind.OFFERED_HELP)
    _owe_answer(connector)
    _answer_letter(connector)
    return connector


def _owe_answer(connector: Connector) -> None:
    open_promise(
        centre=connector.centre,
        kind=PromiseKind.ANSWER_CONNECTOR,
        subject_kind="connector",
        subject_id=connector.pk,
        creditor=connector.person.party,
        due_on=_due(connector.centre),
    )


def _due(centre: Centre) -> date:
    return timezone.localdate(timezone=centre.zone) + timedelta(days=centre.answer_days)


def _answer_letter(connector: Connector) -> None:
    party, centre = connector.person.party, connector.centre
    link = _page_mark(party)
    if connector.state in WAITING:
        text = thank_you_for_offering(centre=centre, reader=party, by=_due(centre), link=link)
        _write(party, "offered_help", text)
    else:
        _write(party, "connector_page", welcome_connector(centre=centre, reader=party, link=link))


def _locked(connector: Connector) -> Connector:
    return (
        Connector.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person__party", "centre")
        .get(pk=connector.pk)
    )


@transaction.atomic
def confirm_connector(*, connector: Connector, by: Actor) -> Connector:
    """The coordinator's yes: from now on rounds may propose them. Twice is once."""
    row = _locked(connector)
    if row.state == ConnectorState.ACTIVE:
        return row
    if row.state not in WAITING:
        raise EditedMeanwhile(
            _("%(name)s has changed their mind meanwhile (%(state)s).")
            % {"name": row.person.party.name, "state": row.get_state_display()}
        )
    row.state = ConnectorState.ACTIVE
    save_version(row, expected=row.version, fields=["state"])
    record(party=row.person.party, kind=EventKind.BECAME_CONNECTOR)
    keep_promises(subject_id=row.pk, kind=PromiseKind.ANSWER_CONNECTOR)
    party = row.person.party
    text = welcome_connector(centre=row.centre, reader=party, link=_page_mark(party))
    _write(party, "connector_page", text)
    return row


@transaction.atomic
def decline_connector(*, connector: Connector, by: Actor) -> Connector:
    """The coordinator's kind no. Twice is once."""
    row = _locked(connector)
    if row.state == ConnectorState.RETIRED:
        return row
    if row.state not in WAITING:
        raise EditedMeanwhile(
            _("%(name)s is a Connector already.") % {"name": row.person.party.name}
        )
    row.state = ConnectorState.RETIRED
    save_version(row, expected=row.version, fields=["state"])
    record(party=row.person.party, kind=EventKind.STOPPED)
    keep_promises(subject_id=row.pk, kind=PromiseKind.ANSWER_CONNECTOR)
    _write(
        row.person.party, "not_this_time", not_this_time(centre=row.centre, reader=row.person.party)
    )
    return row


@transaction.atomic
def suit_connector(*, connector: Connector, capacity: int, rest: str, until: date | None) -> None:
    """What a Connector says of themselves: how many people in a period, and a rest: `no`, `until`
    a day, or `now` (not now, until they say otherwise). Matches that stand go on."""
    row = _locked(connector)
    today = timezone.localdate(timezone=row.centre.zone)
    if row.state == ConnectorState.RETIRED:
        raise Refused(_("You have stopped; come back first."))
    if rest == "until" and (until is None or not today < until <= today + LONGEST_REST):
        raise Refused(_("Choose the day until which you rest: after today, within two years."))
    row.capacity = capacity
    fields = ["capacity"]
    if row.state not in WAITING:
        before, resting = row.state, rest != "no"
        row.state = ConnectorState.PAUSED if resting else ConnectorState.ACTIVE
        row.paused_until = until if rest == "until" else None
        fields += ["state", "paused_until"]
        if row.state != before:
            record(party=row.person.party, kind=EventKind.RESTS if resting else EventKind.CAME_BACK)
    row.full_clean(exclude=["centre", "person", "organization"])
    save_version(row, expected=row.version, fields=fields)


@transaction.atomic
def describe_organization(*, connector: Connector, profile: str) -> None:
    """What newcomers should know of the organization where a Connector works."""
    row = _locked(connector)
    if row.organization_id is None:
        raise Refused(_("Tell the centre where you work first."))
    Organization.objects.filter(pk=row.organization_id).update(profile=profile.strip()[:600])


@transaction.atomic
def stop_helping(*, connector: Connector) -> None:
    """A Connector leaves: no round proposes them any more. Twice is once."""
    row = _locked(connector)
    if row.state == ConnectorState.RETIRED:
        return
    row.state = ConnectorState.RETIRED
    row.paused_until = None
    save_version(row, expected=row.version, fields=["state", "paused_until"])
    record(party=row.person.party, kind=EventKind.STOPPED)
    close_promises(
        subject_id=row.pk, reason=CloseReason.DECLINED, kind=PromiseKind.ANSWER_CONNECTOR
    )


@transaction.atomic
def help_again(*, connector: Connector) -> None:
    """Whoever had stopped offers again; the coordinator answers. Twice is once."""
    row = _locked(connector)
    if row.state != ConnectorState.RETIRED:
        return
    row.state = ConnectorState.APPLIED
    save_version(row, expected=row.version, fields=["state"])
    record(party=row.person.party, kind=EventKind.OFFERED_HELP)
    _owe_answer(row)


def end_rests(*, centre: Centre) -> int:
    """Rests whose last day has passed end. Returns how many."""
    today = timezone.localdate(timezone=centre.zone)
    over = Connector.objects.filter(
        centre=centre, state=ConnectorState.PAUSED, paused_until__lt=today
    ).select_related("person__party")
    count = 0
    for row in over.select_for_update(no_key=True, of=("self",)):
        row.state = ConnectorState.ACTIVE
        row.paused_until = None
        save_version(row, expected=row.version, fields=["state", "paused_until"])
        record(party=row.person.party, kind=EventKind.CAME_BACK)
        count += 1
    return count


@transaction.atomic
def invite_alumnus(*, connectee: Connectee, by: Actor) -> None:
    """The letter with the offer to open doors: once, to somebody whose own way is done."""
    party = connectee.person.party
    if connectee.state not in ALUMNI:
        raise Refused(_("%(name)s is still on their own way.") % {"name": party.name})
    if Letter.objects.filter(party=party, kind="open_doors").exists():
        return
    link = issue_link(
        party=party, purpose=LinkPurpose.CONNECTEE_PAGE, subject_id=connectee.pk, days=365
    )
    text = you_can_open_doors(centre=connectee.centre, reader=party, link=f"{{link:{link.pk}}}")
    _write(party, "open_doors", text)


def part_of(about: list[str], **more: Any) -> dict[str, Any]:
    """What the ticks of the sign-up say of a Connector."""
    from takeroot.connections.enums_applying import ConnectorKind

    return {
        "town_roles": [tick for tick in about if tick in ConnectorKind.values],
        "lived_experience": "lived" in about,
        "also_hiring": "hiring" in about,
        **more,
    }
