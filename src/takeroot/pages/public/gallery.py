"""The component gallery: every part of a page, alive, with its options; and right-to-left."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

PARTS = Path(__file__).resolve().parent.parent.parent / "templates" / "parts"
_COMMENT = re.compile(r"{% comment %}(.*?){% endcomment %}", re.DOTALL)
_BRACES = re.compile(r"{% templatetag (open|close)block %}")


class ExampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("Letters with links go here.")
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How would you like to meet?"),
        choices=[
            ("in_person", gettext_lazy("In person")),
            ("video", gettext_lazy("By video")),
            ("either", gettext_lazy("Either")),
        ],
        widget=forms.RadioSelect,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=[("en", gettext_lazy("English")), ("fr", gettext_lazy("French"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    places = forms.IntegerField(
        label=gettext_lazy("Newcomers you can meet this quarter"), min_value=0, max_value=20
    )
    since = forms.DateField(
        label=gettext_lazy("Since when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    notes = forms.CharField(
        label=gettext_lazy("Anything else"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("I agree to share my name and e-mail with the person I meet."),
        help_text=gettext_lazy("You may take it back at any time."),
    )


@cache
def documentation() -> dict[str, str]:
    """What each component's template says of itself, by name."""
    found = {}
    for file in sorted(PARTS.glob("*.html")):
        comment = _COMMENT.search(file.read_text(encoding="utf-8"))
        text = comment.group(1).strip() if comment else ""
        found[file.stem] = _BRACES.sub(lambda m: "{%" if m[1] == "open" else "%}", text)
    return found


def _examples() -> dict[str, Any]:
    """Lists that the examples show; everybody in them is plainly made up."""
    return {
        "steps": [_("Choose a file"), _("Check the columns"), _("Load")],
        "reasons": [
            _("Same occupation: registered nurses (31301)"),
            _("Both speak French, NCLC 9"),
            _("Hopes to meet the Regional Hospital, where Rachel works"),
        ],
        "weak": [_("32 km apart; both accept video")],
        "timeline": [
            {
                "when": _("Today"),
                "title": _("Two of three referrals are here"),
                "kind": "late",
                "text": _("The third was promised for Thursday."),
            },
            {
                "when": _("12 November"),
                "at": "2026-11-12",
                "title": _("Met Rachel Sample"),
                "kind": "done",
                "text": _("One hour at the library; notes were kept."),
            },
            {
                "when": _("4 November"),
                "at": "2026-11-04",
                "title": _("Introduced by e-mail"),
                "kind": "done",
            },
        ],
        "facts": [
            (_("Occupation"), _("Registered nurse (31301)")),
            (_("Languages"), _("French 9, English 6")),
            (_("Arrived"), None),
        ],
        "page": Paginator(range(400), 20).page(9),
    }


@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component. Posting saves nothing; switching the language keeps what is typed."""
    switching = getattr(request, "switching", False)
    form = ExampleForm(request.POST or None)
    if request.method == "POST" and not switching and form.is_valid():
        messages.success(request, _("All is well. Nothing was saved: this is a gallery."))
        return redirect(request.get_full_path())
    if switching:
        form = ExampleForm(
            initial={**request.POST.dict(), "languages": request.POST.getlist("languages")}
        )
    wrong = ExampleForm({"wrong-email": "amina@", "wrong-places": "99"}, prefix="wrong")
    wrong.is_valid()
    context = {
        **_examples(),
        "form": form,
        "wrong": wrong,
        "direction": "rtl" if request.GET.get("dir") == "rtl" else "ltr",
        "documentation": documentation(),
    }
    return render(request, "public/gallery.html", context)
