"""How somebody came in, what they were told, how they see themselves: for the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.common.templatetags.parts import day
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.enums_applying import RatingMoment, TakenHow
from takeroot.connections.models import Connectee
from takeroot.connections.models_applying import Application, Onward, SelfRating
from takeroot.connections.own_page import AFTER
from takeroot.connections.rating_figures import question_words
from takeroot.connections.services.onward import FROM
from takeroot.pages.joining.forms import AgreeForm, LanguagesForm, WorkForm, YouForm


@dataclass(frozen=True)
class Rated:
    """One question, before and after."""

    words: str
    before: int | None
    after: int | None

    @property
    def change(self) -> str:
        if self.before is None or self.after is None:
            return ""
        return f"{self.after - self.before:+d}".replace("-", "−")


def _how(row: Application) -> str:
    on = day(row.sent_at)
    if row.taken_how == TakenHow.ONLINE or row.taken_by is None:
        return _("Applied online on %(day)s.") % {"day": on}
    words = {"day": on, "name": row.taken_by.name, "how": row.get_taken_how_display()}
    return _("Applied on %(day)s %(how)s; written down by %(name)s.") % words


def typed_in_words(row: Application, *, centre: Any) -> list[tuple[str, str]]:
    """What somebody typed who applied again, as questions and answers."""
    answers = row.answers
    found = []
    for form in (
        YouForm(initial=answers),
        WorkForm(initial=answers),
        LanguagesForm(initial=answers),
        AgreeForm(initial=answers, centre=centre),
    ):
        found += [(str(field.label), _said(field)) for field in form.shown]
    return [(label, said) for label, said in found if said]


def _said(field: forms.BoundField) -> str:
    value = field.value()
    choices = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return "; ".join(choices.get(str(one), str(one)) for one in values if one)


def _ratings(row: Connectee) -> list[Rated]:
    found = {one.moment: one for one in SelfRating.objects.filter(connectee=row)}
    if not found:
        return []
    before, after = found.get(RatingMoment.BEFORE), found.get(RatingMoment.AFTER)
    return [
        Rated(words, getattr(before, name, None), getattr(after, name, None))
        for name, words in question_words().items()
    ]


def applied_context(actor: Actor, row: Connectee, *, may_answer: bool) -> dict[str, Any]:
    """What the page of a Connectee shows of applications, answers and ratings: three queries."""
    rows = list(
        Application.objects.filter(centre_id__in=actor.file_centres, party_id=row.pk)
        .select_related("taken_by")
        .order_by("-sent_at")[:5]
    )
    again = next((one for one in rows if one.again and one.answers), None)
    ratings = _ratings(row)
    rated_after = any(one.after is not None for one in ratings)
    return {
        "came": [_how(one) for one in rows if one.sent_at],
        "again": typed_in_words(again, centre=row.centre) if again else [],
        "again_on": again.sent_at if again else None,
        "onwards": list(Onward.objects.filter(connectee=row).select_related("said_by")[:5]),
        "ratings": ratings,
        "may_ask_rating": row.state in AFTER and not rated_after,
        "may_send_onward": may_answer and row.state in FROM,
        "may_take_up": may_answer and row.state == ConnecteeState.NOT_ELIGIBLE,
    }
