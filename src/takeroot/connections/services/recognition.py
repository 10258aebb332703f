"""A year's recognition: the rule, its list, and the yes of whoever stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.enums import GivenHow, Purpose, Share
from takeroot.access.models import Consent
from takeroot.access.services import record_consent
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.common.text import tidy
from takeroot.connections.enums_recognition import (
    YES,
    Answer,
    Outcome,
    RecognitionState,
)
from takeroot.connections.letters_recognition import may_we_recognise
from takeroot.connections.models_recognition import Nominee, Recognition
from takeroot.connections.recognition import MEASURES, Place, Rule, connectors_of, list_of, rules_of
from takeroot.connections.services.enrolment import take_consent_back
from takeroot.connections.services.ladder_jury import owe_more
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter

CONSENT_DAYS = 3 * 365
# The link outlives the yes: it can be taken back on its last day too.
LINK_DAYS = CONSENT_DAYS + 60


@transaction.atomic
def set_rules(
    *, centre: Centre, year: int, rules: Sequence[Rule], least_votes: int, by: Actor
) -> Recognition:
    """Say the rule of a year and draw its list. It can be changed until the jury is asked; from
    then on everybody is measured by what was said."""
    today = timezone.localdate(timezone=centre.zone)
    if year > today.year:
        raise Refused(_("That year has not begun."))
    for rule in rules:
        _check(rule)
    if not rules:
        raise Refused(_("Choose at least one category."))
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    row = Recognition.objects.filter(centre=centre, year=year).first() or Recognition(
        centre=centre, year=year
    )
    _still_open(row)
    row.rules = {rule.category: rule.as_data() for rule in rules}
    row.least_votes = least_votes
    row.through = min(today, date(year, 12, 31))
    row.save()
    _draw(row, by)
    return row


def _check(rule: Rule) -> None:
    known = {measure.value for measure in MEASURES[rule.category]}
    if not any(rule.least.values()) or not set(rule.least) <= known:
        raise Refused(_("A rule needs at least one count above nothing."))
    if not rule.order or not set(rule.order) <= known or len(set(rule.order)) < len(rule.order):
        raise Refused(_("Say by which count the list is ordered, each once."))
    if rule.most < 1:
        raise Refused(_("At least the first place stands before the jury."))


def _still_open(row: Recognition) -> None:
    if row.state != RecognitionState.LISTED:
        raise Refused(
            _("The jury of %(year)s has been asked: rule and list stand as they are.")
            % {"year": row.year}
        )


def locked(recognition: Recognition) -> Recognition:
    return (
        Recognition.objects.select_for_update(of=("self",))
        .select_related("centre")
        .get(pk=recognition.pk)
    )


def _draw(row: Recognition, by: Actor) -> None:
    """Write the list down anew. Whoever was left out with a reason stays so."""
    out = {
        (one.category, one.party_id): one.reason
        for one in row.nominees.filter(outcome=Outcome.LEFT_OUT)
    }
    row.nominees.all().delete()
    for rule in rules_of(row.rules):
        for place in list_of(rule, actor=by, centre=row.centre, year=row.year, through=row.through):
            _nominate(row, rule.category, place, out.get((rule.category, place.party), ""))


def _nominate(row: Recognition, category: str, place: Place, left_out: str) -> None:
    party = Party.objects.get(pk=place.party)
    Nominee(
        centre=row.centre,
        recognition=row,
        category=category,
        party=party,
        speaks=_who_speaks(party),
        counts=place.counts,
        rank=place.rank,
        outcome=Outcome.LEFT_OUT if left_out else "",
        reason=left_out,
    ).save(force_insert=True)


def _who_speaks(party: Party) -> Party:
    """An organization with an address of its own is asked there, else through one of its people."""
    people = [row.person.party for row in connectors_of(party.pk)]
    if party.email or not people:
        return party
    return min(people, key=lambda one: (not one.email, bool(one.mail_bounced_at), one.sort_key))


@transaction.atomic
def draw_again(*, recognition: Recognition, by: Actor) -> Recognition:
    """The same rule on what is known today."""
    row = locked(recognition)
    return set_rules(
        centre=row.centre,
        year=row.year,
        rules=rules_of(row.rules),
        least_votes=row.least_votes,
        by=by,
    )


@transaction.atomic
def publish_recognition(*, recognition: Recognition, publish: bool, by: Actor) -> None:
    """Whether the public page of the community tells the rule, and whoever agreed to be named."""
    row = locked(recognition)
    row.published = publish
    row.save(update_fields=["published"])


@transaction.atomic
def leave_out(*, nominee: Nominee, reason: str, by: Actor) -> Nominee:
    """The centre departs from its own list: said with a reason, or not done."""
    row = locked_nominee(nominee)
    if row.recognition.state == RecognitionState.DECIDED:
        raise EditedMeanwhile(_("This year is decided; nothing was changed."))
    if not tidy(reason):
        raise Refused(_("Say why they are left out; it is kept with the decision."))
    row.outcome, row.reason = Outcome.LEFT_OUT, tidy(reason)[:300]
    row.save(update_fields=["outcome", "reason"])
    return row


def locked_nominee(nominee: Nominee) -> Nominee:
    """Votes, answers and who stands aside wait for each other at one name."""
    row = (
        Nominee.objects.select_for_update(of=("self",))
        .select_related("centre", "party__centre", "speaks__centre")
        .get(pk=nominee.pk)
    )
    # Read after the lock: whoever waited for it may have waited for the decision.
    row.recognition = Recognition.objects.select_related("centre").get(pk=row.recognition_id)
    return row


def day_of(nominee: Nominee) -> date:
    """Today, where the centre is."""
    return timezone.localdate(timezone=nominee.centre.zone)


def ask_nominee(nominee: Nominee) -> None:
    """The letter that asks whether it would be welcome."""
    link = issue_link(
        party=nominee.speaks,
        purpose=LinkPurpose.RECOGNITION,
        subject_id=nominee.pk,
        days=LINK_DAYS,
    )
    text = may_we_recognise(nominee=nominee, link=f"{{link:{link.pk}}}")
    write_letter(
        party=nominee.speaks,
        kind="recognition_ask",
        subject=text.subject,
        body=text.body,
        about_id=nominee.pk,
    )


@transaction.atomic
def answer_nomination(
    *, nominee: Nominee, answer: str, by: Actor, how: str = GivenHow.IN_PERSON
) -> Nominee:
    """Yes and everybody may know; yes, the jury alone; or no. It can be changed at any time, and
    holds at once everywhere."""
    row = locked_nominee(nominee)
    if answer not in (*YES, Answer.NO):
        raise Refused(_("Choose one of the answers."))
    state = row.recognition.state
    if state == RecognitionState.LISTED:
        raise Refused(_("Nobody has been asked yet."))
    if answer in YES and state == RecognitionState.DECIDED and row.outcome != Outcome.RECOGNISED:
        raise Refused(_("The jury has decided for this year. Thank you all the same."))
    same = row.answer == answer and (row.consent is None or row.consent.withdrawn_at is None)
    if same and row.answer != Answer.WAITING:
        return row
    if row.consent is not None:
        take_consent_back(consent=row.consent, by=by)
    row.answer = answer
    row.consent = _consent(row, how, by) if answer in YES else None
    row.save(update_fields=["answer", "consent"])
    if row.consent is not None and state == RecognitionState.JURY:
        owe_more(row.recognition)
    return row


def _consent(row: Nominee, how: str, by: Actor) -> Consent:
    today = timezone.localdate(timezone=row.centre.zone)
    year = {"year": row.recognition.year}
    with translation.override(row.speaks.language):
        audience = (
            _("the jury of %(year)s; and everybody, if recognized") % year
            if row.answer == Answer.PUBLIC
            else _("the jury of %(year)s") % year
        )
    consent = record_consent(
        party=row.party,
        purpose=Purpose.RECOGNITION,
        shares=[Share.NAME],
        audience=audience,
        given_on=today,
        until=today + timedelta(days=CONSENT_DAYS),
        how=how,
        by=by,
    )
    record(party=row.party, kind=EventKind.CONSENTED, about_kind="consent", about_id=consent.pk)
    return consent
