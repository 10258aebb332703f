"""«I am new here»: the application, one thing a page, kept at each step, gone on with later."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takeroot.access.policies import PUBLIC
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.enums_applying import RatingMoment
from takeroot.connections.models_applying import Application
from takeroot.connections.services import applying
from takeroot.connections.services.ratings import rate
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.headers import kept_private
from takeroot.pages.joining import desk
from takeroot.pages.joining.forms import (
    AgreeForm,
    LanguagesForm,
    RatingForm,
    Unhurried,
    WorkForm,
    YouForm,
)
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("joining")
form_page = require_http_methods(["GET", "HEAD", "POST"])

FORMS: dict[str, type[Unhurried]] = {
    "you": YouForm,
    "work": WorkForm,
    "languages": LanguagesForm,
    "agreement": AgreeForm,
}
STEPS = tuple(FORMS)
WORDS = {
    "you": gettext_lazy("You"),
    "work": gettext_lazy("Your work"),
    "languages": gettext_lazy("Languages and place"),
    "agreement": gettext_lazy("What you agree to"),
}


class BeginForm(forms.Form):
    """The button that begins; its key makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)


@require_safe
def where(request: Request) -> HttpResponse:
    """Which community: the centres that there are."""
    centres = list(Centre.objects.order_by("slug"))
    if len(centres) == 1:
        return redirect("joining:apply", centre=centres[0].slug)
    return render(request, "joining/where.html", {"centres": centres, "page": "joining:apply"})


@form_page
def begin(request: Request, centre: str) -> HttpResponse:
    """What it is, what it is not, how long it takes; one button."""
    home = desk.centre_called(centre)
    form = form_for(request, BeginForm, initial={"key": uuid.uuid4()})
    if submitted(request, form):
        if desk.in_a_hurry(request, "apply", most=desk.MOST_BEGUN):
            return desk.slow_down(request, home)
        with desk.house_of(home):
            row = applying.save_step(
                centre=home,
                key=form.cleaned_data["key"],
                step=0,
                answers={},
                language=(get_language() or "en")[:2],
            )
        return _to_step(home, row, "you")
    return desk.show(request, home, "apply/begin", {"form": form}, status=status_of(form))


def _to_step(centre: Centre, row: Application, step: str) -> HttpResponse:
    answer = redirect(
        "joining:step", centre=centre.slug, draft=applying.draft_token(row), step=step
    )
    answer.status_code = 303
    return answer


def _to_draft(centre: Centre, draft: str) -> HttpResponse:
    answer = redirect("joining:draft", centre=centre.slug, draft=draft)
    answer.status_code = 303
    return answer


def _behind(centre: str, draft: str) -> tuple[Centre, Application]:
    """The draft of a private address; forged, deleted and foreign ones are the same 404."""
    home = desk.centre_called(centre)
    key = applying.draft_of_token(draft, centre=home)
    if key is None:
        raise Http404
    with desk.house_of(home):
        row = Application.objects.select_related("centre").filter(pk=key).first()
    if row is None:
        raise Http404
    return home, row


def _form_class(step: str) -> type[Unhurried]:
    if step not in FORMS:
        raise Http404
    return FORMS[step]


def _arguments(step: str, centre: Centre) -> dict[str, Any]:
    return {"centre": centre} if step == "agreement" else {}


def _typed(form: forms.Form) -> dict[str, Any]:
    """What was typed, as plain text: the form shows it again as it was."""
    return {name: form.cleaned_data[name] for name in form.fields if name != "website"}


def _unfinished(centre: Centre, row: Application) -> str | None:
    """The first step that is not answered yet, or None."""
    for step in STEPS[:-1]:
        form = FORMS[step](_as_posted(row.answers), **_arguments(step, centre))
        if not form.is_valid():
            return step
    return None


def _as_posted(answers: dict[str, Any]) -> Any:
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    for name, value in answers.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@require_safe
def draft(request: Request, centre: str, draft: str) -> HttpResponseBase:
    """The private address: goes on where the person left, or says what happens next."""
    home, row = _behind(centre, draft)
    if row.sent_at is None:
        step = _unfinished(home, row) or STEPS[-1]
        return kept_private(_to_step(home, row, step))
    form = RatingForm(moment=RatingMoment.BEFORE)
    return kept_private(_sent(request, home, row, draft, form))


def _sent(
    request: Request, home: Centre, row: Application, draft: str, form: forms.Form
) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "due": applying.answer_by(home) if row.sent_at else None,
        "rated": "rated" in request.GET,
    }
    return desk.show(request, home, "apply/sent", context, status=status_of(form))


@form_page
def step(request: Request, centre: str, draft: str, step: str) -> HttpResponseBase:
    """One step; its button keeps it and goes on. The last one sends."""
    home, row = _behind(centre, draft)
    form_class = _form_class(step)
    if row.sent_at is not None:
        return kept_private(_to_draft(home, draft))
    form = form_for(request, form_class, initial=row.answers, **_arguments(step, home))
    if submitted(request, form):
        if desk.in_a_hurry(request, "apply-step", most=desk.MOST_SAVED):
            return kept_private(desk.slow_down(request, home))
        try:
            return kept_private(_keep(home, row, step, form))
        except Refused as refusal:
            refuse(form, refusal)
    place = STEPS.index(step)
    context = {
        "form": form,
        "draft": draft,
        "step": step,
        "steps": [str(WORDS[name]) for name in STEPS],
        "number": place + 1,
        "title": str(WORDS[step]),
        "last": step == STEPS[-1],
        "back_url": _address(home, draft, STEPS[place - 1]) if place else "",
        "address": request.build_absolute_uri(
            reverse("joining:draft", kwargs={"centre": home.slug, "draft": draft})
        ),
        "may_mail": bool(row.answers.get("email")),
        "mailed": "mailed" in request.GET,
        "summary": _summary(home, draft, row) if step == STEPS[-1] else [],
    }
    return kept_private(desk.show(request, home, "apply/step", context, status=status_of(form)))


def _keep(home: Centre, row: Application, step: str, form: Unhurried) -> HttpResponse:
    with desk.house_of(home) as house:
        saved = applying.save_step(
            centre=home,
            key=row.pk,
            step=STEPS.index(step) + 1,
            answers=_typed(form),
            language=(get_language() or "en")[:2],
        )
        if step != STEPS[-1]:
            return _to_step(home, row, STEPS[STEPS.index(step) + 1])
        if missing := _unfinished(home, saved):
            return _to_step(home, row, missing)
        applying.send_application(application=saved, by=house)
    return _to_draft(home, applying.draft_token(row))


def _address(home: Centre, draft: str, step: str) -> str:
    return reverse("joining:step", kwargs={"centre": home.slug, "draft": draft, "step": step})


def _summary(home: Centre, draft: str, row: Application) -> list[dict[str, Any]]:
    """What was typed so far, step by step, with the way back to each."""
    parts = []
    for name in STEPS[:-1]:
        form = FORMS[name](initial=row.answers)
        items = [(field.label, _in_words(field)) for field in form.shown]
        words = str(WORDS[name])
        parts.append({"title": words, "items": items, "url": _address(home, draft, name)})
    return parts


def _in_words(field: forms.BoundField) -> str:
    value = field.value()
    choices = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(choices.get(str(one), str(one)) for one in values if one)


@require_POST
def mail_link(request: Request, centre: str, draft: str) -> HttpResponseBase:
    """Send the private address to the e-mail that was typed."""
    home, row = _behind(centre, draft)
    if row.sent_at is not None:
        return kept_private(_to_draft(home, draft))
    if desk.in_a_hurry(request, "apply-mail", most=desk.MOST_MAILED):
        return kept_private(desk.slow_down(request, home))
    with desk.house_of(home):
        applying.mail_draft_link(application=row)
    step = STEPS[min(row.step, len(STEPS) - 1)]
    answer = redirect(_address(home, draft, step) + "?mailed=1#later")
    answer.status_code = 303
    return kept_private(answer)


@require_POST
def rating(request: Request, centre: str, draft: str) -> HttpResponseBase:
    """How they see themselves before anything has happened; asked once, after sending."""
    home, row = _behind(centre, draft)
    if row.sent_at is None:
        return kept_private(_to_draft(home, draft))
    form = form_for(request, RatingForm, moment=RatingMoment.BEFORE)
    if not submitted(request, form):
        return kept_private(_sent(request, home, row, draft, form))
    # A stranger who typed a known address rates nobody; they are told the same.
    if not row.again and row.party_id is not None:
        with desk.house_of(home):
            rate(
                connectee_id=row.party_id,
                centre=home,
                moment=RatingMoment.BEFORE,
                values=form.values,
            )
    answer = redirect(reverse("joining:draft", kwargs={"centre": home.slug, "draft": draft}))
    answer["Location"] += "?rated=1"
    answer.status_code = 303
    return kept_private(answer)


@form_page
def discard(request: Request, centre: str, draft: str) -> HttpResponseBase:
    """«Delete what I typed»: asks once."""
    home, row = _behind(centre, draft)
    if row.sent_at is not None:
        return kept_private(_to_draft(home, draft))
    if request.method == "POST" and not request.switching:
        with desk.house_of(home):
            Application.objects.filter(pk=row.pk, sent_at__isnull=True).delete()
        answer = redirect("joining:apply", centre=home.slug)
        answer.status_code = 303
        return kept_private(answer)
    back = reverse("joining:draft", kwargs={"centre": home.slug, "draft": draft})
    context = {"title": _("Delete what you typed?"), "back": back}
    return kept_private(desk.show(request, home, "apply/discard", context))


urls = [
    page("apply/", where, "apply_where", PUBLIC),
    page("apply/<slug:centre>/", begin, "apply", PUBLIC),
    page("apply/<slug:centre>/<str:draft>/", draft, "draft", PUBLIC),
    page("apply/<slug:centre>/<str:draft>/link/", mail_link, "draft_link", PUBLIC),
    page("apply/<slug:centre>/<str:draft>/rating/", rating, "draft_rating", PUBLIC),
    page("apply/<slug:centre>/<str:draft>/delete/", discard, "draft_delete", PUBLIC),
    page("apply/<slug:centre>/<str:draft>/<slug:step>/", step, "step", PUBLIC),
]
