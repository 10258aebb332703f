"""Reading a year's recognition: the staff all of it, everybody else the rule, and the names of
those who were recognized and have said that they may be told. Read anew at each request: whoever
takes their yes back is gone at the next look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.connections.enums_recognition import YES, Answer, Outcome, RecognitionState
from takeroot.connections.models_recognition import Juror, Nominee, Recognition, Recusal, Vote
from takeroot.connections.recognition import Rule, rules_of
from takeroot.connections.recognition_words import RuleWords, rule_in_words


def recognitions_visible_to(actor: Actor) -> QuerySet[Recognition]:
    return Recognition.objects.filter(centre_id__in=actor.file_centres).select_related(
        "centre", "decided_by"
    )


def nominees_visible_to(actor: Actor) -> QuerySet[Nominee]:
    """Those of the actor's centres, and their own."""
    rule = Q(centre_id__in=actor.file_centres)
    if actor.party:
        rule |= Q(party_id=actor.party) | Q(speaks_id=actor.party)
    return Nominee.objects.filter(rule).select_related(
        "party__merged_into", "speaks", "consent", "centre"
    )


def jurors_visible_to(actor: Actor) -> QuerySet[Juror]:
    rule = Q(centre_id__in=actor.file_centres)
    if actor.party:
        rule |= Q(party_id=actor.party)
    return Juror.objects.filter(rule).select_related("party", "organization__party", "centre")


def recusals_visible_to(actor: Actor) -> QuerySet[Recusal]:
    return Recusal.objects.filter(centre_id__in=actor.file_centres)


def votes_visible_to(actor: Actor) -> QuerySet[Vote]:
    """Of decisions from which the actor does not stand aside."""
    rows = Vote.objects.filter(centre_id__in=actor.file_centres)
    return rows.exclude(withheld_from__contains=[actor.party]) if actor.party else rows


def agrees(nominee: Nominee, day: date) -> bool:
    """Whether the yes stands: given, not taken back, not run out, and the person not erased."""
    yes = nominee.consent
    return (
        nominee.answer in YES
        and yes is not None
        and yes.withdrawn_at is None
        and yes.until >= day
        and nominee.party.severed_at is None
    )


def stands(nominee: Nominee, day: date) -> bool:
    """Whether the jury may see their name and decide."""
    return nominee.outcome != Outcome.LEFT_OUT and agrees(nominee, day)


def may_be_named(nominee: Nominee, day: date) -> bool:
    """Whether everybody may read that they were recognized."""
    recognised = nominee.outcome == Outcome.RECOGNISED and nominee.answer == Answer.PUBLIC
    return recognised and agrees(nominee, day)


@dataclass(frozen=True)
class ToldCategory:
    """One category as others read it: the rule, whoever may be named, how many are not."""

    rule: RuleWords
    names: list[str]
    unnamed: int


@dataclass(frozen=True)
class ToldYear:
    """A year as others read it."""

    key: UUID
    year: int
    decided: bool
    listed: int
    categories: list[ToldCategory]

    @property
    def anybody(self) -> bool:
        return any(one.names or one.unnamed for one in self.categories)


def told_years(*, actor: Actor, centre: Centre, public: bool, most: int = 2) -> list[ToldYear]:
    """The latest years for everybody (`public`: only what the centre publishes), or for its own
    Connectors. Two queries."""
    nominees = nominees_visible_to(actor).order_by("rank", "party__sort_key", "pk")
    rows = recognitions_visible_to(actor).filter(centre=centre)
    if public:
        rows = rows.filter(published=True)
    rows = rows.prefetch_related(Prefetch("nominees", nominees)).order_by("-year")
    return [_told(row) for row in rows[:most]]


def _told(row: Recognition) -> ToldYear:
    day = timezone.localdate(timezone=row.centre.zone)
    nominees = list(row.nominees.all())
    return ToldYear(
        key=row.pk,
        year=row.year,
        decided=row.state == RecognitionState.DECIDED,
        listed=len(nominees),
        categories=[_category(rule, row.centre, nominees, day) for rule in rules_of(row.rules)],
    )


def _category(rule: Rule, centre: Centre, nominees: list[Nominee], day: date) -> ToldCategory:
    won = [
        one
        for one in nominees
        if one.category == rule.category and one.outcome == Outcome.RECOGNISED
    ]
    names = [one.party.whole.name for one in won if may_be_named(one, day)]
    return ToldCategory(rule_in_words(rule, centre), names, len(won) - len(names))
