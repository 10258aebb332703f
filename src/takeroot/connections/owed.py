"""What is owed, in words: each open promise of the programme as a sentence with its next step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.access.actor import Actor
from takeroot.connections.models import Connectee, Match, Referral, Round
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise

LATE, SOON, NORMAL = "late", "soon", "normal"


@dataclass(frozen=True)
class Owed:
    """One line of Today. `page` and `key` name the page where it can be done."""

    what: str
    detail: str
    when: str
    urgency: str
    action: str
    page: str
    key: UUID | None


def _subjects(actor: Actor, promises: Iterable[Promise]) -> dict[UUID, Any]:
    """What the promises are about: one query for each kind of subject."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for promise in promises:
        ids[promise.subject_kind].add(promise.subject_id)
    centres = actor.file_centres
    found: dict[UUID, Any] = {}
    if ids["connectee"]:
        rows = Connectee.objects.filter(pk__in=ids["connectee"], centre_id__in=centres)
        found |= {row.pk: row for row in rows.select_related("person__party", "qualification")}
    if ids["round"]:
        rounds = Round.objects.filter(pk__in=ids["round"], centre_id__in=centres)
        found |= {row.pk: row for row in rounds}
    if ids["match"]:
        matches = Match.objects.filter(pk__in=ids["match"], centre_id__in=centres)
        found |= {
            row.pk: row
            for row in matches.select_related(
                "connectee__person__party", "connector__person__party", "meeting"
            )
        }
    if ids["referral"]:
        referrals = Referral.objects.filter(pk__in=ids["referral"], centre_id__in=centres)
        found |= {
            row.pk: row
            for row in referrals.select_related(
                "contact__party", "referrer", "connectee__person__party"
            )
        }
    return found


def _when(promise: Promise, today: date) -> tuple[str, str]:
    left = (promise.due_on - today).days
    if left < 0:
        late = ngettext("%(days)d day late", "%(days)d days late", -left) % {"days": -left}
        return late, LATE
    if left == 0:
        return _("Today"), SOON
    if left == 1:
        return _("Tomorrow"), SOON
    return ngettext("In %(days)d day", "In %(days)d days", left) % {"days": left}, NORMAL


def _in_words(promise: Promise, subject: Any) -> tuple[str, str, str, str, UUID | None]:
    """What, detail, action, page, key."""
    kind = promise.kind
    if kind == PromiseKind.SIGN_READINESS:
        words = {"name": subject.person.party.name}
        points = sum(getattr(subject.qualification, p) for p in subject.qualification.POINTS)
        return (
            _("Sign the readiness list of %(name)s") % words,
            _("%(done)d of 5 points are there.") % {"done": points},
            _("Open the list"),
            "coordinator:connectee",
            subject.pk,
        )
    if kind == PromiseKind.DECIDE_ROUND:
        return (
            _("Decide the round “%(name)s”") % {"name": subject.name},
            _("Lock what suits you, replace the rest, then accept."),
            _("Open the round"),
            "coordinator:round",
            subject.pk,
        )
    if isinstance(subject, Match):
        return _about_match(kind, subject, promise)
    return _about_referral(kind, subject)


def _about_match(
    kind: str, match: Match, promise: Promise
) -> tuple[str, str, str, str, UUID | None]:
    words = {
        "connectee": match.connectee.person.party.name,
        "connector": match.connector.person.party.name,
    }
    if kind == PromiseKind.SEND_INTRODUCTION:
        return (
            _("Introduce %(connectee)s and %(connector)s") % words,
            _("Both letters are written, each in its reader's language; read them once."),
            _("Read and send"),
            "coordinator:introduction",
            match.pk,
        )
    if kind == PromiseKind.BOOK_MEETING:
        proposed = match.meeting.state == "proposed"
        detail = (
            _("Times have been proposed; one has to be chosen.")
            if proposed
            else _("No time has been proposed yet.")
        )
        return (
            _("%(connectee)s and %(connector)s have not found a time") % words,
            detail,
            _("See both"),
            "coordinator:network",
            match.connectee_id,
        )
    if kind == PromiseKind.LOG_MEETING:
        return (
            _("Did %(connectee)s and %(connector)s meet?") % words,
            _("Their links ask them; you can also say it for them."),
            _("Say how it went"),
            "coordinator:network",
            match.connectee_id,
        )
    return (
        _("%(connector)s was asked to open doors for %(connectee)s") % words,
        _("Each person named is asked first."),
        _("See the network"),
        "coordinator:network",
        match.connectee_id,
    )


def _about_referral(kind: str, referral: Referral) -> tuple[str, str, str, str, UUID | None]:
    words = {
        "contact": referral.contact.party.name,
        "referrer": referral.referrer.name,
        "connectee": referral.connectee.person.party.name,
    }
    if kind == PromiseKind.ANSWER_REFERRAL:
        what = _("%(contact)s was asked whether to meet %(connectee)s") % words
        detail = _("%(referrer)s opened this door. One letter only; no answer means no.") % words
    else:
        what = _("%(contact)s was asked to open doors for %(connectee)s") % words
        detail = _("Second hop, through %(referrer)s.") % words
    return what, detail, _("See the network"), "coordinator:network", referral.connectee_id


def owed_in_words(*, actor: Actor, promises: Sequence[Promise], today: date) -> dict[UUID, Owed]:
    """A line for each promise, by its key; where the actor may not see the subject, none."""
    subjects = _subjects(actor, promises)
    lines = {}
    for promise in promises:
        subject = subjects.get(promise.subject_id)
        if subject is None:
            continue
        what, detail, action, page, key = _in_words(promise, subject)
        when, urgency = _when(promise, today)
        lines[promise.pk] = Owed(what, detail, when, urgency, action, page, key)
    return lines
