"""Occupations while one types: the field that asks, and the address that answers it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from takeroot.common.limits import too_often
from takeroot.common.text import tidy
from takeroot.facts import noc, titles
from takeroot.pages.requests import Request

MOST, LONGEST = 5, 120
A_MINUTE = 60
#: Somebody who types without a pause asks about four times a second, and not for a minute.
ASKED_A_MINUTE = 120
_THE_SAME_WORDS = 0.99


class OccupationInput(forms.TextInput):
    """A text field that suggests unit groups while one types. The group that is chosen is sent as
    `meant_<name>`; without script the page asks for it after the form was sent."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        asking = {
            "data-suggest": reverse_lazy("public:occupations"),
            "data-label": gettext_lazy("Occupations that fit"),
        }
        super().__init__({**asking, "autocomplete": "off", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        more = {**(attrs or {}), "data-meant": f"meant_{name}"}
        return super().get_context(name, value, more)


def _words(hit: titles.Hit, typed: str, title: str) -> str:
    """What the field holds after a choice: the words as typed when they are the whole title, else
    the title that fits; for a code, the name of its group."""
    if hit.matched == hit.code:
        return title
    whole = hit.score >= _THE_SAME_WORDS and len(typed) >= len(hit.matched)
    return typed if whole else hit.matched


def _option(hit: titles.Hit, typed: str, lang: str) -> dict[str, str]:
    title = noc.group_title(hit.code, lang) or hit.code
    known = {"title": title, "code": hit.code}
    words = _words(hit, typed, title)[:LONGEST]
    counts = _("Counts as: %(title)s (%(code)s)") % known
    return {"code": hit.code, "words": words, "title": f"{title} ({hit.code})", "counts": counts}


@require_GET
def suggestions(request: Request) -> HttpResponse:
    """The first five unit groups that fit an occupation, as JSON. Nothing about a person is asked
    or answered."""
    who = str(request.actor.user)
    if too_often("occupations", who, most=ASKED_A_MINUTE, seconds=A_MINUTE):
        return JsonResponse({"options": [], "said": ""}, status=429)
    typed = tidy(request.GET.get("q", "")[:LONGEST])
    lang = get_language() or "en"
    options = [_option(hit, typed, lang) for hit in titles.search(typed, MOST)]
    said = ngettext("%(count)d occupation fits.", "%(count)d occupations fit.", len(options))
    return JsonResponse({"options": options, "said": said % {"count": len(options)}})
