"""The frame and its components: menu, `{% part %}` and `{% wrap %}`, and what complains of misuse.

A component is a template in `templates/parts/`. `{% part "chip" text=… %}` shows one that has no
content; `{% wrap "card" title=… %} … {% endwrap %}` one that holds some. Each sees only what it is
given. Each begins with `{% options "chip" "text!" "kind:normal|soon|late" %}`: names with `!` are
required, a list after `:` is what is allowed. With `CHECK_COMPONENTS` (or `DEBUG`) a misuse is a
TemplateSyntaxError; elsewhere it is a line in the log and the page goes on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.http import QueryDict
from django.template import Context, TemplateSyntaxError
from django.template.base import Node, Parser, Token
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

register = template.Library()
logger = logging.getLogger("takeroot.components")

_GIVEN = "_given"
# A frame shared by every page: entry of the context's `menu`, icon, words.
_MENU: tuple[tuple[str, str, Promise], ...] = (
    ("today", "today", _("Today")),
    ("figures", "network", _("Figures")),
    ("centre_new", "house", _("Open a centre")),
    ("people", "people", _("People")),
    ("connectors", "connector", _("Connectors")),
    ("rounds", "match", _("Rounds")),
    ("import", "import", _("Import")),
    ("report", "note", _("Report")),
    ("settings", "settings", _("Settings")),
    ("trace", "eye", _("Access log")),
)


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> list[dict[str, Any]]:
    """The entries this person may open: url, icon, label, current."""
    allowed = context.get("menu") or {}
    request = context.get("request")
    path = request.path if request else ""
    entries = []
    for name, icon, label in _MENU:
        if not allowed.get(name):
            continue
        try:
            url = reverse(allowed[name])
        except NoReverseMatch:
            continue
        entries.append({"url": url, "icon": icon, "label": label, "current": path.startswith(url)})
    return entries


def _complain(sentence: str) -> None:
    if settings.DEBUG or getattr(settings, "CHECK_COMPONENTS", False):
        raise TemplateSyntaxError(sentence)
    logger.warning("%s", sentence)


class _Options(Node):
    """What a component declares, read once when its template is compiled."""

    def __init__(self, component: str, declared: list[str]) -> None:
        self.component = component
        entries = [entry.partition(":") for entry in declared]
        self.known = {_GIVEN, *(name.rstrip("!") for name, _colon, _choices in entries)}
        self.required = [name.rstrip("!") for name, *_rest in entries if name.endswith("!")]
        self.limited = [
            (name.rstrip("!"), ("", *choices.split("|")))
            for name, _colon, choices in entries
            if choices
        ]

    def render(self, context: Context) -> SafeString:
        for name in self.required:
            if context.get(name) in (None, ""):
                _complain(f"The component «{self.component}» needs «{name}».")
        for name, choices in self.limited:
            value = context.get(name)
            if value is not None and str(value) not in choices:
                allowed = ", ".join(choices[1:])
                _complain(f"«{name}» of «{self.component}» is «{value}»; it may be: {allowed}.")
        given = context.get(_GIVEN) or ()
        if not self.known.issuperset(given):
            for name in sorted(set(given) - self.known):
                _complain(f"The component «{self.component}» has no option «{name}».")
        return SafeString("")


@register.tag
def options(_parser: Parser, token: Token) -> Node:
    """Check what a component was given against what it declares; shows nothing."""
    component, *declared = (word.strip("\"'") for word in token.split_contents()[1:])
    return _Options(component, declared)


def _show(context: Context, name: str, given: dict[str, Any]) -> SafeString:
    if context.template is None:
        raise TemplateSyntaxError("Components are shown from within a template.")
    inner = context.new({**given, _GIVEN: tuple(given)})
    for shared in ("request", "csrf_token"):
        if shared in context and shared not in given:
            inner[shared] = context[shared]
    return context.template.engine.get_template(f"parts/{name}.html").render(inner)


@register.simple_tag(takes_context=True)
def part(context: Context, name: str, **given: Any) -> SafeString:
    """A component without content: `{% part "chip" text="Today" kind="soon" %}`."""
    return _show(context, name, given)


@register.simple_block_tag(takes_context=True)
def wrap(context: Context, content: SafeString, name: str, **given: Any) -> SafeString:
    """A component around content: `{% wrap "card" title="Yours" %} … {% endwrap %}`."""
    return _show(context, name, {**given, "content": content})


@register.simple_tag
def one_main_button(content: str) -> str:
    """One main button a row: complains of a second one."""
    if str(content).count('class="btn main') > 1:
        _complain("A row of buttons has more than one main button; make the others plain.")
    return ""


@register.filter
def first_id(field: BoundField) -> str:
    """The id of the first thing in a field that can have the focus."""
    many = isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple, MultiWidget))
    return f"{field.auto_id}_0" if many else field.id_for_label or field.auto_id


@register.filter
def faults(form: BaseForm) -> list[dict[str, str]]:
    """Every error of a form, in the order of its fields; `id` is empty for the whole form's."""
    whole = [{"id": "", "text": str(error)} for error in form.non_field_errors()]

    def of_fields() -> Iterator[dict[str, str]]:
        for field in form:
            for error in field.errors:
                target = "" if field.is_hidden else first_id(field)
                label = str(field.label).rstrip(" .:?!\u00a0\u202f")
                yield {"id": target, "text": str(error), "label": label}

    return whole + list(of_fields())


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a field is a single checkbox, whose label stands after it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """The form with its placeholders gone: they repeat the labels, and vanish when typed over."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.filter
def page_numbers(page: Page[Any]) -> list[int | str]:
    """Page numbers around the current one, with an ellipsis for the gaps."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return list(numbers)


@register.filter
def bare_svg(drawing: str) -> SafeString:
    """A drawing made by our own code (never by somebody's input), without its XML declaration."""
    return mark_safe(drawing[drawing.find("<svg") :])  # noqa: S308


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that our script reads; escaped like any other text."""
    return json.dumps(value)


@register.filter
def unlocalize_number(value: Any) -> str:
    """A number as HTML attributes want it, whatever the language of the page."""
    return f"{float(value):g}"


@register.simple_tag(takes_context=True)
def page_link(context: Context, name: str, number: int) -> str:
    """This address with another page number."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[name or "page"] = str(number)
    return f"?{query.urlencode()}"
