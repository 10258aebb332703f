"""Before and after, added up: the change of each question, of those who answered both times."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg, Count, F, OuterRef, Subquery
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.connections.enums_applying import RatingMoment
from takeroot.connections.models_applying import SelfRating


def question_words() -> dict[str, str]:
    """The four questions in two or three words."""
    return {
        "market": _("Knows the local market"),
        "networking": _("Knows how to network"),
        "contacts": _("Has contacts who can help"),
        "confidence": _("Is confident"),
    }


@dataclass(frozen=True)
class Change:
    """One question: means before and after of the same `n` people, and the mean change."""

    name: str
    words: str
    n: int
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Changes:
    """The four changes; how many answered before, after, and both times."""

    rows: list[Change]
    before: int
    after: int
    both: int


def rating_changes(actor: Actor) -> Changes:
    """Change with n for the actor's centre: only people who answered both times are compared,
    and those who answered once are counted beside it. Two queries."""
    rows = SelfRating.objects.filter(centre_id__in=actor.file_centres)
    counts = dict(rows.order_by().values_list("moment").annotate(n=Count("pk")))
    names = SelfRating.QUESTIONS
    earlier = rows.filter(connectee=OuterRef("connectee"), moment=RatingMoment.BEFORE)
    pairs = rows.filter(moment=RatingMoment.AFTER).annotate(
        **{f"was_{name}": Subquery(earlier.values(name)[:1]) for name in names}
    )
    found = pairs.filter(was_market__isnull=False).aggregate(  # type: ignore[misc]
        n=Count("pk"),
        **{f"before_{name}": Avg(F(f"was_{name}")) for name in names},
        **{f"after_{name}": Avg(F(name)) for name in names},
    )
    words = question_words()
    return Changes(
        rows=[
            Change(name, words[name], found["n"], found[f"before_{name}"], found[f"after_{name}"])
            for name in names
        ],
        before=counts.get(RatingMoment.BEFORE, 0),
        after=counts.get(RatingMoment.AFTER, 0),
        both=found["n"],
    )
