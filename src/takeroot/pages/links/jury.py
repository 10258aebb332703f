"""A juror's page: the list with names that may be told, a vote on each, and standing aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.access.actor import Actor
from takeroot.access.services import record_reads
from takeroot.common.errors import Refused
from takeroot.connections import recognised as reads
from takeroot.connections.enums_recognition import RecognitionState
from takeroot.connections.models_recognition import Juror, Nominee, Recusal, Vote
from takeroot.connections.recognition import rules_of
from takeroot.connections.recognition_words import RuleWords, counts_in_words, rule_in_words
from takeroot.connections.services import jury as services
from takeroot.connections.services.recusals import stand_aside
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.links.visit import Visit, dead


class VoteForm(forms.Form):
    """Yes, or no and why."""

    yes = forms.ChoiceField(
        label=gettext_lazy("Should they be recognized?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("Not this year"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("If not: why?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "It is kept with the decision, and they may read it in the copy of their own file."
        ),
    )


@dataclass
class Before:
    """One name before the jury. Whoever stands aside is told nothing of the others' votes; the
    others see them once they have voted themselves."""

    nominee: Nominee
    counts: str
    aside: Recusal | None
    voted: Vote | None
    others: list[Vote]
    form: forms.Form | None


def _juror(visit: Visit, house: Actor) -> Juror | None:
    rows = reads.jurors_visible_to(house).select_related("recognition__centre")
    return rows.filter(pk=visit.link.subject_id, party=visit.link.party_id).first()


def _standing(juror: Juror, house: Actor) -> list[Nominee]:
    day = timezone.localdate(timezone=juror.recognition.centre.zone)
    rows = reads.nominees_visible_to(house).filter(recognition=juror.recognition)
    return [row for row in rows if reads.stands(row, day)]


def _posted(visit: Visit, standing: list[Nominee]) -> Nominee | None:
    """The name that a button is about."""
    asked = visit.request.POST.get("nominee") or visit.request.GET.get("nominee", "")
    return next((row for row in standing if str(row.pk) == asked), None)


def _before(
    juror: Juror, house: Actor, standing: list[Nominee], refused: dict[UUID, forms.Form]
) -> list[Before]:
    aside = {r.nominee_id: r for r in reads.recusals_visible_to(house).filter(juror=juror)}
    votes: dict[UUID, list[Vote]] = {}
    for vote in reads.votes_visible_to(house).filter(nominee__in=standing).order_by("created_at"):
        votes.setdefault(vote.nominee_id, []).append(vote)
    found = []
    for row in standing:
        own = next((v for v in votes.get(row.pk, []) if v.juror_id == juror.pk), None)
        others = [v for v in votes.get(row.pk, []) if v.juror_id != juror.pk]
        stands_aside = aside.get(row.pk)
        form = None if stands_aside else refused.get(row.pk) or _form(row, own)
        found.append(
            Before(
                nominee=row,
                counts=counts_in_words(row.category, row.counts),
                aside=stands_aside,
                voted=own,
                others=others if own and not stands_aside else [],
                form=form,
            )
        )
    return found


def _form(row: Nominee, own: Vote | None) -> VoteForm:
    given: dict[str, Any] = {"yes": "yes" if own.yes else "no", "reason": own.reason} if own else {}
    return VoteForm(initial=given, prefix=str(row.pk)[:8])


def _show(
    visit: Visit, juror: Juror, house: Actor, refused: dict[UUID, forms.Form]
) -> HttpResponse:
    row = juror.recognition
    standing = _standing(juror, house)
    lines = _before(juror, house, standing, refused)
    subjects = [one.party_id for one in standing]
    record_reads(by=visit.actor, subjects=subjects, centre_id=row.centre_id, page="links:jury")
    listed = reads.nominees_visible_to(house).filter(recognition=row).count()
    categories: list[tuple[RuleWords, list[Before]]] = [
        (
            rule_in_words(rule, row.centre),
            [line for line in lines if line.nominee.category == rule.category],
        )
        for rule in rules_of(row.rules)
    ]
    context = {
        "row": row,
        "categories": categories,
        "closed": row.state == RecognitionState.DECIDED,
        "open": row.state == RecognitionState.JURY,
        "silent": listed - len(lines),
    }
    status = max([status_of(form) for form in refused.values()], default=200)
    return visit.show("jury", context, status=status)


def page(visit: Visit) -> HttpResponse:
    """The list, or a vote on one name of it."""
    with visit.house() as house:
        juror = _juror(visit, house)
        if juror is None:
            return dead(visit.request, spent=True)
        nominee = _posted(visit, _standing(juror, house)) if visit.posting else None
        if nominee is None:
            return _show(visit, juror, house, {})
        form = form_for(visit.request, VoteForm, prefix=str(nominee.pk)[:8])
        if submitted(visit.request, form):
            said = form.cleaned_data
            try:
                kept = services.vote(
                    juror=juror,
                    nominee=nominee,
                    yes=said["yes"] == "yes",
                    reason=said["reason"],
                    by=house,
                )
                messages.success(
                    visit.request,
                    _("Your vote is kept. Thank you.")
                    if kept
                    else _("You are too close to this one: you stand aside from the decision."),
                )
                return visit.back()
            except Refused as refusal:
                refuse(form, refusal)
        return _show(visit, juror, house, {nominee.pk: form})


def aside(visit: Visit) -> HttpResponse:
    """Asks once: standing aside is kept."""
    with visit.house() as house:
        juror = _juror(visit, house)
        nominee = _posted(visit, _standing(juror, house)) if juror else None
        if juror is None:
            return dead(visit.request, spent=True)
        if nominee is None or juror.recognition.state != RecognitionState.JURY:
            return visit.back()
        if visit.posting:
            try:
                stand_aside(juror=juror, nominee=nominee, by=house)
                said = _("You stand aside from this decision. Thank you for saying so.")
                messages.success(visit.request, said)
            except Refused as refusal:
                messages.error(visit.request, str(refusal))
            return visit.back()
        return visit.show("jury_aside", {"nominee": nominee})
