"""Forms in views: typed, refused in words, shown again in another language without loss."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.forms.utils import ErrorDict

from takeroot.common.errors import Refused
from takeroot.pages.requests import Request

Form = TypeVar("Form", bound=forms.BaseForm)


def form_for(request: Request, form_class: type[Form], **arguments: Any) -> Form:
    """The form of this page: empty, as submitted, or (when the person only switched the language)
    as typed and not yet judged."""
    if request.method != "POST":
        return form_class(**arguments)
    form = form_class(request.POST, request.FILES or None, **arguments)
    if request.switching:
        form._errors = ErrorDict()  # type: ignore[attr-defined] # the stubs leave it out
    return form


def submitted(request: Request, form: forms.BaseForm) -> bool:
    """The person pressed the form's own button, and what they typed is usable."""
    return request.method == "POST" and not request.switching and form.is_valid()


def refuse(form: forms.BaseForm, refusal: Refused) -> None:
    """Show a rule's refusal at the head of the form; what was typed stays."""
    form.add_error(None, str(refusal))


def status_of(form: forms.BaseForm) -> int:
    """422 for a form shown again with errors (htmx then swaps it too), else 200."""
    return 422 if form.is_bound and form.errors else 200
