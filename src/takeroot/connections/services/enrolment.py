"""Coming into the programme: Connectees, Connectors, readiness."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.enums import Purpose, Share
from takeroot.access.models import Consent
from takeroot.access.services import record_consent, withdraw_consent
from takeroot.accounts.models import Centre
from takeroot.common.editing import save_version
from takeroot.common.errors import Refused
from takeroot.connections.details import Details as Details
from takeroot.connections.enums import ConnecteeState, ConnectorState
from takeroot.connections.models import Connectee, Connector, Qualification
from takeroot.connections.resume import widen_to_resume
from takeroot.connections.services.bounces import address_works
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.organizations.services import organization_named
from takeroot.people.enums import Status
from takeroot.people.services import edit_file, open_file
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import keep_promises, open_promise


@transaction.atomic
def enrol_connectee(
    *, centre: Centre, details: Details, by: Actor, due_on: date | None = None
) -> Connectee:
    """A new Connectee, applied today; the centre owes the readiness list."""
    person = open_file(centre=centre, party=details.party, person=details.person)
    part = {"waiting_since": timezone.localdate(timezone=centre.zone), **details.part}
    if part["waiting_since"] is None:
        part["waiting_since"] = timezone.localdate(timezone=centre.zone)
    connectee = Connectee(id=person.pk, centre=centre, person=person, **part)
    connectee.full_clean(exclude=["centre", "person"])
    connectee.save(force_insert=True)
    Qualification(centre=centre, connectee=connectee).save(force_insert=True)
    record(party=person.party, kind=EventKind.APPLIED)
    open_promise(
        centre=centre,
        kind=PromiseKind.SIGN_READINESS,
        subject_kind="connectee",
        subject_id=connectee.pk,
        creditor=person.party,
        due_on=due_on,
    )
    return connectee


@transaction.atomic
def enrol_connector(*, centre: Centre, details: Details, by: Actor) -> Connector:
    """A new Connector, active at once."""
    person = open_file(centre=centre, party=details.party, person=details.person)
    connector = Connector(
        id=person.pk,
        centre=centre,
        person=person,
        organization=organization_named(centre=centre, name=details.organization or ""),
        **details.part,
    )
    connector.full_clean(exclude=["centre", "person", "organization"])
    connector.save(force_insert=True)
    record(party=person.party, kind=EventKind.BECAME_CONNECTOR)
    return connector


def once(make: Any, model: type[Connectee] | type[Connector], key: UUID | None) -> Any:
    """Make somebody under a key that the form was given: the same form sent twice (a double
    click, «back», a retry) makes one person. `make` runs in a savepoint of its own.

    Raises Refused when the key belongs to something that this actor may not see.
    """
    found = model.objects.filter(pk=key).first() if key else None
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError as problem:
        found = model.objects.filter(pk=key).first() if key else None
        if found is None:
            raise Refused(
                _("This form was used before for somebody else. Open a new form and try again.")
            ) from problem
        return found


@transaction.atomic
def pause_connector(*, connector: Connector, pause: bool, by: Actor) -> Connector:
    """A rest, or its end. Matches that stand go on. Doing it twice is doing it once."""
    row = Connector.objects.select_for_update(no_key=True, of=("self",)).get(pk=connector.pk)
    if row.state == ConnectorState.RETIRED:
        raise Refused(_("This Connector has left the programme."))
    if row.state == ConnectorState.APPLIED:
        raise Refused(_("This Connector has offered to help: answer the offer first."))
    wanted = ConnectorState.PAUSED if pause else ConnectorState.ACTIVE
    if row.state != wanted:
        row.state = wanted
        row.paused_until = None
        save_version(row, expected=row.version, fields=["state", "paused_until"])
        record(party=row.person.party, kind=EventKind.RESTS if pause else EventKind.CAME_BACK)
    return row


@transaction.atomic
def give_consent(
    *,
    connectee: Connectee,
    purpose: str,
    shares: list[str],
    audience: str,
    given_on: date,
    until: date,
    how: str,
    by: Actor,
    interpreter_language: str = "",
) -> Consent:
    """Record a yes and its day in the journey. The same yes twice is one yes."""
    # The lock makes two clicks wait for each other.
    row = Connectee.objects.select_for_update(no_key=True, of=("self",)).get(pk=connectee.pk)
    party = row.person.party
    same = Consent.objects.filter(
        party=party,
        purpose=purpose,
        audience=audience,
        given_on=given_on,
        until=until,
        how=how,
        interpreter_language=interpreter_language,
        shares=sorted(set(shares)),
        withdrawn_at__isnull=True,
    ).first()
    if same is not None:
        return same
    consent = record_consent(
        party=party,
        purpose=purpose,
        shares=shares,
        audience=audience,
        given_on=given_on,
        until=until,
        how=how,
        by=by,
        interpreter_language=interpreter_language,
    )
    record(
        party=party,
        kind=EventKind.CONSENTED,
        on=given_on,
        about_kind="consent",
        about_id=consent.pk,
    )
    if purpose == Purpose.INTRODUCTION and Share.RESUME in shares:
        widen_to_resume(party.pk)
    return consent


@transaction.atomic
def take_consent_back(*, consent: Consent, by: Actor) -> int:
    """Withdraw a yes: what rested on it closes. Returns how many grants closed."""
    row = Consent.objects.select_for_update(no_key=True, of=("self",)).get(pk=consent.pk)
    if row.withdrawn_at is not None:
        return 0
    closed = withdraw_consent(consent=row, by=by)
    record(party=row.party, kind=EventKind.WITHDREW, about_kind="consent", about_id=row.pk)
    return closed


def _edit_part(
    part: Connectee | Connector, *, expected: int, details: Details, extra: dict[str, Any]
) -> None:
    values = {**details.part, **extra}
    for name, value in values.items():
        setattr(part, name, value)
    part.full_clean(exclude=["centre", "person", "organization"])
    # The part's version guards the whole edit: file and part are one page.
    save_version(part, expected=expected, fields=list(values))
    person = part.person
    dead = person.party.mail_bounced_at is not None
    moved = "email" in details.party and details.party["email"] != person.party.email
    edit_file(person=person, expected=person.version, party=details.party, details=details.person)
    if dead and moved:
        address_works(party=person.party)


@transaction.atomic
def edit_connectee(
    *, connectee: Connectee, expected: int, details: Details, by: Actor
) -> Connectee:
    """Change a Connectee's file; raises EditedMeanwhile."""
    _edit_part(connectee, expected=expected, details=details, extra={})
    return connectee


@transaction.atomic
def edit_connector(
    *, connector: Connector, expected: int, details: Details, by: Actor
) -> Connector:
    """Change a Connector's file; raises EditedMeanwhile."""
    organization = (
        connector.organization
        if details.organization is None
        else organization_named(centre=connector.centre, name=details.organization)
    )
    _edit_part(connector, expected=expected, details=details, extra={"organization": organization})
    return connector


def _check_criteria(connectee: Connectee) -> None:
    """The centre's own criteria: a status it has closed the programme to cannot be signed."""
    centre, status = connectee.centre, connectee.person.status
    closed = {
        Status.TEMPORARY_WORKER: not centre.accepts_temporary_residents,
        Status.STUDENT: not centre.accepts_graduates,
    }
    if status and closed.get(Status(status), False):
        raise Refused(
            _(
                "%(name)s is in Canada as: %(status)s. Your centre's settings keep the programme "
                "for others, so the criteria cannot be signed. Offer another service, or change "
                "the settings."
            )
            % {"name": connectee.person.party.name, "status": Status(status).label}
        )


@transaction.atomic
def sign_readiness(*, connectee: Connectee, points: dict[str, bool], by: Actor) -> Qualification:
    """Keep the checklist; when every point stands, the signature makes the Connectee ready."""
    if points.get("meets_criteria"):
        _check_criteria(connectee)
    row = Qualification.objects.select_for_update().get(connectee=connectee)
    for name in Qualification.POINTS:
        setattr(row, name, bool(points.get(name)))
    newly = row.complete and row.signed_at is None
    if row.complete:
        row.signed_by_id = by.party
        row.signed_at = row.signed_at or timezone.now()
    elif connectee.state not in (
        ConnecteeState.APPLIED,
        ConnecteeState.READY,
        ConnecteeState.WAITING_DOCUMENTS,
    ):
        raise Refused(
            _("This person has been matched already: the readiness list can no longer be undone.")
        )
    else:
        row.signed_by, row.signed_at = None, None
    row.save()
    if newly:
        connectee.state = ConnecteeState.READY
        connectee.save(update_fields=["state"])
        record(party=connectee.person.party, kind=EventKind.READY)
        keep_promises(subject_id=connectee.pk, kind=PromiseKind.SIGN_READINESS)
    elif not row.complete and connectee.state == ConnecteeState.READY:
        connectee.state = ConnecteeState.WAITING_DOCUMENTS
        connectee.save(update_fields=["state"])
        open_promise(
            centre=connectee.centre,
            kind=PromiseKind.SIGN_READINESS,
            subject_kind="connectee",
            subject_id=connectee.pk,
            creditor=connectee.person.party,
        )
    return row
