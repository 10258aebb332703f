"""What came of it in the demonstration: work, leads, and who is asked whether they stayed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee, Contact, Match, Referral
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.services.jobs import Work, report_job
from takeroot.outcomes.services.leads import Opening, leave_lead
from takeroot.outcomes.services.stays import Answer, answer_stay, ask_who_stayed, close_unknown

# Days since an earlier introduction, each with what was said since («»: nobody knows, None: asked
# only now).
_EARLIER = (
    (95, "community"),
    (98, "community"),
    (103, "province"),
    (110, ""),
    (93, None),
    (188, "community"),
    (195, "rather_not"),
    (370, "community"),
)
_TYPES, _CIRCLES = ("employer", "industry", "other"), ("professional", "economic", "social")


def what_came_of_it(*, centre: Centre, employers: tuple[str, ...], by: Actor) -> None:
    """Jobs, a lead, and questions in each of their states; doors opened over some months."""
    dice = Random(f"outcomes:{centre.slug}")  # noqa: S311 - dice, not a secret
    _earlier_doors(centre, dice)
    _stays(centre, by)
    _work(centre, employers, by)
    match = (
        Match.objects.select_related("connector__centre")
        .filter(centre=centre, state="introduced")
        .order_by("-score", "pk")
        .first()
    )
    if match is not None:
        english = centre.slug == "colchester"
        opening = Opening(
            employer=employers[0],
            what="Two evenings a week at the desk" if english else "Deux soirs par semaine",
            how="Ask for the manager; say who sent you." if english else "Demandez la direction.",
            until=timezone.localdate(timezone=centre.zone) + timedelta(days=30),
        )
        leave_lead(connector=match.connector, opening=opening, by=by)


def _earlier_doors(centre: Centre, dice: Random) -> None:
    """Contacts said yes over the last months, and whoever named them said what they are."""
    rows = Referral.objects.filter(
        centre=centre, answered_at__isnull=False, match__meeting__held_on__isnull=False
    ).order_by("pk")
    today = timezone.localdate(timezone=centre.zone)
    for row in rows.select_related("match__meeting"):
        since = (today - (row.match.meeting.held_on or today)).days
        days = dice.randint(since // 2, since) if row.hop == 1 else dice.randint(0, since // 2)
        at = timezone.now() - timedelta(days=days)
        Referral.objects.filter(pk=row.pk).update(answered_at=at)
    for contact in Contact.objects.filter(centre=centre).order_by("pk"):
        if dice.random() < 0.8:
            said = {"type": dice.choice(_TYPES), "circle": dice.choice(_CIRCLES)}
            Contact.objects.filter(pk=contact.pk).update(**said)


def _introduced(centre: Centre) -> list[Connectee]:
    rows = Connectee.objects.filter(centre=centre, state__in=("introduced", "met", "referring"))
    return list(rows.select_related("person__party__centre").order_by("state", "pk"))


def _stays(centre: Centre, by: Actor) -> None:
    """Some had an introduction in an earlier round, months ago."""
    today = timezone.localdate(timezone=centre.zone)
    said = {}
    for row, (days, where) in zip(_introduced(centre), _EARLIER, strict=False):
        day = today - timedelta(days=days)
        record(party=row.person.party, kind=EventKind.INTRODUCED, on=day)
        said[row.pk] = where
    for check in ask_who_stayed(centre=centre):
        where = said[check.connectee_id]
        if where:
            answer = Answer(where=where, employer="same", reasons=("job", "friends"))
            answer_stay(check=StayCheck.objects.get(pk=check.pk), answer=answer, by=by)
        elif where == "":
            close_unknown(check=check)


def _work(centre: Centre, employers: tuple[str, ...], by: Actor) -> None:
    """One works in their field, two do other work and stay in the programme."""
    today = timezone.localdate(timezone=centre.zone)
    rows = [row for row in _introduced(centre) if row.state == "referring"]
    facts = (("yes", "37.5", "31.50"), ("no", "32", "18.25"), ("unknown", "20", None))
    for row, employer, (in_field, hours, wage) in zip(rows, employers, facts, strict=False):
        work = Work(
            employer=employer,
            starts_on=today - timedelta(days=7),
            occupation_code=row.person.occupation_code if in_field == "yes" else "65201",
            in_field=in_field,
            hours=Decimal(hours),
            hourly_wage=Decimal(wage) if wage else None,
            evidence="employer" if in_field == "yes" else "person",
            told="phone",
        )
        report_job(connectee=row, work=work, by=by)
