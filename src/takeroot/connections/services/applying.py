"""An application from its first word to the file it becomes: by the person or in their name."""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.enums import GivenHow, Purpose, Share
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.common.queue import enqueue
from takeroot.connections.answers import details_from
from takeroot.connections.enums_applying import TakenHow
from takeroot.connections.letters_applying import we_have_it
from takeroot.connections.models import Connectee
from takeroot.connections.models_applying import Application
from takeroot.connections.services.enrolment import enrol_connectee, give_consent
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import PromiseKind
from takeroot.promises.services import keep_promises, open_promise

AGREED_DAYS = 365
PAGE_DAYS = 365
LINK_PAUSE = timedelta(minutes=15)
_SIGNATURE_BYTES = 16
# What each tick of the consent step opens.
AGREEMENTS: dict[str, tuple[str, ...]] = {
    Purpose.INTRODUCTION: (Share.NAME, Share.PROFILE, Share.CONTACT),
    Purpose.REFERRAL: (Share.NAME, Share.PROFILE, Share.CONTACT),
    Purpose.OUTCOME: (Share.NAME, Share.PROFILE),
}
RESUME = "resume"
_GIVEN = {
    TakenHow.ONLINE: GivenHow.IN_PERSON,
    TakenHow.IN_PERSON: GivenHow.IN_PERSON,
    TakenHow.PHONE: GivenHow.PHONE,
    TakenHow.PAPER: GivenHow.PAPER,
}


def _sign(payload: bytes) -> bytes:
    key = sha256(b"takeroot.draft:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, payload, sha256).digest()[:_SIGNATURE_BYTES]


def draft_token(application: Application) -> str:
    """The part of the private address that proves it: computed, never stored."""
    payload = application.pk.bytes + application.centre_id.bytes
    return base64.urlsafe_b64encode(payload + _sign(payload)).decode().rstrip("=")


def draft_of_token(token: str, *, centre: Centre) -> UUID | None:
    """The draft that a private address names, if the address is ours and of this centre."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    payload, signature = raw[:32], raw[32:]
    if len(raw) != 32 + _SIGNATURE_BYTES or not hmac.compare_digest(_sign(payload), signature):
        return None
    return UUID(bytes=payload[:16]) if payload[16:] == centre.pk.bytes else None


def draft_url(application: Application) -> str:
    return f"{settings.BASE_URL}/apply/{application.centre.slug}/{draft_token(application)}/"


@transaction.atomic
def save_step(
    *,
    centre: Centre,
    key: UUID,
    step: int,
    answers: dict[str, Any],
    language: str,
) -> Application:
    """Keep what was typed in one step, as typed. The same step twice is kept once; what was sent
    already is left as it is."""
    row, _made = Application.objects.get_or_create(
        pk=key, centre=centre, defaults={"language": language}
    )
    row = Application.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.sent_at is not None:
        return row
    row.answers = {**row.answers, **answers}
    row.step = max(row.step, step)
    row.language = language
    row.save()
    return row


@transaction.atomic
def mail_draft_link(*, application: Application) -> bool:
    """Send the private address to the e-mail that was typed, now and then only: false when there
    is none, or it has just been sent."""
    row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    now = timezone.now()
    if not row.answers.get("email") or row.sent_at is not None:
        return False
    if row.link_sent_at is not None and row.link_sent_at > now - LINK_PAUSE:
        return False
    row.link_sent_at = now
    row.save(update_fields=["link_sent_at"])
    enqueue(
        "takeroot.connections.send_draft_link",
        application=str(row.pk),
        centre=str(row.centre_id),
    )
    return True


def _known(centre: Centre, email: str) -> Connectee | None:
    """Somebody in the programme with exactly this address."""
    if not email:
        return None
    return (
        Connectee.objects.filter(
            centre=centre,
            person__party__kind=PartyKind.PERSON,
            person__party__email__iexact=email,
            person__party__severed_at__isnull=True,
        )
        .select_related("person__party", "centre")
        .order_by("created_at", "pk")
        .first()
    )


def answer_by(centre: Centre) -> date:
    """The day by which the centre has promised to answer."""
    return timezone.localdate(timezone=centre.zone) + timedelta(days=centre.answer_days)


@transaction.atomic
def send_application(*, application: Application, by: Actor) -> Application:
    """The application becomes a Connectee, or (same e-mail) waits at the file that is there for
    somebody to look at it: a stranger who types an address changes nothing in a file. Whoever
    sends is told the same in both cases. Sent twice, it is sent once."""
    row = (
        Application.objects.select_for_update(of=("self",))
        .select_related("centre", "party")
        .get(pk=application.pk)
    )
    if row.sent_at is not None:
        return row
    centre = row.centre
    details = details_from(row.answers, centre=centre)
    known = _known(centre, details.party["email"])
    if known is not None:
        row.again = True
        due = answer_by(centre)
        open_promise(
            centre=centre,
            kind=PromiseKind.LOOK_AGAIN,
            subject_kind="connectee",
            subject_id=known.pk,
            creditor=known.person.party,
            due_on=due,
        )
    else:
        due = answer_by(centre)
        known = enrol_connectee(centre=centre, details=details, by=by, due_on=due)
        _agreements(known, row, by)
        row.answers = {}
    row.party = known.person.party
    row.sent_at = timezone.now()
    row.save()
    _confirm(row.party, centre=centre, subject=known.pk, due=due)
    return row


def _agreements(connectee: Connectee, row: Application, by: Actor) -> None:
    agreed = row.answers.get("agreed") or []
    today = timezone.localdate(timezone=row.centre.zone)
    with translation.override(connectee.person.party.language):
        audiences = {
            Purpose.INTRODUCTION: _("Connectors of %(centre)s"),
            Purpose.REFERRAL: _("People whom the Connectors of %(centre)s know"),
            Purpose.OUTCOME: _("Connectors of %(centre)s who helped"),
        }
    for purpose, shares in AGREEMENTS.items():
        if purpose not in agreed:
            continue
        resume = purpose == Purpose.INTRODUCTION and RESUME in agreed
        give_consent(
            connectee=connectee,
            purpose=purpose,
            shares=[*map(str, shares), *([str(Share.RESUME)] if resume else [])],
            audience=audiences[Purpose(purpose)] % {"centre": row.centre.name},
            given_on=today,
            until=today + timedelta(days=AGREED_DAYS),
            how=_GIVEN[TakenHow(row.taken_how)],
            by=by,
        )


def _confirm(party: Party, *, centre: Centre, subject: UUID, due: date) -> None:
    link = issue_link(
        party=party, purpose=LinkPurpose.CONNECTEE_PAGE, subject_id=subject, days=PAGE_DAYS
    )
    text = we_have_it(centre=centre, reader=party, by=due, link=f"{{link:{link.pk}}}")
    write_letter(
        party=party, kind="applied", subject=text.subject, body=text.body, about_id=subject
    )


@transaction.atomic
def take_application(
    *, centre: Centre, key: UUID | None, answers: dict[str, Any], how: str, by: Actor
) -> Application:
    """Staff write an application down in the person's name: the same draft, marked with who took
    it and how, and sent at once. The same form twice makes one."""
    row = Application(
        id=key or uuid4(),
        centre=centre,
        answers=answers,
        step=4,
        language=answers.get("language") or "en",
        taken_by_id=by.party,
        taken_how=how,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:
        found = Application.objects.filter(pk=row.pk, centre=centre).first()
        if found is None:
            raise Refused(
                _("This form was used before for somebody else. Open a new form and try again.")
            ) from problem
        return found
    return send_application(application=row, by=by)


@transaction.atomic
def looked_again(*, connectee: Connectee, by: Actor) -> None:
    """Somebody has compared what came in again with the file: the promise is kept, and what was
    typed is no longer needed."""
    Application.objects.filter(party_id=connectee.pk, again=True).update(answers={})
    keep_promises(subject_id=connectee.pk, kind=PromiseKind.LOOK_AGAIN)


def forget_old_applications(*, centre: Centre) -> int:
    """Delete drafts that were never sent within the centre's set time, and what was typed by
    those who applied again just as long ago. Returns how many drafts were deleted."""
    limit = timezone.now() - timedelta(days=centre.draft_days)
    rows = Application.objects.filter(centre=centre, saved_at__lt=limit)
    rows.filter(sent_at__isnull=False).exclude(answers={}).update(answers={})
    return rows.filter(sent_at__isnull=True).delete()[0]
